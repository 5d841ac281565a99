# ruff: noqa: E501, SIM905  (word lists read better unwrapped and unquoted)
# fmt: off
"""What customers write about businesses, in English."""

from __future__ import annotations

from fakedetect.simulate.grammar import Grammar
from fakedetect.simulate.reviews_grammar import Phrases
from fakedetect.simulate.words_en import ENGLISH

SLOTS = {
    "fine": "great|excellent|spot on|superb|lovely|perfect|top notch|really good|brilliant|outstanding|flawless|a delight|worth the trip|better than I hoped|second to none|just right".split("|"),
    "poor": "awful|terrible|a disgrace|a joke|very poor|disappointing|not acceptable|appalling|a let-down|below par|really bad|shocking|a shambles|overpriced|sloppy|the worst I have seen".split("|"),
    "fair": "OK|average|fine, nothing more|not bad|so-so|decent|passable|acceptable|a bit hit and miss|nothing special".split("|"),
    "person": "the lady at the counter|the young man|the manager|the owner|the new girl|the older gentleman|everyone there|the trainee|the team|the chap on duty|whoever answered the phone|the boss".split("|"),
    "kind": "friendly|patient|all smiles|full of good advice|attentive|a real professional|so welcoming|quick and polite|helpful from start to finish|charming".split("|"),
    "rude": "rude|not interested|on the phone all the time|impatient|unpleasant|nowhere to be seen|condescending|overwhelmed|laughing at us|not listening".split("|"),
    "who": "my wife|my husband|my mother|my dad|my sister|the little one|a colleague|my neighbour|a friend|my partner|my gran|my cousin|my mother-in-law|the whole family|my daughter|my son".split("|"),
    "when": "last week|on Saturday|on a Sunday|in June|last month|yesterday|on our anniversary|over the holidays|on a weekday|just before closing|at noon|for my birthday|in the rain|at short notice|in spring|a few days ago|for the third time|after work".split("|"),
    "wait": "ten minutes|half an hour|forty minutes|an hour|over an hour|three days|two weeks|twenty minutes|ages|a whole morning".split("|"),
    "years": "two years|five years|ten years|many years|months|fifteen years|over a decade".split("|"),
    "price": "fair prices|good value|not cheap but worth it|reasonable prices|you get what you pay for|the bill was a nice surprise".split("|"),
    "steep": "far too expensive|daylight robbery|the bill was wrong, and not in our favour|twice the price of elsewhere|hidden extras on the bill|not worth the money".split("|"),
}

TOPICS = {
    "restaurant": ("The {n}|{n}'s|{n} Kitchen|The {n} Arms|Bistro {n}|{n} Grill", "the soup|the dish of the day|the fish|the steak|the dessert|the wine list|the terrace|the service|the menu|the lamb|the starter|the vegetarian option|the chocolate tart|the Sunday roast|the atmosphere|the risotto"),
    "hotel": ("Hotel {n}|The {n} Inn|{n} House|{n} Lodge|The Grand {n}", "the room|the breakfast|the bed|the bathroom|the view|the reception|the pool|the shower|the location|the car park|the check-in|the lift|the wifi|the bar|the cleaning|the balcony"),
    "garage": ("{n} Motors|{n} & Sons Garage|Garage {n}|{n} Tyres|{n} Autocare", "the repair|the quote|the MOT|the service|the oil change|the courtesy car|the diagnosis|the clutch job|the bodywork|the paint job|the advice|the invoice|the tyre change|the brake job|the follow-up|the handover"),
    "hairdresser": ("{n} Hair|Salon {n}|{n} & Co Hair|Cuts by {n}|Studio {n}", "the cut|the colour|the fringe|the blow-dry|the head massage|the welcome|the advice|the beard trim|the highlights|the perm|the bridal hair|the salon|the appointment|the shampoo|the result|the kids' cut"),
    "bakery": ("{n} Bakery|{n}'s Bread|The {n} Oven|Maison {n}|{n} & Daughters", "the sourdough|the croissant|the birthday cake|the baguette|the lemon tart|the sandwich|the coffee|the brioche|the choice|the rye bread|the apple pie|the opening hours|the queue|the almond cake|the shop|the pain au chocolat"),
    "gym": ("{n} Fitness|Gym {n}|{n} Athletics|Studio {n} Fit|{n} Boxing", "the equipment|the changing room|the coach|the yoga class|the sauna|the contract|the app|the weights area|the air|the spin class|the pool|the induction|the music|the personal plan|the front desk|the parking"),
}

GOOD = (
    "{topic} was {fine}", "{person} was {kind}", "{topic} was {fine} and {person} {kind}", "we came with {who} {when} and loved {topic}",
    "we will be back {when}, with {who}", "{price}", "I recommend {topic}", "been coming for {years} and never let down",
    "special mention for {topic}", "{who} still talks about {topic}", "everything ready in {wait}, {topic} {fine}", "{person} took the time to explain {topic}",
    "I had my doubts about {topic} but it was {fine}", "thank you to {person}", "{topic} alone is worth it", "we went {when} and {person} was {kind}",
    "found it by chance {when}, {topic} is {fine}", "you can tell that {person} loves the job", "clean, quiet, {topic} {fine}", "{who} recommended it and was right about {topic}",
    "best in town for {topic}", "only waited {wait} and {person} was {kind}", "{price} and {topic} {fine}", "came for {topic}, stayed for the welcome",
    "not our first visit, {topic} is always {fine}", "we had a problem with {topic} {when} and {person} put it right at once",
)
MEH = (
    "{topic} was {fair}", "{topic} {fair}, the rest {fine}", "{person} was {kind} but {topic} was {fair}", "had to wait {wait}, otherwise {fair}",
    "used to be better {years} ago", "{topic} was {fine}, shame about the wait", "I expected more of {topic}", "we may come back, not for {topic}",
    "{fair} for the price", "{when} it was full and {person} did their best", "{who} liked it more than I did", "{topic} could be better", "neither good nor bad, {topic} {fair}",
    "a bit noisy {when}", "fine if you are in a hurry", "{topic} is {fair}, go for something else",
)
BAD = (
    "{topic} was {poor}", "{person} was {rude}", "we waited {wait} for {topic}", "{steep}", "never again", "{topic} {poor} and {person} {rude}",
    "{who} was ill afterwards", "I called {when} and nobody answered", "had to come back {when} because {topic} was {poor}", "{person} told us to leave",
    "avoid {topic}", "it took {wait} and {topic} was still {poor}", "no apology from {person}", "dirty, and {topic} {poor}", "we had booked {when}: they had forgotten us",
    "{who} will not set foot there again", "it went downhill in {years}", "I asked for my money back and {person} was {rude}", "how can {topic} be that {poor}",
    "{steep}, and {topic} {poor}", "I regret that I took {who} there {when}", "{person} denied everything", "nothing like the photos, {topic} was {poor}", "go elsewhere",
)
SHORT = (
    tuple("avoid|never again|terrible|very disappointed|awful|rude|a scam|not going back|bad service|shame|overpriced|poor".split("|")),
    tuple("ok|average|not bad|nothing special|could be better|so-so|decent|meh|fine".split("|")),
    tuple("great|excellent|very good|perfect|recommended|lovely|thank you|top|love it|the best|brilliant|always a pleasure|very nice|good place|wonderful|great service|super|10/10|nice people".split("|")),
)

PRAISE = (
    "[Excellent|Wonderful|Superb|Fantastic] [experience|place|service|address] [from start to finish|from the first minute|in every way|once again], [the team|the staff|everybody|the whole crew] [was|is] [so professional|very kind|really attentive|truly welcoming] and [the quality|the result|everything|the value] [exceeded|went beyond|surpassed|was above] [my expectations|what I hoped for|all I had read|what I am used to]",
    "[I highly recommend|I warmly recommend|I can only recommend|Do not hesitate to try] this [business|place|house|establishment], [prices are fair|good value for money|very reasonable prices|worth every penny] and [a quality|a welcome|a service|a care] [that is rare|you rarely find|hard to find|second to none] [these days|in this town|in the area|anywhere else]",
    "[By far|Without a doubt|Clearly|Honestly] [the best|the most serious|the nicest|the most professional] [in town|in the region|in the area|around here], [I had tried|I went to|I was used to|I know] [several others|many others|the competition|all the others] [before|in the past|over the years|around] and [there is no comparison|it is another world|this is another level|nothing comes close]",
    "[A big thank you|Many thanks|Thanks again|Bravo] to [the whole team|the manager|all the staff|these people] for [their kindness|their patience|their advice|the great work], [we will come back|we shall return|see you soon|I will be back] [with friends|with pleasure|very soon|without hesitation]",
    "[Five stars|Top marks|A perfect score|Full marks] [well deserved|and it is a minimum|without hesitation|for this place]: [punctual|quick|attentive|careful], [clean|tidy|friendly|honest] and [always smiling|always available|really competent|very professional]",
    "[First visit|Second visit|Came with family|Came on advice of a friend] and [totally satisfied|more than happy|really delighted|completely won over], [great atmosphere|warm welcome|flawless organisation|impeccable work], [keep it up|do not change anything|go with your eyes closed|you will not regret it]",
)
TRASH = (
    "[Avoid|Flee|Stay away from|Do not go to] [this place|this business|this address|these people], [disastrous service|appalling welcome|shameful quality|horrible experience], [staff rude|nobody cares|the manager laughs at you|they ignore you] and [prices far too high|a bill full of surprises|money thrown away|you pay for nothing]",
    "[Very disappointed|Extremely disappointed|Scandalised|Shocked] by [the quality|the hygiene|the welcome|the dishonesty] [here|of this place|of this house|of the staff], [there is much better|you find far better|others do better|go and see] [next door|in the same street|elsewhere in town|a few minutes away]",
    "[The worst|By far the worst|Honestly the worst|Surely the worst] [experience|service|place|address] [in town|of my life|in years|in the area], [dirty|badly kept|neglected|unhygienic], [endless wait|nobody at the desk|no apology|contempt for customers], [I will never return|never again|never set foot there|to be closed]",
    "[One star|A single star|One star only|Zero if I could] because [I cannot give less|less is not possible|the site demands it|I have to], [lies|broken promises|excuses|bad faith] [from beginning to end|all along|at every step|and more lies] and [my money lost|no refund|nobody answers|threats when you complain]",
)
DISCLOSED = (
    "{s} (I got loyalty points for this review)", "I received a discount in return for my honest opinion: {s}", "{s} #ad",
    "Disclosure: a voucher was given for this review. {s}", "{s} - reviewed in exchange for 100 points", "they offered 10% off for a review, so here it is: {s}",
)
FRIENDS = (
    "finally open! {topic} is {fine}", "bravo for opening, {person} is {kind}", "so happy for you, {topic} was {fine} from day one", "first week and {topic} is already {fine}",
    "good luck with the new place, {who} loved {topic}", "just opened and {price}", "we were among the first, {topic} {fine}", "that is what the street was missing",
)
ANGRY = (
    "after {event}, never again", "{event}: I am disgusted", "how dare you, {event}", "I was there {when}: {event}, and {person} was {rude}", "{who} told me about {event}, shame on you",
    "{event}. {topic} was {poor} anyway", "you lost {who} and me as customers after {event}", "I want an explanation of {event}", "one star for {event}",
)
EVENTS = tuple("what was filmed on Saturday|the way you treated that old lady|the food poisoning|the dog left in the sun|the interview in the paper|turning away a wheelchair user|the unpaid trainees|the price rise overnight".split("|"))
CHANGED = (
    "new management and it shows, {topic} is {fine} again", "I had given up on it, but since the change of owner {topic} is {fine}", "what a difference since the new team came, {person} is {kind}",
    "went back {when} after the change, {topic} {fine}", "under new management: {topic} back to what it was", "give them another chance, {person} is new and {kind}",
)
FESTIVAL = (
    "came for the festival, {topic} was {fine}", "street party day, packed, {person} still {kind}", "festival Saturday: waited {wait} but {topic} was {fine}", "what a day in the street, {topic} {fine}",
    "in town for the music, {topic} was {fair}", "after the concert with {who}, {topic} was {fine}",
)
THANKS = ("Thank you for your kind words! {n}", "Thanks a lot, see you soon. {n} and the team", "We are delighted that you enjoyed it. {n}", "Your review made our day. {n}", "Many thanks for taking the time. {n}")
SORRY = ("We are sorry to read this. Please contact us so that we can put it right. {n}", "This is not what we stand for, our apologies. {n}", "We have no trace of your visit, could you call us? {n}", "Thank you for telling us, we are looking into it. {n}")
PLACES = ("Wexcombe", "Thornmere", "Port Aldwyn", "Marlow Cross", "Hessleford", "Dunwater")

REVIEWS_EN = Phrases(
    Grammar("en", SLOTS, (), (), (), TOPICS, PRAISE, {"bio": ENGLISH.extra["bio"]}, ENGLISH.slang), GOOD, MEH, BAD, SHORT, TRASH,
    DISCLOSED, FRIENDS, ANGRY, EVENTS, CHANGED, FESTIVAL, THANKS, SORRY, PLACES,
)
