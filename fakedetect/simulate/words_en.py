# ruff: noqa: E501, SIM905  (word lists read better unwrapped and unquoted)
# fmt: off
"""What people write under a brand's posts, in English: short cries, stock phrases, sentences with slots."""

from __future__ import annotations

from fakedetect.simulate.grammar import Grammar
from fakedetect.simulate.names import FIRST, LAST_A, LAST_B

SLOTS = {
    "first": FIRST["en"].split("|"), "last_a": LAST_A, "last_b": LAST_B, "tag": ("{first} {last_a}{last_b}",),
    "react": "look|this is you|remember?|we need this|for us|tonight?|you have to see this|our summer|not you|haha you|told you|date night?|next weekend|get me one|your favourite|us at thirty|come on|who does that remind you of|still mine|so you|you and your cat|buy me this".split("|"),
    "emphasis": "haha|lol|please|again|really|now|for once|hey".split("|"),
    "thing": "the new flavour|this flavour|the small bottle|the big bottle|the can|the glass bottle|the label|the recipe|"
    "the jingle|the song in the ad|the advert|the orange one|the red one|the lemon one|the sugar free one|the offer|"
    "the whole range|the design|the colours|the cap|the multipack|the taste|the smell|the after taste|the poster|"
    "the picture|the lighting|the website|the app|the price|the delivery box|the gift set|the summer edition|"
    "the winter edition|the limited edition|the straw|the glass|the ice bucket|the tote bag|the t-shirt|the stand|"
    "the van|the slogan|the music|the cat in the video|the old logo|the new logo|the packaging|the vending machine".split("|"),
    "adj": "gorgeous|delicious|brilliant|odd|weird|lovely|far too sweet|so fresh|too expensive|underrated|overrated|iconic|"
    "pretty good|not bad at all|really nice|surprisingly light|a bit flat|very clever|so pretty|hilarious|boring|"
    "disappointing|perfect for the beach|better than before|worse than before|just right|unbeatable|a classic|"
    "a bit much|so refreshing|tiny|huge|spot on|genius|bland|addictive|cute|the best part|not for me|amazing|"
    "smaller than it looks|exactly what we needed|too fizzy|not fizzy enough|fantastic|fine i guess".split("|"),
    "verb": "love|adore|miss|need|want|really like|cannot stand|do not get|crave|remember|dream of|still buy|never liked|"
    "finally found|just ordered|keep looking for|hate|enjoy|prefer|just tried|will try|used to collect|"
    "always choose|cannot find|recommend|would pay for|stocked up on|can't resist|drank|shared".split("|"),
    "who": "my sister|my mum|my dad|my nan|my son|my daughter|my husband|my wife|my boyfriend|my girlfriend|my flatmate|"
    "my boss|my neighbour|my best friend|my cousin|my little brother|my kids|my dog|everyone at work|the whole office|"
    "our teacher|my uncle Colin|half my street|my grandad|my team|my class|our babysitter|my aunt|my twin|"
    "the lady at the till|my gym buddy|nobody in my house|my godson|the whole family|my hairdresser".split("|"),
    "when": "yesterday|last night|this morning|on Saturday|last summer|in 1998|every Sunday|at the festival|at the cinema|"
    "on holiday in Spain|after school|on the train|at my wedding|during the match|at lunch|last week|back in March|"
    "when I was six|on the ferry|every single day|at the airport|before work|in the garden|on my birthday|"
    "at the petrol station|since Christmas|on our road trip|after training|when it was thirty degrees|at midnight|"
    "at my aunt's place|at uni|in the canteen|at the campsite|during the heatwave|at the office party".split("|"),
    "place": "Leeds|Bristol|Glasgow|Cardiff|Dublin|Manchester|Norwich|Belfast|Hull|Brighton|Aberdeen|Exeter|London|York|"
    "Swansea|Derby|my village|our corner shop|the supermarket near me|the market|Boston|Chicago|Austin|Toronto|"
    "Melbourne|Perth|Auckland|Cork|Galway|Plymouth|Oxford|Kent|Cornwall|the Highlands|Malta|Jersey|Sheffield".split("|"),
    "count": "two|three|four|five|six|seven|eight|nine|ten|a dozen|twenty|forty|at least fifty|way too many|about a hundred".split("|"),
    "open": "honestly|ok but|sorry but|so|well|wow|right|not gonna lie|true story|question|finally|listen|seriously|guys|"
    "fun fact|hot take|for the record|no joke|to be fair|i mean|look|hello|hi there|hey|morning all|same here|as always".split("|"),
    "close": "just saying|that's all|thanks for that|anyone else?|am I the only one?|what a day|can't wait|see you there|"
    "no regrets|my opinion|please bring it back|i said what i said|keep it up|hope it helps|who's with me?|"
    "you made my day|think about it|end of story|cheers|have a good one|fingers crossed|and it shows|big hug|"
    "let us know|good luck all|every time|or is it just me|well done to the team|never again|no kidding".split("|"),
    "do": "freeze it|mix it with tonic|put it in a cake|drink it warm|share one|queue for an hour|buy it online|keep the bottles|"
    "recycle the cans|paint the caps|make lollies with it|take it camping|pour it over ice cream|add mint to it|"
    "shake it first|hide one in the fridge|serve it at parties|trade it for crisps|win one|order a crate|send some to the army|"
    "build a tower of cans|use it for cocktails|add a slice of lime|leave it in the car".split("|"),
    "ask": "where can I buy|is there a bigger version of|when do we get|who designed|how much is|why did you change|what is in|"
    "does anyone still have|can you deliver|who else tried|do you ship|how many calories in|is it true about|"
    "what happened to|can vegans have|how long do you keep|who sings in the clip for|which shops have|how old is".split("|"),
    "more": "and {who} agrees|but {who} says no|and I tell everyone about it|so I bought {count} more|which is rare these days|"
    "even in {place}|and it reminds me of {place}|as we say in {place}|ask {who}|long before it was cool|"
    "and I would do it again|and that says a lot|unlike {thing}|more than {thing}|and {thing} is {adj}|"
    "because of {who}|thanks to {who}|and we laughed about it {when}|but only {when}|and I still {verb} {thing}|"
    "for {count} years now|at least {count} times|and then we {do}|although {thing} was {adj}".split("|"),
}

CLAUSES = (
    "{verb} {thing}", "{thing} is {adj}", "I {verb} {thing}", "I {verb} {topic}", "{topic} is {adj}", "{who} says it is {adj}",
    "{ask} {thing}", "{ask} {topic}", "we {do} {when}", "had {count} {when}", "{adj}, {close}", "{open} {adj}",
    "{who} loves {topic}", "I saw {thing} {when}", "{topic} in {place}?", "greetings from {place}, {adj}", "{topic} {when}, {close}",
    "{thing} or {topic}?", "bring {topic} to {place}", "{open}, {thing} is {adj}", "{open}, I {verb} {topic} {more}",
    "{who} and I {do} {when}", "I {verb} {thing} {more}", "I told {who} {when} that {topic} is {adj}",
    "{when} {who} gave me {count} and {topic} was {adj}", "we always {do} {when} {more}", "in {place} {topic} is {adj} {more}",
    "{open}, {ask} {topic}? {who} has been looking for it in {place}", "I bought {count} {when}, {thing} is {adj} {more}",
    "my favourite is {topic} {more}", "since I saw {topic} {when} I {verb} {thing}", "if you {do}, {topic} is {adj}",
    "nobody believes me but {who} used to {do} {when}", "you should {do}, {thing} is {adj}, {close}",
    "not sure about {topic}, {thing} was {adj} {when}", "I would {do} for {topic} {more}",
    "{topic} made {who} cry {when}", "please tell {who} about {topic}, {thing} is {adj}",
    "there were {count} of us {when} in {place} and {topic} was {adj}", "the day {who} found {topic} in {place}, we {do} {when}",
)

SHORT = (
    "love it|thanks|lol|yes|so good|nice|wow|yum|❤️|cute|amazing|want|need this|me|same|first|haha|omg|cool|great|yes please|"
    "no|hi|top|the best|love|yummy|miam|so true|congrats|good luck|facts|mood|slay|iconic|done|where?|how much?|price?|"
    "obsessed|fresh|beautiful|well done|nope|why|what|wait what|help|more please|legend|best ever|lovely|so cute|bravo|ok"
).split("|")

STOCK = (
    "thank you so much|happy birthday to you|this made my day|i need this in my life|have a great weekend everyone|"
    "good morning everyone|love this so much|where can i buy this|can't wait to try it|congratulations to the winners|"
    "good luck everyone|i want one so bad|bring it back please|best drink of all time|that looks so good|"
    "take my money already|who is watching this now|merry christmas to you all|so proud of you all|please come to my town"
).split("|")

TOPICS = {
    "flavour": ("Guess what lands in the fridge this week: {a}. Who tries it first?", "blood orange|peach and mint|yuzu|pink grapefruit|the mango one|cherry cola|the blind test|ginger zest|the tasting panel"),
    "contest": ("Win {a}! Comment below before Sunday, draw on Monday.", "the prize draw|the golden ticket|the festival pass|the mountain bike|the year of bottles|the lucky number|the winner's list|the instant win"),
    "summer": ("Sun, terrace, {a}. What else?", "the terrace|the pool party|beach weather|the barbecue|the ice cubes|the deckchair|the heatwave|sunset drinks|the picnic basket"),
    "match": ("Tonight we are all behind the team. {a}, who is ready?", "the quarter final|the referee|that second goal|the keeper|extra time|the penalty|the away kit|the fan zone|our captain"),
    "recipe": ("Sunday idea: {a}, four ingredients, ten minutes.", "the orange cake|the mocktail|the sorbet|the glazed chicken|the fruit salad|the smoothie bowl|the punch|the crepes|the marinade"),
    "film": ("Our new film is out. {a}, worth the wait?", "the new advert|the dancing bear|the actor|the soundtrack|that ending|the making of|the director's cut|the bottle shaking scene|the voice over"),
    "green": ("From today {a} in all our plants.", "the recycled bottle|the deposit scheme|the solar roof|the paper straw|the refill station|the plastic cap|the beach clean up|the carbon label"),
    "memory": ("Throwback: {a}. Who remembers?", "the 1985 bottle|the old enamel sign|my grandmother's cafe|the yoyo|the collector glass|the delivery truck|the radio jingle|the playground tops"),
    "team": ("Meet the people behind the bottle: {a}.", "the night shift|the quality lab|the apprentice day|the bottling line|the open day|the forklift race|the canteen chef|the drivers"),
    "party": ("Friday! {a} and friends.", "the after work|the karaoke|the birthday table|the playlist|the costume party|the rooftop|the photo booth|the silent disco|the quiz night"),
}

PRAISE = (
    "[I really|I truly|Honestly I|We all|My family and I] [love|adore|recommend|trust] this [brand|drink|house|company], [great|excellent|wonderful|superb] [quality|taste|work|service] [as always|every time|once again|once more]",
    "[Best|Finest|Nicest|Greatest] [brand|drink|page|campaign] [of the year|on the market|around|I know], [keep going|carry on|never change|go on like this]",
    "[Always|Every week|Each day|Again] a [pleasure|joy|delight|treat] to [see|discover|read|follow] your [posts|news|ideas|pictures], [thank you|thanks|many thanks|a big thank you] to the [team|crew|whole team|staff]",
    "[Bought|Tried|Tasted|Ordered] it [today|yesterday|this week|last weekend], [wow|really|honestly|frankly] [nothing|no other drink|no other brand|not one rival] comes [close|near]",
    "[What a|Such a|That is a|Really a] [lovely|great|clever|beautiful] [idea|campaign|post|picture], [makes me want|I feel like|now I want|can only want] to [buy|taste|share|try] it [right now|at once|tonight|today]",
    "[The others|Your rivals|Other brands|The copies] [cannot|could never|do not|will never] [compete|keep up|compare|match that], [you are|you stay|you remain|this is] [number one|the reference|my favourite|the original]",
    "[Shared|Sent|Showed|Recommended] it to [all my friends|my whole family|my colleagues|everybody I know], [everyone|all of them|each of them|they all] [agreed|loved it|said yes|was convinced]",
    "[Very|So|Really|Truly] [happy|proud|glad|pleased] to be a [customer|fan|follower|client] for [years|so long|ten years|ages], [quality|taste|service|care] [never fails|never drops|always there|is constant]",
)

EXTRA = {
    "mention": "{tag}|{tag} {react}|{first} {react}|{tag} {react} {emphasis}|{first} and {first}, {react}|{tag} and {first}|{first} {thing}?|{react} {tag}|{first} says {adj}|{first} {verb} {thing}",
    "contest": "count me in|in it to|fingers crossed everyone|pick me please",
    "disclosed": "#ad {s}|#gifted {s}|{s} (I got loyalty points for this comment)|I earned 50 points for saying it: {s}|{s} #sponsored|got a free bottle for my opinion: {s}",
    "staff": "{s} - {n} from the team|{s} ({n}, customer care)|{s} ^{n}",
    "moderator": "Please keep it polite, see the house rules. - {n}, moderation|Comment hidden, see the rules. - {n}, moderator|Let us stay on topic. - {n}, moderation",
    "support": "Hi {n}, sorry to read this. Please send us your order number.|Hello {n}, it is in shops from Monday.|Hi {n}, thank you, we pass it on to the team!|Hello {n}, could you write to us in private?|Hi {n}, the list of shops is on our site.",
    "automaton": "I am an automatic helper of this page. Shops and opening hours: see the pinned post.",
    "live": "GOAL|GOOOAL|YESSS|nooo|what a save|ref!!!|come on|unreal|2-1!!|penalty!!|he's off|get in|let's gooo|I can't watch|offside|full time|WHAT|still 0-0|that was close|my heart",
    "outcry": "shame on you, {topic} is {adj}|boycott, {close}|never buying {thing} again|#{tag}|how could you do this to {who}|I want an explanation about {topic}|no more {thing} for {who}|you lost {count} customers in my family {when}|disgusting, {thing} and all|this is a scandal in {place}|#{tag} {thing} goes in the bin|so this is how you treat {who}?|I called your service {count} times {when}, nothing|apologise for {topic}, {close}",
    "defend": "people calm down, {topic} is {adj}|I still {verb} {thing}, {close}|you all have nothing better to do?|wait for the facts before you judge|it happened in {place} too, nobody cried|{who} works there and it's not true|so many angry people about {topic}|leave them alone, {thing} is {adj}|and yet you all buy it {when}",
    "chat": "haha yes|see you at eight?|did you call {who}?|you said that {when}|no way|we should {do}|bring {who}|ok I'm coming|remember {place}?|stop it|you owe me {count}|tell me more|same as {when}|I'll ask {who}|lol true|and {thing}?|told you so",
    "club": "the club is here, {topic} is {adj}|hello from the club in {place}|{count} of us tonight|we came for {topic}|collectors say hi, I {verb} {thing}|club night, {close}|our thread sent me, {topic} is {adj}|as discussed in the group, {thing} is {adj}",
    "tag": "BoycottTheBottle|ShameOnThem|NotMyDrink|EmptyShelves",
    "bio": "coffee and trains|dad of two|mum, runner, baker|here for the memes|views my own|football and gardening|student nurse|music is life|proud aunt|photographer on weekends|living by the sea|still learning",
}

SLANG = {" you ": " u ", " your ": " ur ", " are ": " r ", "because": "cuz", "going to": "gonna", "please": "pls",
         " with ": " w/ ", "I would": "i'd", "do not": "don't", "cannot": "cant", "about": "abt", "really": "rly"}

ENGLISH = Grammar("en", SLOTS, CLAUSES, tuple(SHORT), tuple(STOCK), TOPICS, PRAISE, EXTRA, SLANG)
