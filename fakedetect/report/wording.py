"""Every sentence of the report and of `explain`, in English and French.

Of a person: account, suspect, indication, reason. A group is "accounts that act together". No-break spaces are
set by `plain.typeset`, so the French here uses plain ones.
"""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from fakedetect.words import Text

NOUNS: dict[str, tuple[Text, Text]] = {
    # noun: (one, several)
    "account": (Text("{n} account", "{n} compte"), Text("{n} accounts", "{n} comptes")),
    "comment": (Text("{n} comment", "{n} commentaire"), Text("{n} comments", "{n} commentaires")),
    "group": (Text("{n} group", "{n} groupe"), Text("{n} groups", "{n} groupes")),
    "pair": (Text("{n} pair", "{n} paire"), Text("{n} pairs", "{n} paires")),
    "page": (Text("{n} page", "{n} page"), Text("{n} pages", "{n} pages")),
    "post": (Text("{n} post", "{n} publication"), Text("{n} posts", "{n} publications")),
    "review": (Text("{n} review", "{n} avis"), Text("{n} reviews", "{n} avis")),
    "business": (Text("{n} business", "{n} établissement"), Text("{n} businesses", "{n} établissements")),
    "row": (Text("{n} row", "{n} ligne"), Text("{n} rows", "{n} lignes")),
    "suspect": (Text("{n} suspect", "{n} suspect"), Text("{n} suspects", "{n} suspects")),
    "reason": (Text("{n} reason", "{n} raison"), Text("{n} reasons", "{n} raisons")),
}

NOUNS_OF_REVIEWS = {"comment": "review", "post": "business"}
"""What is counted as a comment or a post in a run on reviews."""

VERDICTS: dict[str, tuple[Text, Text]] = {
    # verdict: (name, meaning)
    "suspect": (Text("Suspect", "Suspect"),
                Text("Strong indications that this account acts together with others, or as no ordinary account does.",
                     "Indices forts que ce compte agit de concert avec d'autres, ou comme aucun compte ordinaire.")),
    "review": (Text("To check by hand", "À vérifier à la main"),
               Text("Weaker indications: a person should look before anything is concluded.",
                    "Indices plus faibles : une personne doit regarder avant toute conclusion.")),
    "disclosed": (Text("Incentive disclosed", "Contrepartie annoncée"),
                  Text("All that speaks against it is an incentive that it states openly.",
                       "Seul indice : une contrepartie que le compte annonce ouvertement.")),
    "declared": (Text("Declared", "Déclaré"),
                 Text("The owner, staff, an agency, a moderator or a partner, named as such: not tested.",
                      "Propriétaire, équipe, agence, modération ou partenaire, nommé comme tel : non testé.")),
    "not_enough_data": (Text("Not enough data", "Données insuffisantes"),
                        Text("Seen too rarely, or with too little detail, to be told either way.",
                             "Vu trop rarement, ou avec trop peu de détails, pour trancher.")),
    "no_evidence": (Text("No indication", "Aucun indice"),
                    Text("Tested, and nothing was found.", "Testé, et rien n'a été trouvé.")),
}

KINDS: dict[str, Text] = {
    "synchronised": Text("they arrive together", "ils arrivent ensemble"),
    "relay": Text("they take turns, minutes or more apart", "ils se relaient, à quelques minutes ou plus"),
    "copy_paste": Text("the same sentences", "les mêmes phrases"),
    "farm": Text("throwaway accounts, used once or twice", "des comptes jetables, employés une ou deux fois"),
    "mixed": Text("timing, and phrases they share", "moments, et phrases communes"),
    "praise_and_trash": Text("praise for one business, bottom marks for its competitors",
                             "éloges pour un établissement, notes au plus bas pour ses concurrents"),
    "one_device": Text("one address or device, the same marks", "une même adresse ou un même appareil, les mêmes notes"),
    "laundering": Text("praise after a run of bad marks", "éloges après une série de mauvaises notes"),
}
"""Kinds of group by their code in groups.parquet; a kind that is not here is shown by its code."""

TITLE = Text("Do accounts act together on {page}?", "Des comptes agissent-ils de concert sur {page} ?")
ONE_PAGE = Text("page {page}", "la page {page}")
MANY_PAGES = Text("{n} pages", "{n} pages")
CONTENTS = Text("In this report", "Dans ce rapport")
SPAN = Text("Comments from {first} to {last}; times on the clock of {zone}.",
            "Commentaires du {first} au {last} ; heures de {zone}.")
UNSEEN = Text("(The chart is drawn by a script, which did not run here.)",
              "(Le graphique est dessiné par un script, qui n'a pas tourné ici.)")
INDICATIVE = Text("Indications, never guilt: every finding below needs a person to check it.",
                  "Des indices, jamais une culpabilité : chaque constat ci-dessous doit être vérifié par une personne.")

# the verdict
S_VERDICT = Text("The finding", "Le constat")
FOUND = Text("The indications point to {groups} of accounts acting together, {suspects} in all.",
             "Des indices désignent {groups} de comptes agissant de concert, {suspects} en tout.")
FOUND_ONE_BY_ONE = Text("No group was found, but {suspects} stood out one by one.",
                        "Aucun groupe n'a été trouvé, mais {suspects} se distinguent un à un.")
FOUND_NO_SUSPECT = Text("{groups} of accounts seem to have acted together, but no account can be named with confidence.",
                        "{groups} de comptes semblent agir de concert, mais aucun compte ne peut être désigné avec assez de certitude.")
CLEAN = Text("No indication of accounts acting together was found among {accounts}.",
             "Aucun indice d'action concertée n'a été trouvé parmi {accounts}.")
CLEAN_REVIEW = Text("Nothing was found that would name an account; {reviews} could be checked by hand.",
                    "Rien ne permet de désigner un compte ; {reviews} à regarder à la main.")
UNKNOWN = Text("Not enough data to tell: this export cannot show whether accounts act together.",
               "Données insuffisantes pour conclure : cet export ne peut pas montrer si des comptes agissent de concert.")
SURE = Text("How sure is that? On a page where nobody acts together, some group is named with a chance of {alpha} at most; among the {suspects}, at most {fdr} ({n}) are expected to be there by chance.",
            "Avec quelle certitude ? Sur une page où personne n'agit de concert, un groupe est désigné avec une chance de {alpha} au plus ; parmi les {suspects}, {fdr} au plus ({n}) devraient l'être par hasard.")
SURE_GROUP = Text("How sure is that? On a page where nobody acts together, some group is named with a chance of {alpha} at most.",
                  "Avec quelle certitude ? Sur une page où personne n'agit de concert, un groupe est désigné avec une chance de {alpha} au plus.")
SHARE_LOW = Text("Of the accounts that comment here, {estimate} are estimated to take part in something inauthentic ({low} at least; how much more could stay unseen is not known here).",
                 "Parmi les comptes qui commentent ici, {estimate} participeraient, selon l'estimation, à une action inauthentique ({low} au moins ; on ne sait pas ici ce qui pourrait rester invisible).")
FEWER_THAN_ONE = Text("fewer than one", "moins d'un")
ABOUT = Text("about {n}", "environ {n}")
SHARE = Text("Of the accounts that comment here, {estimate} are estimated to take part in something inauthentic (between {low} and {high}).",
             "Parmi les comptes qui commentent ici, {estimate} participeraient, selon l'estimation, à une action inauthentique (entre {low} et {high}).")
TRUNCATED = Text("The input ended too early: only the rows before the break were read, and what came after is unknown.",
                 "Le fichier s'arrête trop tôt : seules les lignes avant la coupure ont été lues ; la suite est inconnue.")
LIMITS = Text("What this finding does not say", "Ce que ce constat ne dit pas")
LIMIT_WHO = Text("It does not say who runs an account, nor why. It compares times, texts, marks and habits, nothing else.",
                 "Il ne dit ni qui tient un compte, ni pourquoi. Il compare des heures, des textes, des notes et des habitudes, rien d'autre.")
LIMIT_INNOCENT = Text("Friends, a fan club, a contest or colleagues who did not sign can look alike: hear them before you judge.",
                      "Des amis, un club de fans, un concours ou des collègues qui ne signent pas peuvent se ressembler : écoutez-les avant de juger.")
LIMIT_REST = Text("It does not clear the other accounts: a slow or rare campaign can stay below what this export shows.",
                  "Il n'innocente pas les autres comptes : une campagne lente ou rare peut rester sous ce que cet export permet de voir.")
LIMIT_CLEAN = Text("It does not prove that the page is free of coordination, only that nothing was seen that a test on this export can see.",
                   "Il ne prouve pas que la page est exempte de toute action concertée, seulement que rien de ce que cet export permet de voir n'a été vu.")
LIMIT_CLEAN_POWER = Text("The smallest group that would have been seen here with a chance of {probability}: {accounts}, on {participation} of the posts.",
                         "Le plus petit groupe qui aurait été vu ici avec une chance de {probability} : {accounts}, sur {participation} des publications.")
LIMIT_UNKNOWN = Text("It is neither good news nor bad news: the tests that could decide were refused or too weak here. {refused} says what would restore them.",
                     "Ce n'est ni une bonne ni une mauvaise nouvelle : les tests qui pourraient trancher sont refusés ou trop faibles ici. {refused} dit ce qui les rétablirait.")

# at a glance
S_GLANCE = Text("In numbers", "En chiffres")
ROWS = Text("{read} read = {scored} scored + {rejected} rejected. Nothing is lost: each row stands in comments.parquet or in rejects.csv.",
            "{read} lues = {scored} évaluées + {rejected} rejetées. Rien n'est perdu : chaque ligne est dans comments.parquet ou dans rejects.csv.")
CARD_COMMENTS = Text("comments scored", "commentaires évalués")
CARD_ACCOUNTS = Text("accounts", "comptes")
CARD_POSTS = Text("posts", "publications")
CARD_PAGES = Text("pages", "pages")
CARD_GROUPS = Text("groups acting together", "groupes agissant de concert")
CARD_GROUP = Text("group acting together", "groupe agissant de concert")
CARD_SUSPECTS = Text("suspects", "suspects")
CARD_SUSPECT = Text("suspect", "suspect")
ACCOUNTS_CAPTION = Text("Accounts by finding", "Comptes par constat")
REJECTS_CAPTION = Text("Rejected rows by reason", "Lignes rejetées par raison")
H_VERDICT = Text("Finding", "Constat")
H_ACCOUNTS = Text("Accounts", "Comptes")
H_MEANING = Text("What it means", "Ce que cela veut dire")
H_REASON = Text("Reason", "Raison")
H_ROWS = Text("Rows", "Lignes")

# refused tests
S_REFUSED = Text("What could not be tested", "Ce qui n'a pas pu être testé")
REFUSED_INTRO = Text("Before any test, the data is checked. A test that it cannot bear is refused by name, and adds no finding.",
                     "Avant tout test, les données sont contrôlées. Un test qu'elles ne supportent pas est refusé nommément, et n'ajoute aucun constat.")
REFUSED_NONE = Text("Nothing was refused: this export bears every test.",
                    "Rien n'a été refusé : cet export supporte tous les tests.")
REFUSED_CAPTION = Text("Tests refused", "Tests refusés")
H_TEST = Text("Test", "Test")
H_WHY = Text("Why it was refused", "Pourquoi il est refusé")
H_RESTORE = Text("What would restore it", "Ce qui le rétablirait")
H_WHERE = Text("Where", "Où")
EVERYWHERE = Text("everywhere", "partout")
ON_PAGES = Text("{n} of {all} pages, for example {page}", "{n} des {all} pages, par exemple {page}")
MORE_REFUSED = Text("{n} more in summary.json.", "{n} de plus dans summary.json.")
NOTES = Text("What was seen in the files, and done about it ({n})", "Ce qui a été vu dans les fichiers, et fait ({n})")

# first hour
S_FIRST_HOUR = Text("How much came in the first hour", "Ce qui arrive dans la première heure")
FIRST_HOUR_INTRO = Text("For each post: the share of its comments that came within an hour, against the band where the page's own organic posts lie. Bought engagement comes early; so does a live event or an eager public. A post above its band is a place to look, not a finding.",
                        "Pour chaque publication : la part de ses commentaires arrivés en une heure, face à la bande où se situent les publications organiques de la page. L'engagement acheté arrive tôt ; un direct ou un public pressé aussi. Une publication au-dessus de sa bande est un endroit où regarder, pas un constat.")
FIRST_HOUR_REVIEWS = Text("Reviewed items have no publish time, so there is no first hour to measure.",
                          "Ce qui est noté n'a pas d'heure de publication : il n'y a pas de première heure à mesurer.")
FIRST_HOUR_NONE = Text("No post has a first-hour share here: {refused} says why.",
                       "Aucune publication n'a ici de part de première heure : {refused} dit pourquoi.")
CHART_NAME = Text("First-hour share of {posts}, in order of time", "Part de la première heure de {posts}, dans l'ordre du temps")
CHART_DESC = Text("{over} of {n} posts lie above their band; the median share is {median}.",
                  "{over} publications sur {n} sont au-dessus de leur bande ; la part médiane est de {median}.")
CHART_CAPTION = Text("{where}: {over} of {n} posts above their band.", "{where} : {over} publications sur {n} au-dessus de leur bande.")
CHART_THINNED = Text("With so many posts, each small dot is the median of {bin} posts in a row and the band the median of theirs; a post above its own band is drawn by itself.",
                     "Vu leur nombre, chaque petit point est la médiane de {bin} publications de suite et la bande celle de leurs bandes ; une publication au-dessus de sa propre bande est dessinée seule.")
CHART_CAPPED = Text("Of those above, the {n} farthest are drawn.", "Parmi celles-ci, les {n} plus éloignées sont dessinées.")
CHART_LEFT_OUT = Text("{posts} without a first-hour share not shown.", "{posts} sans part de première heure : non affichée(s).")
KEY_BAND = Text("organic band", "bande organique")
KEY_IN = Text("post in its band", "publication dans sa bande")
KEY_BIN = Text("median of several posts", "médiane de plusieurs publications")
KEY_OVER = Text("post above its band", "publication au-dessus")
KEY_NO_BAND = Text("no band to compare with", "sans bande de comparaison")
OTHER_PAGES = Text("The other {n} pages together", "Les {n} autres pages ensemble")
OVER_FOLD = Text("Posts above their band: {n}", "Publications au-dessus de leur bande : {n}")
OVER_CAPTION = Text("Posts above their band, rarest first", "Publications au-dessus de leur bande, les plus rares d'abord")
H_POST = Text("Post", "Publication")
H_TIME = Text("Published", "Publiée")
H_COMMENTS = Text("Comments", "Commentaires")
H_FIRST_HOUR = Text("In first hour", "En une heure")
H_BAND = Text("Band", "Bande")
H_CHANCE = Text("By chance", "Par hasard")
H_SUSPECT_SHARE = Text("From suspects", "De suspects")
MORE_POSTS = Text("{n} more in posts.parquet.", "{n} de plus dans posts.parquet.")

# groups
S_GROUPS = Text("Accounts that acted together", "Les comptes qui ont agi de concert")
GROUPS_NONE = Text("No group was found.", "Aucun groupe n'a été trouvé.")
GROUP_HEADING = Text("Group {id}: {accounts}", "Groupe {id} : {accounts}")
GROUP_SENTENCE = Text("{accounts} met on {posts} between {first} and {last}, typically {gap} apart.",
                      "{accounts} se retrouvent sur {posts} entre le {first} et le {last}, typiquement à {gap} d'écart.")
GROUP_ATTENDANCE = Text(
    "They come to the same posts more often than the days they are active, the posts' success and their subjects explain.",
    "Ils viennent sur les mêmes publications plus souvent que ne l'expliquent leurs jours d'activité, le succès des publications et leurs sujets.")
GROUP_FARM = Text(
    "In the first {window} of these posts stand {excess} comments (between {low} and {high}) more by such rare visitors than the page's other posts lead one to expect. Those who came early to several of them are named; those seen there once cannot be told from ordinary visitors, and are cases to look at.",
    "Dans les premières {window} de ces publications, ces visiteurs rares laissent {excess} commentaires (entre {low} et {high}) de plus que les autres publications ne le laissent attendre. Ceux qui sont venus tôt sur plusieurs d'entre elles sont nommés ; ceux qu'on n'y voit qu'une fois ne se distinguent pas de visiteurs ordinaires : ce sont des cas à regarder.")
GROUP_PHRASES = Text(
    "{accounts} write each other's sentences on {posts}, between {first} and {last}: sentences of five words or more, alike but for a word or two, that hardly anybody else writes. Words can be copied for fun: somebody has to look at them.",
    "{accounts} écrivent les mêmes phrases sur {posts}, entre le {first} et le {last} : des phrases de cinq mots ou plus, semblables à un ou deux mots près, que presque personne d'autre n'écrit. On peut aussi se copier par jeu : il faut aller voir.")
PHRASES = Text("Sentences that several of them wrote", "Phrases que plusieurs d'entre eux ont écrites")
GROUP_CHANCE = Text("On pages where nobody acts together, chance alone makes a group like this on about {odds}.",
                    "Sur des pages où personne n'agit de concert, le hasard seul produit un tel groupe sur environ {odds}.")
FACTS_BESIDE: dict[str, Text] = {
    "names_p": Text("Names of one make, by chance", "Noms de même facture, par hasard"),
    "created_p": Text("Accounts opened so near in time, by chance", "Comptes ouverts à dates si proches, par hasard"),
    "pages_p": Text("The same pages, by chance", "Les mêmes pages, par hasard"),
}
"""What the members of a group have in common besides, by column of groups.parquet."""
FACT_KIND = Text("Kind", "Genre")
FACT_CORRECTED = Text("Corrected for all groups (q)", "Corrigé pour tous les groupes (q)")
FACT_PAGES = Text("On", "Sur")
FACT_COUNT = Text("{name}: {n}", "{name} : {n}")
FACT_VERDICTS = Text("Members", "Membres")
NETWORK_NAME = Text("Who is paired with whom", "Qui est lié à qui")
NETWORK_CAPTION = Text("Each account and those it is paired with in its group; the broader a line, the more often the two stood close on the posts they share. The pairs stand in edges.parquet and network.gexf.",
                       "Chaque compte et ceux auxquels il est lié dans son groupe ; plus un trait est large, plus les deux étaient souvent proches sur leurs publications communes. Les paires sont dans edges.parquet et network.gexf.")
NETWORK_CAPTION_REVIEWS = Text("Each account and those it is paired with in its group; the broader a line, the more businesses both reviewed. The pairs stand in edges.parquet and network.gexf.",
                               "Chaque compte et ceux auxquels il est lié dans son groupe ; plus un trait est large, plus les deux ont évalué d'établissements en commun. Les paires sont dans edges.parquet et network.gexf.")
NETWORK_CUT = Text("Drawn: {n} pairs of {all}, the rarest.", "Dessinées : {n} paires sur {all}, les plus rares.")
NETWORK_SAID = Text("{accounts} in {groups}, linked by {pairs}.", "{accounts} dans {groups}, reliés par {pairs}.")
NODE = Text("{who}, group {group}, paired with {partners}", "{who}, groupe {group}, lié à {partners}")
NODE_OTHER = Text("other member", "autre membre")
LANES_NAME = Text("Who commented when, in group {id}", "Qui a commenté quand, groupe {id}")
LANES_DESC = Text("One line per account, one column per post in order of time, one dot per comment; the larger and darker the dot, the nearer in time to another member. {close} of {n} comments are within five minutes of another member's.",
                  "Une ligne par compte, une colonne par publication dans l'ordre du temps, un point par commentaire ; plus le point est grand et foncé, plus il est proche d'un autre membre. {close} commentaires sur {n} sont à moins de cinq minutes de celui d'un autre membre.")
LANES_CAPTION = Text("One line per account, one column per post in order of time, one dot per first comment on it.",
                     "Une ligne par compte, une colonne par publication dans l'ordre du temps, un point par premier commentaire.")
LANES_CUT = Text("Drawn: the {lanes} most active of {all_lanes} accounts, the {posts} posts with most members of {all_posts}.",
                 "Dessinés : les {lanes} comptes les plus actifs sur {all_lanes}, les {posts} publications réunissant le plus de membres sur {all_posts}.")
DOT = Text("{who}, {when}, {gap} from another member", "{who}, {when}, à {gap} d'un autre membre")
DOT_ALONE = Text("{who}, {when}, no other member on this post", "{who}, {when}, aucun autre membre sur cette publication")
KEY_CLOSE = (Text("another member within 1 min", "un autre membre à moins de 1 min"), Text("within 5 min", "à moins de 5 min"),
             Text("within 1 h", "à moins de 1 h"), Text("farther, or alone", "plus loin, ou seul"))
EXHIBITS = Text("Exhibits: {posts}, the comments as they were written", "Pièces : {posts}, les commentaires tels qu'écrits")
EXHIBIT_POST = Text("Post {post}, published {when}", "Publication {post}, publiée le {when}")
EXHIBIT_POST_UNDATED = Text("Post {post}", "Publication {post}")
AFTER_POST = Text("{delay} after the post", "{delay} après la publication")
NEAR = Text("{gap} from another member", "à {gap} d'un autre membre")
NO_TEXT = Text("(no text)", "(sans texte)")
MORE_COMMENTS = Text("{n} more by members on this post.", "{n} de plus par des membres sur cette publication.")
PAIRS = Text("The closest pairs", "Les paires les plus proches")
PAIRS_CAPTION = Text("Pairs of accounts, rarest first", "Paires de comptes, les plus rares d'abord")
H_PAIR = Text("Accounts", "Comptes")
H_SHARED = Text("Posts shared", "Publications communes")
H_CLOSE = Text("Close in time", "Proches dans le temps")
H_GAP = Text("Typical gap", "Écart typique")
MORE_GROUPS = Text("More groups", "Autres groupes")
MORE_GROUPS_LEFT = Text("{n} more in groups.parquet.", "{n} de plus dans groups.parquet.")
H_GROUP = Text("Group", "Groupe")
H_POSTS = Text("Posts", "Publications")
H_KIND = Text("Kind", "Genre")

# accounts
S_ACCOUNTS = Text("The accounts, and the reasons", "Les comptes, et les raisons")
ACCOUNTS_INTRO = Text("Accounts are shown by a label; accounts.parquet tells which is which. Each reason compares a value with the typical one: the median of the page's accounts that are not listed here.",
                      "Les comptes portent une étiquette ; accounts.parquet dit qui est qui. Chaque raison compare une valeur à la valeur typique : la médiane des comptes de la page qui ne figurent pas ici.")
ACCOUNTS_INTRO_NAMES = Text("Names are shown because this was asked for: keep this report to those who must check it. Each reason compares a value with the typical one: the median of the page's accounts that are not listed here.",
                            "Les noms sont affichés à votre demande : réservez ce rapport à ceux qui doivent vérifier. Chaque raison compare une valeur à la valeur typique : la médiane des comptes de la page qui ne figurent pas ici.")
ACCOUNTS_NONE = Text("No account is named here.", "Aucun compte n'est désigné ici.")
ACCOUNTS_SUSPECTS = Text("Suspects", "Suspects")
ACCOUNTS_REVIEWS = Text("To check by hand", "À vérifier à la main")
ACCOUNT_SEEN = Text("{comments} on {posts}", "{comments} sur {posts}")
ACCOUNT_GROUP = Text("group {id}", "groupe {id}")
ACCOUNT_PROBABILITY = Text("probability {p}", "probabilité {p}")
ACCOUNT_CHANCE = Text("by chance: {odds}", "par hasard : {odds}")
SPEAKS_AGAINST = Text("Reasons", "Raisons")
SPEAKS_FOR = Text("What speaks in its favour", "Ce qui plaide pour lui")
NO_COUNTER = Text("Nothing measured speaks in its favour, which is no proof either.", "Rien de mesuré ne plaide pour lui, ce qui n'est pas non plus une preuve.")
REGISTER = Text("Suspects and accounts to check", "Suspects et comptes à vérifier")
REGISTER_SEARCH = Text("Search in labels, reasons and comments", "Chercher dans les étiquettes, raisons et commentaires")
REGISTER_SHOWN = Text("%n of %all shown", "%n sur %all affichés")
REGISTER_SORT = Text("Sort by this column", "Trier selon cette colonne")
REGISTER_LEFT = Text("{n} more in accounts.parquet; `fakedetect explain` shows each of them.",
                     "{n} de plus dans accounts.parquet ; « fakedetect explain » montre chacun d'eux.")
ENTRIES_LEFT = Text("The list above has all of them; `fakedetect explain DIR LABEL` shows the {n} that are not told here.",
                    "La liste ci-dessus les a tous ; « fakedetect explain DIR ÉTIQUETTE » montre les {n} qui ne sont pas détaillés ici.")
H_ACCOUNT = Text("Account", "Compte")
H_LIKELY = Text("Probability", "Probabilité")
MORE_OF_ITS_COMMENTS = Text("{n} more of its comments", "{n} autres de ses commentaires")
ITS_COMMENTS = Text("Its comments: {n} of {all}", "Ses commentaires : {n} sur {all}")
MORE_ACCOUNTS = Text("{n} more in accounts.parquet; `fakedetect explain` shows the reasons of any one of them.",
                     "{n} de plus dans accounts.parquet ; `fakedetect explain` donne les raisons de chacun.")
UNKNOWN_REASON = Text("recorded as {code}", "enregistré comme {code}")
UNKNOWN_VALUE = Text("{label}: not known for this account", "{label} : inconnu pour ce compte")

# power
S_POWER = Text("What would have been seen", "Ce qui aurait été vu")
POWER_INTRO = Text("A silent page and a blind test look the same. So groups of known size were planted in this very data, and counted.",
                   "Une page sans histoire et un test aveugle se ressemblent. Des groupes de taille connue ont donc été ajoutés à ces données mêmes, puis comptés.")
POWER_SENTENCE = Text("A group of {n} on {participation} of the posts, its accounts about {gap} apart, would have been seen with a chance of {probability}.",
                      "Un groupe de {n} présent sur {participation} des publications, ses comptes à {gap} environ les uns des autres, aurait été vu avec une chance de {probability}.")
POWER_SENTENCE_NO_GAP = Text("A group of {n} on {participation} of the posts would have been seen with a chance of {probability}.",
                             "Un groupe de {n} présent sur {participation} des publications aurait été vu avec une chance de {probability}.")
POWER_SMALLEST = Text("The smallest group that would have been seen: {accounts} on {participation} of the posts (chance {probability}).",
                      "Le plus petit groupe qui aurait été vu : {accounts} sur {participation} des publications (chance {probability}).")
POWER_NO_SMALLEST = Text("No group of the sizes tried would have been seen reliably here: silence on this export means little.",
                         "Aucun groupe des tailles essayées n'aurait été vu de façon fiable ici : le silence de cet export ne veut pas dire grand-chose.")
POWER_SKIPPED = Text("This export is so busy that {accounts} on fewer than {posts} were not compared with each other. An export of a shorter period compares them.",
                     "Cet export est si actif que {accounts} sur moins de {posts} n'ont pas été comparés entre eux. Un export d'une période plus courte les compare.")
POWER_REVIEWS = Text("Tried were groups that come close in time. How many groups told by their marks, addresses or waves would have been seen is measured on simulated sites: {errors}.",
                     "Les groupes essayés sont proches dans le temps. Combien de groupes reconnus à leurs notes, adresses ou vagues auraient été vus est mesuré sur des sites simulés : {errors}.")
POWER_NONE = Text("The power could not be computed here.", "La puissance n'a pas pu être calculée ici.")
POWER_CAPTION = Text("Chance of being seen, by size, participation and gap", "Chance d'être vu, selon la taille, la présence et l'écart")
POWER_CAPTION_ONE_GAP = Text("Chance of being seen, by size and participation; accounts about {gap} apart", "Chance d'être vu, selon la taille et la présence ; comptes à {gap} environ")
H_RING = Text("Accounts", "Comptes")
H_PARTICIPATION = Text("On posts", "Présence")
H_APART = Text("about {gap} apart", "à {gap} environ")
H_ON = Text("on {share} of posts", "sur {share} des publications")
H_PROBABILITY = Text("Chance of being seen", "Chance d'être vu")

# what to do
S_NEXT = Text("What to do next", "Que faire maintenant")
NEXT_CHECK = Text("Check by hand: open the exhibits under {groups} beside the page itself. Do the times and texts stand there? Is there an innocent reason?",
                  "Vérifiez à la main : ouvrez les pièces sous {groups} à côté de la page. Les heures et les textes y sont-ils ? Y a-t-il une raison innocente ?")
NEXT_KEEP = Text("Keep the evidence: the whole output folder, unchanged, with the export it came from. manifest.json holds their fingerprints.",
                 "Gardez les preuves : tout le dossier de sortie, inchangé, avec l'export d'origine. manifest.json contient leurs empreintes.")
NEXT_AGENCY = Text("Ask whoever runs the page or its promotion: which accounts are theirs, what was ordered, from whom? Declare those that are (--declared) and run the audit again.",
                   "Interrogez qui gère la page ou sa promotion : quels comptes sont les leurs, qu'est-ce qui a été commandé, à qui ? Déclarez-les (--declared) et relancez l'audit.")
NEXT_PLATFORM = Text("Report to the platform, through its own form for coordinated accounts. It sees addresses and devices that no export shows.",
                     "Signalez à la plateforme, par son formulaire pour les comptes coordonnés. Elle voit des adresses et des appareils qu'aucun export ne montre.")
NEXT_NEVER = Text("Never name people in public on the strength of this report. An indication is not guilt; a wrong accusation harms a person, and can be an offence.",
                  "Ne nommez jamais personne en public sur la foi de ce rapport. Un indice n'est pas une culpabilité ; une accusation à tort blesse une personne et peut être un délit.")
NEXT_CLEAN = Text("Nothing needs to be done. Keep this report as a point of comparison, and run the audit again after the next campaign.",
                  "Il n'y a rien à faire. Gardez ce rapport comme point de comparaison, et relancez l'audit après la prochaine campagne.")
NEXT_DATA = Text("Get a fuller export: {refused} names the fields and the amount that are missing. Then run the audit again.",
                 "Obtenez un export plus complet : {refused} nomme les champs et la quantité qui manquent. Puis relancez l'audit.")
NEXT_NO_CONCLUSION = Text("Do not read silence as a clean page.", "Ne prenez pas le silence pour une page saine.")

# method
S_METHOD = Text("How this was measured", "Comment cela a été mesuré")
METHOD_ROAD = Text("Accounts are compared in pairs on the posts they share: how often is one nearer in time to the other than the post's own rhythm would make it? Close pairs form groups; each member is then tested against the rest of its group, without the evidence that brought it in.",
                   "Les comptes sont comparés par paires sur leurs publications communes : combien de fois l'un est-il plus proche de l'autre que le rythme de la publication ne le voudrait ? Les paires proches forment des groupes ; chaque membre est ensuite testé face au reste de son groupe, sans l'indice qui l'y a mené.")
METHOD_EARLY = Text("Being early is never a finding by itself: loyal fans are early. A conversation is not a group: replies do not count as closeness.",
                    "Être rapide n'est jamais un constat en soi : les fidèles le sont. Une conversation n'est pas un groupe : les réponses ne comptent pas comme proximité.")
METHOD_GATE = Text("On a clean page, the chance of naming any group at all is held to {alpha}.",
                   "Sur une page saine, la chance de désigner un groupe quelconque est tenue à {alpha}.")
METHOD_FDR = Text("Among the accounts named, at most about {fdr} are expected to be there by chance (false discovery rate).",
                  "Parmi les comptes désignés, au plus {fdr} environ devraient l'être par hasard (taux de fausses découvertes).")
METHOD_BASE = Text("A probability says how likely it is if {odds} accounts takes part in such a campaign; on a page where more or fewer do, it would be higher or lower.",
                   "Une probabilité suppose que {odds} comptes participe à une telle campagne ; sur une page où il y en a plus ou moins, elle serait plus haute ou plus basse.")
METHOD_LIMIT = Text("What escapes: accounts that wait long between each other, that meet on few posts, or that each appear once.",
                    "Ce qui échappe : des comptes qui attendent longtemps entre eux, se croisent sur peu de publications, ou n'apparaissent qu'une fois.")
METHOD_DETAILS = Text("Versions and settings", "Versions et réglages")
METHOD_CAPTION = Text("What this report was made with", "Avec quoi ce rapport a été fait")
H_WHAT = Text("What", "Quoi")
H_VALUE = Text("Value", "Valeur")
FACT_MODEL = Text("model", "modèle")
FACT_FORMATS = Text("formats read", "formats lus")
FOOTER = Text("Made on one computer; this page loads nothing and sends nothing.",
              "Fait sur un seul ordinateur ; cette page ne charge rien et n'envoie rien.")

# in a run on reviews
OF_REVIEWS: dict[Text, Text] = {
    SPAN: Text("Reviews from {first} to {last}; times on the clock of {zone}.", "Avis du {first} au {last} ; heures de {zone}."),
    CARD_COMMENTS: Text("reviews scored", "avis évalués"),
    CARD_POSTS: Text("businesses", "établissements"),
    H_COMMENTS: Text("Reviews", "Avis"),
    H_POSTS: Text("Businesses", "Établissements"),
    SHARE: Text("Of the accounts that review here, {estimate} are estimated to take part in something inauthentic (between {low} and {high}).",
                "Parmi les comptes qui donnent leur avis ici, {estimate} participeraient, selon l'estimation, à une action inauthentique (entre {low} et {high})."),
    SHARE_LOW: Text("Of the accounts that review here, {estimate} are estimated to take part in something inauthentic ({low} at least; how much more could stay unseen is not known here).",
                    "Parmi les comptes qui donnent leur avis ici, {estimate} participeraient, selon l'estimation, à une action inauthentique ({low} au moins ; on ne sait pas ici ce qui pourrait rester invisible)."),
    EXHIBITS: Text("Exhibits: {posts}, the reviews as they were written", "Pièces : {posts}, les avis tels qu'écrits"),
    EXHIBIT_POST_UNDATED: Text("Business {post}", "Établissement {post}"),
    ITS_COMMENTS: Text("Its reviews: {n} of {all}", "Ses avis : {n} sur {all}"),
    MORE_OF_ITS_COMMENTS: Text("{n} more of its reviews", "{n} autres de ses avis"),
    REGISTER_SEARCH: Text("Search in labels, reasons and reviews", "Chercher dans les étiquettes, raisons et avis"),
}
"""Sentences that are said otherwise of reviews."""

# explain, in the terminal
X_HEAD = Text("Account {who}", "Compte {who}")
X_VERDICT = Text("Finding: {verdict}. {meaning}", "Constat : {verdict}. {meaning}")
X_NUMBERS = Text("Probability {p} at the stated base rate; by chance {odds}; corrected (q) {q}.",
                 "Probabilité {p} au taux de base annoncé ; par hasard {odds} ; corrigé (q) {q}.")
X_SEEN = Text("Seen: {comments} on {posts}.", "Vu : {comments} sur {posts}.")
APART = Text("typically {gap} apart", "typiquement à {gap} d'écart")
X_DISCLOSES = Text("It discloses an incentive: \"{words}\".", "Il annonce une contrepartie : « {words} ».")
X_GROUP = Text("Group {id}: {accounts} on {posts}, {how}; by chance {odds}.",
               "Groupe {id} : {accounts} sur {posts}, {how} ; par hasard {odds}.")
X_PARTNER_WORDS = Text("{who}: {n} sentences in common, by chance {odds}", "{who} : {n} phrases en commun, par hasard {odds}")
X_PARTNERS = Text("Closest members:", "Membres les plus proches :")
X_PARTNER = Text("{who}: {close} close of {shared} shared posts, typically {gap} apart, by chance {odds}",
                 "{who} : {close} proches sur {shared} publications communes, typiquement à {gap}, par hasard {odds}")
X_NO_REASON = Text("No reason speaks against this account.", "Aucune raison ne parle contre ce compte.")
X_REASONS = Text("Reasons:", "Raisons :")
X_COUNTER = Text("In its favour:", "En sa faveur :")
X_COMMENTS = Text("Comments ({n} of {all}):", "Commentaires ({n} sur {all}) :")
X_UNKNOWN = Text("no account is called {account}", "aucun compte ne s'appelle {account}")
X_SEVERAL = Text("{n} accounts are called {account}", "{n} comptes s'appellent {account}")
X_NEAR = Text("one of these: {near}", "l'un de ceux-ci : {near}")
X_ANY = Text("a label, id or name from accounts.parquet", "une étiquette, un identifiant ou un nom de accounts.parquet")
X_LIMIT = Text("An indication, never guilt: it does not say who runs the account, nor why. Check by hand; never name people in public.",
               "Un indice, jamais une culpabilité : il ne dit ni qui tient le compte, ni pourquoi. Vérifiez à la main ; ne nommez jamais personne en public.")
