"""Groups: what is compared, what is found on pages with a known ring, and what must stay unnamed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from make_dump import make_dump
from make_presence import DAY, START, attends, clean_page, measured, presence

from fakedetect import relate
from fakedetect.measure import timing
from fakedetect.relate import MEMBERS, SHARE_OF_GATE, Rings, find
from fakedetect.relate import presence as presence_stage
from fakedetect.relate.attendance import Looks, attended
from fakedetect.relate.groups import Candidate, chance, discover, group_p, neighbours
from fakedetect.relate.members import membership, smallest_p
from fakedetect.relate.naming import Chosen, members
from fakedetect.relate.pairs import MIN_CORRELATED, all_pairs, all_readings, pair_p, reading
from fakedetect.relate.presence import MIN_SHARED, Presence, gather
from fakedetect.relate.spans import spans
from fakedetect.schema import EDGES_OUT, GROUPS_OUT

FDR, PAGE_ALPHA = 0.05, 0.02
N_POSTS = 60
TIMES = START + DAY * np.arange(N_POSTS)
Part = tuple[list[str], np.ndarray, np.ndarray]


def asking(here: Presence, seed: int) -> Chosen:
    """Nothing is known of when the posts were published, so that only times can tell."""
    unknown = np.full(len(here.post_names), np.nan)
    choice = spans(here, unknown, np.zeros(len(unknown)))
    return Chosen(here, Looks(((attended(here, choice), choice),), ()), unknown, np.zeros(len(unknown)), None, seed)


def crowd(rng: np.random.Generator, n_accounts: int = 900, per_post: int = 45) -> Part:
    post = np.repeat(np.arange(N_POSTS), per_post)
    who = np.where(rng.random(len(post)) < 0.4, rng.integers(0, 60, len(post)),
                   rng.integers(0, n_accounts, len(post)))
    return [f"u{k:04d}" for k in who], post, np.exp(rng.normal(np.log(7200), 1.6, len(post)))


def fans(rng: np.random.Generator, n: int) -> Part:
    """Always early: a median between one and thirty minutes each, under a third to two thirds of the posts."""
    account, post = attends(rng, n, N_POSTS, rng.uniform(0.35, 0.65, n))
    habit = np.exp(rng.uniform(np.log(60), np.log(1800), n))
    return [f"fan{k:02d}" for k in account], post, habit[account] * np.exp(rng.normal(0, 0.8, len(account)))


def ring(rng: np.random.Generator, n: int, share: float = 0.6, gap_s: float = 40.0) -> Part:
    worked = np.flatnonzero(rng.random(N_POSTS) < share)
    who, post, delay = [], [], []
    for p in worked:
        here = rng.permutation(np.flatnonzero(rng.random(n) < 0.85))
        who += [f"ring{k:02d}" for k in here]
        post += [p] * len(here)
        delay.append(rng.uniform(60, 900) + np.cumsum(rng.exponential(gap_s, len(here))))
    return who, np.array(post), np.concatenate(delay)


def page(*parts: Part, turn: int | None = None, with_post_times: bool = True) -> pa.Table:
    who = [w for p in parts for w in p[0]]
    post, delay = (np.concatenate([p[i] for p in parts]) for i in (1, 2))
    ids = [f"c{i:06d}" for i in range(len(who))]
    if turn is not None:
        order = np.random.default_rng(turn).permutation(len(who))
        who, ids, post, delay = [who[i] for i in order], [ids[i] for i in order], post[order], delay[order]
    return measured(who, post, delay, TIMES, comment_id=ids, with_post_times=with_post_times)


def look(table: pa.Table, declared: set[str] | None = None, seed: int = 0, power: bool = False) -> Rings:
    return find(table, declared or set(), seed=seed, fdr=FDR, page_alpha=PAGE_ALPHA, power=power)


def convicted(rings: Rings) -> set[str]:
    return {m["author_id"] for m in rings.members.to_pylist() if m["member_q"] <= FDR}


@cache
def tight(turn: int | None = None) -> tuple[pa.Table, Rings]:
    rng = np.random.default_rng(1)
    table = page(crowd(rng), ring(rng, 13), turn=turn)
    return table, look(table, power=True)


# The whole search --------------------------------------------------------------------------------------------

def test_a_tight_ring_is_named_and_nobody_else() -> None:
    table, rings = tight()
    assert rings.groups.num_rows == 1
    assert len(convicted(rings)) >= 11
    assert {a[:4] for a in rings.members["author_id"].to_pylist()} == {"ring"}
    assert rings.gate["p_value"] <= PAGE_ALPHA and rings.gate["groups_named"] == 1
    assert (rings.groups.schema, rings.edges.schema, rings.members.schema) == (GROUPS_OUT, EDGES_OUT, MEMBERS)
    [group] = rings.groups.to_pylist()
    assert group["n_accounts"] == rings.members.num_rows
    assert group["kind"] == "synchronised" and group["page_ids"] == ["page"]
    assert 5 < group["median_gap_s"] < 120
    assert set(group["exhibit_posts"]) <= set(table["post_id"].to_pylist())
    for e in rings.edges.to_pylist():
        assert e["author_a"] < e["author_b"] and e["n_close"] <= e["n_shared"] and 0 <= e["p_value"] <= 1


def test_among_thirty_loyal_fans_the_ring_is_named_and_no_fan() -> None:
    rng = np.random.default_rng(3)
    rings = look(page(crowd(rng), fans(rng, 30), ring(rng, 13)))
    assert len([a for a in convicted(rings) if a.startswith("ring")]) >= 11
    assert not [a for a in convicted(rings) if not a.startswith("ring")]


def test_on_page_after_page_of_fans_hardly_one_is_convicted() -> None:
    """Five pages, 150 fans beside rings of 13: the false discovery rate allows one in twenty of the convicted."""
    ring_found, fans_found = [], 0
    for seed in range(5):
        rng = np.random.default_rng(50 + seed)
        here = gather(page(crowd(rng), fans(rng, 30), ring(rng, 13)), set())
        them = all_pairs(here)
        best = discover(neighbours(them, here), all_readings(here, them)[1])[0]
        near_it, _, _, q = members(them, np.array(best.members), asking(here, seed), FDR)
        named = [here.authors[k] for k in near_it[q <= FDR]]
        ring_found.append(sum(a.startswith("ring") for a in named))
        fans_found += sum(not a.startswith("ring") for a in named)
    assert min(ring_found) >= 11
    assert fans_found <= 1


def test_fans_alone_are_no_group() -> None:
    rng = np.random.default_rng(3)
    rings = look(page(crowd(rng), fans(rng, 30)))
    assert rings.groups.num_rows == 0 and rings.members.num_rows == 0


def test_declared_accounts_are_left_out() -> None:
    table, _ = tight()
    here = gather(table, {f"ring{k:02d}" for k in range(13)})
    assert here.authors and not [a for a in here.authors if a.startswith("ring")]


def test_same_input_and_seed_same_result_in_any_order_of_rows() -> None:
    _, one = tight()
    _, two = tight(turn=5)
    for name in ("groups", "edges", "members"):
        assert getattr(one, name).equals(getattr(two, name)), name
    assert one.gate == two.gate and one.testable == two.testable and one.power == two.power


def test_a_ring_keeps_its_name_under_another_seed_and_on_a_grown_page() -> None:
    """A group is named after its accounts."""
    rng = np.random.default_rng(1)
    grown = page(crowd(rng), ring(rng, 13), crowd(np.random.default_rng(99), per_post=5))
    _, one = tight()
    two = look(grown, seed=77)
    assert convicted(one) == convicted(two)
    assert one.members["author_id"].to_pylist() == two.members["author_id"].to_pylist()
    assert one.groups["group_id"].to_pylist() == two.groups["group_id"].to_pylist()


def test_power_says_what_would_have_been_seen() -> None:
    """More posts are never harder to see (two trials of twelve allowed for). More accounts can be: at one a minute a
    ring of 13 takes a quarter of an hour, and is less of one moment than a ring of five."""
    _, rings = tight()
    seen = {(r["n_accounts"], r["participation"]): r["probability"] for r in rings.power}
    assert seen[13, 1.0] == seen[5, 1.0] == 1.0
    for (size, _), probability in seen.items():
        assert probability <= seen[size, 1.0] + 2 / 12
    assert rings.smallest is not None and rings.smallest["probability"] >= 0.8


def test_accounts_that_a_busy_page_leaves_out_are_no_ring_that_would_have_been_seen(
        monkeypatch: pytest.MonkeyPatch) -> None:
    table, every = tight()
    monkeypatch.setattr(presence_stage, "MAX_MEETINGS", 8_000)
    monkeypatch.setattr(presence_stage, "PER_COMMENT", 0)
    few = look(table, power=True)
    assert every.gate["accounts_skipped"] == 0 < few.gate["accounts_skipped"] and few.gate["min_posts"] > 8
    monkeypatch.setattr(presence_stage, "PER_COMMENT", 100)
    assert look(table).gate["accounts_skipped"] == 0, "so many for each comment are always counted"
    rows = {(r["n_accounts"], r["participation"]): (r["n_posts"], r["probability"]) for r in few.power}
    assert any(n < few.gate["min_posts"] for n, _ in rows.values())
    for at, (n, probability) in rows.items():
        if n < few.gate["min_posts"]:
            assert probability == 0
        elif at == (5, 1.0):
            assert probability == 1


def nothing() -> pa.Table:
    return measured([], [], [], TIMES)


def everybody_once() -> pa.Table:
    rng = np.random.default_rng(4)
    post = np.repeat(np.arange(N_POSTS), 20)
    return measured([f"u{i}" for i in range(1200)], post, rng.exponential(7200, 1200), TIMES)


def one_post() -> pa.Table:
    rng = np.random.default_rng(5)
    return measured([f"u{i}" for i in range(200)], [0] * 200, rng.exponential(7200, 200), TIMES[:1])


def no_times() -> pa.Table:
    table, _ = tight()
    for name in ("comment_time", "delay_u", "delay_v", "floor_u", "floor_v", "session_low", "session_high"):
        at = table.column_names.index(name)
        table = table.set_column(at, table.schema.field(at), pa.nulls(table.num_rows, table.schema.field(at).type))
    return table


def nobody() -> pa.Table:
    return measured([None] * 300, np.repeat(np.arange(N_POSTS), 5), np.arange(300.0), TIMES)  # type: ignore[list-item]


def two_regulars() -> pa.Table:
    return measured(["a", "b"] * N_POSTS, np.repeat(np.arange(N_POSTS), 2), [60.0, 65.0] * N_POSTS, TIMES)


@pytest.mark.parametrize("make", [nothing, everybody_once, one_post, no_times, nobody, two_regulars],
                         ids=lambda f: f.__name__)
def test_where_nothing_can_be_found(make) -> None:  # type: ignore[no-untyped-def]
    rings = look(make())
    assert (rings.groups.num_rows, rings.edges.num_rows, rings.members.num_rows) == (0, 0, 0)
    assert (rings.groups.schema, rings.edges.schema, rings.members.schema) == (GROUPS_OUT, EDGES_OUT, MEMBERS)


# What is compared --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("n_shared", "n_pairs"), [pytest.param(MIN_SHARED - 1, 0, id="too-few"),
                                                   pytest.param(MIN_SHARED, 1, id="just-enough")])
def test_pairs_share_posts_enough(n_shared: int, n_pairs: int) -> None:
    post = np.r_[np.arange(10), np.arange(n_shared), np.arange(20, 28)]
    account = np.r_[np.zeros(10, int), np.ones(n_shared + 8, int)]
    them = all_pairs(presence(account, post, np.linspace(0.1, 0.9, len(post))))
    assert len(them.a) == n_pairs
    assert them.n_shared.tolist() == [n_shared] * n_pairs


def conversation(answers: bool) -> pa.Table:
    """Two friends under 20 posts: one comments, the other comments and answers a minute later; and a crowd."""
    rng = np.random.default_rng(6)
    who, post, delay, ids, parent = [], [], [], [], []
    for k in range(20):
        for name, after, reply in (("ann", 0, None), ("bob", 60, None), ("bob", 90, f"ann{k}")):
            if reply is None or answers:
                who.append(name)
                post.append(k)
                delay.append(3000.0 + 200 * k + after)
                ids.append(f"{name}{k}" if reply is None else f"reply{k}")
                parent.append(reply)
    c, p, d = crowd(rng, per_post=15)
    return measured(who + c, np.r_[post, p], np.r_[delay, d], TIMES, parent=parent + [None] * len(c),
                    comment_id=ids + [f"x{i}" for i in range(len(c))])


@pytest.mark.parametrize(("answers", "pairs"), [pytest.param(False, 1, id="side-by-side"),
                                                pytest.param(True, 0, id="in-conversation")])
def test_those_who_answer_each_other_are_no_pair(answers: bool, pairs: int) -> None:
    here = gather(conversation(answers), set())
    them = all_pairs(here)
    names = {(here.authors[a], here.authors[b]) for a, b in zip(them.a, them.b, strict=True)}
    assert len(names & {("ann", "bob")}) == pairs


def test_a_link_holds_on_its_own_page_only() -> None:
    """Two pages that number their comments alike: what is answered on one links nobody to the other's writer."""
    rows = [(p, k, who) for p in ("p1", "p2") for k in range(4) for who in ("a", "b", "x")]
    same = {("p1", 0, "x"), ("p2", 0, "b")}
    comments = [{"page_id": p, "post_id": f"q{k}", "author_id": who, "comment_time": START + 60 * k + ord(who),
                 "comment_id": "same" if (p, k, who) in same else f"{p}-{k}-{who}", "text": "t"}
                for p, k, who in rows]
    comments.append({"page_id": "p1", "post_id": "q0", "comment_id": "answer", "parent_id": "same",
                     "author_id": "a", "comment_time": START + 900, "text": "t"})
    posts = [{"page_id": p, "post_id": f"q{k}", "post_time": START} for p in ("p1", "p2") for k in range(4)]
    here = gather(timing(make_dump(comments, posts), allowed=lambda test, on: True, own_curve=lambda on: True,
                         tick_s=lambda on: 1.0).comments, set())
    n = len(here.authors)
    assert {here.authors[c // n % n] + here.authors[c % n] for c in here.linked.tolist()} == {"ax"}


def test_two_friends_who_converse_are_no_group() -> None:
    rings = look(conversation(True))
    assert rings.groups.num_rows == 0


def test_replies_declared_and_nobody_are_not_gathered() -> None:
    table = conversation(True)
    here = gather(table, {"ann"})
    assert "ann" not in here.authors and "bob" in here.authors
    assert len(here.account) == len(set(zip(here.account.tolist(), here.post.tolist(), strict=True)))
    assert here.authors == sorted(here.authors)
    assert (np.diff(here.starts) >= MIN_SHARED).all()


def test_an_account_far_from_another_is_not_surprised_by_one_meeting() -> None:
    """One is early by habit, the other late; once they come near each other. That is rare, not impossible."""
    rng = np.random.default_rng(7)
    post = np.tile(np.arange(60), 2)
    u = np.r_[rng.uniform(0.01, 0.1, 60), rng.uniform(0.85, 0.99, 60)]
    u[5], u[65] = 0.3, 0.6
    here = presence(np.repeat([0, 1], 60), post, u)
    them = all_pairs(here)
    read = reading(here, them, "u")
    assert pair_p(them, read, read.moment, read.normal)[0] > 1e-3


def test_few_shared_posts_show_no_correlation() -> None:
    """Late on the same posts says nothing below MIN_CORRELATED posts, much on twenty."""
    for n, low, high in ((MIN_CORRELATED - 1, 0.05, 1.0), (20, 0.0, 1e-3)):
        moments = np.linspace(0.02, 0.5, n)
        here = presence(np.repeat([0, 1], n), np.tile(np.arange(n), 2), np.r_[moments, moments + 0.4])
        them = all_pairs(here)
        read = reading(here, them, "u")
        assert low <= pair_p(them, read, read.moment, read.normal)[0] <= high


# Groups and members ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("size", "share"), [pytest.param(13, 0.6, id="thirteen"), pytest.param(8, 0.4, id="eight")])
def test_discovery_finds_the_ring_whole(size: int, share: float) -> None:
    for seed in range(3):
        here = clean_page(seed, ring=size, ring_share=share)
        them = all_pairs(here)
        readings, p = all_readings(here, them)
        beside = neighbours(them, here)
        best = discover(beside, p)[0]
        truth = {k for k, a in enumerate(here.authors) if int(a[1:]) >= 300}
        assert len(truth & set(best.members)) >= size - 1 and len(set(best.members) - truth) <= 1
        assert group_p(best.strength, chance(here, them, beside, readings, seed=seed, replicates=49, fewest=49,
                                             best=best.strength)) == 1 / 50
        near_it, _, _, q = members(them, np.array(best.members), asking(here, seed), FDR)
        named = set(near_it[q <= FDR].tolist())
        assert len(named & truth) >= size - 2 and len(named - truth) <= 1


def test_groups_are_disjoint_and_the_strongest_first() -> None:
    here = clean_page(1, ring=13)
    them = all_pairs(here)
    found = discover(neighbours(them, here), all_readings(here, them)[1])
    seen = [m for c in found for m in c.members]
    assert len(seen) == len(set(seen))
    strengths = [c.strength for c in found]
    assert strengths == sorted(strengths, reverse=True) and strengths[0] > 0
    assert all(isinstance(c, Candidate) and list(c.members) == sorted(c.members) for c in found)


@pytest.mark.parametrize(("null", "strength", "p"), [
    pytest.param([[1, 2, 3, 4]], 5.0, 1 / 5, id="beyond-all"),
    pytest.param([[1, 2, 3, 4]], 3.0, 3 / 5, id="ties-count"),
    pytest.param([[1, 2, 3, 4], [9, 9, 0, 0]], 5.0, 3 / 5, id="the-reading-where-chance-does-best"),
])
def test_group_p(null: list[list[float]], strength: float, p: float) -> None:
    assert group_p(strength, [np.array(n, float) for n in null]) == p


def test_stopping_early_changes_nobodys_fate() -> None:
    """Chance matches a weak group so often in the first looks that no further look could let it pass."""
    here = clean_page(2, n_posts=30, n_organic=60)
    them = all_pairs(here)
    readings, _ = all_readings(here, them)
    beside = neighbours(them, here)
    gate = PAGE_ALPHA * SHARE_OF_GATE["closeness"]
    full = chance(here, them, beside, readings, seed=1, replicates=199, fewest=99, best=np.inf)
    assert [len(n) for n in full] == [199] * 3
    for strength in (0.0, *np.quantile(full[0], [0.5, 0.9, 0.99]), 50.0):
        early = chance(here, them, beside, readings, seed=1, replicates=199, fewest=99, best=strength)
        assert all((e == f[: len(e)]).all() for e, f in zip(early, full, strict=True)), "the same draws"
        assert (group_p(strength, early) <= gate) == (group_p(strength, full) <= gate)


def test_power_is_told_where_the_null_stopped_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a ring would have had to reach is known from as many replicates as its share of the gate needs."""
    rng = np.random.default_rng(3)
    table = page(crowd(rng), fans(rng, 30))
    whole = look(table, power=True)
    stopping = relate.chance
    monkeypatch.setattr(relate, "chance", lambda *a, **k: stopping(*a, **k | {"best": 0.0}))
    early = look(table, power=True)
    assert early.gate["replicates"] == 100 and whole.gate["replicates"] == 199
    assert [r["probability"] for r in early.power] == pytest.approx([r["probability"] for r in whole.power], abs=0.2)
    assert early.smallest is not None


def test_smallest_p_is_what_the_posts_allow() -> None:
    account = np.repeat(np.arange(3), [3, 4, 8])
    here = presence(account, np.r_[0:3, 0:4, 0:8], np.linspace(0.1, 0.9, 15))
    np.testing.assert_allclose(smallest_p(here, np.arange(3)), [2 / 6, 2 / 24, 2 / 40320])


def test_members_are_convicted_against_the_others() -> None:
    here = clean_page(4, ring=13)
    core = np.array([k for k, a in enumerate(here.authors) if int(a[1:]) >= 300])
    evidence = membership(here, core, core, seed=1)
    assert (evidence.p < 0.001).sum() >= 12
    assert (evidence.n_close <= evidence.n_met).all() and (evidence.partners < len(core)).all()
    again = membership(here, core[::-1], core, seed=1)
    np.testing.assert_array_equal(evidence.p, again.p[::-1])
