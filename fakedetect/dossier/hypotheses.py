"""What could be behind a group: how each kind of evidence is tested, and every explanation, the innocent ones included."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from dataclasses import dataclass

from fakedetect.words import Text

TIMED = frozenset({"closeness", "attendance", "farm"})
WORDS = frozenset({"phrases"})
RATED = frozenset({"marks", "device", "wave"})
ANY = TIMED | WORDS | RATED


@dataclass(frozen=True)
class Evidence:
    """One kind of evidence on a group: what is counted, and what it is held against."""

    statistic: Text
    null: Text


EVIDENCE: dict[str, Evidence] = {
    "closeness": Evidence(
        Text("Strength of the group: how much nearer in time its pairs come on the posts they share than their own habits make them, summed over all pairs, less the price of having looked at all sets of that size; the weakest of three readings of time.",
             "Force du groupe : de combien ses paires sont plus proches dans le temps, sur leurs publications communes, que leurs propres habitudes ne le veulent, sommé sur toutes les paires, moins le prix d'avoir regardé tous les ensembles de cette taille ; la plus faible de trois lectures du temps."),
        Text("Each account's own moments are dealt anew over its own posts, and the whole search is run again; p is the share of these replicates whose strongest group is as strong (the observed run counted in), divided by this search's part of the page gate.",
             "Les moments de chaque compte sont redistribués sur ses propres publications, et toute la recherche est refaite ; p est la part de ces répliques dont le groupe le plus fort l'est autant (l'observé compris), divisée par la part de cette recherche dans le seuil de page.")),
    "attendance": Evidence(
        Text("Bayes factor for the members choosing the same posts, over spans of like posts, less the price of naming the set; the weakest of several ways to cut posts and to weigh their appeal.",
             "Facteur de Bayes du choix des mêmes publications par les membres, par tranches de publications semblables, moins le prix de nommer l'ensemble ; le plus faible de plusieurs découpages et pondérations."),
        Text("How many posts of a span an account took is kept; which of them is dealt anew in proportion to each post's appeal. Chance reaches a strength of t with probability exp(-t) at most, and that bound is p.",
             "Le nombre de publications prises par compte dans une tranche est gardé ; lesquelles est retiré au sort selon l'attrait de chacune. Le hasard atteint une force t avec une probabilité d'au plus exp(-t) : cette borne est p.")),
    "farm": Evidence(
        Text("How many accounts seen once or twice came early to the same few posts.",
             "Combien de comptes vus une ou deux fois sont venus tôt sur les mêmes quelques publications."),
        Text("How many such accounts came early to each post, and how often each did, are kept; which posts it was is dealt anew. The chance is bounded by relative entropy, the price of the search taken off.",
             "Le nombre de tels comptes par publication, et de venues par compte, est gardé ; lesquelles est retiré au sort. La probabilité est bornée par l'entropie relative, prix de la recherche déduit.")),
    "phrases": Evidence(
        Text("How many sentences of five words or more, hardly written by anybody else, the members share.",
             "Combien de phrases de cinq mots ou plus, presque jamais écrites par d'autres, les membres partagent."),
        Text("How many reused sentences there are is kept; who wrote them is dealt anew. Bounded by relative entropy, the price of naming accounts and sentences taken off. By itself it makes cases for review, never a suspect.",
             "Le nombre de phrases réemployées est gardé ; qui les a écrites est retiré au sort. Borné par l'entropie relative, prix de nommer comptes et phrases déduit. À lui seul, il ne fait que des cas à vérifier, jamais un suspect.")),
    "marks": Evidence(
        Text("An e-value: among the accounts that rated both sides, how much more often praise of one business goes with bottom marks for its competitors than tastes do on the page.",
             "Une e-valeur : parmi les comptes qui ont noté les deux côtés, de combien l'éloge d'un établissement va plus souvent avec des notes au plus bas pour ses concurrents que les goûts ne le font sur la page."),
        Text("Who rated what is kept; how the marks come out is what is tested, with half as much again allowed as is counted on the page.",
             "Qui a noté quoi est gardé ; c'est l'issue des notes qui est testée, avec une tolérance de moitié au-dessus de ce qui est compté sur la page.")),
    "device": Evidence(
        Text("How few businesses the accounts behind one address or device keep to, with marks all at one end.",
             "À quel petit nombre d'établissements s'en tiennent les comptes d'une même adresse ou d'un même appareil, notes toutes à un bout."),
        Text("The businesses of other accounts behind addresses of the page. Who shares a roof looks the same: cases for review.",
             "Les établissements des autres comptes derrière des adresses de la page. Qui partage un toit a la même allure : des cas à vérifier.")),
    "wave": Evidence(
        Text("A burst of good marks right after a run of bad ones.", "Un afflux de bonnes notes juste après une série de mauvaises."),
        Text("The business's own marks at other times. Defenders come then too: cases for review.",
             "Les notes de l'établissement à d'autres moments. Des défenseurs viennent aussi à ce moment : des cas à vérifier.")),
}


@dataclass(frozen=True)
class Hypothesis:
    """One explanation of what was found. speaks: the kinds of evidence that it would produce."""

    code: str
    label: Text
    tested: Text
    """What the tests do about it."""
    check: Text
    """How a person can settle it."""
    speaks: frozenset[str] = ANY


HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis("chance", Text("Chance alone", "Le hasard seul"),
               Text("This is what p and q are about: how often pages where nobody acts together give such a group, after the whole search.",
                    "C'est ce que disent p et q : combien de fois une page sans action concertée donne un tel groupe, après toute la recherche."),
               Text("Audit another period of the same page: does the group come back?",
                    "Auditer une autre période de la même page : le groupe revient-il ?")),
    Hypothesis("coordinated", Text("Accounts run, paid or directed together", "Des comptes tenus, payés ou dirigés ensemble"),
               Text("What is measured is that they come together. Who runs them, and whether anybody paid, is not.",
                    "Ce qui est mesuré, c'est qu'ils viennent ensemble. Qui les tient, et si quelqu'un a payé, ne l'est pas."),
               Text("Ask the agency what was ordered; ask the platform, which sees devices and addresses.",
                    "Demander à l'agence ce qui a été commandé ; demander à la plateforme, qui voit appareils et adresses.")),
    Hypothesis("fans", Text("Loyal fans with notifications on", "Des fidèles avec les notifications activées"),
               Text("Each account is compared with its own habit of being early; a habit that is steady explains itself away.",
                    "Chaque compte est comparé à sa propre habitude d'être en avance ; une habitude régulière s'explique d'elle-même."),
               Text("Read what they write over months, elsewhere too. Fans talk to others and are answered.",
                    "Lire ce qu'ils écrivent sur des mois, ailleurs aussi. Les fidèles parlent aux autres et on leur répond."), TIMED),
    Hypothesis("event", Text("A live event, a broadcast, a post that went round", "Un direct, une émission, une publication qui circule"),
               Text("One of the three readings takes each post's own talk as it was; a crowd on one occasion is forgiven by it.",
                    "L'une des trois lectures prend l'affluence propre de chaque publication ; une foule d'une seule occasion y est pardonnée."),
               Text("Look at the dates of the exhibits: one occasion, or many?", "Regarder les dates des pièces : une occasion, ou plusieurs ?"), TIMED),
    Hypothesis("club", Text("A club, a class or a circle of friends who call each other", "Un club, une classe ou un cercle d'amis qui se préviennent"),
               Text("Sittings of twenty minutes and the subjects of posts are allowed for. Who answers a call within minutes, post after post, does what a ring does: the data cannot tell them apart.",
                    "Les séances de vingt minutes et les sujets des publications sont pris en compte. Qui répond à un appel en quelques minutes, publication après publication, fait ce que fait un réseau : les données ne les distinguent pas."),
               Text("Ask them. Look for a group, a forum or a channel where the posts are announced.",
                    "Leur demander. Chercher un groupe, un forum ou une chaîne où les publications sont annoncées."), TIMED),
    Hypothesis("staff", Text("The page's own people, not declared", "Les gens de la page, non déclarés"),
               Text("Declared accounts are left out; the others cannot be recognised.",
                    "Les comptes déclarés sont écartés ; les autres ne peuvent être reconnus."),
               Text("Show the labels to whoever runs the page, and run the audit again with --declared.",
                    "Montrer les étiquettes à qui gère la page, et relancer l'audit avec --declared.")),
    Hypothesis("contest", Text("A contest, a chain letter, a running joke", "Un concours, une chaîne, une plaisanterie récurrente"),
               Text("Sentences that a post asked for are left out; copying for fun is not told from copying for money.",
                    "Les phrases qu'une publication demande sont écartées ; copier par jeu ne se distingue pas de copier pour de l'argent."),
               Text("Read the posts: do they ask for these words?", "Lire les publications : demandent-elles ces mots ?"), WORDS | {"farm"}),
    Hypothesis("newcomers", Text("People who found the page by the same link", "Des gens arrivés par le même lien"),
               Text("Posts within six hours count as one occasion; who comes early twice on two days is not forgiven.",
                    "Des publications à moins de six heures comptent pour une occasion ; qui vient tôt deux fois, deux jours différents, n'est pas pardonné."),
               Text("Was the page advertised or shared elsewhere on these days?", "La page a-t-elle été promue ou partagée ailleurs ces jours-là ?"), frozenset({"farm"})),
    Hypothesis("taste", Text("A shared taste: one business liked, its rival not", "Un goût partagé : un établissement aimé, son rival non"),
               Text("How often tastes go against each other is counted on the page, and half as much again is allowed.",
                    "La fréquence des goûts opposés est comptée sur la page, avec une tolérance de moitié en plus."),
               Text("Do the texts tell of visits, with details that differ?", "Les textes racontent-ils des visites, avec des détails différents ?"), RATED),
    Hypothesis("roof", Text("A household, a school, a hotel's own network", "Un foyer, une école, le réseau d'un hôtel"),
               Text("Marks of one roof within three days count as one; what a roof shares otherwise cannot be seen.",
                    "Les notes d'un même toit à moins de trois jours comptent pour une ; le reste ne se voit pas."),
               Text("Ask the site what else it knows of the address.", "Demander au site ce qu'il sait d'autre de l'adresse."), RATED),
    Hypothesis("artefact", Text("The export itself: rounded times, namesakes, a cut", "L'export lui-même : heures arrondies, homonymes, coupure"),
               Text("The quality gate refuses the tests that the data cannot bear; what it cannot see it cannot refuse.",
                    "Le contrôle de qualité refuse les tests que les données ne supportent pas ; ce qu'il ne voit pas, il ne peut le refuser."),
               Text("Export again, by another way, and compare.", "Exporter à nouveau, par un autre moyen, et comparer.")),
)


def of(evidence: set[str]) -> list[Hypothesis]:
    """The explanations that evidence of these kinds leaves open."""
    return [h for h in HYPOTHESES if h.speaks & (evidence or ANY)]
