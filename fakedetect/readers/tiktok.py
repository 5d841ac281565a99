"""Videos and accounts of TikTok and Instagram, and what scrapers of both say beside the comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import cells, column, each, said, where_of, with_rejects
from fakedetect.readers.replies import MISSING_REPLIES, Replies
from fakedetect.readers.tables import distinct, from_dicts
from fakedetect.schema import Raw

_VIDEO = re.compile(r"(?:/@([^/?#\s]*))?/(?:video|photo|v)/(\d+)")
NO_PICTURE = ("1594805258216454", "44884218_345707102882519_", "464760996_1254146839119862_")
"""In the address of the picture that TikTok, and Instagram (twice), show for accounts without one."""


def video_of(*addresses: object) -> tuple[str | None, str | None]:
    """(id of the video, name of the account it stands on) from the first address that names a video.

    Where none does (a short link), the first address itself, without what follows the question mark.
    """
    given = [a.strip() for a in addresses if isinstance(a, str) and a.strip()]
    for address in given:
        if named := _VIDEO.search(address):
            return named[2], (named[1] or "").lower() or None
    return (given[0].partition("?")[0] if given else None), None


def own_picture(address: object) -> bool | None:
    """The account has a picture of its own; None where no address is given."""
    return not any(n in address for n in NO_PICTURE) if isinstance(address, str) and address else None


def failed(error: object) -> str:
    """Why an item of Apify that tells an error is no comment."""
    return f"the scraper failed here: {str(error)[:200]}"


def owners(names: Iterable[str], where: str) -> pa.Table | None:
    """These accounts as the owners of their pages, said by the file `where`; None where there is none."""
    listed = [{"author_name": n, "role": "owner"} for n in sorted(names)]
    return from_dicts(listed, ("author_name", "role"), where) if listed else None


def settled(raw: Raw) -> Raw:
    """The Raw with what stands beside the comments in its place: failed items, replies that are missing, facts about
    accounts. `also` gives them: `announced` (replies), `error`, `picture`, `verified`."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where, error = where_of(table), column(table, "error")
    lost = pc.and_(pc.is_valid(error), pc.and_(*(pc.is_null(column(table, n)) for n in ("comment_id", "text"))))
    kept, dropped = table.filter(pc.invert(lost)), table.filter(lost)
    bad = [(row["row"], failed(row["error"]), row["error"]) for row in dropped.to_pylist()]
    people = {n: column(kept, n) for n in ("author_id", "author_name")}
    facts = {"verified": column(kept, "verified"), "has_avatar": each(column(kept, "picture"), own_picture, pa.bool_())}
    told = {n: v for n, v in facts.items() if v.null_count < len(v)}
    accounts = distinct(pa.table({**people, **told, "source": kept["source"], "row": kept["row"]})) if told else None
    missing = _missing(kept)
    note = [said("missing_replies", MISSING_REPLIES, where, missing=missing)] if missing else []
    return replace(raw, comments=kept, accounts=accounts, rejects=with_rejects(raw, where, bad),
                   notes=(*raw.notes, *note))


def _missing(table: pa.Table) -> int:
    """Replies that are announced and not there."""
    replies = Replies()
    told = (cells(table, n) for n in ("comment_id", "announced", "parent_id"))
    for comment, announced, parent in zip(*told, strict=True):
        whole = (announced or "").partition(".")[0]  # pandas writes 25.0
        replies.comment(comment, int(whole) if whole.isdecimal() and len(whole) < 10 else None, parent)
    return replies.missing
