"""What was entered and where things stand, in English and French: for the review page, and for dossiers."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from fakedetect.words import Text

STATES = {
    "open": Text("to decide", "à décider"),
    "decided": Text("{value}, by {by}", "{value}, par {by}"),
    "signed": Text("{value}, by {by}; signed off by {second}", "{value}, par {by} ; validé par {second}"),
    "disputed": Text("{value} by {by}, and {second} disagrees", "{value} par {by}, et {second} n'est pas d'accord"),
    "objection": Text("an objection waits for an answer", "une objection attend une réponse"),
    "upheld": Text("an objection was upheld: decide anew", "une objection a été retenue : décider de nouveau"),
}
VALUES = {
    "confirmed": Text("Confirmed", "Confirmé"),
    "cleared": Text("Cleared", "Mis hors de cause"),
    "unsure": Text("Unsure", "Incertain"),
    "agree": Text("Agrees", "D'accord"),
    "disagree": Text("Disagrees", "Pas d'accord"),
    "upheld": Text("Upheld", "Retenue"),
    "rejected": Text("Rejected", "Rejetée"),
}
WHAT = {
    "decision": Text("{who} decided: {value}", "{who} a décidé : {value}"),
    "carried": Text("{by} decided on an earlier audit: {value}; carried over by {who}",
                    "{by} a décidé sur un audit antérieur : {value} ; repris par {who}"),
    "signoff": Text("{who}, as second person: {value}", "{who}, en deuxième personne : {value}"),
    "objection": Text("Objection of the account, entered by {who}", "Objection du compte, inscrite par {who}"),
    "answer": Text("Answer of {who}: {value}", "Réponse de {who} : {value}"),
    "erasure": Text("{who} had the entries on one person erased", "{who} a fait effacer les inscriptions sur une personne"),
    "cleaned": Text("{who} had what names an erased person taken out of an entry", "{who} a fait ôter d'une inscription ce qui nomme une personne effacée"),
    "erased": Text("erased", "effacé"),
}
BLANKED = Text("{path}: {n} blanked and {others} rid of its name, of the entries of reviewers",
               "{path} : {n} effacées et {others} débarrassées de son nom, parmi les inscriptions de la revue")
