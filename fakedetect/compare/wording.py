"""Every sentence of `compare`, in English and French."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from fakedetect.words import Text

TITLE = Text("What changed between two audits", "Ce qui a changé entre deux audits")
SIDE = Text("{which}: {accounts}, {suspects}, {reviews} to check by hand, {groups}; comments from {first} to {last}",
            "{which} : {accounts}, {suspects}, {reviews} à vérifier à la main, {groups} ; commentaires du {first} au {last}")
SIDES = {"old": Text("Old", "Ancien"), "new": Text("New", "Nouveau")}
NOTES = Text("What may explain a difference, besides the accounts:", "Ce qui peut expliquer une différence, outre les comptes :")
NOTHING = Text("No account and no group stands out in either.", "Aucun compte ni groupe ne se distingue dans l'un ou l'autre.")

GROUPS = {
    "new": Text("New groups", "Nouveaux groupes"),
    "still": Text("Groups still there", "Groupes toujours là"),
    "gone": Text("Groups no longer found", "Groupes qu'on ne trouve plus"),
}
G_NEW = Text("{id}: {accounts}", "{id} : {accounts}")
G_STILL = Text("{id} was {old}: {shared} of its {accounts} were in it before; {joined} joined, {left} left",
               "{id} était {old} : {shared} sur {accounts} y étaient déjà ; {joined} sont venus, {left} sont partis")
G_SAME = Text("{id}: {shared} of its {accounts} were in it before; {joined} joined, {left} left",
              "{id} : {shared} sur {accounts} y étaient déjà ; {joined} sont venus, {left} sont partis")
G_MORE = {
    "also": Text("also holds {old}", "contient aussi {old}"),
    "split": Text("{old} lives on in another group too", "{old} se retrouve aussi dans un autre groupe"),
}
ACCOUNTS = {
    "new": Text("New among suspects and accounts to check", "Nouveaux parmi les suspects et comptes à vérifier"),
    "still": Text("Still there", "Toujours là"),
    "no_longer": Text("No longer a suspect or to be checked", "Ne sont plus suspects ni à vérifier"),
    "gone": Text("No longer in the export", "Ne sont plus dans l'export"),
}
A_ROW = Text("{who}: {verdict}", "{who} : {verdict}")
A_CHANGED = Text("{who}: {verdict}, before {old}", "{who} : {verdict}, avant {old}")
A_BEFORE = Text("{who}: {verdict}; it was {label} then", "{who} : {verdict} ; c'était alors {label}")
A_FIRST = Text("not in the old export", "absent de l'ancien export")
A_GROUP = Text("group {id}", "groupe {id}")
A_RENAMED = Text("its name is another now", "son nom a changé")
A_RENAMED_NAMES = Text("renamed from {old} to {new}", "renommé de {old} en {new}")
MISSING = {
    "removed": Text("its comments on posts that the new export holds are gone: deleted, blocked or removed",
                    "ses commentaires sous des publications que le nouvel export contient ont disparu : supprimés, bloqués ou retirés"),
    "silent": Text("it may just have been silent: the new export holds no post and time of its comments",
                   "peut-être simplement silencieux : le nouvel export ne couvre ni les publications ni les dates de ses commentaires"),
}
VANISHED = Text("Of all accounts of the old audit {n} are not in the new export; of these {removed} had comments where the new export looks, which are gone.",
                "De tous les comptes de l'ancien audit, {n} ne sont pas dans le nouvel export ; parmi eux, {removed} avaient des commentaires là où le nouvel export regarde, et qui ont disparu.")
RENAMED = Text("Other accounts under another name now: {n}.", "Autres comptes qui portent un autre nom : {n}.")
MORE = Text("and {n} more: --json lists them", "et {n} autres : --json les liste")

DECISIONS = Text("Decisions carried over", "Décisions reprises")
D_ROW = Text("{who}: {value} by {by} on {at}", "{who} : {value} par {by} le {at}")
D_WAS = Text("{who} (was {old})", "{who} (était {old})")
D_SIGNED = Text("signed off by {by}", "validé par {by}")
D_THERE = Text("already among the decisions on the new audit", "déjà parmi les décisions sur le nouvel audit")
NOT_CARRIED = Text("Not carried over", "Non reprises")
BECAUSE = {
    "gone": Text("not in the new audit", "absent du nouvel audit"),
    "grown": Text("most accounts of the new group were not in the old one", "la plupart des comptes du nouveau groupe n'étaient pas dans l'ancien"),
    "disputed": Text("the second reviewer disagreed", "la deuxième personne n'était pas d'accord"),
    "objection": Text("an objection is unanswered; it is carried over instead", "une objection attend sa réponse ; c'est elle qui est reprise"),
    "upheld": Text("an objection was upheld and nobody has decided since", "une objection a été retenue et personne n'a décidé depuis"),
}
CARRIED = Text("Written into {path}: {n}.", "Inscrites dans {path} : {n}.")
CARRY_HINT = Text("--carry-over enters these decisions among those on the new audit.",
                  "--carry-over inscrit ces décisions parmi celles du nouvel audit.")

N_TURNED = Text("The old audit holds later comments than the new one: are the two turned round?",
                "L'ancien audit contient des commentaires plus récents que le nouveau : les deux sont-ils intervertis ?")
N_APART = Text("No comment of the old audit is in the time of the new one: who is not there now may just have been silent.",
               "Aucun commentaire de l'ancien audit n'est dans la période du nouveau : qui n'y est plus a peut-être seulement été silencieux.")
N_PAGES = Text("The two have no page in common by its id: are these exports of one page?",
               "Les deux n'ont aucune page en commun par son identifiant : est-ce bien la même page ?")
N_BY_NAME = Text("Accounts are known by their names here: a renamed one looks like one that is gone and one that is new.",
                 "Les comptes sont connus par leur nom : un compte renommé passe pour un disparu et un nouveau.")
N_SETTINGS = Text("Other settings: {settings}.", "D'autres réglages : {settings}.")
N_MODEL = Text("Another model.", "Un autre modèle.")
N_VERSIONS = Text("Other versions of fakedetect or its libraries.", "D'autres versions de fakedetect ou de ses bibliothèques.")
N_REFUSED = Text("Tests refused in one of the two only: {tests}.", "Tests refusés dans un seul des deux : {tests}.")
