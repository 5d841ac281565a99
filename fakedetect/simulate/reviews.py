"""Play a review site and put it down as the canonical tables, with the truth beside them."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect.errors import UsageError
from fakedetect.schema import ACCOUNTS, BUSINESSES, COMMENTS, DECLARED, POSTS
from fakedetect.simulate import curves as measured
from fakedetect.simulate import people, reviews_campaigns, reviews_negatives
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.names import FIRST, LAST_A, LAST_B
from fakedetect.simulate.reviews_campaigns import REVIEW_FAMILIES
from fakedetect.simulate.reviews_grammar import answer
from fakedetect.simulate.reviews_negatives import REVIEW_NEGATIVES
from fakedetect.simulate.reviews_organic import organic
from fakedetect.simulate.reviews_scene import CATEGORIES, DAY, MAX_PLACES, WORDS, Acts, ReviewScene
from fakedetect.simulate.spec import TRUTH, Negative, ReviewSpec, SimulatedPage


def reviews(spec: ReviewSpec, seed: int) -> SimulatedPage:
    """One review site as its spec says. The same spec and seed give the same tables, whatever else runs; a campaign
    or hard negative changes no organic review.

    Raises UsageError for a number out of its bounds, an unknown language, family or kind, and for a campaign that
    finds nothing to work on.
    """
    _check(spec)
    scene = ReviewScene(spec, seed)
    organic(scene)
    innocents = [reviews_negatives.play(scene, n, i + 1) for i, n in enumerate(spec.negatives)]
    moved = [reviews_campaigns.play(scene, c, i + 1) for i, c in enumerate(spec.campaigns)]
    return _written(scene, innocents, moved)


def _check(spec: ReviewSpec) -> None:
    def one_of(name: str, value: str, known: list[str]) -> None:
        if value not in known:
            raise UsageError(f"the {name} of a review site must be one of {', '.join(known)}. Got {value!r} instead.")

    def within(name: str, value: float | None, low: float, high: float) -> None:
        if value is not None and not low <= value <= high:
            raise UsageError(f"{name} of a review site must be in the range [{low:g}, {high:g}]. Got {value} instead.")

    one_of("lang", spec.lang, ["en", "fr", "mixed"])
    within("n_accounts", spec.n_accounts, 1, 10**6)
    within("n_places", spec.n_places, 1, MAX_PLACES)
    within("n_categories", spec.n_categories, 2, len(CATEGORIES))
    # Two businesses at least of each category in each place, so that there is competition.
    within("n_businesses", spec.n_businesses, 2 * spec.n_categories * (spec.n_places + 1), 10**4)
    within("n_days", spec.n_days, 120, 7300)
    within("verified_share", spec.verified_share, 0, 1)
    for n in spec.negatives:
        one_of("kind", n.kind, [k.name for k in REVIEW_NEGATIVES])
        within("n_accounts", n.n_accounts, 2, 10**5)
        if n != Negative(n.kind, n.n_accounts):
            raise UsageError("a hard negative of a review site must be given by kind and n_accounts alone")
    for c in spec.campaigns:
        one_of("family", c.family, [f.name for f in REVIEW_FAMILIES])
        for name, low, high in _BOUNDS:
            within(name, getattr(c, name), low, spec.n_days if name == "spread_days" else high)


_BOUNDS: tuple[tuple[str, float, float], ...] = (
    *((name, 1.0, 10.0**5) for name in ("n_accounts", "n_reviews", "n_praised", "spread_days")),
    *((name, 0.0, 1.0) for name in ("start_share", "paraphrase", "profile_strength")),
    ("n_trashed", 0.0, 1000.0), ("camouflage", 0.0, 100.0), ("step", 0.1, 0.5), ("n_devices", 0.0, 1000.0),
)


def _written(scene: ReviewScene, innocents: list[dict[str, Any]], moved: list[dict[str, Any]]) -> SimulatedPage:
    spec, done = scene.spec, scene.so_far()
    rng = measured.stream(scene.seed, "records")
    time_s = done.time_s // DAY * DAY if spec.day_only else done.time_s - int(spec.utc_offset_h * 3600)
    grammars = [w.grammar for w in WORDS]
    key = measured.stream(scene.seed, "ids")
    ids = (10**11 + _mixed(np.arange(len(scene.roles)), key).astype(np.int64)).astype(str).tolist()
    name = people.names(rng, grammars, scene.crowd["lang"], scene.crowd["make"], handles=False)
    business_ids = [f"b{1001 + 7 * b}" for b in range(spec.n_businesses)]
    serial = np.empty(len(time_s), np.int64)
    serial[np.lexsort((np.arange(len(time_s)), done.time_s))] = 50_000_000 + 11 * np.arange(len(time_s))
    rows = np.lexsort((serial, time_s, done.business))
    columns: dict[str, Any] = {
        "comment_id": serial.astype(str),
        "post_id": np.array(business_ids, object)[done.business],
        "page_id": np.full(len(rows), spec.page_id, object),
        "author_id": np.array(ids, object)[done.account],
        "author_name": np.array(name, object)[done.account],
        "comment_time": time_s * 1_000_000,
        "text": np.array(done.text, object),
        "rating": done.stars.astype(float),
    } | _circumstances(scene, done, rng)
    comments = pa.table([_column(f, columns.get(f.name), rows) for f in COMMENTS], schema=COMMENTS)
    seen, at, n_each = np.unique(done.account, return_inverse=True, return_counts=True)
    seen_ids = [ids[a] for a in seen.tolist()]
    first_s = np.full(len(seen), np.iinfo(np.int64).max)
    np.minimum.at(first_s, at, time_s)
    profiles = people.profiles(rng, grammars, pa.array(seen_ids), [name[a] for a in seen.tolist()],
                               scene.crowd["lang"][seen], scene.crowd["newness"][seen], first_s)
    role, family, campaign, suspect = zip(*(scene.roles[a] for a in seen.tolist()), strict=True)
    told = {"author_id": seen_ids, "role": role, "campaign": campaign, "family": family, "is_suspect": suspect}
    truth = pa.table([pa.array(told[f.name], f.type) for f in TRUTH], schema=TRUTH).sort_by("author_id")
    accounts = _reviewers(scene, profiles, dict(zip(seen_ids, n_each.tolist(), strict=True)), rng)
    return SimulatedPage(
        comments, _posts(scene, business_ids), accounts, DECLARED.empty_table(), truth,
        tuple(_record(scene, m, ids, business_ids, set(seen.tolist())) for m in moved),
        tuple(_record(scene, n, ids, business_ids, set(seen.tolist())) for n in innocents),
        spec, scene.seed, _businesses(scene, business_ids, rng),
    )


def _column(field: pa.Field, values: np.ndarray | None, rows: np.ndarray) -> pa.Array:
    """The values in the order of `rows`; none: unknown throughout."""
    if values is None:
        return pa.nulls(len(rows), field.type)
    kept = pa.array(values[rows].tolist())
    return kept.cast(field.type)


def _circumstances(scene: ReviewScene, done: Acts, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Columns verified_purchase, invited, reply_text and ip_code, where the site shows them."""
    n = len(done.account)
    chance = np.where(done.bought, 0.0, scene.invites[done.business])
    invited = np.where(done.invited >= 0, done.invited == 1, rng.random(n) < chance)
    # A campaign buys something now and then, so that its reviews look better.
    factor = np.where(done.bought, 0.2, np.where(invited, 1.6, 1.0))
    verified = rng.random(n) < np.minimum(scene.verified_share * factor, 1.0)
    replied = rng.random(n) < np.minimum(scene.answers[done.business] * np.where(done.stars < 3, 1.5, 1.0), 1.0)
    dice = Dice(rng)
    first_names = [dice.pick(FIRST[WORDS[g].grammar.lang].split("|"))
                   for g in scene.langs(rng, scene.spec.n_businesses).tolist()]
    reply = np.full(n, None, object)
    for row in np.flatnonzero(replied).tolist():
        words = WORDS[scene.crowd["lang"][done.account[row]]]
        reply[row] = answer(dice, words, int(done.stars[row]), first_names[scene.owner[done.business[row]]])
    out = {"invited": invited, "reply_text": reply}
    if scene.verified_share > 0:
        out["verified_purchase"] = verified
    if scene.spec.with_ip:
        # Four in five from the account's own address, the others from one seen once; shared ones as they were played.
        crowd = len(scene.roles)
        own = np.where(rng.random(n) < 0.8, done.account, crowd + np.arange(n))
        codes = _mixed(np.where(done.ip >= 0, crowd + n + done.ip, own), rng)
        out["ip_code"] = np.array([f"{code:09x}" for code in codes.tolist()], object)
    return out


def _mixed(numbers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Codes of 36 bits, uint64, as distinct as the numbers, that tell nothing about their order."""
    mask = np.uint64((1 << 36) - 1)
    # Multiplying by an odd number and xor with a key are both one-to-one modulo 2^36.
    mixed = (numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) & mask
    return mixed ^ rng.integers(0, 1 << 36, dtype=np.uint64)


def _posts(scene: ReviewScene, business_ids: list[str]) -> pa.Table:
    n = len(business_ids)
    columns = {"post_id": business_ids, "page_id": [scene.spec.page_id] * n, "post_text": scene.names}
    return pa.table([pa.array(columns.get(f.name, [None] * n), f.type) for f in POSTS], schema=POSTS)


def _businesses(scene: ReviewScene, business_ids: list[str], rng: np.random.Generator) -> pa.Table:
    """Who owns what, and where: owners by name, no two alike."""
    firsts = FIRST[WORDS[int(scene.spec.lang != "en")].grammar.lang].split("|")
    every = [f"{f} {a}{b}" for f in firsts for a in LAST_A for b in LAST_B]
    owners = [every[i] for i in rng.choice(len(every), len(business_ids), replace=False).tolist()]
    places = WORDS[int(scene.spec.lang != "en")].places
    columns = {
        "business_id": business_ids,
        "owner": [owners[o] for o in scene.owner.tolist()],
        "place": [places[p] for p in scene.place.tolist()],
        "category": [CATEGORIES[c] for c in scene.category.tolist()],
    }
    return pa.table([pa.array(columns[f.name], f.type) for f in BUSINESSES], schema=BUSINESSES)


def _reviewers(scene: ReviewScene, profiles: pa.Table, n_here: dict[str, int], rng: np.random.Generator) -> pa.Table:
    """The profiles as a review site shows them: nobody follows, and reviews elsewhere are counted too."""
    if not scene.spec.with_accounts:
        return ACCOUNTS.empty_table()
    elsewhere = np.floor(rng.lognormal(0.3, 1.3, profiles.num_rows)).astype(np.int64)
    n = [int(n_here[a] + e) for a, e in zip(profiles["author_id"].to_pylist(), elsewhere, strict=True)]
    for field in ACCOUNTS:
        if field.name in ("followers", "following"):
            new = pa.nulls(profiles.num_rows, field.type)
        elif field.name == "posts_count":
            new = pa.array(n, field.type)
        else:
            continue
        profiles = profiles.set_column(profiles.schema.get_field_index(field.name), field, new)
    return profiles


def _record(scene: ReviewScene, done: dict[str, Any], ids: list[str], business_ids: list[str],
            seen: set[int]) -> dict[str, Any]:
    """A record with places turned into ids and days into dates; accounts that wrote nothing are left out."""
    out = dict(done)
    for key in {"accounts", "genuine"} & out.keys():
        out[key] = sorted(ids[a] for a in done[key].tolist() if a in seen)
    for key in {"businesses", "praised", "trashed", "client"} & out.keys():
        out[key] = [business_ids[b] for b in done[key]]
    if "day" in out:
        out["day"] = (scene.spec.start + datetime.timedelta(days=done["day"])).isoformat()
    if "until_s" in out:
        until = datetime.datetime.fromtimestamp(out.pop("until_s"), datetime.UTC)
        out["until"] = until.date().isoformat()
    return out
