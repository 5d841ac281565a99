"""What the engagement would have been without the suspects: their part of the first hour, with an interval; of reviews,
the averages without theirs.

The lift and its interval are read from the run's summary; what the chart and the table show is counted from the tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from fakedetect.first_hours import FirstHours, first_hours
from fakedetect.report import charts
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Figure, Para, Section, Table
from fakedetect.report.overtime import LAYERS
from fakedetect.report.plain import isolated
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import Text

TITLE = Text("Without the suspects", "Sans les suspects")
NONE = Text("There is no suspect, so there is nothing to leave out.", "Il n'y a aucun suspect : il n'y a rien à ôter.")
UNKNOWN = Text("What the first hour would have been cannot be told here: no post that suspects came to has a first "
               "hour "
               "({refused} says why).",
               "Ce qu'aurait été la première heure ne peut pas se dire ici : aucune publication où sont venus des "
               "suspects n'a de première heure ({refused} dit pourquoi).")
LEAD = Text("On the {posts} that suspects came to, the first hour brought {first_hour}; {suspects} of them are theirs. "
            "Without them it would have brought {without}: they lifted it by {lift}{interval}.",
            "Sur les {posts} où sont venus des suspects, la première heure a apporté {first_hour}, dont {suspects} "
            "d'eux. Sans eux, elle en aurait apporté {without} : ils l'ont relevée de {lift}{interval}.")
LEAD_ALL = Text("On the {posts} that suspects came to, every comment of the first hour is theirs: {first_hour}.",
                "Sur les {posts} où sont venus des suspects, tous les commentaires de la première heure sont d'eux : "
                "{first_hour}.")
BETWEEN = Text(" (between {low} and {high})", " (entre {low} et {high})")
UNSAID = Text("The interval (95%) tells how the lift varies between posts; its low end leaves out the share of "
              "suspects "
              "who may be there by chance, its high end counts the accounts to check as well. It holds what they "
              "wrote, "
              "not what came of it: early comments make a network show a post to more people, and who came for that "
              "cannot be told from who came anyway.",
              "L'intervalle (95 %) dit comment ce relèvement varie d'une publication à l'autre ; sa borne basse ôte la "
              "part de suspects qui peuvent l'être par hasard, sa borne haute compte aussi les comptes à vérifier. Il "
              "dit ce qu'ils ont écrit, non ce qui s'ensuit : des commentaires précoces font montrer une publication à "
              "plus de monde, et qui est venu pour cela ne se distingue pas de qui serait venu quand même.")
NO_INTERVAL = Text("On so few posts no interval can be given.", "Sur si peu de publications, aucun intervalle n'est "
                                                                "possible.")
CAPTION = Text("Comments of the first hour on the posts that suspects came to, in order of time.",
               "Commentaires de la première heure sur les publications où sont venus des suspects, dans l'ordre du "
               "temps.")
CAPTION_BINNED = Text("Each bar holds {n} posts in a row.", "Chaque barre réunit {n} publications de suite.")
NAME = Text("First hour, with and without the suspects", "Première heure, avec et sans les suspects")
SAID = Text("{n} comments came in these first hours, {suspects} of them by suspects.",
            "{n} commentaires sont arrivés dans ces premières heures, dont {suspects} de suspects.")
TABLE = Text("The first hour, as seen and without the suspects", "La première heure, telle quelle et sans les suspects")
HEAD = (Text("What", "Quoi"), Text("As seen", "Telle quelle"), Text("Without suspects", "Sans les suspects"),
        Text("And without accounts to check", "Et sans les comptes à vérifier"))
ROW_COUNT = Text("Comments in the first hour, on these posts", "Commentaires de la première heure, sur ces "
                                                               "publications")
ROW_SHARE = Text("Share of these posts' comments that came in the first hour",
                 "Part des commentaires de ces publications arrivée dans la première heure")
ROW_OVER = Text("Of these posts, above their band", "De ces publications, au-dessus de leur bande")
ROW_PAGE = Text("Comments in the first hour, all posts", "Commentaires de la première heure, toutes publications")
MARKS_LEAD = Text("Suspects reviewed {n} businesses; without their reviews the average of {moved} would be another.",
                  "Des suspects ont évalué {n} établissements ; sans leurs avis, la moyenne de {moved} serait autre.")
MARKS_UNSAID = Text("Averages to the hundredth. What suspects wrote is counted, not what came of it: who chose a place "
                    "for "
                    "its stars is in no export.",
                    "Moyennes au centième. On compte ce que les suspects ont écrit, non ce qui s'ensuit : qui a choisi "
                    "un lieu pour ses étoiles n'est dans aucun export.")
MARKS_CAPTION = Text("Averages with and without the suspects, most moved first",
                     "Moyennes avec et sans les suspects, les plus déplacées d'abord")
MARKS_HEAD = (Text("Business", "Établissement"), Text("Reviews", "Avis"), Text("By suspects", "De suspects"),
              Text("Average", "Moyenne"), Text("Without suspects", "Sans les suspects"),
              Text("And without accounts to check", "Et sans les comptes à vérifier"))

_MAX_BUSINESSES = 20


def without(view: View) -> Section:
    """The first hour, or the averages of reviewed businesses, with and without the suspects."""
    title = view.say(TITLE)
    if not view.n_of("suspect"):
        return Section("without", title, [Para(view.say(NONE))])
    if view.is_reviews:
        return Section("without", title, _averages(view))
    told = view.summary["first_hour_lift"]
    found = first_hours(view.audit.comments, view.audit.posts)
    if told is None or found is None:
        return Section("without", title, [Para(view.say(UNKNOWN, refused=view.link("refused", w.S_REFUSED)))])
    values = {"posts": view.counted("post", told["posts"]), "first_hour": view.counted("comment", told["comments"])}
    known = told["low"] is not None and told["high"] is not None
    if told["estimate"] is None:
        lead = view.say(LEAD_ALL, **values)
    else:
        between = view.say(BETWEEN, low=view.percent(told["low"]), high=view.percent(told["high"])) if known else ""
        lead = view.say(LEAD, suspects=view.number(told["by_suspects"]), without=view.number(told["without"]),
                        lift=view.percent(told["estimate"]), interval=between, **values)
    unsaid = UNSAID if told["low"] is not None else NO_INTERVAL
    return Section("without", title, [Para(lead, "lead"), _figure(view, found), _table(view, found),
                                      Para(view.say(unsaid), "note")])


def _figure(view: View, lift: FirstHours) -> Figure:
    size = charts.bin_size(lift.posts.num_rows)
    starts = np.arange(0, lift.posts.num_rows, size)
    by = {"suspect": lift.early_suspect, "review": lift.early_review,
          "others": lift.early - lift.early_suspect - lift.early_review}
    layers = [layer for layer in LAYERS if by[layer[0]].any() or layer[0] != "review"]
    option = charts.stacked(
        [view.day(t) for t in lift.posts["post_time"].take(pa.array(starts)).to_pylist()],
        [(view.line(name), colour, np.add.reduceat(by[kind], starts).tolist()) for kind, colour, name in layers])
    caption = [view.say(CAPTION)] + ([view.say(CAPTION_BINNED, n=view.number(size))] if size > 1 else [])
    key = [(f"b-{colour}", view.line(name)) for _, colour, name in layers]
    said = view.line(SAID, n=view.number(int(lift.early.sum())), suspects=view.number(int(lift.early_suspect.sum())))
    return Figure(charts.as_json(option), Markup(" ").join(caption), view.line(NAME), said, key, height=220)


def _table(view: View, lift: FirstHours) -> Table:
    early = [lift.early, lift.early - lift.early_suspect]
    total = [lift.total, lift.total - lift.total_suspect]
    if view.n_of("review"):
        early.append(early[1] - lift.early_review)
        total.append(total[1] - lift.total_review)
    high = lift.posts["expected_high"].to_numpy().astype(np.float64)
    sums = [(int(e.sum()), int(t.sum())) for e, t in zip(early, total, strict=True)]
    rows = [
        [view.line(ROW_COUNT), *(view.number(e) for e, _ in sums)],
        [view.line(ROW_SHARE), *(view.percent(e / t) if t else "–" for e, t in sums)],
        [view.line(ROW_OVER), *(view.number(int((e / np.maximum(t, 1) > high).sum()))
                                for e, t in zip(early, total, strict=True))],
        [view.line(ROW_PAGE), *(view.number(lift.page_early - sums[0][0] + e) for e, _ in sums)],
    ]
    return Table(view.line(TABLE), [view.line(h) for h in HEAD[:1 + len(sums)]], rows, frozenset({1, 2, 3}))


def averages(audit: Audit) -> list[dict[str, Any]]:
    """Of each business that suspects reviewed: post_id, n, n_suspect, and its average stars: mean, without (suspects),
    least (without accounts to check either); None where nothing is left. Most moved first."""
    comments = audit.comments.filter(pc.is_valid(audit.comments["rating"]))
    rating = comments["rating"].cast(pa.float64())
    columns: dict[str, Any] = {"post_id": comments["post_id"], "rating": rating}
    for kind in ("suspect", "review"):
        theirs = pc.fill_null(pc.equal(comments["verdict"], kind), False)
        columns |= {f"n_{kind}": theirs.cast(pa.int64()),
                    f"stars_{kind}": pc.if_else(theirs, rating, pa.scalar(0.0))}
    sums = pa.table(columns).group_by("post_id").aggregate(
        [("rating", "sum"), ("rating", "count"), *((c, "sum") for c in columns if c.startswith(("n_", "stars_")))])
    rows = []
    for r in sums.filter(pc.greater(sums["n_suspect_sum"], 0)).to_pylist():
        n, stars = r["rating_count"], r["rating_sum"]
        left, rest = n - r["n_suspect_sum"], stars - r["stars_suspect_sum"]
        fewer, least = left - r["n_review_sum"], rest - r["stars_review_sum"]
        rows.append({"post_id": r["post_id"], "n": n, "n_suspect": r["n_suspect_sum"], "mean": round(stars / n, 2),
                     "without": round(rest / left, 2) if left else None,
                     "least": round(least / fewer, 2) if fewer else None})
    return sorted(rows, key=lambda r: (-_moved(r), -r["n_suspect"], str(r["post_id"])))


def _moved(row: dict[str, Any]) -> float:
    return float("inf") if row["without"] is None else round(abs(row["mean"] - row["without"]), 2)


def _averages(view: View) -> list[Block]:
    every = averages(view.audit)
    rows = [r for r in every if _moved(r) > 0]
    means = ("mean", "without", "least") if view.n_of("review") else ("mean", "without")
    cells = [[isolated(r["post_id"], 40), view.number(r["n"]), view.number(r["n_suspect"]),
              *(_hundredths(view, r[m]) for m in means)] for r in rows[:_MAX_BUSINESSES]]
    head = [view.line(h) for h in MARKS_HEAD[:3 + len(means)]]
    lead = Para(view.say(MARKS_LEAD, n=view.number(len(every)), moved=view.number(len(rows))), "lead")
    return [lead, Table(view.line(MARKS_CAPTION), head, cells, frozenset({1, 2, 3, 4, 5})),
            Para(view.say(MARKS_UNSAID), "note")]


def _hundredths(view: View, mean: float | None) -> str:
    if mean is None:
        return "–"
    return f"{mean:.2f}" if view.lang == "en" else f"{mean:.2f}".replace(".", ",")
