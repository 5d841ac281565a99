"""The text model of comments: what it counts, that training and scoring agree, and that a forged file is refused."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import make_model
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakedetect import features, pipeline
from fakedetect.errors import InputError, ModelError
from fakedetect.evaluate import spam_training
from fakedetect.model import ngrams, spam, spam_fit, store
from fakedetect.model.spam import SpamSpec
from fakedetect.outcome import Options

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample_page"
SMALL = SpamSpec((2, 4), 2, 12)
ADS = ["subscribe to my channel please", "check out my new channel http://a.io/x1", "win a free phone at www.win.biz",
       "get free followers, visit my page", "频道 请订阅 免费"]
TALK = ["the drums in the second part", "she sang this when I was young", "who is here after the match",
        "my mother loves that dress", "这首歌让我想家"]


def strings(*texts: str | None) -> pa.Array:
    return pa.array(texts, pa.large_string())


def known(*texts: str | None, spec: SpamSpec = SMALL) -> list[set[int]]:
    found = spam.presence(strings(*texts), spec)
    return [set(found.indices[a:b].tolist()) for a, b in zip(found.indptr, found.indptr[1:], strict=False)]


def fitted(spec: SpamSpec = SMALL) -> spam.SpamModel:
    told = np.array([True] * 15 + [False] * 15)
    return spam.fit(spam.presence(strings(*ADS * 3, *TALK * 3), spec), told, spec, c=10.0, slope=1.5)


# --- what is counted

SAME = {
    "case": ("Check THIS Out", "check this out"),
    "accents": ("Été à la plage", "ete a la plage"),
    "digits": ("call 555 0199", "call 0 12345"),
    "spaces": ("  so   nice\n\tday ", "so nice day"),
    "path of an address": ("see http://a.io/one?x=1 now", "see https://a.io/two now"),
    "www": ("see http://www.a.io/one now", "see www.a.io now"),
    "names": ("thanks @Maria_Jo you", "thanks @x9 you"),
    "invisible": ("so\ufeff nice\u200b", "so nice"),
}
OTHER = {
    "words": ("nice song", "nice son"),
    "hosts": ("see www.a.io", "see www.b.io"),
    "a mail is no name": ("ann@x", "ann @x"),
    "marks": ("nice!", "nice"),
    "emoji": ("nice 😀", "nice 😡"),
    "order": ("song nice", "nice song"),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_folded_alike(pair: tuple[str, str]) -> None:
    one, two = known(*pair)
    assert one == two != set()


@pytest.mark.parametrize("pair", OTHER.values(), ids=OTHER)
def test_told_apart(pair: tuple[str, str]) -> None:
    one, two = known(*pair)
    assert one != two


def test_runs_and_words_by_hand() -> None:
    """` ab c ` has six signs; words ab, c and their pair."""
    found = known("ab c", spec=SpamSpec((2, 3), 2, 20))[0]
    assert sum(b < 1 << 20 for b in found) == 5 + 4
    assert sum(b >= 1 << 20 for b in found) == 3
    assert len(known("ab c", spec=SpamSpec((2, 3), 0, 20))[0]) == 9
    assert sum(b >= 1 << 20 for b in known("想家了", spec=SpamSpec((2, 3), 2, 20))[0]) == 3 + 2


def test_no_text_has_no_n_gram_and_no_score() -> None:
    nothing = (None, "", "  \n", "\ufeff")
    assert known(*nothing) == [set()] * 4
    assert np.isnan(fitted().score(strings(*nothing))).all()
    assert fitted().probability(strings(*nothing)).null_count == 4


def test_a_text_past_the_bound_is_cut() -> None:
    long = "lovely song " * 10_000
    one, two = known(long, long + "http://ad.biz")
    assert one == two
    assert known("ﷺ" * 10_000)[0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=60),
                          st.sampled_from([*ADS, *TALK, "www.", "http://", "@", "x@y"])), max_size=8))
def test_training_and_scoring_read_the_same(texts: list[str | None]) -> None:
    """The score from the n-grams that training sees is the score of the compiled pass."""
    model = fitted()
    column = strings(*texts)
    found = spam.presence(column, SMALL)
    worth, square = np.zeros(found.shape[1]), np.full(found.shape[1], model.unseen)
    worth[model.buckets], square[model.buckets] = model.worth, model.square
    by_hand = spam.scaled(found, square, SMALL) @ (worth / np.sqrt(square)) + model.bias
    assert model.score(column) == pytest.approx(np.where(np.diff(found.indptr) > 0, by_hand, np.nan),
                                                rel=1e-9, abs=1e-12, nan_ok=True)


def test_slices_chunks_and_repeats_change_nothing() -> None:
    model = fitted()
    texts = [*ADS, None, *TALK, *ADS, ""]
    one_by_one = [model.probability(strings(t)).to_pylist()[0] for t in texts]
    whole = strings("first", *texts)
    assert model.probability(whole.slice(1)).to_pylist() == one_by_one
    assert model.probability(pa.chunked_array([whole.slice(1, 4), whole.slice(5)])).to_pylist() == one_by_one
    assert model.probability(pa.array(texts, pa.string())).to_pylist() == one_by_one
    assert model.probability(pa.chunked_array([], pa.string())).to_pylist() == []


@pytest.mark.parametrize("spec", [SMALL, SpamSpec(), SpamSpec((1, 4), 0), SpamSpec((3, 5), 1)], ids=str)
def test_a_new_text_is_told_apart(spec: SpamSpec) -> None:
    high, low = fitted(spec).probability(strings("please visit my free channel", "this dress when she was young"))
    assert high.as_py() > 0.5 > low.as_py()


def test_the_work_grows_with_the_text_alone() -> None:
    model = fitted(SpamSpec())

    def seconds(n: int) -> float:
        column = strings(*["so nice a song, thank you all"] * n)
        model.score(column)
        times = []
        for _ in range(5):
            start = time.thread_time()
            model.score(column)
            times.append(time.thread_time() - start)
        return min(times)

    assert seconds(80_000) < 24 * seconds(10_000)


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="both classes"):
        spam.fit(spam.presence(strings("a", "b"), SMALL), np.array([True, True]), SMALL, c=1.0)


@pytest.mark.parametrize("wrong", [{"runs": (3, 2)}, {"runs": (0, 3)}, {"runs": (1, 99)}, {"words": 3}, {"bits": 40}],
                         ids=str)
def test_a_spec_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Got"):
        SpamSpec(**wrong)


# --- on disk

def test_saved_and_loaded_is_the_same_model() -> None:
    model = fitted()
    loaded = spam.parse(spam.dump(model))
    assert (loaded.score(strings(*ADS, *TALK)) == model.score(strings(*ADS, *TALK))).all()
    assert loaded.slope == 1.5
    assert spam.dump(loaded) == spam.dump(model) == spam.dump(fitted())


def _floats(*values: float) -> str:
    return base64.b64encode(np.array(values, "<f4").tobytes()).decode()


def _ints(*values: int) -> str:
    return base64.b64encode(np.array(values, "<i4").tobytes()).decode()


SPEC = {"runs": [2, 5], "words": 2, "bits": 18}
WHOLE: dict[str, Any] = {"format": 1, "spec": SPEC, "buckets": _ints(3, 9), "worth": _floats(0.5, -1),
                         "square": _floats(1, 2), "unseen": 3.0, "bias": 0.0, "slope": 1.0}
FORGED: dict[str, dict[str, Any]] = {
    "no base64": {"square": "...."},
    "no text": {"worth": 3},
    "cut": {"worth": _floats(1)[:-3]},
    "lengths": {"worth": _floats(1, 2, 3)},
    "falling": {"buckets": _ints(9, 3)},
    "twice": {"buckets": _ints(3, 3)},
    "negative": {"buckets": _ints(-1, 3)},
    "past the end": {"buckets": _ints(3, 1 << 19)},
    "nan": {"worth": _floats(float("nan"), 1)},
    "infinite": {"square": _floats(float("inf"), 1)},
    "no length": {"square": _floats(0, 1)},
    "bias": {"bias": "0"},
    "far bias": {"bias": 1e300},
    "unseen": {"unseen": -1.0},
    "slope": {"slope": 0.0},
    "turned slope": {"slope": -1.0},
    "format": {"format": 2},
    "extra key": {"run": "me"},
    "spec of a list": {"spec": [1, 2]},
    "spec key": {"spec": SPEC | {"analyzer": "x"}},
    "huge spec": {"spec": SPEC | {"bits": 60}},
    "long runs": {"spec": SPEC | {"runs": [1, 5000]}},
    "truth for a number": {"spec": SPEC | {"words": True}},
    "three lengths": {"spec": SPEC | {"runs": [1, 2, 3]}},
    "text for lengths": {"spec": SPEC | {"runs": "25"}},
}


@pytest.mark.parametrize("changed", FORGED.values(), ids=FORGED)
def test_a_forged_file_is_refused(changed: dict[str, Any]) -> None:
    assert spam.parse(json.dumps(WHOLE).encode()).worth.tolist() == [0.5, -1]
    with pytest.raises(ModelError, match=r"text\.json"):
        spam.parse(json.dumps(WHOLE | changed).encode())


def test_a_large_file_is_refused() -> None:
    with pytest.raises(ModelError, match="exceeds"):
        spam.parse(b" " * (spam.MAX_BYTES + 1))


# --- training

def invented(n: int = 240, told: bool = True, seed: int = 0) -> tuple[list[str], np.ndarray, list[str]]:
    """Comments of six pages; where `told`, an advertisement says so in words that all pages share."""
    draw = np.random.default_rng(seed)
    words = np.array(["song", "nice", "drum", "voice", "love", "night", "dance", "first", "time", "year", "mother",
                      "friend", "summer", "rain", "city", "home"])
    labels = draw.random(n) < 0.5
    texts = [" ".join(draw.choice(words, 7)) + (" visit my channel now" if told and ad else "") for ad in labels]
    return texts, labels, [f"page {i % 6}" for i in range(n)]


@pytest.fixture
def few_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spam_fit, "SETTINGS", ((SMALL, 10.0), (SpamSpec((2, 3), 0, 12), 10.0)))


def test_what_is_told_is_found_on_unseen_pages(few_settings: None) -> None:
    texts, labels, pages = invented()
    one, two = spam_fit.fit_comments(texts, labels, pages), spam_fit.fit_comments(texts, labels, pages)
    assert one.facts["mcc"] > 0.95
    assert one.facts["groups"] == 6 and one.facts["texts"] == 240 and one.facts["spam"] == labels.sum()
    assert spam.dump(one.model) == spam.dump(two.model)
    assert one.facts == two.facts
    assert ((one.scores > 0) == labels).mean() > 0.95
    json.dumps(one.facts)


def test_labels_without_meaning_give_nothing(few_settings: None) -> None:
    """Were a choice made on the measured pages, it would show here."""
    figures = [spam_fit.fit_comments(*invented(told=False, seed=s)).facts["mcc"] for s in range(4)]
    assert abs(np.mean(figures)) < 0.12


def test_pasted_texts_teach_nothing_about_their_copies(few_settings: None) -> None:
    """Noise of which every text stands on two pages, but for a mark: copies give the labels away."""
    texts, labels, pages = invented(150, told=False)
    twice = [*texts, *(f"{t} !" for t in texts)]
    facts = spam_fit.fit_comments(twice, [*labels, *labels], [*pages, *(pages[1:] + pages[:1])]).facts
    assert facts["near_duplicates"] >= 300
    assert facts["with_near_duplicates"]["mcc"] > facts["mcc"] + 0.3


def test_near_duplicates() -> None:
    column = strings("Check out my channel!!!", "check out my channel", "check out her video", None, "", "night song")
    copies = spam_fit.near_duplicates(spam.presence(column, SMALL), SMALL).tolist()
    assert copies[0] == copies[1]
    assert len(set(copies)) == 5


def test_texts_without_a_sign_are_left_out(few_settings: None) -> None:
    texts, labels, pages = invented()
    found = spam_fit.fit_comments([*texts, None, " "], [*labels, True, False], [*pages, "page 0", "page 1"])
    assert found.facts["texts"] == 240
    assert np.isnan(found.scores[-2:]).all()


def test_two_groups_are_too_few() -> None:
    with pytest.raises(ValueError, match="three groups"):
        spam_fit.fit_comments(["a", "b"], [True, False], [1, 2])


def test_mcc() -> None:
    assert spam_fit.mcc(np.array([1, 1, 0, 0], bool), np.array([1, 0, 0, 0], bool)) == pytest.approx(1 / np.sqrt(3))
    assert spam_fit.mcc(np.array([1, 0], bool), np.array([1, 1], bool)) == 0


# --- in an audit

def test_an_audit_reads_texts_where_the_model_can(tmp_path: Path) -> None:
    """The shipped model with a text model beside it: every text is read, and accounts have what their texts read as."""
    shipped = pipeline.load_model(None)
    store.save(shipped.classifier, tmp_path / "m", features=shipped.features, training=shipped.training,
               card=shipped.card, feature_fingerprint=features.fingerprint(), text=make_model.reader())
    page = pipeline.read([SAMPLE])
    read = pipeline.audit(page, Options(model=str(tmp_path / "m"))).accounts
    unread = pipeline.evidence(page, Options()).accounts
    for name in ("spam_mean", "spam_max"):
        assert unread[name].null_count == unread.num_rows
        assert read[name].null_count < read.num_rows / 20
    assert all(mean <= most + 1e-9 for mean, most in zip(read["spam_mean"].to_pylist(), read["spam_max"].to_pylist(),
                                                         strict=True) if mean is not None)
    text = page.comments["text"].drop_null()[0].as_py()
    told = make_model.reader().probability(strings(text))[0].as_py()
    at = page.comments["text"].to_pylist().index(text)
    account = read["author_id"].to_pylist().index(page.comments["author_id"][at].as_py())
    assert read["spam_max"][account].as_py() >= round(told, 8) - 1e-8


# --- the corpus

def corpus(folder: Path) -> Path:
    texts, labels, pages = invented()
    html = [t.replace("visit", "<b>visit</b>&nbsp;") for t in texts]
    table = pa.table({"CONTENT": html, "CLASS": labels.astype(int), "video": pages})
    pq.write_table(table, folder / "comments.parquet")
    return folder


def test_the_corpus_gives_a_model_and_its_facts(tmp_path: Path, few_settings: None) -> None:
    model, facts = spam_training.train(corpus(tmp_path))
    texts, labels, pages = invented()
    assert facts["licence"] == "CC BY 4.0" and facts["texts"] == 240 and facts["mcc"] > 0.9
    assert facts["measured_on"][0] == "2 groups"
    own, told = spam_training.train_on(texts, labels.tolist(), pages, "labels of a page's owner", "not shared")
    assert told["licence"] == "not shared"
    assert own.spec == model.spec


def test_the_authors_split(tmp_path: Path, few_settings: None) -> None:
    comments = spam_training.read(corpus(tmp_path))
    trained = spam_training.split(comments)
    assert 0.66 < trained.mean() <= 0.7
    assert trained[0] and not trained[-1]
    found = spam_training.by_split(comments, spam_fit.fit_comments(comments.texts, comments.spam, comments.video))
    assert set(found) == set(comments.video)
    assert all(f["n_unlike"] <= f["n"] for f in found.values())


def test_no_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such corpus"):
        spam_training.read(tmp_path)
    pq.write_table(pa.table({"CONTENT": ["a"]}), tmp_path / "comments.parquet")
    with pytest.raises(InputError, match="not the corpus"):
        spam_training.read(tmp_path)


def test_the_bound_of_runs_is_the_bound_of_the_pass() -> None:
    assert known("x" * 5000, spec=SpamSpec((1, ngrams.MAX_RUN), 2, 12))[0]
