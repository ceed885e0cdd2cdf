// The program with the methods that are built in. Another program with more of them is as short: see Examples/ThirdPartyMethods.
import GraftCLI

GraftProgram.main(methods: GraftProgram.builtInMethods)
