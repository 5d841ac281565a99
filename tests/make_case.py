"""An audit folder of an invented audit, with a review file beside it, and a review server on it, for tests."""

from __future__ import annotations

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from make_audit import make_audit

from fakedetect import output
from fakedetect.review_app import serve
from fakedetect.review_app.case import Case
from fakedetect.schema import Audit


def folder(place: Path, audit: Audit | None = None) -> Path:
    """The audit (one group of 9, 3 reviews, hostile names and texts) as a folder."""
    output.write(audit or make_audit(n_accounts=120, n_posts=40), place)
    return place


def changed(audit: Audit, accounts: Mapping[str, Mapping[str, Any]] | None = None, without: tuple[str, ...] = (),
            posts_from: int = 0, **summary: Any) -> Audit:
    """The audit with other values in some rows of `accounts` (author_id -> column -> value), without some accounts and
    their comments, with the posts from a number on alone, and other facts in its summary."""
    rows = [r | dict((accounts or {}).get(r["author_id"], {})) for r in audit.accounts.to_pylist()
            if r["author_id"] not in without]
    posts = {p for p in audit.posts["post_id"].to_pylist() if int(p.removeprefix("post_")) >= posts_from}
    comments = [c for c in audit.comments.to_pylist() if c["author_id"] not in without and c["post_id"] in posts]
    edges = [e for e in audit.edges.to_pylist() if not {e["author_a"], e["author_b"]} & set(without)]
    return replace(
        audit, accounts=pa.Table.from_pylist(rows, audit.accounts.schema),
        comments=pa.Table.from_pylist(comments, audit.comments.schema),
        posts=pa.Table.from_pylist([p for p in audit.posts.to_pylist() if p["post_id"] in posts], audit.posts.schema),
        edges=pa.Table.from_pylist(edges, audit.edges.schema),
        summary={**audit.summary, **summary})


def renamed(audit: Audit, ids: Mapping[str, str]) -> Audit:
    """The audit with other ids of accounts (old -> new; who is not named stays)."""
    def table(rows: pa.Table, *columns: str) -> pa.Table:
        changed = [r | {c: ids.get(r[c], r[c]) for c in columns} for r in rows.to_pylist()]
        return pa.Table.from_pylist(changed, rows.schema)

    return replace(audit, accounts=table(audit.accounts, "author_id"), comments=table(audit.comments, "author_id"),
                   edges=table(audit.edges, "author_a", "author_b"))


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    code: int
    text: str
    headers: Mapping[str, str]
    url: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Redirects are looked at, not followed."""


def ask(url: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
    """GET, or POST of a form as this page's own browser would send it; `headers` with _ for - replace or add."""
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
    data = None if form is None else urllib.parse.urlencode(form).encode()
    sent = {} if form is None else {"Origin": origin}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, {k: v for k, v in sent.items() if v})
    try:
        with urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({})).open(request, timeout=30) as said:
            return Answer(said.status, said.read().decode(), dict(said.headers), said.url)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode(), dict(error.headers), url)


@contextmanager
def served(case: Case, *names: str, **options: Any) -> Iterator[dict[str, str]]:
    """The review page of the case while the block runs: reviewer -> link."""
    server, links = serve.server(case, names or ("Anna", "Ben"), **options)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield links
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
