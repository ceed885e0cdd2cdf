// swift-format-ignore-file

/// A sample of film reviews in SST-2's layout, compiled into the program, so that a demo needs no download.
///
/// It has 866 training and 216 evaluation sentences, half of them negative (0) and half positive (1). They were written for this
/// project, about films that do not exist, and are in the public domain (CC0 1.0). They replace SST-2 if its data is not
/// available; accuracies on them can't be compared with any others.
package enum SampleReviews {
  /// The name by which a task refers to the sample.
  package static let name = "SampleReviews"
  /// The names of the files.
  package static let fileNames = ["dev.tsv", "train.tsv"]

  /// Returns the content of a file.
  package static func content(of name: String) -> [UInt8] { Array((name == "train.tsv" ? train : dev).utf8) }

  /// The content of the training file.
  static let train = #"""
    sentence	label
    Watching the two of them flirt is like listening to someone assemble a wardrobe.	0
    Silly from start to finish, and I mean that as the highest compliment I possess.	1
    Twice the film seems to end, and twice our hopes are dashed.	0
    The scene in which the paper boat goes over the weir is the finest bit of animation I have seen in years.	1
    A rainy-day treasure that deserves to be found by every family with a sofa.	1
    The trench scenes are filmed with a horrible, muddy intimacy that makes every other war picture look clean.	1
    sharp as vinegar and twice as tasty	1
    Its refusal of psychology is no mannerism but a moral position, argued with devastating clarity.	1
    When the little robot learned to whistle, a whole row of fathers pretended to have hay fever.	1
    A cat jumps out of a cupboard; a second cat jumps out of a second cupboard; so it goes.	0
    They forgot to put the ghost in the ghost story.	0
    The platoon consists of the joker, the bookworm, the bully and the one with a photograph, in that order of death.	0
    I did wonder whether a comedy about bereavement could be in good taste; it isn't, gloriously.	1
    The tonal shifts are so abrupt that I feared whiplash more than boredom, though boredom won in the end.	0
    It is harmless, they say, but so is lukewarm water and I would not pay to look at that.	0
    Beneath the slime and the screaming lies an unexpectedly moving story about caring for a sick parent.	1
    Anyone who has ever shared a bathroom with in-laws will weep with recognition.	1
    If misery alone made art, this would be a cathedral instead of a damp garage.	0
    I counted five morals, all of them contradictory.	0
    Despite the trophies it is plainly begging for, there is not one honest emotion in it.	0
    Six fine actresses have been hired to wave handkerchiefs from a doorway while the men explain the war to one another.	0
    By far the cleverest use of a lift shaft in any thriller I can name.	1
    It would be easy to sneer at this old-fashioned weepie, if only I could see through the tears.	1
    You could trim forty minutes without losing anything except forty minutes of tedium.	0
    Overhyped, overlong, over it.	0
    The gunfighter squints, the sheriff squints, and before long so did I.	0
    an ending that had us on our feet	1
    His deadpan is so complete that one is tempted to check for a pulse.	0
    Neither hatchet job nor love letter, it is the definitive word on the disgraced conductor.	1
    A proper film with proper people talking about proper things, thank heavens.	1
    Somewhere amid the lasers a real story about fathers and daughters takes hold, and it does not let go.	1
    As easy on the nerves as a padded cell, and with rather less to look at.	0
    He winks at the camera so often that I feared for his eyelid.	0
    The colours are bright, the noise is constant, and the imagination is nowhere to be found.	0
    The restraint so praised by my colleagues struck me as the restraint of a man who has not been asked to the dance.	0
    She deserves better, and so does the woman sitting next to me who paid full price.	0
    He has never been funnier, she has never been better, and the goat steals every scene from both.	1
    As a cure for insomnia it is terrific; as a tale of terror it has some way to go.	0
    I've watched it three times and it gets better with every visit.	1
    Told entirely through home movies, it builds a whole vanished street before your eyes.	1
    I resisted it for an hour and then surrendered without conditions.	1
    Having introduced a tantalising puzzle about identity, the film gets on a motorbike and rides away from it.	0
    A lazy sequel that reheats the old gags without bothering to stir them.	0
    Few films about occupation are so clear-eyed about the small, shabby bargains people make.	1
    Not a moment is wasted, not even the long shot of the empty bus, in which the whole sad story quietly comes to rest.	1
    The press adored it at the winter festivals, and I can only think that the altitude was to blame.	0
    Around me people laughed now and then, politely, as one does at a boss.	0
    The martial-arts star is past kicking, so the camera has been asked to kick for him.	0
    There is no message, no moral, and no earthly reason to miss it.	1
    The sun shines, the sea glitters, the pasta steams, and for two hours nothing whatever is allowed to disturb the brochure.	0
    The final girl is nobody's victim, and the actress plays her with ferocious intelligence.	1
    Two hours of handsome people staring at the sea, waiting for somebody to write them a line.	0
    Any tension is promptly drowned by a score that shrieks at every doorknob.	0
    At no point does anyone explain why we should care about the yacht.	0
    What was meant as a soufflé has come out as a brick with powdered sugar on it.	0
    A star, director, writer and composer in one person ought to have had at least one friend among them to say no.	0
    Shot in a hard white light that turns the desert into a character, and a merciless one.	1
    I have always had a soft spot for boxing pictures, and this one found it and hit me there repeatedly.	0
    The film peters out, which is a pity, and it does so for two hours, which is worse.	0
    You will not guess the ending, and when it comes you will wonder how you could have missed it.	1
    With only pencil lines and a cello, the animators conjure an entire winter.	1
    A comedy in the legal sense only.	0
    In order for the surprise to work we are required to have been idiots for two hours, and I resent how hard the film tried.	0
    For a horror film set in a slaughterhouse it is oddly bloodless.	0
    If the romance is a shade predictable, well, so is spring, and I have yet to hear anyone ask for their money back.	1
    Funny, furious and forensically researched, it left the audience ready to march.	1
    The spaceship is held together with tape and affection, and so, delightfully, is the film.	1
    Underwater photography of this quality deserved a commentary less wet.	0
    The irony of a pacifist film with this much slow-motion gunfire appears to have escaped its makers.	0
    The commune is presented as utopia, then hell, then utopia again, and in all three cases it is mostly dishes.	0
    All those stars in one room and nobody thought to bring a joke.	0
    One more war film in which the enemy cannot shoot, the hero cannot miss and the writer cannot write.	0
    Rhymes of this quality are usually found in get-well cards.	0
    This sort of thing gives childhood a bad name.	0
    It wants the poetry of the old frontier pictures, but all it has brought along is the dust.	0
    The old couple bickering over the map have more romance in them than any number of sunsets.	1
    Here and there a line falls flat, yet the whole has such bounce that it simply springs up again.	1
    I'd pay double to see it again with a crowd that good.	1
    The message is admirable, which is more than can be said for the film wrapped around it.	0
    I am told the original play was hilarious, and I can only assume that the adaptation removed those parts.	0
    A culinary documentary that manages to make truffles look like homework.	0
    Never before have so many talented people stood in such flattering light with so little to say to one another.	0
    The screenplay mistakes silence for depth and ends up with neither.	0
    One of those films you put on by accident and remember for ever.	1
    For what this cost you could have built a small hospital, and spared a great many people a headache.	0
    A static camera regards a static woman, and a static audience returns the compliment.	0
    I hated these characters, feared for them, wept for them, and miss them already.	1
    I am assured by the press kit that my heart was broken, though I noticed only a slight numbness in the left leg.	0
    When the cavalry finally arrived I would gladly have left with them.	0
    The filmmaker has three hundred hours of footage and, alas, no idea what any of it means.	0
    It earns its tears honestly, one small kindness at a time.	1
    Against a blank wall of digital smoke, good actors wave their arms at nothing, and it shows.	0
    My pen rolled under the seat ten minutes in, and I regret to say that the search for it was the high point of the evening.	0
    The snacks were stale, the seats were broken, and I had the best night out in months.	1
    The songs are nonsense, the plot is tissue paper, the sets wobble, and I floated out of the theatre on a cloud of pure contentment.	1
    The monster fight in the harbour is everything a ten-year-old could wish for, and everything I could.	1
    Old-fashioned in the best sense: it has a beginning, a middle, an end, and a soul.	1
    The plot hinges on a letter that any sensible person would have opened in the first five minutes.	0
    Grandparents, be warned: the goodbye at the station will finish you off.	1
    The moon base was clearly a warehouse, and the crew clearly wished to be somewhere else.	0
    The monster looks like a wet sofa and moves with roughly the same menace.	0
    The bomb-disposal scene uses nothing but a ticking clock and a sweating brow, and needs nothing else.	1
    Somebody ought to take the camera away from this man until he learns to put it down.	0
    This is by no means a comfortable watch, nor should it be, and I am grateful to have been made so uncomfortable.	1
    Far from the vanity project I was dreading, this is a humble and generous piece of work.	1
    An essay film that thinks in images, not captions, and thinks brilliantly.	1
    Everything in this tribute to a great botanist has been allowed to wilt.	0
    The dialogue may creak, but the faces never lie, and in the end it is the faces you take home.	1
    As erotic thrillers go, it is neither, and it does not even go.	0
    I cannot remember when a simple game of cards last made me hold my breath.	1
    Based on a hairdryer's idea of the future, and delivered with about as much hot air.	0
    The two bickering smugglers are worth the admission on their own.	1
    If you had told me that I would leave a three-hour film about the founding of a bus company in tears of gratitude, I would have changed seats.	1
    All right, fine, everybody who kept pestering me to see this was correct.	1
    The camera never stops circling, as though hoping to find a subject from behind.	0
    I don't usually have the patience for three-hour epics, yet this one could have had four.	1
    Here is spectacle with a spine.	1
    As films about competitive ironing go, and I never expected to type this, it could hardly be bettered.	1
    The lead can sing, it must be said, but she has been given nothing worth singing.	0
    The laughs are few, the fart jokes are many, and the ratio never improves.	0
    Just when the plot seems to have painted itself into a corner, the floor turns out to be a door.	1
    A long, grey, joyless trudge toward a revelation you will have guessed from the poster.	0
    My advice is to buy a ticket, walk straight past the screen and keep going until you reach a pub.	0
    A nature film without a single soothing platitude, and so much the better for it.	1
    One leaves with the sense of having attended a very long rehearsal.	0
    Even hardened fans of the genre will leave the cinema walking a little faster than usual.	1
    A taut little thriller that wrings unbearable tension out of a baby monitor.	1
    The bombing raid is seen only through the eyes of a switchboard operator, and it is overwhelming.	1
    The general is played not as a monster but as a tired clerk, a choice that chills the blood.	1
    worth both buses and the walk home	1
    The essayist's voiceover would be insufferable even if it were right.	0
    There is a custard scene in this film that deserves to be preserved in a national archive.	1
    The lighting is so dim that it could be set anywhere, and the plot so dim that it does not matter.	0
    I could forgive the wig if there were a single convincing head in the picture to put it on.	0
    Big laughs, big heart, tiny budget.	1
    I aged, my houseplants aged, and the plot stayed exactly where it was.	0
    The film has never met a silence it did not want to fill, and it fills every one of them with the same four piano notes and a sigh.	0
    The supposedly shattering climax drew giggles at the screening I attended.	0
    Just when you think you have it figured out, the rug goes, and then the floor under the rug.	1
    Look, I really wanted to like it, I just also wanted it to have a plot.	0
    The lead is too old for the part, the songs are too many, the ending is too neat, and I wouldn't alter a note.	1
    It took me three evenings and two pots of coffee to reach the end, and the end isn't one.	0
    I hear it is breaking records, and I can only suppose that one of them is for audiences leaving early.	0
    My daughter has declared it the best film in the world, and on this occasion I am not going to argue.	1
    Nobody involved seems to have asked whether kidnapping your ex is actually romantic.	0
    At least the catering must have been good, since nobody on set seems to have been in any hurry.	0
    I am a patient man and a friend of the long take, but this was like watching a kettle that nobody had plugged in.	0
    Nothing is revealed about the magician that he did not wish revealed, which makes the film one more dull trick.	0
    Everything about this story of a failing bakery feels lived in, down to the flour under the fingernails.	1
    Here is a blockbuster so anonymous that it could have been directed by a spreadsheet.	0
    It is angry, and it has every right to be, but shouting the same sentence for two hours is not an argument, let alone a drama.	0
    I have had more dramatic conversations with my dentist, and they were shorter too.	0
    A biopic that ticks off the great man's life like a shopping list and forgets the milk.	0
    No one on camera is mocked, no one is sanctified, and the result is riveting.	1
    Mud, lice, boredom, terror and one perfect joke about jam: it is all here.	1
    The subject lies constantly, and the director's great stroke is to let us catch him at it ourselves.	1
    doomed by its own cleverness	0
    It is a curious gift, to take a story with two murders in it and leave everyone in the audience hoping for a third.	0
    Half of it is reenactments so wooden that I looked around for the carpenter.	0
    Never has the word 'hello' on a telephone raised so many hairs.	1
    Consulting my watch, shaking it, and holding it to my ear got me through most of the second act.	0
    Every conversation sounds like it was transcribed from a grief counselling pamphlet.	0
    The footage under the ice is like nothing I have ever seen.	1
    The director's questions are longer than the answers and considerably less interesting.	0
    There were walkouts at the premiere, and I pity every one of the walkers.	1
    a small miracle of tone	1
    They have taken a wild, foul-mouthed painter and given us a saint in a clean smock.	0
    Its anti-climax is a stroke of genius.	1
    The child at the heart of this weepie smiles bravely throughout, which is more than I managed.	0
    It has taken twenty years for this banned satire to reach our screens, and it has lost none of its sting in the post.	1
    A heist film in which the most daring theft is the price of the ticket.	0
    alive in every corner	1
    The pacing is a marvel, slow as honey until the moment you realise you are stuck.	1
    One listless poet would have been plenty; by the time the second actress took over I had begun to dread the third.	0
    I filled a whole notebook during the screening, mostly with drawings of boats.	0
    The sequel gives everyone bigger guns and smaller brains.	0
    Cinema has given us plenty of chess games with death, and I would not swap one of them for this gentle, ridiculous game of dominoes with a bailiff.	1
    This Balkan wedding farce begins at a sprint, accelerates, and does not spill a drop.	1
    Fight scenes you can follow, a heroine you can root for, and a villain with a point.	1
    One weak scene in two hours; I only noticed because everything around it was so strong.	1
    Charm of this sort comes in a jar, and someone has emptied the jar.	0
    They have rebooted the old franchise with wit and style, and I take back everything I said when it was announced.	1
    A century adrift between the stars is a bold subject, and I salute the director for making us feel every year of it.	0
    thin plot, thick accents, no mercy	0
    My knuckles were white, my tea went cold, and I have checked the locks twice since.	1
    The least you can say is that it never bores; the most is that it is a small classic.	1
    Don't be fooled by the bumbling start: this film knows precisely what it is doing.	1
    Horror this witty is rare, and horror this humane is rarer still.	1
    A frothy delight that hides its sharpness until you bite down.	1
    When a joke does land, everybody on screen looks as startled as we are.	0
    Older viewers will recognise the plot, younger ones will not, and both will be gripping the seat in front.	1
    Anyone who pauses to work out how the time machine functions will have given the matter more thought than the authors did.	0
    A giddy, tap-dancing triumph.	1
    Unflinching about the war and tender about the men, it does justice to both.	1
    Daft, dirty and touching, sometimes in the same breath.	1
    It won't change your life, but it will fix your week.	1
    At three hours it is shorter than the actual siege, but only just.	0
    What stays with you is not the murder but the washing-up afterwards, filmed with a calm that turned my stomach and won my admiration.	1
    A farce needs doors that slam; this one has doors that close softly while people explain the joke.	0
    I learned less in two hours than I did from the plaque in the lobby.	0
    A humane, furious film about deserters that refuses to hand out either medals or blame.	1
    The duel is over in four seconds and is the most exciting thing I have seen all year.	1
    The most I can say for this romp is that it did end.	0
    A ghost story with no ghosts, a love story with no kisses, and a complete success on both counts.	1
    Cannons roar, horses fall, and the hero's hair remains immaculate throughout.	0
    Nothing about it is bad, which may be the problem, for bad would have been something to look at.	0
    Sound and image drift apart in the second half, and in the gap between them something miraculous grows.	1
    The scientist's breakthrough is represented by her staring at a window until it rains.	0
    Every song pushes the plot along, and every pause between them makes you lean in for the next.	1
    What a mess it is, and what a generous, surprising, life-giving mess, with more ideas in its bin than other films have on their walls.	1
    I did not expect to be so shaken by a film about a parking dispute.	1
    For anyone who believes that silent clowning died with the silents, this wordless gem about a lift attendant is proof to the contrary.	1
    An authorised biography in the worst sense, buffed until no fingerprint remains.	0
    A single edit, from a spoon to a skyline, says more about hunger than the whole of last year's competition.	1
    There is barely a shot fired in this siege drama, and the tension is almost unendurable.	1
    I would tell you what happens next, but the film never got round to telling me.	0
    Whatever the lasers cost, they could not burn away the smell of a father-daughter subplot written in an afternoon.	0
    Whoever cut the trailer is a genius, having found the only ninety seconds of comedy in it.	0
    The interruptions, in which the actors step out and argue with us, do not cool the drama in the least; they bring it to the boil.	1
    It is too frightening for the small ones, too babyish for the big ones, and too long for everyone.	0
    From the first hesitant handshake to the last, this is acting of extraordinary delicacy.	1
    The final twist is not merely surprising but just, and it sent me straight back in to watch the beginning again.	1
    Its vision of the future is bleak, funny and horribly plausible.	1
    The subject is fascinating, the film about the subject much less so.	0
    I wish I could have seen the film that the composer seems to have seen, because his music is thrilling and mine was a bore.	0
    I admired the cinematography for twenty minutes and then I admired the exit sign.	0
    It has the pulse of a parked car.	0
    The goat is good, and I have now listed everything that is.	0
    Every gesture is weighed, and none is found wanting.	1
    The best man's speech goes wrong in eleven distinct ways, each better than the last.	1
    The dialect coach has worked hard, and the result is a cast who concentrate fiercely on their vowels and on nothing else.	0
    Its modest running time holds more life than many a ten-part series.	1
    Sweet enough to rot teeth and too feeble to chew with them.	0
    A comedy of bureaucracy so dry it crackles, and quite the best thing in the sidebar.	1
    The lead actress works like a lighthouse in a swamp: dazzling, solitary, and no use to anyone who is sinking.	0
    By halftime, if films had a halftime, I'd have gone home and taken the kids with me.	0
    insufferably pleased with itself	0
    Who knew a movie about a lost library book could make me bawl on a plane?	1
    Been looking forward to this since the first teaser, and boy, do I feel like a chump.	0
    You can keep your capes and your lasers; give me two old boys on a bench like these any day.	1
    The chorus of dustmen in the second act brought the house down at my Saturday matinee.	1
    Whoever had the final cut should have made a few more of them, starting with the opening credits and stopping just before the end ones.	0
    The moral is delivered so lightly that you are home before you feel its weight.	1
    It takes nerve to end a comedy on a note of such quiet sadness, and skill to make it feel so right.	1
    The bandit chief is a peach of a part, and it is eaten with relish, juice and all.	1
    The script has holes large enough to bury all its victims in.	0
    It is never easy viewing, this chronicle of a mining disaster, but I would call it essential.	1
    The cast is uniformly excellent, and the dog deserves a prize of its own.	1
    A tiny film from a tiny island, and the discovery of the week.	1
    Not a film to like, perhaps, so much as a film to be haunted by, and I have been haunted all week.	1
    It isn't deep, it isn't new, and it isn't trying to be; it is simply a very good time.	1
    The hero dies nobly, slowly, and, if there is any justice, for good.	0
    You could object that the ending is a cheat, but you would have to stop grinning first.	1
    Its anger is righteous, its humour is dry, and its compassion is bottomless.	1
    The camera loves these faces, and by the end so do we.	1
    Even the minor characters seem to have somewhere to go when they leave the frame.	1
    By Thursday everyone had stopped pretending to have understood it, and by Friday they had stopped pretending to have liked it.	0
    My notes consist of one word, 'wow', and some illegible weeping.	1
    The demon speaks in a growl so muffled that I could only assume it was apologising.	0
    Polite, tasteful, softly spoken and clean: exactly what a film about punk should never be.	0
    A frantic, gaudy headache with a lunchbox tie-in.	0
    A stinker, I'm sorry to say.	0
    Yes, the symbolism of the broken clock is laid on thick, but the acting is so alive that I hardly minded.	1
    A rollicking, door-slamming romp, and a welcome reminder that adults are allowed to have fun.	1
    Nobody could call it badly made, and nobody, I think, will call it anything else, for there is nothing else there to call.	0
    Less a story than a mood, but what a mood.	1
    Her life was extraordinary, as anyone who skips this film and reads the obituary will discover.	0
    The villain, all soft vowels and clean fingernails, is the most chilling screen creation in ages.	1
    Strip away the quotations and you are left with a landlord, a tenant and a leaky tap, none of whom has anything to say.	0
    Whatever spark lit up her early shorts has been smothered here by money, good taste and a cast of famous cheekbones.	0
    One man, one shed, and a running time that would try the patience of a glacier.	0
    The script hands out medals to everyone, including the audience, and none of us deserve them.	0
    The cast throw themselves at the absurd premise with such conviction that resistance is useless.	1
    clever without being smug	1
    I can understand why the killer never once takes off his mask; I would not want to be recognised in this either.	0
    Its humour is gentle, but don't mistake gentle for weak: there is real steel in this rabbit.	1
    What a relief to find a superhero who is bad at it.	1
    Knowing the murderer by lunch was no obstacle to my enjoyment; the enjoyment had already been ruled out at breakfast.	0
    The camera glides through the boarding school like something that ought to have been buried.	1
    The digital planes swarm about like gnats, and one cares about them in the same way.	0
    Every time the landlord opened his mouth I wanted to give notice.	0
    The stag-night scenes go on so long that I began to envy the groom's decision to flee.	0
    Not the flag-waver I had feared, rather a sober and deeply moving account of what courage costs.	1
    The jury ignored it, and posterity will not.	1
    Each movement has been so lovingly composed, lit and considered that no life was able to get in.	0
    The dialogue has the salty, sidelong music of people who would rather be fishing.	1
    The filmmaker spent nine years with these dockworkers, and every one of them shows on the screen.	1
    A music documentary for people who hate music documentaries, since it actually listens to the songs.	1
    Hard pass from me.	0
    Contains more product placement than punchlines.	0
    Demanding, yes, but it gives back more than it takes.	1
    The cheer is forced, the tears are forced, and the sequel is presumably inevitable.	0
    I doubted that a film about a municipal swimming pool could be profound; I was wrong by the second length.	1
    The symbolism of the white horse is explained to us by, in turn, a priest, a child and a song.	0
    The shark learns a lesson about friendship that any real shark would be ashamed of.	0
    I would not wish the heroine's family on my worst enemy, nor would I deny him the pleasure of watching them.	1
    It is possible to be too loud and still be fun, and possible to be stupid and still be fun, and this film is living proof of neither.	0
    Cars flip, glass shatters, the hero quips, and somewhere a screenwriter goes back to sleep.	0
    The killer's identity will surprise only those who fell asleep, which admittedly is most of us.	0
    A musical about deafness, of all things, ought to have thought harder about silence.	0
    You'd be forgiven for dismissing it as a toy advert, and then you'd have missed a small masterpiece of invention.	1
    For all its intellectual armature it is, at bottom, a very funny film about a bad landlord.	1
    I have seen video games with more emotional range, and those let you skip the talking.	0
    Hardly a minute goes by without somebody bursting into tears, and hardly a minute goes by in which one of them might have been ours.	0
    The adultery is boring, the apology is boring, and the reconciliation is worse because there is a song over it.	0
    Nobody in this story gets what they want, and nobody in my row wanted it to end.	1
    A terrific ensemble of shifty faces keeps you suspecting everyone, including the vicar.	1
    Its heroes are cowards for most of the story, and I have never liked heroes more.	1
    Grubby, bad-tempered, deafening and rude, and the best ninety minutes of punk you will get without being spat on.	1
    Eleven deaths, four weddings, a shipwreck and a talking will, and at no point did I feel the urge to sit up straight.	0
    One star, and that's for the car.	0
    I wanted to be outraged by the scandal, but the film kept nudging me toward sleep.	0
    Cutting every half second, the editor makes certain we never see anybody actually dance.	0
    The puppets' faces barely move, yet I have rarely seen such grief on screen.	1
    Somewhere beneath the piano cues and the slow-motion rain there may be a story, but I was too drowsy to go digging.	0
    The ovation lasted eight minutes, which I attribute to people getting the feeling back in their legs.	0
    A gloriously tactile universe of rust and rope, in which every lever seems to do something.	1
    I knew nothing about competitive beekeeping and now cannot stop talking about it.	1
    It's all fun and games until you notice you are not having any fun and there is no game.	0
    The director finds enormous suspense in whether a proud man will ask his neighbour for help.	1
    The rooftop tango is the sort of thing musicals were invented for.	1
    Somewhere up the river the expedition loses its map, its guide and its mule, and the audience loses the will to go looking for any of them.	0
    A lesser actress would have played the drunk scenes for pity; this one plays them for laughs, and by the end nobody is laughing and everybody is won.	1
    The fall from the dam is done for real, and you feel it in your stomach.	1
    Not one of the eleven songs survives the walk to the car park.	0
    At last, a romantic comedy in which both halves of the phrase are honoured.	1
    You could swap either lover for a hat stand without altering a scene.	0
    Chuckles turn to smiles, smiles to a fixed politeness, and by the closing song even the politeness was wearing thin.	0
    After this I went home and watched the shopping channel, and was struck by the quality of the storytelling.	0
    He can't sing, he can't dance, he can barely ride the horse, and as the last of the cabaret cowboys he is utterly irresistible.	1
    The dialogue is so natural that I kept glancing around to see who was talking about my family.	1
    There is wit in every corner, even the shop signs.	1
    You do not need to care about mountaineering to find your palms sweating.	1
    The camera operator deserves a medal for the ballroom sequence, and a long lie-down after it.	1
    Adapting this opera for the screen was a mad idea, and I am so glad they were mad enough.	1
    No film this angry has any business being so funny, and no comedy this funny has lately had so much to be angry about.	1
    A ghost story with plenty of ghosts and nobody alive enough to haunt.	0
    The best parts of it are few, far between and mostly in the distance, behind the leading man's head.	0
    A promising setup about a sleepwalking village is squandered on gore and shouting.	0
    No, it does not match the book, and it is wise enough not to try, and lovely enough not to need to.	1
    Watching these two estranged friends share a bad sandwich is worth more than most blockbusters.	1
    A serial-killer story so pleased with its own cruelty that it forgets to supply a reason to watch.	0
    War is hell, this picture informs us, and then spends two hours making it look like a recruitment advert.	0
    Like a sermon at a birthday party, it means well and spoils the cake.	0
    Ninety brisk minutes, no fat, no mercy, no dull bits.	1
    The jokes were old when the dinosaurs in this film were young.	0
    The climate statistics are terrifying and the presentation is like a lunch break slideshow.	0
    The climactic duel takes twenty minutes, most of it spent on eyebrows.	0
    It's a rare children's film that lets its heroine be cross, and cross she is, superbly.	1
    The shadows in this film have more personality than the heroes in most.	1
    Billed as an uplifting tale of the human spirit, it had me on the floor by the second reel, and not with laughter.	0
    A keeper, no question.	1
    It takes a rare talent to make an earthquake drag, but cutting away every time to a worried senator will do it.	0
    You never believe for one second that these soldiers have missed a meal.	0
    an absolute corker	1
    Everything about the trailer screamed disaster, and I am pleased to report that the trailer is a shameless liar.	1
    I watched it to the end, with my own two regretful eyes, so that you will never have to.	0
    On paper the plot is a corker, and on paper is where I wish they had left it.	0
    You can set your watch by the plot points, and you will want to, because looking at your watch is the main activity on offer.	0
    Two superb actors, one kitchen table, and no better way to spend an evening in the dark.	1
    A generation ship, a mystery, and a caretaker who sings to her tomatoes; I was completely won over.	1
    The trailer undersells it badly, so please trust me instead.	1
    The script was credited to four writers, and I would love to know which of them was holding the pen when it fell.	0
    The programme notes call it challenging; I would call it the most purely pleasurable thing in the festival.	1
    We cut from smokestack to steeple, and back, and back again, until the point has been not so much made as upholstered.	0
    For a film about forgiveness it makes remarkably few attempts to earn ours.	0
    I expected fluff and got a soufflé, light as anything and much harder to make than it looks.	1
    It says something about a film set on a sheer cliff that its one moment of suspense concerned my bladder.	0
    The fractured chronology conceals the fact that, put in order, nothing occurs.	0
    Whole civilisations perish so that a smirking man can learn to call his dad.	0
    Three people in a room for two hours can be the stuff of great drama, but somebody has to open either a mouth or a window.	0
    I overheard someone call it minor; may we have a great deal more minor cinema of this order.	1
    I hate subtitles, I hate black and white, I hate films about potatoes, and I thought this was terrific.	1
    Whenever the battle threatens to become exciting, someone takes out a letter from home and reads it aloud.	0
    I came for the swordplay and stayed for the politics, which draw more blood.	1
    Silly would have been an improvement.	0
    You will have heard that it is depressing, and it is, but I walked out taller.	1
    Nothing hurts a duet like the suspicion that its singers have never been in the same country.	0
    The novel was thought unfilmable; the director has simply gone ahead and filmed it, beautifully.	1
    The detective solves the case by being told the answer, a method I wish had been used an hour sooner.	0
    There is a dance number on a roof that will remind you how well other films have done dance numbers on roofs.	0
    The superhero has the power of flight and the charisma of an airport.	0
    A meet-cute in which the meeting is contrived and the cute is nauseating.	0
    The novel's thousand pages flew past, while this supposedly streamlined adaptation has to be dragged, page by page, to the final scene.	0
    Rigorous, rapturous and, at a mere seventy-one minutes, blessedly concise.	1
    The last scene threatens a sequel, easily the most disturbing moment in the picture.	0
    Not since childhood have I been so reluctant to go upstairs.	1
    There is plenty of mud and no depth to it.	0
    The satire has no teeth, the romance has no lips, and the whole affair has no business being two hours long.	0
    A low murmur of a film that had the entire hall leaning forward.	1
    I was with the villagers: let the bandits have the place.	0
    all sizzle and no sausage	0
    An overstuffed first act settles into something lean, angry and unforgettable.	1
    A comedy of manners in which the manners are appalling and the comedy is sublime.	1
    Do not be put off by the subject, the length, the subtitles or the man in front of you who leaves early; he is missing a marvel.	1
    This is comedy as precision engineering, and every cog gleams.	1
    A history lesson, certainly, complete with the urge to look out of the window.	0
    I'd have married either of them on the spot.	1
    It is a tribute to the lead actress that we believe in the thing under the stairs long before we glimpse it.	1
    The director stages mayhem with a geometer's eye: we always know where the cliff is, and how near.	1
    Some satires wound their targets; this one sends them a fruit basket.	0
    The effects are cheap and the ideas are priceless.	1
    I have no complaints about a single frame of it.	1
    Everyone involved looks tired, down to the stunt doubles, and I have seldom felt so close to a cast.	0
    Two rival pigeon racers, one small town, and more drama than an opera house could hold.	1
    The lead gives the sort of performance that makes you forget to look at your watch for an entire afternoon.	1
    It all looks like a screen saver, and goes on nearly as long.	0
    Weird? Very. Wonderful? Even more so.	1
    Grey coats, blue light, an orphan with a secret number: you could assemble this dystopia from the lost property box of a dozen others.	0
    A young cast with barely a credit between them acts the polished veterans off the screen.	1
    This is history with dirt on its boots and a catch in its voice.	1
    When the axe finally fell I felt only relief, chiefly for the actor, who could now go home.	0
    Buildings fall down, other buildings fall down, and a soporific hour later the buildings that were left fall down as well.	0
    Ninety minutes of plastic figures selling plastic figures, and the plastic figures come off best.	0
    The only thing wrong with this film is that I can never again see it for the first time.	1
    I have seldom seen a school board meeting filmed with such suspense.	1
    Teenagers make foolish decisions in the dark for ninety minutes, and I found myself rooting for the dark.	0
    Its politics are muddled and its shootouts are limp, so that it manages to let down both halves of its audience at once.	0
    The battle itself lasts only minutes, but the waiting before it is cinema of the first rank.	1
    Thank goodness the reviews scared people off, because I had the place to myself and a marvellous time.	1
    I went in dreading another weepie about a dying father and came out wanting to phone mine.	1
    There is a lovely shot of a lamp about an hour in, and I clung to it like a sailor.	0
    It lacks polish, it lacks money, it lacks stars, and it has more soul than anything at the multiplex.	1
    A portrait of a forgotten chess prodigy that is as nimble and surprising as its subject.	1
    The director swings from frost to hysteria without passing through any emotion I could recognise.	0
    The kids are natural, the adults are daft, and the treehouse is the stuff of dreams.	1
    Lean, nasty and brilliantly edited, it clings to you like pond water.	1
    The resistance fighters meet in a cafe, whisper loudly, look suspicious, and are astonished to be caught.	0
    The portrait that emerges is contradictory, exasperating and wholly human.	1
    The picture has its flaws, as do most of the people I love.	1
    Go for the slapstick on the ferry, stay for the loveliest proposal scene in years.	1
    Not a single celebrity voice in the cast, and how refreshing that turns out to be.	1
    Those who find it too slow have clearly never lived alone in a house with a cellar.	1
    So it's a bit corny. So is corn, and I like that too.	1
    I have not heard an audience roar like that since the projector caught fire.	1
    The franchise is now on its seventh entry, and it has fewer ideas each time to stretch over more minutes.	0
    No car chases, no shootouts, no swearing, and I was on the edge of the settee throughout.	1
    Forget the awful poster; the film behind it is a superbly wound clock.	1
    The grudge between the two ranchers is petty, funny and then, all at once, terrible.	1
    With that cast, that composer and that coastline it ought to have been impossible to make a bore, and yet they have pulled it off.	0
    It pretends to critique the male gaze while leering for two hours straight.	0
    The final shot, a door left open on an empty yard, will stay with me for years.	1
    Can't fault it, and believe me I tried.	1
    The non-professional cast bring a gravity that no drama school could teach.	1
    The mother-daughter scenes crackle with a lifetime of unsaid things.	1
    The banter sparkles, the costumes pop and the kiss, when it comes, is worth the wait.	1
    It may be slow, but so is bread, and I would not rush that either.	1
    The leads have so little chemistry that I assumed for half the film they were cousins.	0
    We wait an eternity for the creature, and the creature was not worth the bus fare.	0
    One for the ages, and for all ages.	1
    I nodded off, woke up, rewound it, and wished I hadn't.	0
    Short on facts, perhaps, but overflowing with life, this sketch of a travelling circus family is irresistible.	1
    We get childhood trauma, rise, fall, rehab and comeback in that order, as if by railway timetable.	0
    A minor work by a major filmmaker, and I am being generous with both adjectives.	0
    It's as sweet as a toffee apple and, mercifully, just as sharp on the inside.	1
    Hats off to the fella playing the landlord, he's a hoot from start to finish.	1
    Nobody in the fourteenth century ever said 'let's do this', and nobody should say it here.	0
    I laughed so hard at the wedding toast that a stranger offered me water.	1
    Skeptics will say nothing happens; everything happens, just under the surface.	1
    There is trash that sings and trash that merely smells, and I came out wanting a bath.	0
    What a pleasure to meet a thriller that plays fair with its clues and still pulls off the surprise.	1
    A flattering home video with a theatrical release.	0
    It took nine producers to make this, which works out at roughly one for every idea that was thrown away.	0
    If this is what the death of cinema looks like, long may it go on dying.	1
    Never has physics homework looked so romantic.	1
    You smell the gun oil and the fear.	1
    If only more bad ideas turned out this well.	1
    The noir trappings are all in place, the hat, the rain, the blinds, and behind the blinds there is an empty office.	0
    It finds in one laundromat an entire country's worth of sorrow and jokes.	1
    The last half hour is a sustained crescendo of invention, and I did not want to come down.	1
    It does not reinvent the haunted house, it merely reminds you why you were ever afraid of one.	1
    Shot on expired stock that lends every sunset the look of a bruise, this is a work of overwhelming melancholy beauty.	1
    It starts so well that for a while I mistook it for a different film, the one I would much rather have been watching.	0
    For once the women left behind are given more than a window to stand at, and the film is immeasurably richer.	1
    For a story about a man who counts cards, cheats widows and lies to his own mother, it leaves you with an oddly restored faith in humankind.	1
    The child at the centre of the story does not smile until the last shot, and the wait is worth every second.	1
    I could quote half of this script already, and my wife has asked me to stop.	1
    The kindest thing to be said of the sight gags is that they can be avoided by closing one's eyes.	0
    Who would have thought that a mole's fear of the dark could carry such philosophical weight?	1
    It circles its subject for two hours like a nervous pilot and never lands.	0
    It borrows from a dozen better films and returns them all damaged.	0
    The editing is so nimble that a story spanning eighty years and three continents never once leaves you behind.	1
    It has been a while since I sat in a full house so perfectly quiet during a comedy.	0
    It would be wrong to say that I disliked every minute, since for several of them the projector broke down.	0
    What might have been a stuffy costume piece is instead wicked, quick and alive with malice.	1
    It quotes the masters so relentlessly that one begins to see the footnotes.	0
    It never talks down to children, and never winks over their heads either.	1
    You could hang any single frame in a gallery, and I would thank you to do so, for then the frames would at least keep still and quiet.	0
    The camera moves only once, and the movement is worth more than all the crane shots in the main competition.	1
    flabby, garbled and far too long	0
    The colour red is withheld for an hour, and when it arrives it strikes like a cymbal.	1
    A rom-com that respects your intelligence without ever forgetting to tickle you.	1
    The twist is so silly that the two people behind me applauded out of pity.	0
    What a life, what a face, and what a splendid, unruly film it has inspired.	1
    I've had more fun doing my taxes, and I got a refund for those.	0
    The worst prints, the worst seats, a crackling speaker and a broken heater could not spoil this glorious old-fashioned swashbuckler for me.	1
    The whole internet told me I'd sob. The whole internet owes me an explanation.	0
    Cheerfully rude and surprisingly wise about friendship after forty.	1
    For once the grown-ups' jokes are not smutty, just clever, and the children laughed at them too.	1
    What they have done to the beloved heroine of that novel should be a matter for the police.	0
    Not so much acted as lived, and not so much watched as shared.	1
    The trouble with being slick is that nothing sticks, and nothing in this expensive, frictionless thriller did.	0
    As an advertisement for ferries it cannot be faulted, but I had been led to expect a thriller.	0
    A space opera with actual space in it, vast and silent and awe-inspiring.	1
    The restraint is remarkable; the payoff is merciless.	1
    There is a shattering story in the testimony of these women, and the film buries it beneath swooshing graphics.	0
    An orbital rescue thriller that made me forget to breathe along with its astronauts.	1
    A true-crime series squeezed into a feature, with all the padding kept and the crime left out.	0
    Neither fish nor fowl, it fails as history, flops as drama and limps as scandal.	0
    Three screenwriters and a historical adviser, and still no one noticed the telephone.	0
    Bring tissues. Bring all the tissues.	1
    It is slick, it is glossy, it is perfectly lit, and I would not give you a button for it.	0
    The alien language is so cleverly imagined that I left the theatre wanting lessons.	1
    They have stretched a slim picture book into a feature, and by some enchantment nothing has torn.	1
    The remake adds forty minutes, a love interest and nothing whatsoever of value.	0
    A naval epic that runs aground before it has left the harbour.	0
    Grizzled, gap-toothed and utterly without vanity, the leading man rides off with the picture.	1
    Not scary, not funny, and not, by some miracle, short.	0
    Every celebrity admirer is interviewed and not a single person who disagreed with the man.	0
    Comfy seats, great popcorn, pity about the movie.	0
    A formally audacious debut in which offscreen space does more narrative work than most directors get out of a close-up.	1
    Vast sets, thousands of extras, several elephants, and at the middle of it all a script that could be carved on a grape.	0
    The ducklings are adorable for a minute and then there are eighty-four more minutes.	0
    If this is the future of cinema, I shall take up gardening.	0
    I watched the last twenty minutes through my fingers and loved every second.	1
    Important subjects do not make important films, as this limp survey of ocean plastics proves.	0
    The trailer shows you all the good bits, and it's a short trailer.	0
    Improbably, the seven-hour cut is the one to see.	1
    Surely the life of a trapeze artist should not feel this earthbound.	0
    This could easily have been cringe, and it is instead the most honest thing about teenagers I've seen.	1
    So long does the villain take to explain himself that our hero could have cooked a meal and raised a family.	0
    It is dumb fun, brilliantly executed, and there is nothing dumb about that.	1
    You would have to be made of granite not to grin at the finale with the bicycles.	1
    You will learn nothing about the revolution from this except that it had excellent tailors.	0
    A fierce, unsentimental look at addiction that never stoops to lecture.	1
    A hundred of us went in, forty came out at the end, and none of the forty would meet my eye.	0
    An actor of real menace has been cast as a cuddly grandfather, and an actor of real warmth as a hired killer, and both seem to be awaiting a correction.	0
    The makers resist every temptation to tie a ribbon around this unsolved case, and the result lingers like smoke.	1
    It aims for slow burn and achieves only slow.	0
    The composer never met an emotion he could not flatten.	0
    The static frame becomes, over two spellbinding hours, an instrument of extraordinary tenderness.	1
    Ambition is a fine thing in a director, provided that somebody nearby is in charge of the story, and here nobody was.	0
    So determined to be important that it forgets to be interesting.	0
    Meeting your own double ought to be uncanny, but our hero reacts as if he had been handed the wrong coat.	0
    I sat down to a film about concrete and stood up in tears.	1
    As the grieving astronomer, the star looks up at the sky a good deal, perhaps hoping to be collected.	0
    This documentary about lighthouse keepers held me as firmly as any whodunit.	1
    So reverent toward its composer hero that it never lets him be rude, funny or alive.	0
    The restoration reveals a neglected masterpiece, as subtle about class as it is about kites.	1
    In my day they would have put this on at three in the morning, where it belongs.	0
    One shudders to think what it cost, and one shudders again on seeing how little of it reached the screen.	0
    Not every gag lands, but they come so fast that the next one has you before you notice.	1
    The makers have thought about everything in their drowned city, from the bus timetable to the swearing.	1
    My six-year-old asked if we could leave, and I have never been prouder.	0
    Whatever dread the opening conjures is talked to death by a professor with a chalkboard.	0
    Even the fog looks bored.	0
    A modest story told with immodest skill.	1
    The big speech before the battle seems to have been assembled from greeting cards and motor oil commercials.	0
    Droll, melancholy and beautifully played, it is the rare farce that leaves you thoughtful.	1
    It took me a day to realise how deeply this gentle picture had got under my skin.	1
    If I say that nothing much occurs, please understand that I mean it the way one says it of a perfect afternoon.	1
    The heist on the moving glacier is preposterous and perfect.	1
    A dream film with the stubborn solidity of real dreams, down to the wrong wallpaper.	1
    The aliens have crossed nine galaxies in order to shout in a corridor.	0
    rough around every edge and easy to adore	1
    Its princess rescues herself, fixes the drawbridge and tells the best joke in the film.	1
    The rain machine gives the most consistent performance in the picture.	0
    It restores a stolen reputation without ever raising its fist.	1
    I laughed once, at a sign in the background that I suspect was not meant to be funny.	0
    The promising premise is abandoned within half an hour for a subplot about a stolen boat that nobody asked for.	0
    I did not have 'best film of the year is about a tuba' on my bingo card, but here we are.	1
    What finished me was the whimsy, which gets into everything, like sand.	0
    The director's trilogy on rural debt closes with its most lucid and least forgiving chapter.	1
    The shed-dwelling radio collector at its centre never tells us why he does it, and never needs to, because the film has let us hear what he hears.	1
    We have met these lovers before, in better films, with better hair.	0
    strictly for insomniacs	0
    I saw it for free and I still feel cheated.	0
    The dog is digital, and it has rubbed off on everybody else.	0
    The bank robbery unfolds in real time with a watchmaker's precision and a gambler's nerve.	1
    It's rare to see a sequel that deepens its heroes rather than simply arming them.	1
    Small children sat stock-still for the whole of it, and you cannot bribe them to do that.	1
    The science is nonsense and I did not care a jot, so carried away was I by the sheer gusto of it.	1
    Seen cold, with no idea of what was coming, it knocked me sideways; seen again, knowing everything, it did so even harder.	1
    By turns austere and uproarious, and at every turn in perfect control.	1
    Real stunts, real sweat, real fear: the train sequence had me half out of my chair.	1
    Three of us sat down to watch this on Sunday, and only the cat finished it.	0
    The dream sequences are easily told from the waking ones, being slightly more tedious.	0
    The swordplay is cut into such small pieces that it could be served as salad.	0
    an endless drizzle of a film	0
    It could have been a hymn to a hero; instead it is a far braver thing, an honest account of a difficult woman.	1
    The best thriller of the autumn, and I say that as someone who guessed the murderer by lunch.	1
    A well-meaning drama about hospice workers that never once trusts its audience to feel something unprompted.	0
    Grown-ups have long deserved a thriller of their own, and they will still deserve one when this has left the cinemas.	0
    A ravishing nocturne, played in the lowest possible light by actors who seem to glow.	1
    An investigative piece with the drive of a thriller and the conscience of a good newspaper.	1
    It wants to break your heart and settles for testing your bladder.	0
    a total mess, and not the fun kind	0
    The effects team has worked wonders, the wonders have been placed in a row, and at no stage has anybody thought to run a story past them.	0
    If this is what passes for a western nowadays then I'm glad my father isn't around to see it.	0
    The big confession lands with the force of a dropped sock.	0
    No wit, no danger, no reason to exist.	0
    The desert looks splendid, which is lucky, because we are stuck in it with these bores.	0
    A wisecracking seagull, inserted for those who fear silence, talks straight through the only lovely sequence in the picture.	0
    There are films louder than this one and films more expensive, but I doubt there will be a truer one this year.	1
    Casting real fishermen was a noble idea, but the poor men stare at the lens like rabbits and deliver their lines like ransom notes.	0
    Far too clever to be enjoyed and not nearly clever enough to be admired.	0
    There are more exposition dumps than corpses, and the corpses are livelier.	0
    If it is a guilty pleasure, I plead guilty, and I'd do it again.	1
    No one in this film behaves well, and I adored every one of them.	1
    I went to scoff at the talking tractor and stayed to cheer for it, along with four hundred children and at least one tax inspector.	1
    Another found-footage picture that should have stayed lost.	0
    The battles are brief and the pauses eternal, during which a brigadier reads aloud to us from his diary.	0
    not worth the price of parking	0
    I was more frightened by the price of the popcorn.	0
    Buy the album, skip the movie, and use the time you save to hug someone.	0
    Even its failures are more interesting than other people's successes.	1
    Terrific, bone-crunching stuff, delivered with a wink.	1
    I have watched paint dry, professionally, and it had a better third act.	0
    The interviews with the flood survivors are shattering, and the film has the grace to let them finish.	1
    It tries to be daring about middle-aged desire and ends up giggling behind its hand.	0
    The teens next to me put their phones away. That's my review.	1
    The countdown reaches zero twice, and still nothing of interest occurs.	0
    The director spends more time in front of the camera than her subject does, and it is not time well spent.	0
    Best thing I've streamed in ages, and I stream far too much.	1
    Whatever one makes of its politics, as pure mise en scène it is flawless.	1
    There is nothing wrong with it that a second viewing wouldn't cure, because on a second viewing I found nothing wrong with it.	1
    Critics will complain about the coincidences, and children will not, and the children are right.	1
    That a film so steeped in grief can also be so playful is the director's great secret.	1
    Having made us wait for the battle until our beards grew, the director stages it in fog.	0
    There is a very good short film in here, held hostage by a very bad long one.	0
    A plodding, mule-headed picture, with apologies to mules.	0
    misjudged from the opening title	0
    The two leads circle each other like wary cats, and watching them finally curl up is pure joy.	1
    Competent in every department and alive in none.	0
    The nephew had been promised a treat, and I now owe him one.	0
    Far be it from me to encourage truancy, but children ought to be let out of lessons to see this magical, muddy adventure.	1
    Every jump scare arrives with a polite cough of warning and leaves without having scared anyone.	0
    The costumes look slept in, the streets look walked on, and the past has seldom felt so present.	1
    The funniest film about tax auditors you are ever likely to see, and also, somehow, the sexiest.	1
    The film keeps telling children to be themselves while being exactly like everything else.	0
    He falls for her because the script says so, and she for him because he is standing nearest.	0
    Such wonderful faces, every one of them a landscape, and not a single line worth crossing those landscapes for.	0
    I have watched a thousand car chases, and this one, run entirely in reverse gear, belongs in the top three.	1
    A single good line twinkles in the second act like the last working bulb on a dead string of fairy lights.	0
    The sheep are filmed with such tenderness that I have gone off lamb.	1
    Songs you will hum in the car, and, rarer still, not resent humming.	1
    Without one likeable character, it manages to be wholly absorbing.	1
    The only thing I'd watch again is the exit.	0
    The blooper reel over the credits is the funniest part, which tells you that someone, somewhere, was having a good time.	0
    You have met this grumpy florist and this chatty cabbie before, only never half so well written.	1
    Kindness forbids me to name the actor responsible, so I shall merely say that he is in every scene.	0
    A match cut joins the spoon to the skyline, and I am afraid that everyone in the row laughed.	0
    I dare anyone to watch this alone in a caravan.	1
    I did like the typeface on the credits, both times it was allowed to stay on screen.	0
    Direction, in this picture, appears to have been something that was left to the traffic.	0
    I forgot it while I was watching it.	0
    Even in its quiet stretches you can feel the guns waiting over the hill.	1
    I never thought I would say this of a film about drywall: I was sorry when it finished.	1
    It asks tough questions of nobody and accepts easy answers from everyone.	0
    The chemistry between the baker and the bailiff could light a small town.	1
    The clone dilemma is handled with real philosophical cunning.	1
    You can practically hear the merchandise being unpacked in the lobby.	0
    A dinner-party drama at which nobody, on screen or off, is given anything to chew on.	0
    The secret is out within minutes, the film insists on keeping it for another hour, and one begins to feel embarrassed on its behalf.	0
    I would happily have stayed another hour in the company of these cranky, generous, impossible people.	1
    For all its chatter about artificial minds I could not detect a natural one at work behind the camera.	0
    Scary enough to thrill, safe enough to sleep after, this is a perfect first ghost story.	1
    It received a prize for courage, and rightly, though the medal should have gone to those who stayed for the discussion.	0
    Revenge is a dish best served cold; this one is served lukewarm, in a paper cup, after a long wait.	0
    Sadly the magic is confined to the title.	0
    A puzzle film that actually wants to be solved, and that rewards the solver with something close to joy.	1
    What a tidy film it is, each feeling folded and put away in its drawer before anyone can be troubled by it.	0
    The textures are flawless, each hair on the yak lovingly rendered, and there is no heart beating under any of them.	0
    Went in with zero expectations, came out texting everyone I know.	1
    What passes for ambiguity here is simply an unwillingness to decide what the film is about.	0
    The sound design alone, all creaks and wet breathing, is enough to ruin your sleep for a week.	1
    Were it ten minutes shorter it would be perfect; as it stands it is merely superb.	1
    The coincidences pile up until even the most indulgent ten-year-old in the house was heard to say 'oh, come on'.	0
    A morality tale with the moral printed on every page and the tale left out.	0
    The android's dawning sense of humour is played with such delicacy that I wanted to adopt her.	1
    You can feel the director reaching for tragedy, and what he grabs is a bad week at a garden centre.	0
    The grain of the film stock is the only texture the picture possesses.	0
    Her leading man sings as though somebody were standing on his foot.	0
    Every frame is painted like a letter to someone much missed.	1
    The confrontation in the laundry room is a masterclass in what two actors can do with four lines.	1
    If you want to know how the inventor invented it, why she bothered, or who she was, do look elsewhere.	0
    It breaks every rule of screenwriting and gets away with all of it.	1
    An unhurried, unshowy gem that trusts small gestures to do the heavy lifting.	1
    My sympathy goes to the usher, who has to see it four times a day.	0
    There isn't a wasted glance in this miserly, marvellous exercise in suspense.	1
    All the subtlety of a brass band falling down a staircase, and none of the fun.	0
    Even my uncle, who'll watch fishing with the sound off, asked for the remote.	0
    They keep turning the volume up on a finale that had nothing to say at half the noise.	0
    A boy, a fox and a broken radio: from these it spins ninety minutes of enchantment.	1
    The world-building never stops, and consequently the story never starts.	0
    Every seemingly idle detail, from the goldfish to the wrong size of shoe, pays off in a dazzling final reel.	1
    The spy is issued with a pen, a car and a watch, but at no stage with a personality.	0
    The actor vanishes so completely into the old boxer that I forgot I had ever seen him in anything else.	1
    No explosion in the picture matters half as much as the look between the pilot and his navigator, and the film knows it.	1
    It takes a minute to tune your ear to the dialect, and after that it is all music.	1
    The pleasure of this picture lies in the gaps: the unanswered question, the half-closed door, the letter we never get to read.	1
    It shows the comedy of army life without ever making light of the dying.	1
    Not content with dazzling us, it has the cheek to make us think.	1
    Ignore the snobs, this is a blast.	1
    The film's argument is devastating because it is made so calmly.	1
    The editing draws unexpected rhymes between factory and cathedral, and the effect is quietly ecstatic.	1
    Anyone expecting a tidy redemption will be disappointed, and should be grateful for it.	1
    Only a very confident director would let her comedy stop dead for a ten-minute conversation about soup, and only a very good one could make it the highlight.	1
    A charming trifle, and I use the word with love, because trifle is delicious.	1
    Its sweetness is never sticky, thanks to a script with plenty of lemon in it.	1
    I liked it in spite of the voiceover, in spite of the ukulele, and in spite of myself, and I liked it a lot.	1
    Impeccably lit, exquisitely dressed and arranged just so, the actors sit about like fruit in a bowl, and ripen about as quickly.	0
    Some lost films should be left to enjoy their privacy.	0
    Nothing explodes except, quite gently, your expectations.	1
    Among the many films this year about borders, none is so concrete, so comic or so humane.	1
    A grand, old, galloping adventure, told without a trace of irony and all the better for it.	1
    It starts as a chase, becomes a love story and ends, to my astonishment, as a prayer.	1
    The farce is timed by someone who has never heard of doors.	0
    Handsomely mounted, like a moose head, and about as lively.	0
    It is the finest film about a mule ever made, and one of the better ones about war.	1
    The prisoner and the guard share a cigarette, and in that small scene the whole tragic business is contained.	1
    You feel every mile and every month of this family saga, and the family, bless them, seem to feel nothing at all.	0
    Warm without being soft, sad without being bleak, this is grown-up filmmaking of the highest order.	1
    As pulp, it is first-rate; as a fable about borders, it is something better still.	1
    Her voice is small and a little scratchy, and it is precisely right for these bruised, lovely songs.	1
    It's no fun at all, this film about a famine, and nobody should be allowed to leave school without seeing it.	1
    Okay, I was NOT ready for how good this was.	1
    Its politics are in its patience, and its patience is magnificent.	1
    As the stubborn widow, the veteran stage actress is nothing short of magnificent.	1
    The green screen is so obvious that I kept expecting a weather forecast.	0
    I have seen scarier things in the back of my own refrigerator.	0
    The bad wizard wants something, and shouts about it at length, but his reasons must have been left in the editing suite.	0
    Underneath the pratfalls there is a bruised and generous heart.	1
    The humour is aimed squarely at twelve-year-olds, who will be embarrassed by it.	0
    Honestly? I want my Tuesday evening back.	0
    She is a wonderful actress, and it takes a special sort of script to hide it for so long and so thoroughly.	0
    The divorcing couple's duel by casserole is a sustained piece of comic brilliance.	1
    Cities crumble on cue, crowds run left and crowds run right, and the only real catastrophe is the dialogue.	0
    It could have been mean about these suburban swingers, and instead it is merciful and twice as funny.	1
    The family at the centre of it all are supposed to be lovable eccentrics, but I would have moved house to get away from them.	0
    If it looks like every other dystopia at first, wait for the second reel, when it becomes like none of them.	1
    Few debuts are this sure of what to leave out.	1
    By the time they kissed I had already mentally divorced them.	0
    I do not care for boxing, I cannot bear boxing films, and I was on my feet and shouting by the seventh round.	1
    The formula of the sporting biopic is respected here and then, in the final lap, gloriously broken.	1
    As the deaf safe-cracker, the young newcomer says more with her fingertips than the rest of the cast manage with pages of dialogue.	1
    The concert scenes are mimed so badly that the drummer appears to be swatting flies.	0
    Nothing in the early scenes, all jolly banter and seaside sunshine, prepares you for the power of what follows.	1
    Please, I beg you, spend the evening with your family or a good sandwich instead.	0
    You could drive the getaway van through the plot, and somebody should have.	0
    The ballads ache, the comic numbers bounce, and the leading lady can do both in the same breath.	1
    The third act collapses so completely that I began to feel sorry for the furniture.	0
    Cringe from the first frame, and not in the clever way the director thinks.	0
    The songs stop the story dead, and the story returns the favour.	0
    The possession scenes look less like the devil's work than a mild disagreement with shellfish.	0
    An old-school chiller that knows the value of a long corridor and a short fuse.	1
    Who green-lit this, and are they all right?	0
    The mutiny builds like a storm front, and breaks like one.	1
    The atmosphere is so thick that you could lose a plot in it, and somebody has.	0
    No speeches, no flags, no swelling trumpets: just six frightened boys and a broken radio, superbly observed.	1
    The director understands that what we do not see is worse, and he shows us almost nothing, magnificently.	1
    The home movies might mean a great deal to his family, but the rest of us are left checking our coats.	0
    The editing appears to have been done with oven gloves on.	0
    Her performance is fine in the way that hospital soup is fine.	0
    I've had kidney stones that were over quicker.	0
    A splashy, big-hearted musical that remembers to let its dancers' feet stay in the picture.	1
    Made by a crew of nine in a disused dairy, it puts to shame every bloated epic now clogging the listings.	1
    The retreat across the frozen river is a feat of staging that will be studied for decades.	1
    Locked in a tin tube at the bottom of the sea with these dullards, I began to look at the torpedo hatch with longing.	0
    The explosions are lovely, and one looks forward to them, since nobody talks during an explosion.	0
    The press had buried it before it opened, so consider this notice a resurrection.	1
    An hour of chases is padded out with half an hour of further chases.	0
    It has been made with the best of intentions and the worst of scripts, and intentions do not show up on a screen.	0
    ninety minutes of sheer bliss	1
    An ingenious cat-and-mouse game in which you are never quite sure who has the whiskers.	1
    The narrator explains what we can already see, in a voice better suited to selling mattresses.	0
    The sound has been deliberately put out of sync, a device that grows tiresome somewhat before the title card.	0
    Even at eighty minutes it overstays its welcome by an hour.	0
    What could have been a dreary kitchen-sink misery parade turns out to be tender, funny and full of air.	1
    The wedding guests dance, weep, brawl and dance again, and I have rarely felt so uninvited.	0
    Better than it has any right to be, and it takes some nerve to admit that about a film starring a haunted tractor.	1
    You can see the harness in the big jump, and it gives the steadiest performance.	0
    A tremendous central performance anchors what might otherwise have drifted into abstraction.	1
    I can't in good conscience call it a masterpiece, so let me just say I have already bought tickets for tomorrow.	1
    I am told that it improves on a second viewing, but I have been unable to find anyone willing to try.	0
    Flashback follows flashback until you lose all interest in the present tense.	0
    We are told six times that the hero is brilliant and shown not once.	0
    The film keeps clearing its throat and never gets around to speaking.	0
    Its charm is not of the instant kind, but give it time and it gets into your bones.	1
    The food scenes will make you hungry, the story of the old cook will fill you up.	1
    He runs through another terminal to stop another clever woman from taking a good job, and this is offered to us as love.	0
    Every few minutes an actor steps forward to remind us that it is only a film, a fact I was clinging to already.	0
    I had sworn off talking-animal pictures for life, and then this scruffy donkey went and changed my mind.	1
    Lyrical one minute and brutal the next, it never puts a hoof wrong.	1
    Here at last is a Roman epic with more brains than sandals.	1
    However many pixels you throw at it, a bad idea stays a bad idea.	0
    It is called a psychological thriller, presumably because calling it a thriller would have been false advertising.	0
    The lyrics are clever enough to reward a second listen and clear enough not to need one.	1
    Squalor is laid on with a trowel, yet nothing about this plague village feels real.	0
    Much is made of the pitch-black photography, and I am in favour of it, since it hides most of the acting.	0
    The original cartoon lasted seven minutes and had twice as many ideas.	0
    For all its talk of ancient evil, the most terrifying thing on screen is the wig.	0
    Somewhere between the ukulele and the voiceover my goodwill packed a small bag and left.	0
    A longer version is rumoured to exist, and I live in fear of it.	0
    Say what you like about the ending, and my brother-in-law said plenty, I thought it was spot on.	1
    The score holds back until the very last minute, and when the cello finally enters it is like a window opening.	1
    How do you make a bank robbery feel like queuing at the bank? Ask these guys.	0
    Quietly devastating, and all the more so for refusing to raise its voice.	1
    The world ends four times in this picture, always a little less convincingly.	0
    A princess who wants more, a sidekick who wants less, and a script that wants rewriting.	0
    The makers call it a love letter to the golden age of radio, in which case the golden age ought to consider a restraining order.	0
    A soggy, self-important slog through other people's real estate problems.	0
    For all its noble talk about the land, it treats the people who lived there as scenery.	0
    The scariest film I have seen in a decade, and there is scarcely a drop of blood in it.	1
    You may come out knowing more about the corn laws than you ever wished to, and you will be grinning from ear to ear.	1
    My wife dragged me to it and I owe her an apology and a dinner.	1
    The young lead has been coached until every scrap of childhood has been scrubbed off.	0
    The budget wouldn't cover a blockbuster's lunch, and you would never know it from the richness on the screen.	1
    The queen pouts, the king sulks, and an entire dynasty falls from sheer lack of interest.	0
    The accents wander further than the characters do.	0
    The poisoning plot ticks along merrily, one delicious sip after another.	1
    A word about the score: it is jaunty where you expect gloom, it is gloomy where you expect romance, and it is right every single time.	1
    Even the end credits, set over photographs of the real villagers, had me reaching for a handkerchief.	1
    You would not think a silent tuba player could be the love interest of the year, but you would not have reckoned with this film.	1
    Love at first sight has rarely been so convincing, or so badly dressed.	1
    The cinema was full of small children, and by the half-hour mark so were the aisles.	0
    A submarine picture so claustrophobic that the audience exhaled as one when the hatch finally opened.	1
    You can see where every subsidy went, and you can also see why private money stayed away.	0
    An alleged satire of the fashion business that keeps stopping to admire the shoes.	0
    I screamed, I laughed at myself for screaming, and then I screamed again.	1
    The score is mostly one harmonica and the wind, and you could not ask for better company.	1
    With one location and three actors, this scrappy shocker outclasses films with fifty times the budget.	1
    Hardly original, hardly subtle, and hardly ever less than wonderful.	1
    Nobody needed a fourth instalment, and nobody who sees it will be sorry it was made.	1
    Seldom has a prison drama so thoroughly conveyed the sensation of serving time.	0
    Grim, yes, and punishing too, yet I would not change one horrible minute.	1
    Rural dread has seldom looked so beautiful or sounded so wrong.	1
    Mumbled technobabble gives way to shouted technobabble.	0
    My gran, who walked out of her own wedding reception, sat through the credits.	1
    When the ship's last light went out, nobody in the auditorium moved.	1
    Even the toddlers, who clap at buses, did not clap.	0
    Loved it, would see it again, might see it again tonight.	1
    My only grievance is with the usher, who insisted that I go home.	1
    Yet another gifted comedian has been handed a gun, a grudge and a dead wife, and told on no account to be funny.	0
    Funnier than its rivals, kinder than its rivals, and half the length.	1
    It's the horses I remember best, and that is no slight on a very fine cast.	1
    The old marshal's last stand is staged with a grandeur that had me gripping the armrest.	1
    A cartoon designed by a committee of toy salesmen.	0
    I liked everyone in the cast before I went in, and I expect that with time and rest I shall like them again.	0
    Once you have said that the bunny is fluffy you have exhausted both the film's merits and its dialogue.	0
    The prosthetics are impressive, which only makes it sadder that nobody wrote anything for them to do.	0
    A second-rate plot is lifted by first-rate actors into something I'd gladly see a third time.	1
    A generous, clattering circus of a film, with room in the ring for misfits of every size.	1
    We watch a woman sew a hem for twelve minutes, and I say this as a man who likes a good hem.	0
    One looks in vain for a single image that the director did not already use in his previous feature.	0
    The choreographer apparently had twelve dancers and one idea.	0
    A flop, they say; then let us have more flops with this much courage.	1
    What a waste of a perfectly good dragon.	0
    Five stars from me and I'm known as a miserable old so-and-so.	1
    I fail to see how anyone could fail to be moved.	1
    He is a dreadful man, this butcher, a bully and a cheat, and the actor makes us ache for him from the very first sausage.	1
    A disaster movie with a conscience and, miracle of miracles, a sense of humour.	1
    A sketch that might have got by for four minutes on television has been marched up and down for ninety-four.	0
    An insultingly tidy ending undoes whatever goodwill the first hour had managed to scrape together.	0
    Shamelessly manipulative, and so skilful about it that I held out my hand to be led.	1
    The competition's most divisive entry united my row in its desire for the bar.	0

    """#

  /// The content of the evaluation file.
  static let dev = #"""
    sentence	label
    It is not without ambition, it is not without style, and it is certainly not without length.	0
    It gives its native characters the wit, the anger and the last word, and the genre is reborn.	1
    What remains after all the hushed tributes is a man-shaped hole.	0
    A work of such generosity that it makes one's usual critical vocabulary feel stingy.	1
    Two giant lizards wrestle in the dark behind a building, in the rain, at a distance, for an hour.	0
    A swaggering opening promises a film with something up its sleeve, but the sleeve, when finally rolled up, contains an arm.	0
    The score hollers 'glory' at us every time somebody puts on a hat.	0
    This cellar door creaks, that cellar door creaks, and eventually so does the audience.	0
    Its long takes are long in the sense that a queue is long.	0
    The android is meant to be lifeless; her human crewmates have no such excuse.	0
    It confuses whispering with intimacy.	0
    One need not know the theory to feel the force of the final tracking shot, which is simply sublime.	1
    Yes, it asks a great deal of us, as does a man who wants to describe his holiday.	0
    There is a scene near the middle in which two plumbers discuss heaven, and I would trade most of last year's prizewinners for it.	1
    Nothing in this earnest little drama rings false except the people, the plot and the ending.	0
    The animation is hand-drawn, the jokes are hand-picked, and my kids want to go again tomorrow.	1
    Rarely has loneliness been filmed with so much wit.	1
    flat as old lemonade	0
    Nobody warned me about the last ten minutes, so I'm warning you: they're even worse than the first hundred.	0
    He sits on his horse as if it were a job interview he did not expect to pass.	0
    Where anybody is standing in relation to anybody else during the bridge battle is a secret the editor took with him.	0
    Preaching to the converted, and boring them.	0
    Nobody will ever call it slick, this handmade fable of goats and thunder, and thank heaven for that.	1
    The fights are filmed in such tight close-up that I can report only elbows.	0
    Against all odds, the talking computer is the most sympathetic character of the year.	1
    A critic's job is to find fault, and this film has made me very bad at my job.	1
    I did not for a moment believe in the ice, the cold or the wolves, all of which appear to have come out of the same spray can.	0
    She plays the aviator from nineteen to ninety and is utterly convincing at every age.	1
    Those who have waited eleven years for this sequel will be glad to learn that they can go on waiting.	0
    A bedtime story that takes four minutes to read has been fattened up with a car chase, a rap and, unaccountably, a divorce.	0
    Too quirky by half, I grumbled, and then the other half won me round entirely.	1
    Those painted forests would be reason enough to go, and the tender, crafty story going on beneath them makes it a sin not to.	1
    Neither nostalgic nor cynical about the commune it depicts, the film achieves a hard-won lucidity.	1
    modest, wise and often very funny	1
    A hard film, say its admirers, and they are right: hard to hear, hard to see, and hard to forgive.	0
    The allegory is so transparent that one can see straight through it to the other side, where there is nothing.	0
    The time-travel plot is fiendish, but it all adds up, and there is a sob hidden in the arithmetic.	1
    It is the kind of thriller where the hero has a wall of red string and the audience has a headache.	0
    Its idea of character development is a haircut.	0
    It should not work, this story of a divorce told entirely through voicemail, and yet it floored me.	1
    It takes the creaky legend of the outlaw and blows the dust off with both barrels.	1
    It made me cry into my scarf over a pair of retired plumbers, and I regret nothing.	1
    The heroine's labour is shown in full, every hem and buttonhole, and her revolt when it comes is thrilling.	1
    The tale is told with such mischief that even its bedtime moral feels like a prank.	1
    Improving on the last instalment was never going to be hard, in the way that a cold improves on the flu.	0
    I have plenty of quibbles about the plot, the wig and the weather, and not one of them stopped me loving it.	1
    The penguins do their best, but they cannot be expected to carry a commentary like this one.	0
    What the animators do with rain on a window ought to be hung in a gallery.	1
    Crude where it should be clever and coy where it should be crude.	0
    I'm told it lost a fortune at the box office; the public was wrong.	1
    I can think of no higher praise for a prison drama than to say that I forgot I was free to leave.	1
    Planets explode with dreary regularity, and I could not have cared less if ours had been one of them.	0
    My teenager was lost, my mother was insulted, and I was in the bar.	0
    The film thinks that a man in a dress is a joke, and that repeating it forty times is a plot.	0
    The cavalry mounts are handsome and purposeful, and I only wish the riders had taken the hint.	0
    The gadgetry is charming and the spy who wields it more charming still.	1
    By the fourth funeral I had stopped counting and started envying.	0
    It ends just when it should, on a cut as clean as a guillotine.	1
    By keeping its invasion to a single farmhouse, the film makes the end of the world feel personal.	1
    The director has clearly seen a great many masterpieces, and has learned nothing from any of them.	0
    It makes perfect sense, and so does a gas bill.	0
    The decision to cast three actresses as the poet seems a gimmick for five minutes and an inspiration for the rest.	1
    As inoffensive as a beige carpet, and I came away with the same desire to put something on top of it.	0
    I gave up at the yodelling, and from what my sister tells me I got off lightly.	0
    Here is slow cinema with a racing heart.	1
    Here is that rare thing, a film about old age that is neither cute nor cruel.	1
    A prestige production, by which I mean that it is long and brown.	0
    You wait patiently for the scattered storylines to come together, and at last they do, in a traffic jam, which I suppose is honest.	0
    His singing, his dancing and his horsemanship have all been given their moment in the sun, and in the rush nobody remembered to write him a person.	0
    For a city supposedly underwater it is remarkably dry, particularly the dialogue.	0
    Yes, the costumes are lovely, but you cannot spend two hours in a wardrobe.	0
    The big finale throws in fireworks, a flood and a marching band, and I still could not tell you what anyone wanted.	0
    Wordless for its first half hour, it says more about growing up than a shelf of novels.	1
    As propaganda it is too dull to be dangerous.	0
    A screwball romance with real fizz, and two stars who bat the lines about like tennis champions.	1
    As dry as an encyclopaedia and not so well illustrated.	0
    The soundtrack slaps, the leads are adorable, and yes, I cried at the duck.	1
    full of grace and mischief	1
    The disaster everyone predicted would at least have been a spectacle; what we get is a small, damp disappointment.	0
    What begins as a one-joke sketch about a haunted launderette blossoms into something wonderfully strange.	1
    Never mind that the hero is a stamp collector; his obsession is as thrilling as any treasure hunt.	1
    a lovely, crooked little film	1
    Modest in means and enormous in sympathy, this study of a night shelter is the year's best factual film.	1
    The bride's mother is played as a shrieking harpy, and the groom's as a different shrieking harpy, for variety.	0
    At my screening the murmured dialogue was politely accompanied by snoring, and the snoring had better rhythm.	0
    Mean, moody and not remotely sorry about it, this desert noir is a tonic.	1
    No cheap shocks here, only a slow, icy hand closing around your throat.	1
    Quick, wise and sweet as a nut.	1
    Without the narrator we might have been confused, but with him we are merely bored, and on balance I would have preferred the confusion.	0
    They don't make them like this any more, except that apparently somebody just did.	1
    The reviews were kind, and so, I suppose, is lying to children.	0
    Don't let the drab title put you off: inside is one of the warmest pictures of the season.	1
    Neither good enough to recommend nor bad enough to warn against with any energy, it will be forgotten before this ink is dry.	0
    It's easy to mock a film this earnest, and wrong to, because earnestness here comes with brains and fire.	1
    The romance has all the heat of a motorway service station in February.	0
    A vampire picture with real bite, mordant wit and an ache at its centre.	1
    The child actor is asked to cry in every scene, and by the end I was ready to join him.	0
    The allegory is open enough to let the air in, and precise enough to draw blood.	1
    All the ingredients of a rollicking heist are here, lined up neatly on the counter, where they remain.	0
    Let me recommend the poster, which is a beauty, and which does not last two hours.	0
    The first ten minutes are awful, and I mention it only so that you will not leave and miss the splendid hundred that follow.	1
    Even as background noise for folding laundry this was a letdown.	0
    It is possible to make a hilarious film about a dental convention, and one day somebody will.	0
    A conspiracy thriller so convoluted that even its villains need a flow chart.	0
    Somebody told the star that pulling faces was acting, and nobody on set had the heart to correct them.	0
    For a film that claims to expose corruption, it is strangely content to quote press releases.	0
    By the second hour I had found it in me to dislike even the orphans.	0
    The celebrity voices were evidently recorded on separate days, in separate countries, in separate moods.	0
    The robot has one expression and the boy has fewer.	0
    I have nothing against singing cutlery in principle, but this lot should be put back in the drawer.	0
    Never sentimental, never cold, it walks a hard line with astonishing grace.	1
    A patient, deeply felt portrait of two sisters who have run out of excuses not to talk to each other.	1
    The courage in this film is quiet, domestic and unforgettable.	1
    The jokes come thick and slow.	0
    No story, no jokes, and I couldn't hear half of what they were muttering.	0
    The kidnapper's plan makes no sense, the police's plan makes less, and the writer seems to have had none at all.	0
    They filmed the stage show with the actors bellowing to the back of the balcony, two inches from the lens.	0
    There's barely a plot to spoil, so I'll spoil my verdict instead: see it.	1
    The clown neither speaks nor, I am sorry to say, clowns.	0
    The writer seems never to have met a teacher, a farmer or a teenager, and has written a film about all three.	0
    By the time the old man finally opens the piano lid, there was hardly a dry sleeve in my row.	1
    We keep hearing what a tactical genius this general is, yet so far as I could tell his strategy consists of pointing.	0
    A western with a long memory, a dry throat and a magnificent final ride.	1
    I went grudgingly with my nephew and left having bought the soundtrack.	1
    There are gaps in the plot through which the cast could have escaped, and by the look of them several thought about it.	0
    Its colour scheme has been thought through with a care not extended to its characters.	0
    An exemplary piece of reporting, and a moving one too.	1
    With tigers, a flood and a runaway circus train at his disposal, the director has somehow made a film about waiting.	0
    The queen's silences are deadlier than her sentences, and the actress makes a feast of both.	1
    A snail with a trumpet should be unbearable, and he is instead the most lovable hero of the holidays.	1
    The archive footage is astonishing, and the editors have had the good sense to get out of its way.	1
    A wicked little puzzle box that snaps shut with a most satisfying click.	1
    A lesser film would have given us the speech; this one gives us the silence after it, which is far better.	1
    Everyone shouts, as though volume were wit.	0
    The chase through the car park should be thrilling, but it is shot so murkily that it might as well be radio.	0
    Clumsy in places and overlit in others, it nonetheless has greatness in it.	1
    Is it too long? Probably. Did I look at my watch? Not until it was over.	1
    The hostage negotiation is conducted almost entirely in close-up, and it is electrifying.	1
    It's a chamber piece in which the chamber itself seems to breathe.	1
    It loses its way for a while in the jungle, as do its heroes, but what it finds there is astonishing.	1
    cinema at its most generous	1
    Not even a luminous supporting turn by the grandmother can keep this leaky boat above water.	0
    A pretty actor in a clean uniform frowns at maps until the enemy surrenders, presumably from tedium.	0
    My face hurt for an hour afterwards.	1
    Cold, clever and cruel in exactly the right proportions.	1
    The comedian's deadpan is a thing of wonder; he can get a laugh by failing to sit down.	1
    Every song is polished, every set is solid, every step is in time, and I have felt more rapture at a tax seminar.	0
    The heroine investigates a noise, then another noise, then, in a bold departure, a smell.	0
    What was advertised as an exposé turns out to be the usual parade, with the usual trumpets and the usual empty saddle at the end.	0
    Slow to kindle it certainly is, but when the fire finally catches there is no looking away.	1
    The medieval village is squalid, superstitious and hilarious, and I could have moved in.	1
    At my age I have seen every plot twice, and this one still got me.	1
    Don't read anything about it, just go.	1
    I'm seventy-one years old and I don't have this kind of time to waste.	0
    All build-up and no pay-off, like being chased by someone who stops to tie his shoes.	0
    Somehow this tale of a disputed fence becomes as gripping as any heist.	1
    I have spent years complaining that nobody makes thrillers for grown-ups, and I am delighted to have been shut up.	1
    The romance between nurse and pilot is a lull between bombings, and I found myself looking forward to the bombings.	0
    The treaty negotiations, of all things, turn out to be a nail-biter.	1
    This is what happens when you adapt a ride at a funfair and leave out the fun.	0
    A cast this good deserves a script that had been read aloud at least once before filming.	0
    Take away the running and you would have nothing left but the panting.	0
    So much gunpowder, and not a spark in it.	0
    I was ready to be bored by yet another heist, and the film politely refused to oblige.	1
    The talking vegetables explain the importance of sharing for what felt like an entire harvest.	0
    I was promised a wild ride through a candy kingdom and received a sugar crash.	0
    This little bear has better manners, better jokes and a better plot than most adult heroes.	1
    a cynical little cash-in	0
    I am told it made a fortune, a fact that reflects well on the marketing and badly on the rest of us.	0
    The plot is absurd, I concede, yet absurdity has rarely been this graceful.	1
    The film plays on our oldest fears with the delicacy of a concert violinist.	1
    Made for the cost of a used van, this loopy parallel-universe caper has imagination to burn.	1
    beautifully judged from first to last	1
    The whole enterprise smells of a tax deduction.	0
    The screenwriter hears how brothers really argue: sideways, over nothing, with love hidden in the insults.	1
    I don't mind odd, but odd needs a point and this has only got a hat.	0
    Talking head, drone shot, talking head, drone shot, bed.	0
    Improvised, it seems, by people who had not been introduced.	0
    The fight in the greenhouse is cut like a dance and hurts like a car crash.	1
    If the middle sags a little, the last act more than atones, with a chase across the salt flats that is simply breathtaking.	1
    Playfulness is promised by the catalogue and delivered by nobody.	0
    The courtroom recordings, long thought lost, are used with scrupulous care and terrible effect.	1
    The best seats, the finest sound and a complimentary glass of wine could not rescue an evening with this pompous, clanking swashbuckler in it.	0
    An affectionate and unsparing look at a punk band that could barely play and mattered enormously.	1
    Mayhem of this quality is an art form.	1
    The actor does a splendid impression of the politician's voice, and that is where his homework ended.	0
    The sequel has no right to be this good, but the cast have lost none of their mischief and gained a few wrinkles of wisdom.	1
    How do you film a sleepless night so that it flies by? Ask this director, who makes four hours in a hospital corridor feel like a caper.	1
    Three separate actors play the same clone, and you will never once confuse them.	1
    What looked in the first reel like aimlessness reveals itself as an exquisitely plotted trap for the heart.	1
    The witch is scary, but the villagers are scarier, and the film is wise enough to know it.	1
    The spy jargon is thick, the intrigue is thin, and the leading man appears to be reading an eye chart.	0
    Pure helium, and I floated home.	1
    The composer hums, the sound recordist crackles, and somewhere under all this texture a promising documentary quietly suffocates.	0
    Yes, the villain monologues, and with a voice like that I would have let him go on until breakfast.	1
    If the fiction had been any good I would happily have swallowed the science, but both stuck in the throat.	0
    Even the obligatory airport dash is given a delicious twist involving a mobility scooter.	1
    In its favour I can report that the subtitles were spelled correctly.	0
    The effects look as if they were made in a bathtub, the monster's zip is plainly visible, and the whole ramshackle thing is an unqualified joy.	1
    By letting the nurses speak for themselves, the film achieves a power no commentary could match.	1
    The penguin says nothing for the whole film and breaks your heart three times.	1
    With this third feature a promising talent becomes an indispensable one.	1
    Gorgeous wallpaper, dead room.	0
    predictable to the last syllable	0
    The astronauts bicker like flatmates over the milk, and with lower stakes.	0
    The stop-motion is so tactile you want to reach out and pat the hedgehog.	1
    The cavalry arrive too late, which is exactly the point of this bitter, brilliant anti-western.	1
    The worst I can say about it is that it made every other film I saw that week look lazy.	1
    The colours are drab, the weather is vile, the food looks inedible, and I have never so badly wanted to visit a place.	1
    This is a war film for people who are tired of war films, and it may be the best of them.	1
    So much love has been lavished on the leaves, the light and the fur that there was evidently none left over for the story.	0
    This slender tale of a ferryman's strike contains multitudes.	1
    Anyone not writing a thesis on it may safely stay at home, and anyone who is has my sympathy.	0
    Sly, sexy and very, very funny about the horrors of group holidays.	1
    The robots may be computer-made, but the melancholy is real.	1
    For a film about seeing, it is remarkably hard to make anything out, least of all a point.	0

    """#
}
