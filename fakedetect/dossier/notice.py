"""Two exports after regulation (EU) 2022/2065 (Digital Services Act): a notice to a platform, with what its article
16(2) asks for, and an error table with what its article 15(1)(e) asks of platforms. Drafts: a person completes and
sends them.
"""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fakedetect.dossier.case_page import rates, when
from fakedetect.dossier.document import Document, Heading, Para, Points, Said, Table
from fakedetect.dossier.hypotheses import EVIDENCE
from fakedetect.dossier.rates import LIMITS, TABLES
from fakedetect.words import Lang, Text, percent

TITLE = Text("Notice to a platform (draft)", "Notification à une plateforme (projet)")
DRAFT = Text("A draft after article 16(2) of regulation (EU) 2022/2065 (Digital Services Act). Fields in brackets are for whoever sends it. Send it only after a person has looked at the exhibits.",
             "Projet selon l'article 16, paragraphe 2, du règlement (UE) 2022/2065 (règlement sur les services numériques). Les champs entre crochets sont à remplir par qui l'envoie. À n'envoyer qu'après examen des pièces par une personne.")
ILLEGAL = Text("Article 16 is about illegal content (article 3(h)). That accounts act together is not by itself illegal everywhere; false or bought consumer reviews are an unfair practice (directive 2005/29/EC, annex I, 23b and 23c). Where no law is named, use the platform's form for breaches of its terms instead.",
               "L'article 16 porte sur les contenus illicites (article 3, point h). Agir de concert n'est pas en soi illicite partout ; les avis de consommateurs faux ou achetés sont une pratique déloyale (directive 2005/29/CE, annexe I, points 23 ter et 23 quater). À défaut de loi à citer, employez plutôt le formulaire de la plateforme pour manquement à ses conditions.")
A = Text("(a) Why the content is alleged to be illegal", "a) Pourquoi le contenu est allégué illicite")
A_LAW = Text("[The law or rule that is alleged to be broken: to be filled in]", "[La loi ou la règle dont la violation est alléguée : à remplir]")
A_FOUND = Text("Group {group}: {n} accounts on {posts} posts, from {first} to {last}; p = {p}, q = {q}. {statistic}",
               "Groupe {group} : {n} comptes sur {posts} publications, du {first} au {last} ; p = {p}, q = {q}. {statistic}")
A_LIMIT = Text("These are statistical indications of coordination. They do not say who runs the accounts, nor why. The dossier with the fingerprint stated by `fakedetect verify` gives the method, the counter-evidence, the innocent explanations and the error rates, and can be re-run.",
               "Ce sont des indices statistiques de coordination. Ils ne disent ni qui tient les comptes, ni pourquoi. Le dossier, à l'empreinte que donne `fakedetect verify`, contient la méthode, les contre-indices, les explications innocentes et les taux d'erreur, et peut être refait.")
B = Text("(b) Where it is", "b) Où il se trouve")
B_NAMED = Text("By the ids of the export; [add the exact URLs].", "Selon les identifiants de l'export ; [ajouter les URL exactes].")
B_UNNAMED = Text("[The exact URLs: to be filled in from the inputs. exhibits.csv names file and row of each comment; a dossier made with --names lists the ids here.]",
                 "[Les URL exactes : à remplir d'après les fichiers d'origine. exhibits.csv nomme le fichier et la ligne de chaque commentaire ; un dossier fait avec --names donne ici les identifiants.]")
C = Text("(c) Who sends this notice", "c) Qui envoie cette notification")
C_WHO = Text("[Name and e-mail address of the person or entity]", "[Nom et adresse électronique de la personne ou de l'entité]")
D = Text("(d) Statement of good faith", "d) Déclaration de bonne foi")
D_FAITH = Text("[To be confirmed by the sender: I believe in good faith that the information and allegations in this notice are accurate and complete.]",
               "[À confirmer par l'expéditeur : je pense, de bonne foi, que les informations et les allégations de cette notification sont exactes et complètes.]")
NOTHING = Text("No group was found: there is nothing to notify.", "Aucun groupe n'a été trouvé : il n'y a rien à notifier.")
H_GROUP, H_ACCOUNT, H_COMMENT, H_POST = Text("Group", "Groupe"), Text("Account", "Compte"), Text("Comment", "Commentaire"), Text("Post", "Publication")

ERRORS = Text("Error table", "Tableau d'erreurs")
E_INTRO = Text("In the manner of article 15(1)(e) of regulation (EU) 2022/2065, which asks platforms that moderate by automated means for their purposes, indicators of accuracy, the possible rate of error, and safeguards. It binds providers of intermediary services, not whoever uses this tool; the same figures are what a reader needs.",
               "À la manière de l'article 15, paragraphe 1, point e), du règlement (UE) 2022/2065, qui demande aux plateformes modérant par des moyens automatisés leurs finalités, des indicateurs de précision, le taux d'erreur possible et les garanties. Il lie les fournisseurs de services intermédiaires, non l'utilisateur de cet outil ; un lecteur a besoin des mêmes chiffres.")
E_PURPOSE = Text("Purpose", "Finalité")
PURPOSE = Text("To point a person to accounts that may act together. Nothing is removed, restricted or reported by the tool.",
               "Signaler à une personne des comptes qui agissent peut-être de concert. L'outil ne retire, ne restreint ni ne signale rien.")
E_HERE = Text("Bounds in this run", "Bornes de cette analyse")
HERE = Text("Chance of naming any group on a clean page: {alpha} at most. Share of false ones among those named: {fdr} on average at most.",
            "Chance de nommer un groupe sur une page saine : {alpha} au plus. Part de faux parmi les désignés : {fdr} au plus en moyenne.")
E_GUARD = Text("Safeguards", "Garanties")
SAFEGUARDS: tuple[Text, ...] = (
    Text("Tests that the data cannot bear are refused by name.", "Les tests que les données ne supportent pas sont refusés nommément."),
    Text("A group must pass a page gate, and each member its own test against the rest; being early alone names nobody.", "Un groupe doit passer un seuil de page, et chaque membre son propre test face aux autres ; être tôt ne désigne personne."),
    Text("Every finding comes with reasons, counter-reasons and the rows to check; declared accounts are left out.", "Chaque constat vient avec ses raisons, contre-raisons et les lignes à vérifier ; les comptes déclarés sont écartés."),
    Text("Names are shown only on request; an account can be erased; the run can be repeated by the other side.", "Les noms ne sont montrés que sur demande ; un compte peut être effacé ; l'analyse peut être refaite par l'autre partie."),
)


def notice_data(groups: Sequence[Mapping[str, Any]], located: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The notice as data. located: group, account_id, comment_id, post_id of the exhibits where names may be shown."""
    return {
        "regulation": "(EU) 2022/2065, article 16(2)",
        "draft": True,
        "a_reasons": {"law": None, "groups": [{k: g[k] for k in ("group", "kind", "evidence", "n_accounts", "n_posts",
                                                                  "first_seen", "last_seen", "p_value", "q_value")} for g in groups]},
        "b_location": {"urls": None, "ids": [dict(r) for r in located]},
        "c_sender": {"name": None, "email": None},
        "d_good_faith": None,
    }


def notice(lang: Lang, groups: Sequence[Mapping[str, Any]], located: Sequence[Mapping[str, str]]) -> Document:
    """The notice in one language."""
    doc = Document(TITLE.of(lang), lang, [Para(DRAFT.of(lang), warn=True), Para(ILLEGAL.of(lang))])
    if not groups:
        doc.blocks.append(Para(NOTHING.of(lang), warn=True))
        return doc
    found = [A_FOUND.of(lang, group=g["group"], n=g["n_accounts"], posts=g["n_posts"], first=when(g["first_seen"]), last=when(g["last_seen"]),
                        p=f"{g['p_value']:.2g}", q=f"{g['q_value']:.2g}",
                        statistic=" ".join(EVIDENCE[e].statistic.of(lang) for e in g["evidence"] if e in EVIDENCE)) for g in groups]
    doc.blocks += [Heading(A.of(lang)), Para(A_LAW.of(lang)), Points(found), Para(A_LIMIT.of(lang)), Heading(B.of(lang))]
    if located:
        head = [t.of(lang) for t in (H_GROUP, H_ACCOUNT, H_COMMENT, H_POST)]
        rows = [[r["group"], Said(r["account_id"]), Said(r["comment_id"]), Said(r["post_id"])] for r in located]
        doc.blocks += [Para(B_NAMED.of(lang)), Table(head, rows)]
    else:
        doc.blocks.append(Para(B_UNNAMED.of(lang)))
    doc.blocks += [Heading(C.of(lang)), Para(C_WHO.of(lang)), Heading(D.of(lang)), Para(D_FAITH.of(lang))]
    return doc


def errors_data(summary: Mapping[str, Any], model: str) -> dict[str, Any]:
    """The error table as data."""
    return {
        "regulation": "(EU) 2022/2065, in the manner of article 15(1)(e)",
        "purpose": asdict(PURPOSE),
        "bounds": {"page_alpha": summary["page_alpha"], "fdr": summary["fdr"], "base_rate": summary["base_rate"]},
        "model": model,
        "measured": [{"what": asdict(title), "counted": asdict(counted), "figure": asdict(figure),
                      "rows": [{"stratum": asdict(r.stratum), "counted": r.counted, "figure": r.figure,
                                "interval_95": r.interval or None, "source": r.page} for r in held]}
                     for title, counted, figure, held in TABLES[summary["kind"]]],
        "limits": [asdict(t) for t in LIMITS],
        "safeguards": [asdict(t) for t in SAFEGUARDS],
    }


def errors(lang: Lang, summary: Mapping[str, Any], model: str) -> Document:
    """The error table in one language."""
    here = HERE.of(lang, alpha=percent(summary["page_alpha"], lang), fdr=percent(summary["fdr"], lang))
    return Document(ERRORS.of(lang), lang, [
        Para(E_INTRO.of(lang)), Heading(E_PURPOSE.of(lang)), Para(PURPOSE.of(lang)), Heading(E_HERE.of(lang)), Para(here),
        *rates(lang, model, summary["kind"]), Heading(E_GUARD.of(lang)), Points([t.of(lang) for t in SAFEGUARDS])])
