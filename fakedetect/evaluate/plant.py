"""Campaigns and honest crowds put onto a page as it is, so that what is found and who is accused can be counted.

Words are drawn from the page itself and names are the ids of nobody, so that only where and when the planted accounts
comment can tell them from the others. An account takes part in PRESENCE of the posts its crew works on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.errors import InputError
from fakedetect.normalise import normalise
from fakedetect.schema import COMMENTS, Dump, Raw

PRESENCE = 0.8
MIN_COMMENTS = 5
"""A post with fewer is not worked on."""
MIN_POSTS = 60
MOST_POSTS = 400
"""A longer page is cut to its last posts: one or two years of work."""
MINUTE, HOUR = 60.0, 3600.0


Act = tuple[str, int, float, int]
"""A comment to be: account, place of the post, seconds after it, number of the template or -1."""


@dataclass(frozen=True)
class Plant:
    """What is planted. Ranges are (low, high), drawn once per planting.

    size: accounts. share: part of the usable posts that are worked on. start_s: when the first account comes, drawn
    per post; gap_s: mean seconds from one account to the next (exponential); None: each at a moment of the post's own
    comments. crews: how many take turns. camouflage: ordinary comments per account, as a part of its campaign's.
    templates: how many sentences the crew shares (0: each comment has words of its own). fans, club: honest accounts
    planted beside them. farm_posts: the accounts are thrown away: each comments once or twice in all, on so many posts,
    anywhere in `start_s`. pages: on how many pages of one dump the same accounts do all that.
    """

    size: tuple[int, int] = (13, 13)
    share: tuple[float, float] = (0.6, 0.6)
    start_s: tuple[float, float] = (MINUTE, 15 * MINUTE)
    gap_s: float | None = 25.0
    steady: bool = False
    crews: int = 1
    camouflage: float = 0.0
    templates: int = 0
    fans: int = 0
    club: int = 0
    farm_posts: int = 0
    pages: int = 1


PLANTS: Mapping[str, Plant] = {
    "tight_early": Plant(),
    "tight_late": Plant(start_s=(2 * HOUR, 12 * HOUR)),
    "alternating_crews": Plant(crews=2),
    "camouflaged": Plant(camouflage=1.0),
    "among_fans": Plant(fans=30),
    "spaced_15_min": Plant(gap_s=15 * MINUTE, steady=True),
    "spaced_45_min": Plant(gap_s=45 * MINUTE, steady=True),
    "rare": Plant(share=(0.1, 0.15)),
    "small_slow": Plant(size=(3, 5), share=(0.25, 0.25), start_s=(0.0, HOUR), gap_s=5 * MINUTE),
    "templates": Plant(gap_s=None, templates=12),
    "own_words": Plant(gap_s=None, share=(0.4, 0.4)),
    "farm": Plant(size=(120, 120), start_s=(5.0, 15 * MINUTE), farm_posts=5),
    "across_4_pages": Plant(share=(0.05, 0.05), gap_s=None, pages=4),
    "fans_alone": Plant(size=(0, 0), fans=30),
    "fan_club": Plant(size=(0, 0), club=15),
}


@dataclass(frozen=True)
class Planted:
    """dump: the page with what was planted. role, of each planted author_id: `campaign`, `twice` (a campaign's account
    on two of its posts, where accounts are thrown away), `fan` or `club`. added: comments of the campaign in the first
    hour of each post.
    """

    dump: Dump
    role: Mapping[str, str]
    n_posts: int
    n_worked: int
    added: Mapping[str, int]


def pages_of(dump: Dump) -> list[Dump]:
    """The pages of `dump` on which campaigns can be planted: MIN_POSTS dated posts of MIN_COMMENTS or more, the last
    MOST_POSTS of each, with the comments that are top-level or answers there."""
    out = []
    for page in sorted(p for p in dump.posts["page_id"].unique().to_pylist() if p is not None):
        posts = dump.posts.filter(pc.and_(pc.equal(dump.posts["page_id"], page), pc.is_valid(dump.posts["post_time"])))
        posts = posts.sort_by([("post_time", "descending"), ("post_id", "ascending")])
        comments = dump.comments.filter(pc.equal(dump.comments["page_id"], page))
        if posts.num_rows > MOST_POSTS:
            posts = posts.slice(0, MOST_POSTS)
            comments = comments.filter(pc.is_in(comments["post_id"], value_set=posts["post_id"].combine_chunks()))
        there = replace(dump, comments=comments, posts=posts)
        if len(usable_posts(there)) >= MIN_POSTS:
            out.append(there)
    return out


def plant(pages: Sequence[Dump], what: Plant, seed: int) -> Planted:
    """Put `what` onto each of `pages` (of `pages_of`): the same accounts, on posts of their own choice on each. The
    same pages and seed give the same dump."""
    each = [_plant(page, what, seed) for page in pages]
    role: dict[str, str] = {}
    added: dict[str, int] = {}
    for _, its, _, _, here in each:
        role |= its
        added |= here
    return Planted(normalise([raw for raw, *_ in each]), role, sum(n for _, _, n, _, _ in each),
                   sum(n for _, _, _, n, _ in each), added)


def _plant(page: Dump, what: Plant, seed: int) -> tuple[Raw, dict[str, str], int, int, dict[str, int]]:
    own = hashlib.sha256(str(page.posts["page_id"][0].as_py()).encode()).digest()
    rng = np.random.Generator(np.random.Philox(key=[seed, int.from_bytes(own[:8])]))
    usable = usable_posts(page)
    if len(usable) < MIN_POSTS:
        raise InputError(f"{len(usable)} dated posts with {MIN_COMMENTS} comments or more; {MIN_POSTS} are needed")
    keys = sorted(usable, key=lambda k: (usable[k][0], k))
    acts, role, n_worked = campaign_acts(rng, what, usable, keys)
    added: dict[str, int] = {}
    for _, p, delay, _ in acts:
        if delay <= HOUR:
            added[keys[p]] = added.get(keys[p], 0) + 1
    others, crowd = crowd_acts(rng, what, page, usable, keys)
    acts, role = acts + others, role | crowd
    said = _words(page, rng, acts, what.templates)
    return put(page, acts, usable, keys, said), role, len(keys), n_worked, added


def campaign_acts(rng: np.random.Generator, what: Plant, usable: Mapping[str, tuple[float, np.ndarray]],
                  keys: list[str], prefix: str = "planted-c") -> tuple[list[Act], dict[str, str], int]:
    """What the campaign does on the posts `keys`, the role of each of its accounts, and on how many posts it works."""
    acts: list[Act] = []
    role: dict[str, str] = {}
    worked = np.empty(0, np.int64)
    size = int(rng.integers(what.size[0], what.size[1] + 1))
    if what.farm_posts:
        worked = np.sort(rng.choice(len(keys), what.farm_posts, replace=False))
        for k in range(size):
            mine = rng.choice(worked, rng.integers(1, 3), replace=False)
            role[f"{prefix}{k:03d}"] = "campaign" if len(mine) < 2 else "twice"
            acts += [(f"{prefix}{k:03d}", int(p), float(rng.uniform(*what.start_s)), -1) for p in mine]
    elif size:
        worked = np.sort(rng.choice(len(keys), round(rng.uniform(*what.share) * len(keys)), replace=False))
        names = [f"{prefix}{k:02d}" for k in rng.permutation(size)]
        role |= dict.fromkeys(names, "campaign")
        acts += _campaign(rng, what, names, worked, keys, usable)
    return acts, role, len(worked)


def crowd_acts(rng: np.random.Generator, what: Plant, page: Dump, usable: Mapping[str, tuple[float, np.ndarray]],
               keys: list[str]) -> tuple[list[Act], dict[str, str]]:
    """What the honest crowds planted beside a campaign do, and the role of each of their accounts."""
    acts: list[Act] = []
    role: dict[str, str] = {}
    for k in range(what.fans):
        name = f"planted-f{k:02d}"
        role[name] = "fan"
        there = np.flatnonzero(rng.random(len(keys)) < rng.uniform(0.3, 0.7))
        habit = np.exp(rng.uniform(np.log(2 * MINUTE), np.log(5 * HOUR)))
        acts += [(name, int(p), float(habit * np.exp(rng.normal(0, 0.7))), -1) for p in there]
    if what.club:
        published = np.array([usable[k][0] for k in keys])
        days = np.flatnonzero(_topic(page, keys, published))
        for k in range(what.club):
            name = f"planted-k{k:02d}"
            role[name] = "club"
            there = days[rng.random(len(days)) < rng.uniform(0.5, 0.7)]
            acts += [(name, int(p), _organic(rng, usable[keys[p]]), -1) for p in there]
    return acts, role


def _campaign(rng: np.random.Generator, what: Plant, names: list[str], worked: np.ndarray, keys: list[str],
              usable: Mapping[str, tuple[float, np.ndarray]]) -> list[Act]:
    acts: list[Act] = []
    crews = [names[c::what.crews] for c in range(what.crews)]
    for turn, p in enumerate(worked.tolist()):
        at = rng.uniform(*what.start_s)
        for name in rng.permutation(crews[turn % what.crews]).tolist():
            if rng.random() >= PRESENCE:
                continue
            delay = _organic(rng, usable[keys[p]]) if what.gap_s is None else at
            acts.append((name, p, delay, int(rng.integers(what.templates)) if what.templates else -1))
            if what.gap_s is not None:
                at += what.gap_s * rng.uniform(0.7, 1.3) if what.steady else rng.exponential(what.gap_s)
    if what.camouflage:
        for name in names:
            busy = {p for n, p, _, _ in acts if n == name}
            free = np.array([p for p in range(len(keys)) if p not in busy], np.int64)
            chosen = rng.choice(free, min(len(free), round(what.camouflage * len(busy))), replace=False)
            acts += [(name, int(p), _organic(rng, usable[keys[p]]), -1) for p in chosen]
    return acts


def usable_posts(page: Dump) -> dict[str, tuple[float, np.ndarray]]:
    """Publish time and delays of the comments of each post that can be worked on, by post_id."""
    times = {k: t.timestamp() for k, t in zip(page.posts["post_id"].to_pylist(), page.posts["post_time"].to_pylist(),
                                              strict=True) if t is not None}
    rows = page.comments.filter(pc.and_(pc.is_valid(page.comments["comment_time"]),
                                        pc.is_valid(page.comments["post_id"])))
    ids = rows["post_id"].combine_chunks().dictionary_encode()
    code = ids.indices.to_numpy(zero_copy_only=False)
    t = rows["comment_time"].cast(pa.int64()).to_numpy() / 1e6
    order = np.argsort(code, kind="stable")
    bounds = np.flatnonzero(np.diff(code[order])) + 1
    out = {}
    for part in np.split(order, bounds) if len(order) else []:
        post = ids.dictionary[int(code[part[0]])].as_py()
        if post in times:
            delays = t[part] - times[post]
            delays = np.sort(delays[delays > 0])
            if len(delays) >= MIN_COMMENTS:
                out[post] = (times[post], delays)
    return out


def _organic(rng: np.random.Generator, post: tuple[float, np.ndarray]) -> float:
    return float(rng.choice(post[1]) * np.exp(rng.normal(0, 0.1)))


def _topic(page: Dump, keys: list[str], published: np.ndarray) -> np.ndarray:
    """Posts of the page's topic days: those with the word that stands in nearest to a tenth of the posts, or, where
    posts have no words, those of one weekday."""
    text = dict(zip(page.posts["post_id"].to_pylist(), page.posts["post_text"].to_pylist(), strict=True))
    words = [set((text.get(k) or "").casefold().split()) for k in keys]
    counts: dict[str, int] = {}
    for said in words:
        for w in said:
            counts[w] = counts.get(w, 0) + 1
    fit = [w for w, n in counts.items() if 0.06 * len(keys) <= n <= 0.3 * len(keys) and len(w) > 3]
    if fit:
        word = min(fit, key=lambda w: (abs(counts[w] - 0.12 * len(keys)), w))
        return np.array([word in said for said in words])
    return np.asarray(np.floor(published / 86400) % 7 == 3)


def _words(page: Dump, rng: np.random.Generator, acts: list[Act], templates: int) -> list[str]:
    """A comment of the page for each act, or one of the crew's sentences."""
    texts = [t for t in page.comments["text"].drop_null().to_pylist() if t.strip()] or [""]
    base = [texts[int(k)] for k in rng.integers(len(texts), size=max(templates, 1))]
    drawn = [texts[int(k)] for k in rng.integers(len(texts), size=len(acts))]
    return [d if which < 0 else templated(base[which], d) for d, (_, _, _, which) in zip(drawn, acts, strict=True)]


def templated(sentence: str, other: str) -> str:
    """A crew's sentence, with the first word of another comment behind it."""
    return f"{sentence} {other.split()[0] if other.split() else ''}".strip()


def put(page: Dump, acts: list[Act], usable: Mapping[str, tuple[float, np.ndarray]], keys: list[str],
        said: Sequence[str], **more: Sequence[object]) -> Raw:
    """The page with the acts as comments, which say `said`; more: other columns of schema.COMMENTS, one value each."""
    own = page.comments
    when = [int((usable[keys[p]][0] + max(delay, 1.0)) // 1) * 1_000_000 for _, p, delay, _ in acts]
    page_id = own["page_id"][0].as_py()
    n = len(acts)
    new: dict[str, Sequence[object]] = {
        "comment_id": [f"planted-{page_id}-{k:06d}" for k in range(n)], "post_id": [keys[p] for _, p, _, _ in acts],
        "page_id": [page_id] * n, "author_id": [a for a, _, _, _ in acts], "comment_time": when,
        "text": said, "source": ["planted"] * n, "row": list(range(1, n + 1)), **more,
    }
    schema = pa.schema([*COMMENTS, ("source", pa.string()), ("row", pa.int64())])
    columns = []
    for field in schema:
        values = list(new.get(field.name, [None] * n))
        array = pa.array(values, pa.int64()).cast(field.type) if field.name == "comment_time" else pa.array(
            values, field.type)
        columns.append(array)
    comments = pa.concat_tables([own.select(schema.names).cast(schema), pa.Table.from_arrays(columns, schema=schema)])
    return Raw(comments=comments, posts=page.posts, accounts=page.accounts.slice(0, 0), declared=page.declared,
               format="planted", rows_read=comments.num_rows, sources={"planted": ""})
