"""The page that a reader opens first: what was found and how, group by group, and what cannot be said."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fakedetect import features
from fakedetect.dossier import custody_file, decided_page
from fakedetect.dossier.document import Block, Code, Document, Heading, Para, Points, Quote, Said, Table
from fakedetect.dossier.hypotheses import EVIDENCE, HYPOTHESES
from fakedetect.dossier.rates import LIMITS, TABLES
from fakedetect.report import reasons
from fakedetect.report import wording as w
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import Lang, Text, duration, number, odds_words, percent

TITLE = Text("Dossier: indications of coordinated accounts", "Dossier : indices de comptes coordonnés")
INDICATION = Text("Indications, never guilt. Nothing here says who runs an account, nor why, nor that anybody was paid.",
                  "Des indices, jamais une culpabilité. Rien ici ne dit qui tient un compte, ni pourquoi, ni que quelqu'un a payé.")
PRIVATE = Text("Accounts, posts and pages stand under pseudonyms. Whoever holds the key, or the inputs, can tell who is meant: this dossier is personal data, to be kept from others and no longer than needed.",
               "Comptes, publications et pages portent des pseudonymes. Qui détient la clé, ou les fichiers d'origine, peut savoir de qui il s'agit : ce dossier est fait de données personnelles, à protéger et à ne garder que le temps utile.")
NAMED = Text("Names stand in names.csv because this was asked for: only for those who must see them.",
             "Les noms figurent dans names.csv parce que cela a été demandé : seulement pour qui doit les voir.")
KEEP_UNTIL = Text("To be deleted after {day}.", "À supprimer après le {day}.")
EXTENDED = Text("The audit was to be kept until {before} only; whoever made this dossier extended that.",
                "L'audit ne devait être gardé que jusqu'au {before} ; qui a fait ce dossier a prolongé ce délai.")
NO_RETENTION = Text("No day was stated on which it is to be deleted.", "Aucune date de suppression n'a été indiquée.")
ERASED = Text("Erased after the audit: {accounts}, {comments}. Figures of groups and posts stay as measured, with them among those counted; the chain holds a tombstone for each.",
              "Effacés après l'audit : {accounts}, {comments}. Les chiffres des groupes et des publications restent tels que mesurés, ces comptes compris ; la chaîne garde une pierre tombale pour chacun.")
S_FOUND = Text("What was found", "Ce qui a été trouvé")
FOUND = Text("{groups}; {suspects} and {review} to check by hand, of {total}. Page gate {alpha}, false discovery rate {fdr}, base rate {base}.",
             "{groups} ; {suspects} et {review} à vérifier à la main, sur {total}. Seuil de page {alpha}, taux de fausses découvertes {fdr}, taux de base {base}.")
GATE = Text("Behind it: {accounts} compared in {pairs} pairs, {replicates} replicates of the whole search; {passed} of the groups tried passed the page gate. Strength of the strongest by closeness {close}, by posts {together}, by throwaway accounts {farm}, by sentences {phrases}.",
            "Derrière : {accounts} comparés en {pairs} paires, {replicates} répliques de toute la recherche ; {passed} des groupes essayés ont passé le seuil de page. Force du plus fort par proximité {close}, par publications {together}, par comptes jetables {farm}, par phrases {phrases}.")
S_CUSTODY = Text("Where the data comes from", "D'où viennent les données")
CUSTODY = Text("SHA-256 and rows were computed; the rest is what whoever exported says (a dash: not stated), and was not checked.",
               "SHA-256 et lignes ont été calculés ; le reste est ce que dit l'exportateur (un tiret : non indiqué), sans contrôle.")
H_INPUT, H_FILE, H_ROWS = Text("Input", "Fichier"), Text("Name", "Nom"), Text("Rows", "Lignes")
S_RUN = Text("What it was made with", "Avec quoi cela a été fait")
H_WHAT, H_VALUE = Text("What", "Quoi"), Text("Value", "Valeur")
LOCK_SAME = Text("the libraries that decide are those of the lock file", "les bibliothèques décisives sont celles du fichier de verrouillage")
LOCK_OTHER = Text("other than the lock file: {names}", "autres que le fichier de verrouillage : {names}")
REPLAY = Text("Anyone with the inputs can run it again (docs/dossier.md); without the key, leave --key out:",
              "Quiconque a les fichiers d'origine peut tout refaire (docs/dossier.md) ; sans la clé, omettre --key :")
S_GROUP = Text("Group {group}", "Groupe {group}")
H_STATISTIC, H_NULL = Text("Statistic", "Statistique"), Text("Null: what chance does", "Hypothèse nulle : ce que fait le hasard")
N_LINE = Text("{accounts} accounts on {posts} posts, from {first} to {last}; {pairs} pairs.",
              "{accounts} comptes sur {posts} publications, du {first} au {last} ; {pairs} paires.")
P_LINE = Text("p = {p} ({odds} clean pages); q = {q} after correction for all groups.",
              "p = {p} ({odds} pages saines) ; q = {q} après correction pour tous les groupes.")
EFFECT = Text("Effect: close in time on {close} of {shared} shared posts ({share}); typical gap {gap}.",
              "Effet : proches dans le temps sur {close} de {shared} publications communes ({share}) ; écart typique {gap}.")
EFFECT_FARM = Text("Effect: {excess} comments (95 %: {low} to {high}) more than expected within {window} of the posts.",
                   "Effet : {excess} commentaires (95 % : {low} à {high}) de plus qu'attendu dans les {window} après les publications.")
AGAINST = Text("What speaks against it", "Ce qui parle contre")
NOT_RARE = Text("{n} of {pairs} pairs do not stand out by themselves (p above .05): the finding is about the whole, not about each two.",
                "{n} paires sur {pairs} ne se distinguent pas seules (p supérieur à 0,05) : le constat porte sur l'ensemble, non sur chaque paire.")
NOT_CONVICTED = Text("{n} of its accounts are not convicted on their own: cases to look at.",
                     "{n} de ses comptes ne sont pas désignés pour eux-mêmes : des cas à regarder.")
UNLIKE = Text("Their {what} are no more alike than chance makes them (p = {p}).",
              "Leurs {what} ne se ressemblent pas plus que par hasard (p = {p}).")
ALIKE = {"names_p": Text("names", "noms"), "created_p": Text("opening dates", "dates d'ouverture"), "pages_p": Text("pages", "pages")}
COUNTER = Text("For {n} of them: {what}.", "Pour {n} d'entre eux : {what}.")
NOTHING = Text("Nothing that was measured speaks against it, which is no proof either.",
               "Rien de mesuré ne parle contre, ce qui n'est pas non plus une preuve.")
S_WHY = Text("What could explain it", "Ce qui pourrait l'expliquer")
H_WHY, H_TESTED, H_CHECK = Text("Explanation", "Explication"), Text("What the tests do about it", "Ce qu'en font les tests"), Text("How to settle it", "Comment trancher")
S_MEMBERS = Text("Its accounts", "Ses comptes")
H_MEMBER, H_VERDICT, H_LR = Text("Account", "Compte"), Text("Finding", "Constat"), Text("Likelihood ratio", "Rapport de vraisemblance")
H_P = Text("Probability at base rate {base}", "Probabilité au taux de base {base}")
LIKELIHOOD = Text("The probability is the classifier's, calibrated at the stated base rate; the likelihood ratio is its posterior odds over the prior odds. The group's evidence is part of what it weighs: neither is evidence beside p and q, and they must not be multiplied.",
                  "La probabilité est celle du classifieur, calibrée au taux de base indiqué ; le rapport de vraisemblance est sa cote a posteriori sur la cote a priori. Les indices du groupe en font partie : ni l'un ni l'autre ne s'ajoute à p et q, et il ne faut pas les multiplier.")
S_REASONS = Text("Reasons and counter-reasons, account by account", "Raisons et contre-raisons, compte par compte")
FAVOUR = Text("in its favour: {what}", "en sa faveur : {what}")
S_EXHIBITS = Text("Exhibits", "Pièces")
EXHIBITS = Text("exhibits.csv names the input and the row of each comment by its accounts on its posts; whoever holds the input can look it up.",
                "exhibits.csv nomme le fichier et la ligne de chaque commentaire de ses comptes sur ses publications ; qui détient le fichier peut vérifier.")
EXHIBIT = Text("{account}, {input}, row {row}, {when}, post {post}", "{account}, {input}, ligne {row}, {when}, publication {post}")
MORE = Text("{n} more in exhibits.csv.", "{n} de plus dans exhibits.csv.")
S_RATES = Text("Error rates", "Taux d'erreur")
RATES = Text("From docs/measured.md of this software; model {model}.", "D'après docs/measured.md de ce logiciel ; modèle {model}.")
H_STRATUM = Text("Stratum", "Strate")
S_NOT = Text("What cannot be said", "Ce qui ne peut être dit")
NOT_SAID: tuple[Text, ...] = (
    Text("Who runs an account, why, whether anybody paid, whether its owner knew.", "Qui tient un compte, pourquoi, si quelqu'un a payé, si son titulaire savait."),
    Text("That what was written is untrue.", "Que ce qui a été écrit est faux."),
    Text("That the other accounts are clean: campaigns that are slow, rare or of another kind can stay unseen.", "Que les autres comptes sont sains : une campagne lente, rare ou d'un autre genre peut rester invisible."),
    Text("That the export is complete or true: only that these bytes were analysed.", "Que l'export est complet ou exact : seulement que ces octets ont été analysés."),
    Text("Who made this dossier: the chain shows that it is whole, not where it comes from. Compare its fingerprint with the one you were given.",
         "Qui a fait ce dossier : la chaîne montre qu'il est entier, non d'où il vient. Comparez son empreinte à celle qui vous a été donnée."),
)
MOST_QUOTES = 40
MOST_MEMBERS = 200


def page(audit: Audit, lang: Lang, facts: Mapping[str, Any], summary: Mapping[str, Any], groups: Sequence[Mapping[str, Any]],
         exhibits: Sequence[Mapping[str, Any]], view: View, account: Mapping[str, str],
         decided: Mapping[str, Any] | None = None) -> Document:
    """The page in one language. facts, summary, groups: as `facts` makes them. exhibits: rows of the comments table with
    pseudonyms, and with `text` where texts may be shown. account: pseudonym -> how the account is shown. decided:
    what people decided, as `decided.data` makes it."""
    told = _Told(lang)
    doc = Document(TITLE.of(lang), lang)
    add = doc.blocks.extend
    add([Para(INDICATION.of(lang), warn=True), Para(PRIVATE.of(lang))])
    if facts["holds"]["names"]:
        add([Para(NAMED.of(lang), warn=True)])
    add(_retention(told, facts))
    if facts["erasures"]:
        add([Para(ERASED.of(lang, accounts=told.counted("account", facts["erasures"]),
                             comments=told.counted("comment", summary["erased"]["comments"])), warn=True)])
    add([Heading(S_FOUND.of(lang)), Para(FOUND.of(
        lang, groups=told.counted("group", len(groups)), suspects=told.counted("suspect", summary["accounts"]["suspect"]),
        review=told.n(summary["accounts"]["review"]), total=told.counted("account", summary["accounts"]["total"]), alpha=told.share(summary["page_alpha"]), fdr=told.share(summary["fdr"]),
        base=told.share(summary["base_rate"], 3)))])
    gate = summary["page_gate"]
    if gate.get("pairs"):
        add([Para(GATE.of(lang, accounts=told.counted("account", gate["accounts_compared"]),
                          passed=told.n(gate["groups_passed"]), **{
            k: told.n(gate[c]) for k, c in (("pairs", "pairs"), ("replicates", "replicates"), ("close", "strongest"),
                                            ("together", "strongest_together"), ("farm", "strongest_farm"),
                                            ("phrases", "strongest_phrases"))}))])
    add(_custody(told, facts))
    place = {label: i for i, label in enumerate(audit.accounts["label"].to_pylist())} if groups else {}
    for group in groups:
        add(_group(told, group, summary, view, audit, account, place))
        add(_exhibits(told, [e for e in exhibits if e["group"] == group["group"]], facts["holds"]["verbatim"], account))
    add(decided_page.blocks(lang, decided, account))
    add(rates(lang, facts["model"], str(audit.summary["kind"])))
    add(_run(told, facts))
    add([Heading(S_NOT.of(lang)), Points([t.of(lang) for t in NOT_SAID])])
    return doc


class _Told:
    """Numbers in one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang

    def n(self, value: float | int | None) -> str:
        return number(value, self.lang)

    def counted(self, noun: str, n: int) -> str:
        one, several = w.NOUNS[noun]
        return (one if n == 1 or (n == 0 and self.lang == "fr") else several).of(self.lang, n=self.n(n))

    def share(self, value: float | None, digits: int = 1) -> str:
        return "–" if value is None else percent(value, self.lang, digits)

    def p(self, value: float | None) -> str:
        return "–" if value is None else self.point(f"{value:.2g}")

    def point(self, figure: str) -> str:
        return figure if self.lang == "en" else figure.replace(",", " ").replace(".", ",")


def when(moment: str) -> str:
    """A time of the tables for a reader: 2024-03-05 13:02:23 UTC."""
    return moment.replace("T", " ").replace("Z", " UTC") if moment else "–"


def _retention(told: _Told, facts: Mapping[str, Any]) -> list[Block]:
    day, before = facts["retention"]["dossier"], facts["retention"]["audit"]
    if day is None:
        return [Para(NO_RETENTION.of(told.lang))]
    longer = [Para(EXTENDED.of(told.lang, before=before))] if before is not None and day > before else []
    return [Para(KEEP_UNTIL.of(told.lang, day=day)), *longer]


def _custody(told: _Told, facts: Mapping[str, Any]) -> list[Block]:
    lang = told.lang
    head = [H_INPUT.of(lang), H_FILE.of(lang), "SHA-256", H_ROWS.of(lang), *(t.of(lang) for t in custody_file.FIELDS.values())]
    rows = [[f["input"], Said(f["name"]), f["sha256"], told.n(f["rows"]), *(Said(f["custody"].get(k, "–")) for k in custody_file.FIELDS)]
            for f in facts["inputs"]]
    return [Heading(S_CUSTODY.of(lang)), Para(CUSTODY.of(lang)), Table(head, rows)]


def _run(told: _Told, facts: Mapping[str, Any]) -> list[Block]:
    lang = told.lang
    other = ", ".join(f"{n} {d['here']} ({d['locked']})" for n, d in facts["lock"]["differs"].items())
    rows = [["fakedetect", facts["versions"]["fakedetect"]], ["model", facts["model"]], ["features", facts["features"]],
            ["requirements.lock", facts["lock"]["sha256"]],
            ["", LOCK_OTHER.of(lang, names=other) if other else LOCK_SAME.of(lang)],
            ["seed", str(facts["seed"])],
            *([k, str(v)] for k, v in sorted(facts["options"].items()) if v is not None and k not in ("model", "seed")),
            *([k, v] for k, v in sorted(facts["versions"].items()) if k != "fakedetect"),
            ["HMAC key", facts["pseudonyms"]["key_fingerprint"]]]
    return [Heading(S_RUN.of(lang)), Table([H_WHAT.of(lang), H_VALUE.of(lang)], [[k, Said(v)] for k, v in rows]),
            Para(REPLAY.of(lang)), Code(facts["replay"])]


def _group(told: _Told, g: Mapping[str, Any], summary: Mapping[str, Any], view: View, audit: Audit,
           account: Mapping[str, str], place: Mapping[str, int]) -> list[Block]:
    lang = told.lang
    kind = w.KINDS.get(g["kind"])
    pairs = g["pairs"]
    blocks: list[Block] = [
        Heading(S_GROUP.of(lang, group=g["group"])),
        Para(N_LINE.of(lang, accounts=told.n(g["n_accounts"]), posts=told.n(g["n_posts"]), first=when(g["first_seen"]),
                       last=when(g["last_seen"]), pairs=told.n(pairs["n"])) + (f" ({kind.of(lang)})" if kind else "")),
        Table([H_STATISTIC.of(lang), H_NULL.of(lang)],
              [[EVIDENCE[e].statistic.of(lang), EVIDENCE[e].null.of(lang)] for e in g["evidence"] if e in EVIDENCE]),
        Para(P_LINE.of(lang, p=told.p(g["p_value"]), odds=odds_words(g["p_value"], lang), q=told.p(g["q_value"]))),
    ]
    if pairs["posts_shared"]:
        blocks.append(Para(EFFECT.of(lang, close=told.n(pairs["posts_close"]), shared=told.n(pairs["posts_shared"]),
                                     share=told.share(pairs["close_share"]), gap=duration(g["median_gap_s"], lang))))
    if g["excess"] is not None:
        blocks.append(Para(EFFECT_FARM.of(lang, excess=told.n(g["excess"]), low=told.n(g["excess_low"]), high=told.n(g["excess_high"]),
                                          window=duration(g["window_s"], lang))))
    blocks += [Heading(AGAINST.of(lang), 3), Points(_against(told, g))]
    open_ = [h for h in HYPOTHESES if h.code in g["hypotheses"]]
    blocks += [Heading(S_WHY.of(lang), 3), Table([H_WHY.of(lang), H_TESTED.of(lang), H_CHECK.of(lang)],
                                                 [[h.label.of(lang), h.tested.of(lang), h.check.of(lang)] for h in open_])]
    shown = g["members"][:MOST_MEMBERS]
    told_at: Mapping[str, float] = next((m["probability_at"] for m in shown if m["probability_at"]), {})
    bases = [b for b in told_at if float(b) != summary["base_rate"]]
    head = [H_MEMBER.of(lang), H_VERDICT.of(lang), "p", "q", H_P.of(lang, base=told.share(summary["base_rate"], 3)), H_LR.of(lang),
            *(H_P.of(lang, base=told.share(float(b), 3)) for b in bases)]
    rows = [[Said(account[m["account"]]), w.VERDICTS[m["verdict"]][0].of(lang), told.p(m["p_value"]), told.p(m["q_value"]),
             told.p(m["probability"]), told.n(m["likelihood_ratio"]),
             *(told.p((m["probability_at"] or {}).get(b)) for b in bases)] for m in shown]
    blocks += [Heading(S_MEMBERS.of(lang), 3), Table(head, rows), Para(LIKELIHOOD.of(lang))]
    lines = []
    for m in shown:
        row = audit.accounts.slice(place[m["label"]], 1).to_pylist()[0]
        speaks = "; ".join(reasons.sentences(view, row, "reasons")) or "–"
        favour = "; ".join(reasons.sentences(view, row, "counter"))
        lines.append(f"{m['label']}: {speaks}" + (f" | {FAVOUR.of(lang, what=favour)}" if favour else ""))
    return [*blocks, Heading(S_REASONS.of(lang), 3), Points(lines)]


def _against(told: _Told, g: Mapping[str, Any]) -> list[str]:
    lang, out = told.lang, []
    if g["pairs"]["not_rare"]:
        out.append(NOT_RARE.of(lang, n=told.n(g["pairs"]["not_rare"]), pairs=told.n(g["pairs"]["n"])))
    if n := sum(c for v, c in g["verdicts"].items() if v != "suspect"):
        out.append(NOT_CONVICTED.of(lang, n=told.n(n)))
    out += [UNLIKE.of(lang, what=text.of(lang), p=told.p(g[k])) for k, text in ALIKE.items() if g[k] is not None and g[k] > 0.1]
    label = {f.name: f.label for f in features.FEATURES}
    out += [COUNTER.of(lang, n=told.n(n), what=label[c].of(lang) if c in label else c)
            for c, n in sorted(g["counter"].items(), key=lambda item: (-item[1], item[0]))[:5]]
    return out or [NOTHING.of(lang)]


def _exhibits(told: _Told, rows: Sequence[Mapping[str, Any]], verbatim: bool, account: Mapping[str, str]) -> list[Block]:
    lang = told.lang
    blocks: list[Block] = [Heading(S_EXHIBITS.of(lang), 3), Para(EXHIBITS.of(lang))]
    if verbatim:
        for r in rows[:MOST_QUOTES]:
            about = EXHIBIT.of(lang, account=r["label"], input=r["input"], row=r["row"], when=when(r["comment_time"]), post=r["post"])
            blocks.append(Quote(about, Said(r["text"] or "–")))
        if len(rows) > MOST_QUOTES:
            blocks.append(Para(MORE.of(lang, n=told.n(len(rows) - MOST_QUOTES))))
    return blocks


def rates(lang: Lang, model: str, kind: str) -> list[Block]:
    """The error rates measured for this kind of run, and what they are not."""
    told = _Told(lang)
    blocks: list[Block] = [Heading(S_RATES.of(lang)), Para(RATES.of(lang, model=model[:12]))]
    for title, counted, figure, held in TABLES[kind]:
        rows = [[r.stratum.of(lang), told.point(r.counted),
                 told.point(r.figure + (f" ({r.interval})" if r.interval else ""))] for r in held]
        blocks += [Heading(title.of(lang), 3), Table([H_STRATUM.of(lang), counted.of(lang), figure.of(lang)], rows)]
    return [*blocks, Points([t.of(lang) for t in LIMITS])]
