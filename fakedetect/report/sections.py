"""The sections of the report, one function each, in the order of `SECTIONS`: View -> Section.

A new section is a function here, its place in the tuple, and its sentences in wording.py; template.html knows
only the shapes of blocks.py. The longer ones, with pictures, are put together in figures.py and cases.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from fakedetect.report import agency, cases, duties, figures, people, reviewed
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Cards, Fold, Para, Points, Section, Table
from fakedetect.report.errors import TITLE as S_ERRORS
from fakedetect.report.errors import errors
from fakedetect.report.lift import without
from fakedetect.report.overtime import timeline
from fakedetect.report.plain import isolated, say, visible
from fakedetect.report.view import View
from fakedetect.words import Text

_MAX_REFUSED = 40
_MAX_NOTES = 30


def shape(view: View) -> str:
    """Which of three findings this is: 'found', 'unknown' (not enough data to tell) or 'clean'.

    Unknown: no account could be tested, or no planted group of any size tried would have been seen.
    """
    if view.audit.groups.num_rows or view.n_of("suspect"):
        return "found"
    tested = sum(view.n_of(v) for v in ("review", "disclosed", "no_evidence"))
    power = view.summary["power"]
    return "unknown" if not tested or not power or power.get("smallest") is None else "clean"


def verdict(view: View) -> Section:
    """The finding in one sentence, and what it does not say."""
    n_groups, n_suspects, found = view.audit.groups.num_rows, view.n_of("suspect"), shape(view)
    suspects, reviews = view.counted("suspect", n_suspects), view.counted("account", view.n_of("review"))
    if found == "found":
        which = w.FOUND if n_groups and n_suspects else w.FOUND_NO_SUSPECT if n_groups else w.FOUND_ONE_BY_ONE
        lead = view.say(which, groups=view.counted("group", n_groups), suspects=suspects)
    elif found == "unknown":
        lead = view.say(w.UNKNOWN)
    elif view.n_of("review"):
        lead = view.say(w.CLEAN_REVIEW, reviews=reviews)
    else:
        lead = view.say(w.CLEAN, accounts=view.counted("account", view.n_of("total")))
    blocks: list[Block] = [Para(lead, "lead")]
    if found == "found":
        blocks.append(Para(_sure(view, suspects, n_suspects)))
    share = view.summary["inauthentic_share"] or {}
    if found == "found" and share.get("estimate") is not None:
        # Thirteen of millions are more than 0.0%.
        digits = max(1, -math.floor(math.log10(100 * share["estimate"]))) if share["estimate"] else 1
        known = {k: view.percent(share[k], digits) for k in ("estimate", "low", "high") if share.get(k) is not None}
        blocks.append(Para(view.say(w.SHARE if "high" in known else w.SHARE_LOW, **known)))
    if view.summary["truncated"]:
        blocks.append(Para(view.say(w.TRUNCATED), "warn"))
    limits = {
        "found": [w.LIMIT_WHO, w.LIMIT_INNOCENT, w.LIMIT_REST],
        "clean": [w.LIMIT_CLEAN, w.LIMIT_WHO],
        "unknown": [w.LIMIT_UNKNOWN, w.LIMIT_WHO],
    }[found]
    refused_tests = view.link("refused", w.S_REFUSED)
    said = [view.say(text, refused=refused_tests) if text is w.LIMIT_UNKNOWN else view.say(text) for text in limits]
    if found == "clean":
        said.insert(1, _smallest(view, w.LIMIT_CLEAN_POWER, view.summary["power"]["smallest"]))
    blocks += [Para(view.say(w.LIMITS), "title"), Points(said)]
    return Section("finding", view.say(w.S_VERDICT), blocks, tone=found)


def _sure(view: View, suspects: str, n: int) -> Markup:
    """How sure the finding is, from what the run was held to."""
    alpha, fdr = view.summary["page_alpha"], view.summary["fdr"]
    if not n:
        return view.say(w.SURE_GROUP, alpha=view.percent(alpha, 1))
    false = fdr * n
    by_chance = view.line(w.FEWER_THAN_ONE) if false < 1 else view.line(w.ABOUT, n=view.number(round(false)))
    return view.say(w.SURE, alpha=view.percent(alpha, 1), fdr=view.percent(fdr, 1), suspects=suspects, n=by_chance)


def glance(view: View) -> Section:
    """Rows in = scored + rejected, and accounts per verdict."""
    rows = view.summary["rows"]
    cards = [
        (view.number(rows["scored"]), w.CARD_COMMENTS),
        (view.number(view.n_of("total")), w.CARD_ACCOUNTS),
        (view.number(view.audit.posts.num_rows), w.CARD_POSTS),
        (view.number(view.audit.groups.num_rows), w.CARD_GROUP if view.audit.groups.num_rows == 1 else w.CARD_GROUPS),
        (view.number(view.n_of("suspect")), w.CARD_SUSPECT if view.n_of("suspect") == 1 else w.CARD_SUSPECTS),
    ]
    if len(view.page_ids) > 1:
        cards.insert(2, (view.number(len(view.page_ids)), w.CARD_PAGES))
    count = view.say(
        w.ROWS,
        read=view.counted("row", rows["read"]),
        scored=view.number(rows["scored"]),
        rejected=view.number(rows["rejected"]),
    )
    by_verdict = [
        [view.say(name), view.number(view.n_of(code)), view.say(meaning)]
        for code, (name, meaning) in w.VERDICTS.items()
    ]
    blocks: list[Block] = [
        Cards([(n, view.line(text)) for n, text in cards]),
        _table(view, w.ACCOUNTS_CAPTION, (w.H_VERDICT, w.H_ACCOUNTS, w.H_MEANING), by_verdict, {1}),
        Para(count, "note"),
    ]
    rejected = Counter(str(r) for r in view.audit.rejects["reason"].to_pylist())
    if rejected:
        listed = sorted(rejected.items(), key=lambda item: (-item[1], item[0]))[:_MAX_NOTES]
        table = [[isolated(reason, 200), view.number(n)] for reason, n in listed]
        inside = _table(view, w.REJECTS_CAPTION, (w.H_REASON, w.H_ROWS), table, {1})
        blocks.append(Fold(view.say(w.REJECTS_CAPTION), [inside]))
    return Section("numbers", view.say(w.S_GLANCE), blocks)


def refused(view: View) -> Section:
    """Which tests were refused, why, and what would restore them; what readers noted about the files."""
    # One line per test and cause: 600 pages that lack the same field are one fact, not 600.
    by_cause: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for refusal in view.summary["refused"]:
        cause = refusal.get("code") or refusal["reason"]
        by_cause.setdefault((refusal["test"], cause), []).append(refusal)
    blocks: list[Block] = [Para(view.say(w.REFUSED_INTRO))]
    if by_cause:
        lines = [_refusal(view, same) for same in by_cause.values()]
        head = (w.H_TEST, w.H_WHY, w.H_RESTORE, w.H_WHERE)
        blocks.append(_table(view, w.REFUSED_CAPTION, head, lines[:_MAX_REFUSED]))
        if len(lines) > _MAX_REFUSED:
            left = view.number(len(lines) - _MAX_REFUSED)
            blocks.append(Para(view.say(w.MORE_REFUSED, n=left), "note"))
    else:
        blocks.append(Para(view.say(w.REFUSED_NONE)))
    notes = view.summary.get("notes") or []
    if notes:
        points = [_note(view, note) for note in notes[:_MAX_NOTES]]
        blocks.append(Fold(view.say(w.NOTES, n=view.number(len(notes))), [Points(points)]))
    return Section("refused", view.say(w.S_REFUSED), blocks)


def first_hour(view: View) -> Section:
    """First-hour share of each post against the page's own organic band."""
    if view.is_reviews:
        blocks: list[Block] = [Para(view.say(w.FIRST_HOUR_REVIEWS))]
    else:
        blocks = figures.first_hour(view) or [
            Para(view.say(w.FIRST_HOUR_NONE, refused=view.link("refused", w.S_REFUSED)))]
        blocks = [Para(view.say(w.FIRST_HOUR_INTRO)), *blocks]
    return Section("first-hour", view.say(w.S_FIRST_HOUR), blocks)


def groups(view: View) -> Section:
    """Each group with its picture, its rarity in words and its exhibits."""
    blocks = cases.groups(view) or [Para(view.say(w.GROUPS_NONE))]
    return Section("groups", view.say(w.S_GROUPS), blocks)


def accounts(view: View) -> Section:
    """Suspects and reviews with what speaks against and for them."""
    blocks = people.accounts(view)
    intro = w.ACCOUNTS_INTRO_NAMES if view.names else w.ACCOUNTS_INTRO
    head = Para(view.say(intro if blocks else w.ACCOUNTS_NONE))
    return Section("accounts", view.say(w.S_ACCOUNTS), [head, *blocks])


def power(view: View) -> Section:
    """What a group of 5 or 13 would have looked like here, and the smallest that would have been seen."""
    found = view.summary["power"] or {}
    tried = [
        row for rows in found.values() if isinstance(rows, list) for row in rows if isinstance(row, Mapping)
    ]
    blocks: list[Block] = [Para(view.say(w.POWER_INTRO))] if tried else []
    if found.get("smallest"):
        blocks.append(Para(_smallest(view, w.POWER_SMALLEST, found["smallest"]), "lead"))
    elif tried:
        blocks.append(Para(view.say(w.POWER_NO_SMALLEST), "warn"))
    else:
        blocks.append(Para(view.say(w.POWER_NONE)))
    if found.get("reason"):
        blocks.append(Para(Markup("{}").format(visible(found["reason"])), "note"))
    gate = view.summary.get("page_gate") or {}
    if gate.get("accounts_skipped"):
        blocks.append(Para(view.say(w.POWER_SKIPPED, accounts=view.counted("account", gate["accounts_skipped"]),
                                    posts=view.counted("post", gate["min_posts"])), "warn"))
    if tried:
        blocks += [Points(_rings(view, tried)), figures.power_table(view, tried)]
        if view.is_reviews:
            blocks.append(Para(view.say(w.POWER_REVIEWS, errors=view.link("errors", S_ERRORS)), "note"))
    return Section("power", view.say(w.S_POWER), blocks)


def next_steps(view: View) -> Section:
    """What to do next, which is never to name people in public."""
    steps = {
        "found": (w.NEXT_CHECK, w.NEXT_KEEP, w.NEXT_AGENCY, w.NEXT_PLATFORM),
        "clean": (w.NEXT_CLEAN,),
        "unknown": (w.NEXT_DATA, w.NEXT_NO_CONCLUSION),
    }[shape(view)]
    if view.n_of("review") and w.NEXT_CHECK not in steps:
        steps = (w.NEXT_CHECK, *steps)
    links = {"groups": view.link("groups", w.S_GROUPS), "refused": view.link("refused", w.S_REFUSED)}
    blocks: list[Block] = [
        Points([view.say(s, **{name: link for name, link in links.items() if name in s.fields()[0]}) for s in steps],
               ordered=True),
        Para(view.say(w.NEXT_NEVER), "warn"),
    ]
    return Section("next", view.say(w.S_NEXT), blocks)


def method(view: View) -> Section:
    """How it was measured, its limits, the versions."""
    summary = view.summary
    points = [
        view.say(w.METHOD_ROAD),
        view.say(w.METHOD_EARLY),
        view.say(w.METHOD_LIMIT),
    ]
    model = summary.get("model") or {}
    facts = [(str(name), version) for name, version in sorted(dict(summary["versions"]).items())]
    facts.append(
        (view.line(w.FACT_MODEL), " ".join(str(model[k]) for k in ("name", "fingerprint") if k in model))
    )
    facts.append((view.line(w.FACT_FORMATS), ", ".join(str(f) for f in summary.get("formats") or [])))
    rows = [[visible(name), visible(value, 200)] for name, value in facts if value]
    table = _table(view, w.METHOD_CAPTION, (w.H_WHAT, w.H_VALUE), rows)
    blocks: list[Block] = [Points(points), Fold(view.say(w.METHOD_DETAILS), [table])]
    return Section("method", view.say(w.S_METHOD), blocks)


SECTIONS: tuple[Callable[[View], Section], ...] = (
    verdict,
    next_steps,
    glance,
    timeline,
    first_hour,
    without,
    groups,
    accounts,
    refused,
    power,
    errors,
    method,
)


def shown(view: View) -> tuple[Callable[[View], Section], ...]:
    """SECTIONS; in a run on reviews also the businesses and the duties, before what was refused; in one over several
    brands also what is told across them, before the numbers of the run."""
    at, now = SECTIONS.index(glance), SECTIONS
    if agency.told(view) is not None:
        now = (*now[:at], *agency.SECTIONS, *now[at:])
    if not view.summary.get("duties"):
        return now
    at = now.index(refused)
    return (*now[:at], reviewed.businesses, duties.duties, *now[at:])


def _table(
    view: View,
    caption: Text,
    head: Iterable[Text],
    rows: Sequence[Sequence[str | Markup]],
    right: Iterable[int] = (),
) -> Table:
    return Table(view.line(caption), [view.line(h) for h in head], rows, frozenset(right))


def _refusal(view: View, same: list[Mapping[str, Any]]) -> list[str | Markup]:
    first = same[0]
    values = {k: _value(view, v) for k, v in (first.get("values") or {}).items()}
    texts = view.refusal_words.get(first.get("code") or "")
    if texts is None:  # a cause without words of its own: the summary's English sentence is all there is
        why, restore = (Markup("{}").format(visible(first[k], 600)) for k in ("reason", "restore"))
    else:
        why, restore = (say(text, view.lang, **values) for text in texts)
    label = view.test_labels.get(first["test"])
    pages = sorted({r["page_id"] for r in same if r.get("page_id")})
    if any(not r.get("page_id") for r in same) or not pages or len(pages) == len(view.page_ids):
        where = view.say(w.EVERYWHERE)
    else:
        n, n_all = view.number(len(pages)), view.number(len(view.page_ids))
        where = view.say(w.ON_PAGES, n=n, all=n_all, page=isolated(pages[0], 40))
    return [view.line(label) if label else visible(first["test"]), why, restore, where]


def _value(view: View, value: object) -> str:
    return view.number(value) if isinstance(value, (int, float)) else visible(value, 120)


def _note(view: View, note: Mapping[str, Any]) -> Markup:
    source = Markup(" ({})").format(isolated(note["source"], 80)) if note.get("source") else Markup("")
    return Markup("{}{}").format(visible(note["fr" if view.lang == "fr" else "text"]), source)


def _smallest(view: View, text: Text, ring: Mapping[str, Any]) -> Markup:
    return view.say(
        text,
        accounts=view.counted("account", int(ring["n_accounts"])),
        participation=view.percent(ring.get("participation")),
        probability=view.percent(ring.get("probability")),
    )


def _rings(view: View, tried: list[Mapping[str, Any]]) -> list[Markup]:
    """A sentence for 5 and for 13 accounts (or each size tried), on about half of the posts."""
    out = []
    sizes = {int(r["n_accounts"]) for r in tried}
    for size in sorted(sizes & {5, 13} or sizes):
        mine = [r for r in tried if int(r["n_accounts"]) == size]
        ring = min(mine, key=lambda r: (abs((r.get("participation") or 0) - 0.5), r.get("gap_s") or 0))
        text = w.POWER_SENTENCE if ring.get("gap_s") is not None else w.POWER_SENTENCE_NO_GAP
        out.append(
            view.say(
                text,
                n=view.number(size),
                participation=view.percent(ring.get("participation")),
                gap=view.duration(ring.get("gap_s")),
                probability=view.percent(ring.get("probability")),
            )
        )
    return out
