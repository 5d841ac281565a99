"""LightGBM's trees as text, and the checks that come before its parser sees a text from disk.

The parser is C++ that follows the indices it reads: a child that points outside its tree reads foreign
memory, and a circle never ends. So the whole grammar is checked here first, and nothing but what `to_text`
writes is accepted.
"""

from __future__ import annotations

import math
import re

import lightgbm as lgb

from fakedetect.errors import ModelError

MAX_TREES = 10_000
MAX_LEAVES = 1_024
_END = "end of trees\n"
_INTS = re.compile(r"(-?[0-9]{1,18}( -?[0-9]{1,18})*)?")
_REAL = r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:e[+-]?[0-9]{1,3})?"
_REALS = re.compile(rf"({_REAL}( {_REAL})*)?")
_THRESHOLDS = re.compile(rf"((inf|{_REAL})( (inf|{_REAL}))*)?")
"""A split at infinity parts the known values from the missing ones."""
_INFO = re.compile(rf"none|\[{_REAL}:{_REAL}\]")
_FIXED = {
    "version": "v4", "num_class": "1", "num_tree_per_iteration": "1", "label_index": "0",
    "objective": "binary sigmoid:1",
}  # fmt: skip
_HEADER = ("version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective",
           "feature_names", "monotone_constraints", "feature_infos", "tree_sizes")  # fmt: skip
# key: (whole numbers?, entries: per split, per leaf, or one for the tree)
_TREE = {
    "num_leaves": (True, "one"), "num_cat": (True, "one"), "split_feature": (True, "split"),
    "split_gain": (False, "split"), "threshold": (False, "split"), "decision_type": (True, "split"),
    "left_child": (True, "split"), "right_child": (True, "split"), "leaf_value": (False, "leaf"),
    "leaf_weight": (False, "leaf"), "leaf_count": (True, "leaf"), "internal_value": (False, "split"),
    "internal_weight": (False, "split"), "internal_count": (True, "split"), "is_linear": (True, "one"),
    "shrinkage": (False, "one"),
}  # fmt: skip
_NUMERIC_DECISIONS = {0, 2, 4, 6, 8, 10}
"""Bit 0 would be a categorical split; the others say what a missing value is and where it goes."""


def to_text(booster: lgb.Booster) -> str:
    """The trees and nothing else: LightGBM's text without the training parameters, which no prediction
    reads."""
    text = booster.model_to_string(num_iteration=-1)
    return text[: text.index(_END) + len(_END)]


def from_text(text: str, n_features: int) -> lgb.Booster:
    """The trees that `to_text` wrote. Raises ModelError for anything else."""
    check(text, n_features)
    try:
        return lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError as error:
        raise ModelError(f"the trees are malformed: {error}") from error


def check(text: str, n_features: int) -> None:
    """Raise ModelError unless `text` is whole: header, declared sizes, every tree a tree on `n_features`."""
    if not text.isascii():
        raise _malformed("characters beyond ASCII")
    head, blank, body = text.partition("\n\n")
    sizes = _check_header(head, n_features)
    if not blank or len(body) != sum(sizes) + len(_END) or not body.endswith(_END):
        raise _malformed("the trees are not as long as tree_sizes says")
    start = 0
    for i, size in enumerate(sizes):
        try:
            _check_tree(body[start : start + size], i, n_features)
        except ModelError as error:
            raise ModelError(f"{error.what} (tree {i})") from error
        start += size


def signs(text: str, n_features: int) -> list[int]:
    """The monotone sign of each feature that the trees were grown with, from a text that `check` accepted."""
    stated = re.search(r"^monotone_constraints=(.*)$", text.partition("\n\n")[0], re.MULTILINE)
    return [int(sign) for sign in stated[1].split()] if stated else [0] * n_features


def _check_header(head: str, n_features: int) -> list[int]:
    """The declared size of each tree in characters."""
    first, *lines = head.split("\n")
    if first != "tree":
        raise _malformed("the first line is not 'tree'")
    pairs = [line.partition("=")[::2] for line in lines]
    header = dict(pairs)
    if [k for k, _ in pairs] != [k for k in _HEADER if k in header or k != "monotone_constraints"]:
        raise _malformed("header lines are missing, repeated or unknown")
    for key, value in _FIXED.items():
        if header[key] != value:
            raise _malformed(f"{key} is not {value}")
    if header["max_feature_idx"] != str(n_features - 1):
        raise _malformed(f"max_feature_idx is not {n_features - 1}, the last of {n_features} features")
    if header["feature_names"].split(" ") != [f"Column_{i}" for i in range(n_features)]:
        raise _malformed("feature_names are not Column_0, Column_1, ...")
    infos = header["feature_infos"].split(" ")
    if len(infos) != n_features or not all(_INFO.fullmatch(info) for info in infos):
        raise _malformed(f"feature_infos does not hold {n_features} ranges")
    signs = header.get("monotone_constraints", " ".join("0" * n_features)).split(" ")
    if len(signs) != n_features or not {"-1", "0", "1"}.issuperset(signs):
        raise _malformed(f"monotone_constraints does not hold {n_features} signs")
    sizes = _ints("tree_sizes", header["tree_sizes"])
    if not 1 <= len(sizes) <= MAX_TREES or min(sizes) < 1:
        raise _malformed(f"tree_sizes does not hold 1 to {MAX_TREES} sizes")
    return sizes


def _check_tree(chunk: str, i: int, n_features: int) -> None:
    head, *lines, a, b, c = chunk.split("\n")
    pairs = [line.partition("=")[::2] for line in lines]
    if head != f"Tree={i}" or [k for k, _ in pairs] != list(_TREE) or (a, b, c) != ("", "", ""):
        raise _malformed("its lines are missing, repeated or unknown")
    tree = dict(pairs)
    ints = {k: _ints(k, tree[k]) for k, (whole, _) in _TREE.items() if whole}
    reals = {k: _reals(k, tree[k]) for k, (whole, _) in _TREE.items() if not whole}
    n_leaves = ints["num_leaves"][0] if len(ints["num_leaves"]) == 1 else 0
    if not 1 <= n_leaves <= MAX_LEAVES:
        raise _malformed(f"num_leaves is not one number from 1 to {MAX_LEAVES}")
    entries = {"one": 1, "leaf": n_leaves, "split": n_leaves - 1}
    for key, (whole, per) in _TREE.items():
        found = len(ints[key]) if whole else len(reals[key])
        # A tree that could not split is one leaf, written without its weight.
        if found != entries[per] and not (n_leaves == 1 and key == "leaf_weight" and found == 0):
            raise _malformed(f"{key} holds {found} entries, not {entries[per]}")
    if ints["num_cat"] != [0] or ints["is_linear"] != [0]:
        raise _malformed("categorical splits or linear leaves, which this model does not use")
    if not all(0 <= f < n_features for f in ints["split_feature"]):
        raise _malformed(f"split_feature names a feature beyond the {n_features}")
    if not _NUMERIC_DECISIONS.issuperset(ints["decision_type"]):
        raise _malformed("decision_type is not a numeric split")
    _check_links(ints["left_child"], ints["right_child"], n_leaves)


def _check_links(left: list[int], right: list[int], n_leaves: int) -> None:
    """Every split but the root, and every leaf (-1 is leaf 0), hangs on exactly one split above it."""
    if sorted(left + right) != [*range(-n_leaves, 0), *range(1, n_leaves - 1)] and n_leaves > 1:
        raise _malformed("a child is missing, shared or outside the tree")
    reached, todo = 0, [0] if n_leaves > 1 else []
    while todo:
        node = todo.pop()
        reached += 1
        todo += [child for child in (left[node], right[node]) if child >= 0]
    if reached != n_leaves - 1:
        raise _malformed("some splits hang in a circle")


def _malformed(why: str) -> ModelError:
    return ModelError(f"the trees are malformed: {why}")


def _ints(key: str, value: str) -> list[int]:
    if not _INTS.fullmatch(value):
        raise _malformed(f"{key} is not a list of whole numbers")
    return [int(part) for part in value.split()]


def _reals(key: str, value: str) -> list[float]:
    if not (_THRESHOLDS if key == "threshold" else _REALS).fullmatch(value):
        raise _malformed(f"{key} is not a list of numbers")
    numbers = [float(part) for part in value.split()]
    if key != "threshold" and not all(map(math.isfinite, numbers)):
        raise _malformed(f"{key} holds a number that is not finite")
    return numbers
