"""What a group has in common besides: p-values that hold for accounts taken at random, and that are small where names
are of one make, accounts were opened together, or the same few pages are everybody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from fakedetect.relate.likeness import DRAWS, known, likeness, makes_of

N, N_PAGES = 400, 20
START = datetime(2020, 1, 1, tzinfo=UTC)


def run(seed: int) -> tuple[pa.Table, pa.Table]:
    """Accounts with names of a few makes, opened over years and in rushes, on popular pages and others."""
    rng = np.random.default_rng(seed)
    appeal = np.exp(rng.normal(0, 1, N_PAGES))
    firsts, lasts = ["Anna", "li", "jo", "Marc", "zoe"], ["Martin", "k", "Petit", "x", "rose"]
    rows, accounts = [], []
    for k in range(N):
        name = f"{rng.choice(firsts)}{rng.choice(['', ' ', '.', '_'])}{rng.choice(lasts)}"
        name += "".join(str(d) for d in rng.integers(0, 10, rng.choice([0, 2, 4])))
        opened = START + timedelta(days=float(rng.choice([rng.uniform(0, 1000), rng.normal(300, 3)])))
        accounts.append({"author_id": f"a{k:03d}", "author_name": None, "created_at": opened})
        rows += [{"author_id": f"a{k:03d}", "author_name": name, "page_id": f"page{p:02d}"}
                 for p in rng.choice(N_PAGES, int(rng.integers(1, 7)), replace=False, p=appeal / appeal.sum()).tolist()]
    time = pa.timestamp("us", tz="UTC")
    return pa.Table.from_pylist(rows), pa.Table.from_pylist(
        accounts, pa.schema([("author_id", pa.string()), ("author_name", pa.string()), ("created_at", time)]))


@pytest.mark.parametrize(("name", "make"), [
    ("Anna.Martin84", "Ul.Ul00"), ("Julie.Petit07", "Ul.Ul00"), ("jean dupont", "l l"), ("IÑIGO_1", "U_0"),
    ("محمد 12", "l 00"), ("王小明", "l"), ("  x  ", "l"), ("", ""),
])
def test_the_make_of_a_name(name: str, make: str) -> None:
    assert makes_of(pa.array([name])).to_pylist() == [make]


def test_accounts_taken_at_random_have_uniform_p() -> None:
    p: dict[str, list[float]] = {"names_p": [], "created_p": [], "pages_p": []}
    for seed in range(30):
        comments, accounts = run(seed)
        of = known(comments, accounts)
        rng = np.random.default_rng(900 + seed)
        for _ in range(3):
            members = sorted(rng.choice(list(of.authors), 9, replace=False).tolist())
            for column, value in likeness(of, members, seed).items():
                assert value is not None
                p[column].append(value)
    for column, values in p.items():
        for level in (0.05, 0.2, 0.5):
            share = np.mean(np.array(values) <= level)
            assert share <= level + 3 * np.sqrt(level * (1 - level) / len(values)), (column, level, share)


def test_a_group_of_one_make_opened_in_a_week_for_the_same_pages() -> None:
    comments, accounts = run(1)
    rng = np.random.default_rng(2)
    made = [f"ring{k}" for k in range(8)]
    there = pa.Table.from_pylist([
        {"author_id": a, "author_name": f"Lea.Moreau{k}{k}", "page_id": page}
        for k, a in enumerate(made) for page in ("page03", "page11", "page17")])
    opened = pa.Table.from_pylist([
        {"author_id": a, "author_name": None, "created_at": START + timedelta(days=700, hours=float(rng.uniform(0, 8)))}
        for a in made], accounts.schema)
    of = known(pa.concat_tables([comments, there]), pa.concat_tables([accounts, opened]))
    assert likeness(of, made, 1) == dict.fromkeys(("names_p", "created_p", "pages_p"), 1 / (1 + DRAWS))


def test_what_is_not_known_is_not_told() -> None:
    bare = pa.table({"author_id": ["a", "b", "c", None], "author_name": pa.array([None] * 4, pa.string()),
                     "page_id": ["p"] * 4})
    of = known(bare, None)
    assert likeness(of, ["a", "b", "c"], 1) == {"names_p": None, "created_p": None, "pages_p": None}
