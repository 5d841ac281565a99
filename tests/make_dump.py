"""Valid `schema.Dump`s from plain lists, for tests of every stage after `normalise`.

The facts about a comment are simple stand-ins for those of `normalise.DERIVED`: same columns, types and
nulls, near enough the same values. A test of the facts themselves belongs in tests/test_normalise.py.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect import schema

Rows = Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Any]]

DERIVED = pa.schema(
    [(n, pa.int32()) for n in ("n_chars", "n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags",
                               "n_exclaims", "longest_run")]
    + [(n, pa.float64()) for n in ("upper_share", "digit_share", "punct_share")]
    + [("script", pa.string()), ("text_hi", pa.int64()), ("text_lo", pa.int64()), ("is_reply", pa.bool_())]
)
UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
SCRIPTS = (("latin", "LATIN"), ("cyrillic", "CYRILLIC"), ("han", "CJK"), ("thai", "THAI"), ("greek", "GREEK"),
           ("arabic", "ARABIC"), ("hiragana", "HIRAGANA"), ("katakana", "KATAKANA"), ("hangul", "HANGUL"))


@lru_cache(maxsize=100_000)
def facts(text: str | None) -> dict[str, Any]:
    """The derived columns of one text, all null for a null text (`is_reply` apart)."""
    if text is None:
        return dict.fromkeys(DERIVED.names)
    solid = [c for c in text if not c.isspace()]
    letters = [c for c in text if c.isalpha()]
    cased = [c for c in letters if c.isupper() or c.islower()]
    named = [unicodedata.name(c, "") for c in letters]
    counts = {script: sum(n.startswith(prefix) for n in named) for script, prefix in SCRIPTS}
    best = max(counts, key=lambda s: counts[s])
    n_unspaced = len(re.findall(UNSPACED, text))
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())
    digest = hashlib.blake2b(folded.encode(), digest_size=16).digest() if folded else None
    return {
        "n_chars": len(text),
        "n_words": len(re.findall(r"[^\W_]+", re.sub(UNSPACED, " ", text))) + (n_unspaced + 1) // 2,
        "n_emoji": len(re.findall(r"[\u2600-\u27bf\U0001f300-\U0001faff]", text)),
        "n_urls": len(re.findall(r"https?://|www\.", text)),
        "n_mentions": len(re.findall(r"@\w", text)),
        "n_hashtags": len(re.findall(r"#\w", text)),
        "n_exclaims": len(re.findall("[!\uff01]", text)),
        "longest_run": max((len(m[0]) for m in re.finditer(r"(.)\1*", text, re.DOTALL)), default=0),
        "upper_share": sum(c.isupper() for c in cased) / len(cased) if cased else None,
        "digit_share": sum(c.isdigit() for c in solid) / len(solid) if solid else None,
        "punct_share": sum(unicodedata.category(c)[0] == "P" for c in solid) / len(solid) if solid else None,
        "script": best if counts[best] else "none",
        "text_hi": int.from_bytes(digest[:8], "little", signed=True) if digest else None,
        "text_lo": int.from_bytes(digest[8:], "little", signed=True) if digest else None,
    }


def as_time(value: Any) -> datetime | None:
    """A UTC time from epoch seconds, ISO text or a datetime; naive means UTC. None and NaN stay null."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, (int, float, np.integer)):
        return datetime.fromtimestamp(float(value), UTC)
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def as_rows(rows: Rows | None) -> list[dict[str, Any]]:
    """A list of dicts from a list of dicts or from a dict of columns."""
    if rows is None:
        return []
    if isinstance(rows, Mapping):
        return [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
    return [dict(r) for r in rows]


def as_table(rows: Iterable[Mapping[str, Any]], columns: pa.Schema) -> pa.Table:
    """A table of these columns; absent ones are null. Raises KeyError for a name the schema does not know."""
    rows = list(rows)
    unknown = {name for r in rows for name in r} - set(columns.names)
    if unknown:
        raise KeyError(f"not in the schema: {sorted(unknown)}")
    values = {f.name: [as_time(r.get(f.name)) if f.type == schema.TIME else r.get(f.name) for r in rows]
              for f in columns}
    return pa.table([pa.array(values[f.name], f.type) for f in columns], schema=columns)


def make_dump(comments: Rows, posts: Rows | None = None, accounts: Rows | None = None,
              declared: Rows | None = None, **fields: Any) -> schema.Dump:
    """A valid Dump from rows (list of dicts, or dict of columns); leave out what you do not need.

    Defaults: comment_id c0, c1, ..; post_id "post"; page_id that of the post's row, else "page"; author_id
    `name:` + author_name where only a name is given; source "dump.csv". Times: epoch seconds, ISO text or
    datetimes. Missing posts get a row without a time; missing accounts get a row with their name (pass
    `accounts=[]` for none). `fields` override Dump's own: kind, zone, notes, platforms, truncated...
    """
    post_rows = [{"page_id": "page", **r} for r in as_rows(posts)]
    page_of = {r["post_id"]: r["page_id"] for r in post_rows}
    rows = []
    for i, given in enumerate(as_rows(comments)):
        row = {"comment_id": f"c{i}", "post_id": "post", "source": "dump.csv", "row": i + 1, **given}
        row.setdefault("page_id", page_of.get(row["post_id"], "page"))
        name = row.get("author_name")
        if row.get("author_id") is None and name is not None:
            row["author_id"] = "name:" + unicodedata.normalize("NFC", name)
        row |= facts(row.get("text"))
        row["is_reply"] = row.get("parent_id") is not None
        rows.append(row)
        if row["post_id"] not in page_of:
            page_of[row["post_id"]] = row["page_id"]
            post_rows.append({"post_id": row["post_id"], "page_id": row["page_id"]})
    columns = pa.schema([*schema.COMMENTS, *schema.PROVENANCE, *DERIVED])
    table = as_table(rows, columns).sort_by(
        [(name, "ascending") for name in ("page_id", "post_id", "comment_time", "comment_id")])
    account_rows = as_rows(accounts)
    if accounts is None:
        named = [r for r in reversed(rows) if r.get("author_id") is not None]
        names = {r["author_id"]: r.get("author_name") for r in named}
        account_rows = [{"author_id": a, "author_name": names[a]} for a in sorted(names)]
    given = {"kind": "comments", "formats": ("generic_csv",), "platforms": (), "truncated": False,
             "notes": (), "sources": {"dump.csv": "0" * 64}, "zone": "UTC",
             "rejects": schema.REJECTS.empty_table()} | fields
    given.setdefault("rows_read", table.num_rows + given["rejects"].num_rows)
    return schema.Dump(
        comments=table,
        posts=as_table(post_rows, schema.POSTS).sort_by([("page_id", "ascending"), ("post_id", "ascending")]),
        accounts=as_table(account_rows, schema.ACCOUNTS),
        declared=as_table(as_rows(declared), schema.DECLARED),
        **given,
    )


def organic(n_posts: int = 30, n_comments: int = 1500, n_accounts: int = 600, seed: int = 1,
            page_id: str = "page", start: str = "2024-03-04T09:00:00+00:00",
            **row: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(comments, posts) of an ordinary invented page: a post a day, delays log-normal (median 2 h).

    A tenth of the accounts write most of the comments; a tenth of the comments are replies. `row` sets
    further columns of every comment.
    """
    draw = np.random.default_rng(seed)
    t0 = datetime.fromisoformat(start).timestamp()
    post_times = np.floor(t0 + 86400 * np.arange(n_posts) + draw.uniform(0, 8 * 3600, n_posts))
    posts = [{"post_id": f"{page_id}-p{i:04d}", "page_id": page_id, "post_time": float(post_times[i])}
             for i in range(n_posts)]
    of_post = np.sort(draw.integers(0, n_posts, n_comments))
    delays = np.floor(np.minimum(np.exp(draw.normal(np.log(7200), 1.8, n_comments)), 30 * 86400)) + 1
    regular = draw.random(n_comments) < 0.5
    authors = np.where(regular, draw.integers(0, max(1, n_accounts // 10), n_comments),
                       draw.integers(0, n_accounts, n_comments))
    words = ("merci", "super", "page", "idea", "love", "demain", "colour", "vraiment", "recipe", "noir")
    comments: list[dict[str, Any]] = []
    for i in range(n_comments):
        text = " ".join(words[w] for w in draw.integers(0, len(words), 2 + i % 5))
        answers = i > 0 and i % 10 == 0 and of_post[i] == of_post[i - 1]
        parent = comments[-1]["comment_id"] if answers else None
        comments.append({
            "comment_id": f"{page_id}-c{i:06d}", "post_id": f"{page_id}-p{of_post[i]:04d}",
            "page_id": page_id, "parent_id": parent, "author_id": f"u{authors[i]:05d}",
            "author_name": f"Account {authors[i]}", "text": text,
            "comment_time": float(post_times[of_post[i]] + delays[i]), **row})
    return comments, posts
