"""Every sentence of the review page, in English and French. Verdicts, kinds and evidence are in the report's words."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from fakedetect.words import Text

TITLE = Text("Review of {folder}", "Examen de {folder}")
SKIP = Text("To the content", "Aller au contenu")
YOU = Text("You decide as {who}.", "Vous décidez en tant que {who}.")
OTHER_LANGUAGE = Text("En français", "In English")
MENU = Text("Pages", "Pages")
INDICATIONS = Text("What the audit holds are indications. A decision is yours: it needs a reason that another person can check, and a second person who signs it off.",
                   "L'audit ne contient que des indices. La décision vous appartient : il lui faut une raison qu'un autre puisse vérifier, et une deuxième personne qui la valide.")
PRIVATE = Text("This page is served on this machine only, until fakedetect review is stopped. Who has the link decides under its name: keep it to yourself.",
               "Cette page n'est servie que sur cette machine, tant que fakedetect review tourne. Qui a le lien décide sous ce nom : gardez-le pour vous.")

P_OVERVIEW = Text("To decide", "À décider")
P_HISTORY = Text("History", "Historique")
P_EXPORT = Text("Export", "Export")
P_BLIND = Text("Blind trial", "Essai à l'aveugle")

# overview
PROGRESS = Text("{decided} of {all} decided, {signed} of them signed off by a second person.",
                "{decided} sur {all} décidés, dont {signed} validés par une deuxième personne.")
WAITING = Text("Waiting: {signoff} for a second person, {objections} with an objection or a disagreement.",
               "En attente : {signoff} d'une deuxième personne, {objections} avec une objection ou un désaccord.")
FILTER = Text("Show:", "Montrer :")
FILTERS = {
    "all": Text("all", "tout"),
    "open": Text("to decide", "à décider"),
    "second": Text("to sign off", "à valider"),
    "contested": Text("contested", "contestés"),
    "done": Text("signed off", "validés"),
}
NOTHING_HERE = Text("Nothing to show here.", "Rien à montrer ici.")
GROUPS = Text("Groups", "Groupes")
ACCOUNTS = Text("Accounts", "Comptes")
H_ACCOUNT = Text("Account", "Compte")
H_FINDING = Text("Finding", "Constat")
H_WHERE = Text("Group", "Groupe")
H_STATE = Text("Decision", "Décision")
FIND = Text("Find an account by label, id or name", "Chercher un compte par étiquette, identifiant ou nom")
FIND_GO = Text("Find", "Chercher")
NEXT = Text("Next", "Suivant")
BEFORE = Text("Previous", "Précédent")
PLACE = Text("{n} of {all}", "{n} sur {all}")
PAGES = Text("Page {n} of {all}", "Page {n} sur {all}")

CARRIED = Text("carried over from {where}", "reprise de {where}")
EARLIER = Text("made on an earlier audit in this folder", "prise sur un audit antérieur de ce dossier")
MEANINGS = {
    "account": {
        "confirmed": Text("the indications hold: it acts together with others", "les indices tiennent : il agit de concert avec d'autres"),
        "cleared": Text("there is an innocent explanation, or the indications do not hold", "il y a une explication innocente, ou les indices ne tiennent pas"),
        "unsure": Text("it cannot be told from what is here", "rien ici ne permet de trancher"),
    },
    "group": {
        "confirmed": Text("the indications hold: these accounts act together", "les indices tiennent : ces comptes agissent de concert"),
        "cleared": Text("there is an innocent explanation, or the indications do not hold", "il y a une explication innocente, ou les indices ne tiennent pas"),
        "unsure": Text("it cannot be told from what is here", "rien ici ne permet de trancher"),
    },
}

# one account or group
STANDS = Text("Where it stands", "Où en est-on")
SINCE = Text("Everything entered so far", "Tout ce qui a été inscrit")
DECIDE = Text("Decide", "Décider")
DECIDE_ANEW = Text("Decide anew", "Décider de nouveau")
WHY = Text("Reason (required)", "Raison (obligatoire)")
WHY_HELP = Text("What it rests on, in words that another person can check.", "Sur quoi elle repose, en des termes qu'un autre puisse vérifier.")
MEMBERS = Text("Also for the {accounts} in it on which nobody has decided yet", "Aussi pour les {accounts} qui en font partie et sur lesquels personne n'a encore décidé")
MEMBERS_WHY = Text("With group {id}: {why}", "Avec le groupe {id} : {why}")
ENTER = Text("Enter", "Inscrire")
SECOND = Text("Sign off as second person", "Valider en deuxième personne")
SECOND_AGREE = Text("I agree with the decision", "Je suis d'accord avec la décision")
SECOND_DISAGREE = Text("I disagree (say why)", "Je ne suis pas d'accord (dire pourquoi)")
SECOND_NEEDED = Text("A second person has to sign this off; you decided it yourself.", "Une deuxième personne doit valider ; vous avez décidé vous-même.")
SECOND_WHY = Text("Reason", "Raison")
OBJECT = Text("Enter an objection of the account", "Inscrire une objection du compte")
OBJECT_WHY = Text("What its owner says, in their own words, and how it reached you", "Ce que dit son titulaire, dans ses mots, et comment vous l'avez reçu")
ANSWER = Text("Answer the objection", "Répondre à l'objection")
ANSWER_UPHELD = Text("Upheld: the decision falls, and has to be taken anew", "Retenue : la décision tombe, et doit être reprise")
ANSWER_REJECTED = Text("Rejected: the decision stands", "Rejetée : la décision demeure")
ANSWER_WHY = Text("What it rests on, as the owner will be told", "Ce sur quoi elle repose, comme on le dira au titulaire")
IN_GROUP = Text("It stands in group {id}.", "Il fait partie du groupe {id}.")
ITS_MEMBERS = Text("Its accounts:", "Ses comptes :")
EVIDENCE = Text("The evidence", "Les indices")
NO_FLAG = Text("The audit does not flag this account: {meaning}", "L'audit ne signale pas ce compte : {meaning}")
LANES = Text("First comments by account and post, posts in order of time", "Premiers commentaires par compte et par publication, dans l'ordre des publications")

# answers to a form
ENTERED = Text("Entered.", "Inscrit.")
OVERTAKEN = Text("Somebody else entered something since you opened this page. Nothing of yours was entered, and nothing is lost: read what came in, then enter yours if it still holds.",
                 "Quelqu'un d'autre a inscrit quelque chose depuis que vous avez ouvert cette page. Rien de vous n'a été inscrit, et rien n'est perdu : lisez ce qui est arrivé, puis inscrivez si cela tient toujours.")
NO_VALUE = Text("Choose one of the answers.", "Choisissez l'une des réponses.")
NO_WHY = Text("Say why: a decision without a reason is not entered.", "Dites pourquoi : une décision sans raison n'est pas inscrite.")
TOO_LONG = Text("At most {n} characters.", "Au plus {n} caractères.")
REFUSED = Text("This cannot be entered here: see below where it stands now.", "Cela ne peut pas être inscrit ici : voyez plus bas où on en est.")
NOT_FOUND = Text("No account is called so here.", "Aucun compte ne porte ce nom ici.")

# history and export
HISTORY_NOTE = Text("Nothing here is ever changed or removed. The fingerprint below stands for all of it: note it down to prove later that nothing was cut off.",
                    "Rien ici n'est jamais changé ni retiré. L'empreinte ci-dessous vaut pour le tout : notez-la pour prouver plus tard que rien n'a été coupé.")
FINGERPRINT = Text("Fingerprint:", "Empreinte :")
EXPORT_LABELS = Text("Decisions on accounts as labels for fakedetect train --labels", "Décisions sur les comptes, en étiquettes pour fakedetect train --labels")
EXPORT_INNOCENT = Text("Cleared accounts for --known-innocent", "Comptes mis hors de cause, pour --known-innocent")
EXPORT_NOTE = Text("What is contested goes out as unsure, and never as cleared. These files hold the accounts' ids: keep them as safe as the audit.",
                   "Ce qui est contesté sort comme incertain, jamais comme hors de cause. Ces fichiers contiennent les identifiants : gardez-les aussi bien que l'audit.")

# blind trial
BLIND_LEAD = Text("You see {all} accounts, some flagged by the audit and some not, without its word on any of them. Judge each from what it did. What you enter here is no decision: it measures how well two people, and the audit, agree.",
                  "Vous voyez {all} comptes, certains signalés par l'audit et d'autres non, sans ce qu'il en dit. Jugez chacun d'après ce qu'il a fait. Ce que vous inscrivez ici n'est pas une décision : c'est une mesure de l'accord entre deux personnes, et avec l'audit.")
BLIND_DONE = Text("{n} of {all} judged.", "{n} sur {all} jugés.")
BLIND_LATER = Text("The other pages open when you have judged all of them.", "Les autres pages s'ouvrent quand vous les avez tous jugés.")
BLIND_ACCOUNT = Text("Account {n}", "Compte {n}")
BLIND_JUDGED = Text("judged: {value}", "jugé : {value}")
BLIND_OPEN = Text("to judge", "à juger")
BLIND_RESULT = Text("Result", "Résultat")
BLIND_WHY = Text("Reason (if you like)", "Raison (si vous voulez)")
JUDGE = Text("Judge", "Juger")
B_SEEN = Text("What it did", "Ce qu'il a fait")
B_COMMENTS = Text("Comments", "Commentaires")
B_POSTS = Text("Posts", "Publications")
B_SPAN = Text("First and last", "Premier et dernier")
B_DELAY = Text("Median delay after the post", "Délai médian après la publication")
B_WITH = Text("Who was there at the same time", "Qui était là au même moment")
B_WITH_NOTE = Text("The accounts that came within five minutes of it most often, on posts in common. On busy posts that happens to anybody: look at how many of the common posts it was. People who answer each other are near in time because they talk.",
                   "Les comptes venus le plus souvent à moins de cinq minutes de lui, sur des publications communes. Sous des publications très commentées, cela arrive à n'importe qui : regardez sur combien de publications communes. Ceux qui se répondent sont proches dans le temps parce qu'ils conversent.")
B_NOBODY = Text("Nobody came within five minutes of it on two posts or more.", "Personne n'est venu à moins de cinq minutes de lui sur deux publications ou plus.")
B_OTHER = Text("Other account", "Autre compte")
B_OTHER_N = Text("other {n}", "autre {n}")
B_COMMON = Text("Posts in common", "Publications communes")
B_MINUTE = Text("Within a minute", "À moins d'une minute")
B_FIVE = Text("Within five minutes", "À moins de cinq minutes")
B_ANSWERS = Text("Answers between them", "Réponses entre eux")
B_SAME = Text("Word for word from other accounts too: {n} of its texts.", "Mot pour mot chez d'autres comptes aussi : {n} de ses textes.")
B_TEXTS = Text("Its comments ({n} of {all})", "Ses commentaires ({n} sur {all})")
R_LEAD = Text("{all} accounts: {flagged} that the audit flagged, {others} that it did not, of like activity.",
              "{all} comptes : {flagged} que l'audit a signalés, {others} qu'il n'a pas signalés, d'activité comparable.")
R_NOTE = Text("Half of these accounts were flagged, on a page hardly any are: the figures say how well people agree, not how often the audit is right.",
              "La moitié de ces comptes étaient signalés, presque aucun ne l'est sur une page : ces chiffres disent à quel point on s'accorde, pas combien de fois l'audit a raison.")
R_PAIRS = Text("Agreement beyond chance (Cohen's kappa)", "Accord au-delà du hasard (kappa de Cohen)")
R_WHO = Text("Who", "Qui")
R_WITH_TOOL = Text("{who} and the audit (unsure left out)", "{who} et l'audit (sans les incertains)")
R_TWO = Text("{a} and {b}", "{a} et {b}")
R_N = Text("In common", "En commun")
R_SHARE = Text("Equal", "Égaux")
R_KAPPA = Text("Kappa", "Kappa")
R_INTERVAL = Text("95% interval", "Intervalle à 95 %")
R_COUNTS = Text("What each one said", "Ce que chacun a dit")
R_FLAGGED = Text("{value}, of the flagged", "{value}, parmi les signalés")
R_OTHERS = Text("{value}, of the others", "{value}, parmi les autres")
R_BEFORE = Text("{who} had decided on {n} of them in the open before.", "{who} avait déjà décidé ouvertement sur {n} d'entre eux.")
R_WAIT = Text("Whoever has not judged all accounts yet is not counted.", "Qui n'a pas encore jugé tous les comptes n'est pas compté.")

# who is not let in
OUT_HOST = Text("This page answers under the address that it was started with, and no other.",
                "Cette page ne répond qu'à l'adresse avec laquelle elle a été lancée.")
OUT_TOKEN = Text("Nothing is here. Use the link that fakedetect review printed.",
                 "Il n'y a rien ici. Utilisez le lien que fakedetect review a affiché.")
OUT_TYPE = Text("A form of this page was expected.", "Un formulaire de cette page était attendu.")
OUT_LONG = Text("The form is too long.", "Le formulaire est trop long.")
OUT_OTHER = Text("The form came from another page.", "Le formulaire venait d'une autre page.")
OUT_STALE = Text("The form is not one of this page, or fakedetect review was started anew since: open the new link.",
                 "Ce formulaire n'est pas de cette page, ou fakedetect review a été relancé depuis : ouvrez le nouveau lien.")

# the terminal
STARTED = Text("Review of {folder}. Open this link in a browser on this machine; Ctrl+C ends it.",
               "Examen de {folder}. Ouvrez ce lien dans un navigateur sur cette machine ; Ctrl+C y met fin.")
LINK = Text("{who}: {link}", "{who} : {link}")
SEVERAL = Text("Each link decides under its own name: give every person theirs.", "Chaque lien décide sous son nom : donnez à chacun le sien.")
NO_DECISION = Text("Nobody has entered anything yet.", "Personne n'a encore rien inscrit.")
WROTE = Text("{path}: {n} rows", "{path} : {n} lignes")
