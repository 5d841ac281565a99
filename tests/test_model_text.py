"""The text model: it learns in any script, what is saved is what is loaded, and a forged file is refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakedetect.errors import ModelError
from fakedetect.model import text

TRAINED = {
    "english": (["best pizza ever, amazing!", "amazing place, best staff!", "the best, truly amazing!"] * 4,
                ["the crust was a bit dry", "we waited by the door", "parking behind the church"] * 4,
                "simply the best, amazing", "the door was a bit dry"),
    "chinese": (["服务非常好非常热情", "服务热情味道非常好", "非常好服务员非常热情"] * 4,
                ["停车要等半个小时", "面有点咸汤也凉了", "门口排队等了很久"] * 4,
                "这家服务非常热情", "汤有点凉等了很久"),
    "thai": (["อร่อยมากบริการดีมาก", "บริการดีมากอร่อยที่สุด", "ดีมากอร่อยมาก"] * 4,
             ["รอนานที่จอดรถน้อย", "ที่จอดรถไกลรอคิวนาน", "คิวยาวรอนาน"] * 4,
             "บริการดีมาก", "รอนานที่จอดรถไกล"),
}
SPECS = {"reviews": text.REVIEWS, "any": text.ANY, "dense": text.DENSE}


def fitted(language: str = "english", spec: text.TextSpec = text.ANY, **given: Any) -> text.TextModel:
    suspects, others, _, _ = TRAINED[language]
    told = np.array([True] * len(suspects) + [False] * len(others))
    return text.fit(text.counts([*suspects, *others], spec), told, spec, **given)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize("language", TRAINED)
def test_a_new_text_is_told_apart_in_every_script(language: str, spec: text.TextSpec) -> None:
    high, low = fitted(language, spec).score(TRAINED[language][2:])
    assert high > 0 > low


def test_nothing_known_scores_the_bias() -> None:
    model = fitted()
    assert model.score([None, "", "жжж"]).tolist() == [model.bias] * 3


def test_a_text_past_the_bound_is_cut() -> None:
    long = "best " * text.MAX_CHARS
    assert (text.counts([long]) != text.counts([long[:text.MAX_CHARS]])).nnz == 0
    assert text.counts([long])[0].sum() < 6 * text.MAX_CHARS


def test_each_kind_of_n_gram_has_length_one() -> None:
    found = text.counts(["the best place", "x"])
    x = text.weighed(found, np.ones(found.shape[1]), text.REVIEWS)
    edge = 1 << text.REVIEWS.bits
    for part in (x[:, :edge], x[:, edge:]):
        assert np.sqrt(np.asarray(part.multiply(part).sum(axis=1)).ravel()) == pytest.approx([1, 1])


def test_a_column_scaled_to_nothing_has_no_weight() -> None:
    found = text.counts(TRAINED["english"][0][:3] + TRAINED["english"][1][:3], text.ANY)
    scale = np.ones(found.shape[1])
    gone = found.indices[:5]
    scale[gone] = 0
    model = text.fit(found, np.arange(6) < 3, text.ANY, scale=scale)
    assert (model.weight[np.isin(model.buckets, gone)] == 0).all()
    assert (model.weight != 0).any()


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="both classes"):
        text.fit(text.counts(["a", "b"]), np.array([True, True]))


@pytest.mark.parametrize("wrong", [
    {"words": (2, 1)}, {"chars": (0, 3)}, {"chars": (1, 99)}, {"words": (0, 0), "chars": (0, 0)}, {"bits": 40},
], ids=str)
def test_a_spec_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Got|both"):
        text.TextSpec(**wrong)


# --- on disk

def saved(folder: Path, model: text.TextModel) -> Path:
    (folder / "text.json").write_bytes(text.dump(model))
    return folder


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_saved_and_loaded_is_the_same_model(tmp_path: Path, spec: text.TextSpec) -> None:
    model = fitted(spec=spec)
    loaded = text.load(saved(tmp_path, model))
    asked = [*TRAINED["english"][0], *TRAINED["chinese"][1], None]
    assert (loaded.score(asked) == model.score(asked)).all()
    assert loaded.spec == spec
    assert text.dump(loaded) == text.dump(model) == text.dump(fitted(spec=spec))


def _floats(*values: float) -> str:
    return base64.b64encode(np.array(values, "<f4").tobytes()).decode()


def _ints(*values: int) -> str:
    return base64.b64encode(np.array(values, "<i4").tobytes()).decode()


SMALL = {"buckets": _ints(3, 9), "idf": _floats(1, 2), "weight": _floats(0.5, -1)}
SPEC = {"words": [1, 2], "chars": [1, 4], "across": True, "bits": 18}
FORGED: dict[str, dict[str, Any]] = {
    "no base64": {"idf": "....", },
    "no text": {"weight": 3},
    "cut": {"weight": _floats(1)[:-3]},
    "lengths": {"weight": _floats(1, 2, 3)},
    "falling": {"buckets": _ints(9, 3)},
    "twice": {"buckets": _ints(3, 3)},
    "negative": {"buckets": _ints(-1, 3)},
    "past the end": {"buckets": _ints(3, 1 << 19)},
    "nan": {"weight": _floats(float("nan"), 1)},
    "infinite idf": {"idf": _floats(float("inf"), 1)},
    "no idf": {"idf": _floats(0, 1)},
    "bias": {"bias": "0"},
    "unseen": {"unseen_idf": -1.0},
    "format": {"format": 2},
    "extra key": {"run": "me"},
    "spec of a list": {"spec": [1, 2]},
    "spec key": {"spec": SPEC | {"analyzer": "x"}},
    "huge spec": {"spec": SPEC | {"bits": 60}},
    "long n-grams": {"spec": SPEC | {"chars": [1, 5000]}},
    "truth for a number": {"spec": SPEC | {"bits": True}},
    "three lengths": {"spec": SPEC | {"words": [1, 2, 3]}},
    "number for lengths": {"spec": SPEC | {"words": 3}},
}


@pytest.mark.parametrize("changed", FORGED.values(), ids=FORGED)
def test_a_forged_file_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    whole = {"format": 1, "spec": SPEC, **SMALL, "unseen_idf": 3.0, "bias": 0.0}
    (tmp_path / "text.json").write_text(json.dumps(whole))
    assert text.load(tmp_path).weight.tolist() == [0.5, -1]
    (tmp_path / "text.json").write_text(json.dumps(whole | changed))
    with pytest.raises(ModelError, match=r"text\.json"):
        text.load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"text\.json is missing"):
        text.load(tmp_path)
