"""Play a page and put it down as the canonical tables, with the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import ndtr, ndtri

from fakedetect.errors import UsageError
from fakedetect.schema import COMMENTS, DECLARED, POSTS, TIME
from fakedetect.simulate import campaigns, helpers, negatives, people
from fakedetect.simulate import curves as measured
from fakedetect.simulate.organic import organic
from fakedetect.simulate.scene import GRAMMARS, Acts, Scene
from fakedetect.simulate.spec import LANGUAGES, PROFILES, TRUTH, PageSpec, SimulatedPage


def page(spec: PageSpec, seed: int) -> SimulatedPage:
    """One page as its spec says. The same spec and seed give the same tables, whatever else runs.

    Raises UsageError for a number out of its bounds, or an unknown profile, language, family or kind.
    """
    _check(spec)
    scene = Scene(spec, seed)
    organic(scene)
    innocents = list(spec.negatives)
    families = {f.name: f for f in campaigns.FAMILIES}
    for c in spec.campaigns:
        innocents += families[c.family].company
    done_negatives = [negatives.play(scene, n, i + 1) for i, n in enumerate(innocents)]
    done_campaigns = [campaigns.play(scene, c, i + 1) for i, c in enumerate(spec.campaigns)]
    rng = measured.stream(seed, "owner")
    owner = scene.hire(rng, 1, "declared", "owner")
    helpers.owner(scene, owner, rng)
    return _written(scene, int(owner[0]), done_negatives, done_campaigns)


def _check(spec: PageSpec) -> None:
    for name, value, known in (
        ("profile", spec.profile, PROFILES),
        ("lang", spec.lang, (*LANGUAGES, "mixed")),
        *(("family", c.family, tuple(f.name for f in campaigns.FAMILIES)) for c in spec.campaigns),
        *(("kind", n.kind, tuple(k.name for k in negatives.NEGATIVES)) for n in spec.negatives),
    ):
        if value not in known:
            raise UsageError(
                f"the {name} of a simulated page must be one of {', '.join(known)}. Got {value!r} instead."
            )
    bounds: list[tuple[str, float | None, float, float]] = [
        ("n_accounts", spec.n_accounts, 1, 10**7),
        ("n_posts", spec.n_posts, 2, 10**5),
        ("posts_per_day", spec.posts_per_day, 1e-3, 1e3),
        ("return_share", spec.return_share, 0, 1),
        ("reply_share", spec.reply_share, 0, 0.95),
    ]
    for c in spec.campaigns:
        bounds += [
            (k, getattr(c, k), 0, 1)
            for k in (
                "participation",
                "presence",
                "paraphrase",
                "profile_strength",
                "likes_inside",
                "first_share",
                "last_share",
            )
        ]
        bounds += [(k, getattr(c, k), 1, 10**6) for k in ("n_accounts", "n_crews", "n_posts")]
        bounds += [
            (k, getattr(c, k), 0, 10**8)
            for k in ("gap_s", "spacing_s", "start_delay_s", "camouflage", "window_s")
        ]
    bounds += [("n_accounts", n.n_accounts, 1, 10**6) for n in spec.negatives]
    for name, number, low, high in bounds:
        if number is not None and not low <= number <= high:
            raise UsageError(
                f"{name} of a simulated page must be in the range [{low:g}, {high:g}]. Got {number} instead."
            )


def _ids(seed: int, n: int) -> list[str]:
    """n distinct account ids that tell nothing about the order in which accounts were made."""
    key = int(measured.stream(seed, "ids").integers(0, 1 << 46))
    # Multiplying by an odd number and xor with a key are both one-to-one modulo 2^46.
    mixed = (np.arange(n, dtype=np.uint64) * np.uint64(0x2545F4914F6CDD1D)) & np.uint64((1 << 46) - 1)
    return (np.uint64(100_000_000_000_000) + (mixed ^ np.uint64(key))).astype(str).tolist()


def _written(
    scene: Scene, owner: int, innocents: list[dict[str, Any]], moved: list[dict[str, Any]]
) -> SimulatedPage:
    spec, seed = scene.spec, scene.seed
    done = scene.so_far()
    rng = measured.stream(seed, "records")
    time_s = scene.post_time_s[done.post] + np.floor(done.delay_s).astype(np.int64)
    # An answer never stands before what it answers.
    time_s = np.where(done.parent >= 0, np.maximum(time_s, time_s[done.parent] + 1), time_s)
    ids = _ids(seed, len(scene.roles))
    handles = spec.profile in ("tiktok", "reddit", "weibo")
    name = people.names(rng, GRAMMARS, scene.crowd["lang"], scene.crowd["make"], handles)
    name[owner] = spec.name
    post_ids = [f"{spec.page_id}_{9_000_000_000 + 40_009 * i}" for i in range(spec.n_posts)]
    serial = np.empty(len(time_s), np.int64)
    order = np.lexsort((np.arange(len(time_s)), time_s))
    serial[order] = 700_000_000 + 13 * np.arange(len(time_s)) + rng.integers(0, 13, len(time_s))
    comment_ids = np.char.add(np.char.add(np.array(post_ids)[done.post], "_"), serial.astype(str)).astype(
        object
    )
    parents = [comment_ids[p] if p >= 0 else None for p in done.parent.tolist()]
    rows = np.lexsort((serial, time_s, done.post))
    names_of, ids_of = np.array(name, object), np.array(ids, object)
    columns: dict[str, Any] = {
        "comment_id": comment_ids[rows].tolist(),
        "post_id": [post_ids[p] for p in done.post[rows].tolist()],
        "page_id": [spec.page_id] * len(rows),
        "parent_id": [parents[r] for r in rows.tolist()],
        "author_id": ids_of[done.account[rows]].tolist(),
        "author_name": names_of[done.account[rows]].tolist(),
        "comment_time": pa.array(time_s[rows] * 1_000_000).cast(TIME),
        "text": [done.text[r] for r in rows.tolist()],
        "likes": _likes(scene, done, rng)[rows],
    }
    comments = pa.table([_column(columns.get(f.name), f, len(rows)) for f in COMMENTS], schema=COMMENTS)
    posts = _posts(scene, done, post_ids, ids[owner], rng)
    seen = np.unique(done.account)
    first_s = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(first_s, done.account, time_s)
    seen = seen[np.argsort(ids_of[seen])]
    accounts = people.profiles(
        rng,
        GRAMMARS,
        pa.array([ids[i] for i in seen]),
        [name[i] for i in seen],
        scene.crowd["lang"][seen],
        scene.crowd["newness"][seen],
        first_s[seen],
    )
    roles = {int(a): n["declared_role"] for n in innocents if n["declared_role"] for a in n["accounts"]} | {
        owner: "owner"
    }
    stated = sorted((ids[a], name[a], role) for a, role in roles.items())
    declared = pa.table([pa.array([s[i] for s in stated], pa.string()) for i in range(3)], schema=DECLARED)
    truth = pa.Table.from_pylist(
        [
            dict(zip(TRUTH.names, (ids[i], role, campaign, family, suspect), strict=True))
            for i in seen.tolist()
            for role, family, campaign, suspect in [scene.roles[i]]
        ],
        schema=TRUTH,
    )
    return SimulatedPage(
        comments,
        posts,
        accounts if spec.with_accounts else accounts.slice(0, 0),
        declared,
        truth,
        tuple(_record(m, ids, post_ids, set(seen.tolist())) for m in moved),
        tuple(_record(n, ids, post_ids, set(seen.tolist())) for n in innocents),
        spec,
        seed,
    )


def _column(values: Any, field: pa.Field, n: int) -> pa.Array:
    return pa.nulls(n, field.type) if values is None else pa.array(values, field.type)


def _likes(scene: Scene, done: Acts, rng: np.random.Generator) -> np.ndarray:
    """Likes by the measured curve; early comments get more of them, a crew's own likes come on top."""
    order = np.lexsort((done.delay_s, done.post))
    start = np.searchsorted(done.post[order], np.arange(scene.spec.n_posts + 1))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) - start[done.post[order]]
    size = np.diff(start)[done.post]
    early = -ndtri((rank + 0.5) / size)
    u = ndtr(0.4 * early + np.sqrt(1 - 0.16) * rng.standard_normal(len(order)))
    return np.floor(scene.curves.at("likes", u)).astype(np.int64) + done.extra_likes


def _posts(
    scene: Scene, done: Acts, post_ids: list[str], owner_id: str, rng: np.random.Generator
) -> pa.Table:
    n = scene.spec.n_posts
    # Platforms count a few comments that an export does not hold: hidden, deleted, of private accounts.
    declared = np.floor(np.bincount(done.post, minlength=n) * rng.uniform(1.0, 1.03, n)).astype(np.int64)
    columns: dict[str, Any] = {
        "post_id": post_ids,
        "page_id": [scene.spec.page_id] * n,
        "post_time": pa.array(scene.post_time_s * 1_000_000).cast(TIME)
        if scene.spec.with_post_times
        else None,
        "post_text": scene.post_text,
        "declared_comments": declared,
        "sponsored": rng.random(n) < 0.1,
        "post_author_id": [owner_id] * n,
    }
    return pa.table([_column(columns[f.name], f, n) for f in POSTS], schema=POSTS)


def _record(done: Mapping[str, Any], ids: list[str], post_ids: list[str], seen: set[int]) -> dict[str, Any]:
    """A record with places turned into ids; accounts that never came to comment are left out."""
    out = dict(done) | {"accounts": sorted(ids[a] for a in done["accounts"].tolist() if a in seen)}
    if "posts" in done:
        out["posts"] = [post_ids[p] for p in done["posts"].tolist()]
    return out
