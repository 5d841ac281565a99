"""The evidence on one account as plain text, for the terminal."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import incentives
from fakedetect.errors import InputError
from fakedetect.features.feature import Feature
from fakedetect.report import cases, reasons
from fakedetect.report import wording as w
from fakedetect.report.plain import visible
from fakedetect.report.view import Row, View, is_null
from fakedetect.schema import Audit
from fakedetect.words import Lang

_MAX_COMMENTS = 12
_MAX_PARTNERS = 8
_NEAR = 5
_WIDTH = 79


def account(
    audit: Audit, account: str, *, lang: Lang, names: bool = False, features: Mapping[str, Feature]
) -> str:
    """What speaks against and for one account, given by its label, id or name.

    Names are shown only with `names`. Raises InputError where nobody, or more than one account, is called so;
    the hint names the nearest.
    """
    view = View(audit, lang, names, features, {}, {})
    author_id = _find(view, account)
    row = view.account(author_id)
    lines = [*_head(view, row), *_group(view, row), "", *_reasons(view, row), "", *_comments(view, row), ""]
    lines += _wrap(view.line(w.X_LIMIT))
    return "\n".join(lines) + "\n"


def find(audit: Audit, account: str, features: Mapping[str, Feature]) -> int:
    """The row of `audit.accounts` of the account called so (label, id or name). Raises InputError."""
    view = View(audit, "en", False, features, {}, {})
    return audit.accounts["author_id"].to_pylist().index(_find(view, account))


def _find(view: View, asked: str) -> str:
    accounts = view.audit.accounts
    # A label and an id are unique, so they win over a name; then the same without capitals.
    for fold in (False, True):
        for column in ("label", "author_id", "author_name"):
            values = pc.utf8_lower(accounts[column]) if fold else accounts[column]
            wanted = pa.scalar(asked.lower() if fold else asked, pa.string())
            hits = accounts["author_id"].filter(pc.equal(values.cast(pa.string()), wanted)).to_pylist()
            if len(hits) == 1:
                return str(hits[0])
            if hits:
                near = ", ".join(view.label(h) for h in sorted(hits)[:_NEAR])
                several = view.line(w.X_SEVERAL, n=view.number(len(hits)), account=visible(asked, 80))
                raise InputError(several, hint=view.line(w.X_NEAR, near=near))
    near = ", ".join(view.label(author) for author in _nearest(view, asked))
    hint = view.line(w.X_NEAR, near=near) if near else view.line(w.X_ANY)
    raise InputError(view.line(w.X_UNKNOWN, account=visible(asked, 80)), hint=hint)


def _nearest(view: View, asked: str) -> list[str]:
    called: dict[str, str] = {}
    for column in ("author_name", "author_id", "label"):
        pairs = zip(
            view.audit.accounts[column].to_pylist(), view.audit.accounts["author_id"].to_pylist(), strict=True
        )
        called.update({name.lower(): author for name, author in pairs if name})
    found = difflib.get_close_matches(asked.lower(), sorted(called), n=_NEAR)
    return list(dict.fromkeys(called[name] for name in found))


def _head(view: View, row: Row) -> list[str]:
    name, meaning = (view.line(text) for text in w.VERDICTS[row["verdict"]])
    seen = {
        "comments": view.counted("comment", row["n_comments"]),
        "posts": view.counted("post", row["n_posts"]),
    }
    title = view.line(w.X_HEAD, who=view.label(row["author_id"]))
    lines = [title, "=" * len(title), *_wrap(view.line(w.X_VERDICT, verdict=name, meaning=meaning))]
    if not (is_null(row["probability"]) and is_null(row["p_value"])):
        numbers = {"p": view.percent(row["probability"], 1), "odds": view.odds(row["p_value"])}
        lines += _wrap(view.line(w.X_NUMBERS, **numbers, q=_small(view, row["q_value"])))
    return [*lines, *_wrap(view.line(w.X_SEEN, **seen)), *_disclosed(view, row)]


def _disclosed(view: View, row: Row) -> list[str]:
    """The words of its first text that discloses an incentive, if any."""
    told = (incentives.phrase(c["text"]) for c in view.comments_of([row["author_id"]]) if c.get("discloses"))
    words = next((t for t in told if t), None)
    return [] if words is None else _wrap(view.line(w.X_DISCLOSES, words=visible(words, 120)))


def _small(view: View, q_value: float | None) -> str:
    return "–" if is_null(q_value) else view.number(q_value, 3)


def _group(view: View, row: Row) -> list[str]:
    if row["group_id"] is None:
        return []
    group = next(g for g in view.audit.groups.to_pylist() if g["group_id"] == row["group_id"])
    values = {
        "id": visible(group["group_id"], 40),
        "accounts": view.counted("account", group["n_accounts"]),
        "posts": view.counted("post", group["n_posts"]),
        "how": cases.how(view, group),
        "odds": view.odds(group["p_value"]),
    }
    lines = ["", *_wrap(view.line(w.X_GROUP, **values))]
    me = row["author_id"]
    mine = [e for e in view.audit.edges.to_pylist() if me in (e["author_a"], e["author_b"])]
    mine.sort(key=lambda e: (e["p_value"], -e["n_close"], e["author_a"], e["author_b"]))
    lines += [view.line(w.X_PARTNERS)] if mine else []
    for edge in mine[:_MAX_PARTNERS]:
        other = edge["author_b"] if edge["author_a"] == me else edge["author_a"]
        said = {"who": view.label(other), "odds": view.odds(edge["p_value"])}
        if is_null(edge.get("n_phrases")):
            partner = view.line(w.X_PARTNER, close=view.number(edge["n_close"]), shared=view.number(edge["n_shared"]),
                                gap=view.duration(edge["median_gap_s"]), **said)
        else:
            partner = view.line(w.X_PARTNER_WORDS, n=view.number(edge["n_phrases"]), **said)
        lines += _wrap(partner, "  - ")
    return lines


def _reasons(view: View, row: Row) -> list[str]:
    against, favour = (reasons.sentences(view, row, column) for column in ("reasons", "counter"))
    lines = [view.line(w.X_REASONS if against else w.X_NO_REASON)]
    for sentence in against:
        lines += _wrap(sentence, "  - ")
    lines += [view.line(w.X_COUNTER)] if favour else []
    for sentence in favour:
        lines += _wrap(sentence, "  - ")
    return lines


def _comments(view: View, row: Row) -> list[str]:
    written = view.comments_of([row["author_id"]])
    if row["group_id"] is not None:
        near = {r["comment_id"]: r for r in view.first_comments(view.members(row["group_id"]))}
        written = [near.get(r["comment_id"], r) for r in written]
        # What shows the group is shown first: a member's comments by how near they stand to another's.
        written.sort(key=lambda r: (r.get("near_s") is None, r.get("near_s") or 0))
    shown = written[:_MAX_COMMENTS]
    lines = [view.line(w.X_COMMENTS, n=view.number(len(shown)), all=view.number(len(written)))]
    for comment in shown:
        exhibit = cases.quote(view, comment)
        lines += _wrap(f"{exhibit.when}  {visible(comment['post_id'], 60)}", "  ")
        lines += _wrap(f"({exhibit.aside})", "    ") if exhibit.aside else []
        text = visible(comment["text"], 300) if comment.get("text") else view.line(w.NO_TEXT)
        lines += textwrap.wrap(text, _WIDTH, initial_indent="    | ", subsequent_indent="    | ")
    return lines


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
