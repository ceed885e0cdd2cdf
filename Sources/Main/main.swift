// The program with the built-in methods. Examples/ThirdParty contains a program of the same size with additional methods.
import GraftCLI

GraftProgram.main { .builtIn }
