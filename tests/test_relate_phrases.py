"""Copied sentences: near-duplicates are found in any script, the bound and the members' p hold where accounts write on
their own, those who write each other's sentences are cases for review, and what a post asked for is nobody's copy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from make_presence import DAY, START, measured
from scipy import sparse

from fakedetect.decide import verdicts
from fakedetect.relate import find
from fakedetect.relate.exhibits import Rows, phrase_rows
from fakedetect.relate.phrases import Phrased, _tail, phrased
from fakedetect.relate.repeats import folded, same_phrase

N_POSTS = 60
TIMES = START + DAY * np.arange(N_POSTS)
WORDS = ["lovely", "kitchen", "summer", "orange", "garden", "music", "train", "window", "river", "market", "paper",
         "silver", "cloud", "winter", "family", "travel", "recipe", "bread", "mountain", "letter", "evening", "bottle"]
TEMPLATES = ["this {} is the best thing I have tried since last {} honestly",
             "my sister told me about the {} and now we all want it",
             "ordered the {} yesterday and it came this morning great service",
             "never thought a {} could make me so happy thank you",
             "can anyone tell me where to find the {} in my town please",
             "the {} looks even better than on the first picture wow"]
Acts = tuple[list[str], list[int], list[float], list[str]]


def crowd(seed: int, n: int = 600, copied: float = 0.05) -> Acts:
    """Accounts with one to a dozen comments, most in words of their own, some from a store of a hundred sayings."""
    rng = np.random.default_rng(seed)
    sayings = [" ".join(rng.choice(WORDS, 7)) for _ in range(100)]
    common = 1 / np.arange(1.0, 101)
    acts: Acts = ([], [], [], [])
    for k in range(n):
        quoting = rng.beta(1, 1 / copied)
        for _ in range(rng.geometric(0.3)):
            own = " ".join(rng.choice(WORDS, int(rng.integers(6, 14))))
            acts[0].append(f"c{k:04d}")
            acts[1].append(int(rng.integers(N_POSTS)))
            acts[2].append(float(rng.uniform(60, 80_000)))
            acts[3].append(str(rng.choice(sayings, p=common / common.sum())) if rng.random() < quoting else own)
    return acts


def copiers(seed: int, n: int = 12, each: int = 6) -> Acts:
    """Accounts that fill the same TEMPLATES with a word or two, on posts that hardly two of them share."""
    rng = np.random.default_rng(seed)
    acts: Acts = ([], [], [], [])
    for k in range(n):
        for post in rng.choice(N_POSTS, each, replace=False).tolist():
            acts[0].append(f"copy{k:02d}")
            acts[1].append(int(post))
            acts[2].append(float(rng.uniform(60, 80_000)))
            acts[3].append(str(rng.choice(TEMPLATES)).format(*rng.choice(WORDS, 2)))
    return acts


def page(*parts: Acts) -> pa.Table:
    joined: Acts = ([], [], [], [])
    for part in parts:
        for to, values in zip(joined, part, strict=True):
            to.extend(values)  # type: ignore[arg-type]
    return measured(*joined[:3], TIMES, text=joined[3])  # type: ignore[misc]


# Texts -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("one", "other", "same"), [
    ("I really love this new orange jacket, where did you buy it?",
     "I really LOVE this new silver jacket where did you buy it", True),
    ("Bravo à toute l'équipe pour ce très beau résultat !", "bravo a toute l equipe pour ce si beau resultat", True),
    ("这个产品真的非常好用，我会推荐给我的所有朋友", "这个产品真的非常好用！我会推荐给我的全部朋友", True),
    ("이 제품은 정말 사용하기 편해서 모든 친구에게 추천하고 싶어요",
     "이 제품은 정말 쓰기 편해서 모든 친구에게 추천하고 싶어요", True),
    ("이 제품은 정말 사용하기 편해서 모든 친구에게 추천하고 싶어요",
     "오늘은 날씨가 좋아서 가족과 함께 공원에서 산책을 했습니다", False),
    ("ผลิตภัณฑ์นี้ใช้ดีมากจริงๆ ฉันจะแนะนำให้เพื่อนทุกคน", "ผลิตภัณฑ์นี้ใช้ดีมากจริงๆ ฉันจะแนะนำให้เพื่อนของฉัน", True),
    ("I really love this new orange jacket, where did you buy it?",
     "where did you buy the garden table that we saw last week?", False),
    ("这个产品真的非常好用，我会推荐给我的所有朋友", "今天天气很好，我们一起去公园散步，晚上吃火锅", False),
])
def test_a_phrase_is_the_same_but_for_a_word_or_two(one: str, other: str, same: bool) -> None:
    first, second = same_phrase(pa.chunked_array([[one, other]])).tolist()
    assert (first == second) is same


def test_same_phrase_agrees_with_exact_jaccard() -> None:
    """Of pairs that are clearly alike nearly all are joined, of pairs that are clearly not, none."""
    rng = np.random.default_rng(4)
    base = [" ".join(rng.choice(WORDS, 10)) for _ in range(200)]
    changed = []
    for text in base:
        words = text.split()
        words[int(rng.integers(10))] = "zebra"
        changed.append(" ".join(words))
    label = same_phrase(pa.chunked_array([base, changed]))
    assert np.mean(label[:200] == label[200:]) >= 0.95
    assert len(np.unique(label[:200])) >= 198


def test_folding_keeps_letters_and_digits_of_any_script() -> None:
    texts = pa.array(["  Élan, 3 × DÉJÀ-vu!! ", "真的", "\ufeffa\u200bb"])
    assert folded(texts).to_pylist() == ["elan 3 deja vu", "真的", "ab"]


def test_signs_that_nobody_sees_make_no_other_phrase() -> None:
    plain = "never pay for this phone again, my friend, " * 8
    hidden = [plain.replace("phone", f"pho{sign}ne") for sign in ("\ufeff", "\u200b", "\u00ad")]
    # Nor do blanks and empty signs move the place where a long text is cut.
    padded = "\ufeff   " * 20 + plain
    assert set(folded(pa.array([plain, padded, *hidden])).to_pylist()) == {folded(pa.array([plain]))[0].as_py()}


def test_texts_too_short_for_a_shingle_are_alike_nothing() -> None:
    assert same_phrase(pa.chunked_array([["ab", "ab.", "", "!!"]])).tolist() == [0, 1, 2, 3]
    assert same_phrase(pa.chunked_array([], pa.string())).tolist() == []


# The search ------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def found() -> Phrased:
    [one], skipped = phrased(page(crowd(1), copiers(2)), set())
    assert skipped == 0
    return one


def test_chance_makes_a_group_as_rarely_as_its_bound_says() -> None:
    """Who quotes much meets others who do, on 36 pages: the bound promises e^-1 above strength 1."""
    strength = [max((g.strength for g in phrased(page(crowd(100 + seed, n=300, copied=0.3)), set())[0]), default=0.0)
                for seed in range(36)]
    assert np.mean(np.array(strength) > 1.0) <= 0.1
    assert max(strength) < 5.0


def test_members_p_of_those_who_write_on_their_own() -> None:
    """Texts dealt anew over the accounts: whoever is asked against any ten others has a p that is uniform or larger."""
    rng = np.random.default_rng(6)
    p = []
    for _ in range(40):
        account = np.repeat(np.arange(80), rng.integers(2, 12, 80))
        phrase = rng.permutation(np.minimum(rng.zipf(1.6, len(account)), 400)) - 1
        own = (sparse.coo_matrix((np.ones(len(account)), (account, phrase)), (80, 400)).toarray() > 0).astype(np.int64)
        writers, n, theirs = own.sum(axis=0), own.sum(axis=1), own[:10].sum(axis=0) > 0
        p += _tail(own[10:, theirs].sum(axis=1), n[10:], (writers - own[10:])[:, theirs].sum(axis=1),
                   float(own.sum())).tolist()
    for level in (0.1, 0.02, 0.005):
        assert np.mean(np.array(p) <= level) <= level + 3 * np.sqrt(level / len(p)), level


def test_those_who_write_each_others_sentences_are_found(found: Phrased) -> None:
    assert set(found.members) == {f"copy{k:02d}" for k in range(12)}
    assert (found.q <= 0.05).all() and found.strength > 20
    assert found.pairs and all(a < b and n >= 2 and p < 0.01 for a, b, n, p in found.pairs)
    assert len(found.texts) == 5 and all(any(t.startswith(m.split("{}")[0]) for m in TEMPLATES) for t in found.texts)
    assert {post for _, post in found.posts} <= {f"p{k:04d}" for k in copiers(2)[1]}


def test_they_are_cases_for_review_and_no_suspects() -> None:
    rings = find(page(crowd(1), copiers(2)), set(), seed=1, fdr=0.05, page_alpha=0.02, power=False)
    [group] = rings.groups.to_pylist()
    assert (group["kind"], group["evidence"], group["n_accounts"]) == ("copy_paste", ["phrases"], 12)
    assert group["phrases"] and group["first_seen"] < group["last_seen"]
    rows = {m["author_id"]: m for m in rings.members.to_pylist()}
    n = len(rows)
    decided = verdicts(sorted(rows), probability=np.full(n, 0.9), rank_p=np.ones(n), rank_smallest=np.zeros(n),
                       members=rings.members, testable={}, declared=set(), innocent=set(), score_refused=False,
                       fdr=0.05)
    assert set(decided.verdict) == {"review"}
    assert all(r["phrase_share"] > 0.9 and r["member_p"] < 0.01 for r in rows.values())
    edges = rings.edges.to_pylist()
    assert edges and all(e["n_phrases"] >= 2 and e["n_close"] == 0 for e in edges)


def test_copiers_beside_a_ring_that_is_named_anyway_stand_with_it() -> None:
    """Ten of them come together too; the other four only write the same."""
    ring, late = copiers(3, n=14), np.random.default_rng(8)
    worked = late.choice(N_POSTS, 40, replace=False)
    together: Acts = ([], [], [], [])
    for post in worked.tolist():
        at = late.uniform(300, 4000)
        for k in range(10):
            if late.random() < 0.8:
                at += late.exponential(20)
                together[0].append(f"copy{k:02d}")
                together[1].append(int(post))
                together[2].append(at)
                together[3].append("fine")
    free = {(a, b) for a, b in zip(together[0], together[1], strict=True)}
    apart: Acts = ([], [], [], [])
    for row in zip(*ring, strict=True):
        if (row[0], row[1]) not in free:
            for to, value in zip(apart, row, strict=True):
                to.append(value)  # type: ignore[arg-type]
    rings = find(page(crowd(1), apart, together), set(), seed=1, fdr=0.05, page_alpha=0.02, power=False)
    [group] = rings.groups.to_pylist()
    assert "phrases" in group["evidence"] and "closeness" in group["evidence"]
    q = {m["author_id"]: m["member_q"] for m in rings.members.to_pylist()}
    assert group["n_accounts"] == len(q)
    assert {a for a, v in q.items() if v is not None} == {f"copy{k:02d}" for k in range(10)}
    only = {a for a, v in q.items() if v is None}
    assert only <= {f"copy{k:02d}" for k in range(10, 14)} and len(only) >= 3


def test_what_a_post_asks_for_is_nobodys_copy() -> None:
    """Two hundred answer a contest word for word, half of them the next one too."""
    rng = np.random.default_rng(9)
    entrants: Acts = ([], [], [], [])
    for k in range(200):
        for post, said in ((20, "I take part and share with all my friends"),
                           (33, "My favourite colour of the year is green")):
            if post == 20 or rng.random() < 0.5:
                entrants[0].append(f"entrant{k:03d}")
                entrants[1].append(post)
                entrants[2].append(float(rng.uniform(60, 80_000)))
                entrants[3].append(said)
    assert phrased(page(crowd(1), entrants), set())[0] == []


def test_a_saying_that_many_write_relates_nobody() -> None:
    rng = np.random.default_rng(10)
    fond: Acts = ([], [], [], [])
    sayings = ["have a very nice day everybody out there", "greetings from the other side of the sea"]
    for k in range(60):
        for said in sayings:
            fond[0].append(f"fond{k:03d}")
            fond[1].append(int(rng.integers(N_POSTS)))
            fond[2].append(float(rng.uniform(60, 80_000)))
            fond[3].append(said)
    assert phrased(page(crowd(1), fond), set())[0] == []


def test_declared_accounts_texts_missing_and_a_page_without_words() -> None:
    table = page(crowd(1), copiers(2))
    assert phrased(table, {f"copy{k:02d}" for k in range(12)}) == ([], 0)
    bare = measured(["a", "b"] * 20, np.arange(40), np.arange(40.0), TIMES)
    assert phrased(bare, set()) == ([], 0)
    assert phrased(table.slice(0, 0), set()) == ([], 0)


def test_rows_in_another_order_give_the_same_group(found: Phrased) -> None:
    table = page(crowd(1), copiers(2))
    [again], _ = phrased(table.take(np.random.default_rng(3).permutation(table.num_rows)), set())
    assert (again.members, again.strength, again.pairs, again.texts, again.posts) == (
        found.members, found.strength, found.pairs, found.texts, found.posts)


@pytest.mark.parametrize("n", [5, 40, *(pytest.param(n, marks=pytest.mark.slow) for n in (8, 15, 120))])
def test_a_contest_that_runs_over_several_posts_is_nobodys_copy(n: int) -> None:
    """Two contests, each announced, repeated and closed: entrants write the dictated sentence under one of three."""
    rng = np.random.default_rng(n)
    entrants: Acts = ([], [], [], [])
    for k in range(n):
        for first, said in ((20, "I take part and share with all my friends"),
                            (33, "My favourite colour of the year is green")):
            entrants[0].append(f"entrant{k:03d}")
            entrants[1].append(first + int(rng.integers(3)))
            entrants[2].append(float(rng.uniform(60, 80_000)))
            entrants[3].append(said)
    assert find(page(crowd(1), entrants), set(), seed=1, fdr=0.05, page_alpha=0.02, power=False).groups.num_rows == 0


def test_one_account_that_writes_all_day_makes_nobody_look_alike() -> None:
    """It can write a phrase only once, so among all that is written it would thin out what the others share."""
    strongest = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        flood: Acts = (["flood"] * 8000, rng.integers(0, N_POSTS, 8000).tolist(), rng.uniform(60, 9e4, 8000).tolist(),
                       [" ".join(rng.choice(WORDS, 9)) for _ in range(8000)])
        found = phrased(page(crowd(seed, n=300, copied=0.6), flood), set())[0]
        strongest.append(max((g.strength for g in found), default=0.0))
    assert max(strongest) < np.log(1000)


def test_words_need_no_clock() -> None:
    """Where times bear no test, the comments that may be compared by their words come apart from the others."""
    table = page(crowd(1), copiers(2))
    [group] = find(table.slice(0, 0), set(), seed=1, fdr=0.05, page_alpha=0.02, written=table,
                   power=False).groups.to_pylist()
    assert group["evidence"] == ["phrases"] and group["n_accounts"] == 12
    nothing = find(table, set(), seed=1, fdr=0.05, page_alpha=0.02, written=table.slice(0, 0), power=False)
    assert nothing.groups.num_rows == 0


def test_accounts_of_a_group_by_words_stand_beside_those_whose_sentences_they_write() -> None:
    """Four of twelve stand in one group, two in another: each of the rest goes where its partners are, and those who
    have none there make a group of their own."""
    members = tuple(f"a{k:02d}" for k in range(12))
    found = Phrased(30.0, members, np.full(12, 1e-6), np.full(12, 1e-5),
                    (("a00", "a06", 3, 1e-6), ("a01", "a06", 2, 1e-5), ("a04", "a07", 2, 1e-5), ("a06", "a07", 2, 1e-5),
                     ("a07", "a08", 2, 1e-5), ("a08", "a09", 2, 1e-5)), ("one of their sentences",),
                    frozenset({("p", "x")}))
    groups = [{"group_id": "g-1", "n_accounts": 4, "evidence": ["closeness"], "phrases": []},
              {"group_id": "g-2", "n_accounts": 2, "evidence": ["closeness"], "phrases": []}]
    time = pa.array([1_700_000_000_000_000] * 12, pa.timestamp("us", tz="UTC"))
    comments = pa.table({"author_id": list(members), "page_id": ["p"] * 12, "post_id": ["x"] * 12, "comment_time": time,
                         "text": ["one of their sentences"] * 12, "n_words": [4] * 12})
    rows = Rows(groups, [], [{"author_id": f"a{k:02d}", "group_id": "g-1" if k < 4 else "g-2"} for k in range(6)])
    phrase_rows(comments, found, 1e-9, 1e-9, rows)
    own = rows.groups[2]["group_id"]
    placed = {m["author_id"]: m["group_id"] for m in rows.members[6:]}
    assert placed == {"a06": "g-1", "a07": "g-2"} | dict.fromkeys(members[8:], own)
    assert [(g["n_accounts"], g["evidence"], g["phrases"]) for g in rows.groups] == [
        (5, ["closeness", "phrases"], ["one of their sentences"]),
        (3, ["closeness", "phrases"], ["one of their sentences"]), (4, ["phrases"], ["one of their sentences"])]
    assert [(e["group_id"], e["author_a"], e["author_b"]) for e in rows.edges] == [
        ("g-1", "a00", "a06"), ("g-1", "a01", "a06"), ("g-2", "a04", "a07"), (own, "a08", "a09")]
    few = found.only(np.arange(12) < 10)
    rows = Rows([dict(g, evidence=["closeness"]) for g in groups[:2]], [], list(rows.members[:6]))
    phrase_rows(comments, few, 1e-9, 1e-9, rows)
    assert len(rows.groups) == 2 and len(rows.members) == 8, "two are too few for a group"


def test_a_group_by_words_holds_three_at_any_false_discovery_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the stated rate is above that of the wider ring, nobody who passes it is left out."""
    table = page(crowd(1), copiers(2))
    [group], _ = phrased(table, set())
    q = np.full(len(group.members), 0.25)
    q[0] = 0.05
    monkeypatch.setattr("fakedetect.relate.phrased", lambda *_: ([replace(group, q=q)], 0))
    [row] = find(table, set(), seed=1, fdr=0.3, page_alpha=0.02, power=False).groups.to_pylist()
    assert row["n_accounts"] == len(group.members)


def test_many_who_share_many_sentences_are_one_group() -> None:
    """Accounts that all write the same thirty sentences, among a hundred times as many others; every pair is shown."""
    rng = np.random.default_rng(3)
    said = [" ".join(rng.choice(WORDS, 10)) for _ in range(30)]
    acts: Acts = ([], [], [], [])
    for k in range(150):
        for text in said:
            acts[0].append(f"same{k:03d}")
            acts[1].append(int(rng.integers(N_POSTS)))
            acts[2].append(100.0)
            acts[3].append(text)
    others = crowd(4, n=15_000, copied=0.001)
    [group], skipped = phrased(page(others, acts), set())
    assert len(group.members) == 150 and skipped == 0 and len(group.pairs) == 150 * 149 // 2
