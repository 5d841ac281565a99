"""Normalising times: every way to write one, zones stated and not, and what is left null and said so."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_raw import codes, column, raw, utc

from fakedetect.errors import UsageError
from fakedetect.normalise import clock, normalise

NAIVE = dt.datetime(2024, 3, 5)  # noqa: DTZ001 (without a zone is the point)
NEARLY = r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|[+-][01][0-9]:?[0-6]0)?)?"
FIRST, LAST = dt.datetime(1970, 1, 1), dt.datetime(2199, 1, 1)  # noqa: DTZ001 (so are these)


# id -> (value, without a stated zone, in Europe/Paris); None: null
TIMES = {
    "zone +0000": ("2024-03-05T17:00:02+0000", utc(2024, 3, 5, 17, 0, 2), ...),
    "Z": ("2024-03-05T17:00:02Z", utc(2024, 3, 5, 17, 0, 2), ...),
    "ms Z": ("2024-03-05T17:00:02.250Z", utc(2024, 3, 5, 17, 0, 2, 250_000), ...),
    "offset": ("2024-03-05 17:00:02+02:00", utc(2024, 3, 5, 15, 0, 2), ...),
    "negative offset": ("2024-03-05T17:00-0330", utc(2024, 3, 5, 20, 30), ...),
    "UTC": ("2024-03-05 17:00:02 UTC", utc(2024, 3, 5, 17, 0, 2), ...),
    "epoch s": ("1709658002", utc(2024, 3, 5, 17, 0, 2), ...),
    "epoch s float": ("1709658002.5", utc(2024, 3, 5, 17, 0, 2, 500_000), ...),
    "epoch ms": ("1709658002250", utc(2024, 3, 5, 17, 0, 2, 250_000), ...),
    "epoch us": ("1709658002250001", utc(2024, 3, 5, 17, 0, 2, 250_001), ...),
    "naive winter": ("2024-03-05 17:00:02", None, utc(2024, 3, 5, 16, 0, 2)),
    "naive summer": ("2024-07-05T17:00", None, utc(2024, 7, 5, 15)),
    "naive, hour skipped": ("2024-03-31 02:30:00", None, utc(2024, 3, 31, 0, 59, 59, 999_999)),
    "naive, hour repeated": ("2024-10-27 02:30:00", None, utc(2024, 10, 27, 0, 30)),
    "date only": ("2024-07-05", None, utc(2024, 7, 4, 22)),
    "leap day": ("2024-02-29T00:00:00Z", utc(2024, 2, 29), ...),
    "no such day": ("2023-02-29T00:00:00Z", None, None),
    "no such hour": ("2023-02-28T25:00:00Z", None, None),
    "before epochs": ("1815-06-18T00:00:00Z", None, None),
    "relative": ("il y a 1 an", None, None),
    "short relative": ("3h", None, None),
    "small number": ("12345", None, None),
    "words": ("last tuesday", None, None),
    "dotted": ("05.03.2024 17:00", None, utc(2024, 3, 5, 16)),
    "am/pm, day proven": ("25/03/2024 5:30 PM", None, utc(2024, 3, 25, 16, 30)),
    "month first proven": ("03/25/2024 17:00", None, utc(2024, 3, 25, 16)),
    "order unknown": ("03/04/2024 17:00", None, None),
    "same either way": ("04/04/2024 17:00", None, utc(2024, 4, 4, 15)),
}


@pytest.mark.parametrize("case", TIMES)
def test_time(case):
    text, plain, paris = TIMES[case]
    assert clock.parse(pa.array([text]), None).values.to_pylist() == [plain]
    assert clock.parse(pa.array([f"  {text} "]), "Europe/Paris").values.to_pylist() == [
        plain if paris is ... else paris
    ]


@settings(deadline=None)
@given(st.datetimes(FIRST, LAST), st.sampled_from(["", "Z", "+0530"]))
def test_iso_times_are_read_exactly(moment, zone):
    offset = dt.timedelta(hours=5, minutes=30) if zone == "+0530" else dt.timedelta(0)
    found = clock.parse(pa.array([moment.isoformat() + zone]), "UTC").values.to_pylist()
    assert found == [moment.replace(tzinfo=dt.UTC) - offset]


@settings(deadline=None)
@given(
    st.text(max_size=30)
    | st.text("0123456789-/.:+TZapm ", max_size=30)
    | st.from_regex(NEARLY, fullmatch=True)
    | st.from_regex("[0-9]{1,3} ?(h|min|days|mois) ago", fullmatch=True)
)
def test_no_text_breaks_the_clock(text):
    """It is a time, or empty, or counted once among those left null."""
    times = clock.parse(pa.array([text]), None)
    [value] = times.values.to_pylist()
    assert times.naive + times.relative + times.unreadable == int(times.found[0] and value is None)
    assert value is None or (times.found[0] and clock.MIN_YEAR - 1 <= value.year <= clock.MAX_YEAR + 1)


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (pa.array([1709658002]), utc(2024, 3, 5, 17, 0, 2)),
        (pa.array([1709658002.0]), utc(2024, 3, 5, 17, 0, 2)),
        (pa.array([NAIVE], pa.timestamp("ns")), None),
        (pa.array([utc(2024, 3, 5)], pa.timestamp("ns", "Europe/Paris")), utc(2024, 3, 5)),
        (pa.array([dt.date(2024, 3, 5)]), None),
        (pa.nulls(1), None),
        (pa.chunked_array([], pa.string()), ...),
    ],
    ids=["int", "float", "naive", "zoned", "date", "null", "no chunk"],
)
def test_native_time(array, found):
    assert clock.parse(array, None).values.to_pylist() == ([] if found is ... else [found])


def test_naive_times_are_null_and_said_so():
    rows = [{"author_id": "a", "text": "x", "comment_time": "2024-03-05 17:00:00"}]
    dump = normalise([raw(rows)])
    assert dump.comments["comment_time"].to_pylist() == [None]
    note = next(n for n in dump.notes if n.code == "naive_time")
    assert "1 of 1" in note.text and "--tz" in note.text
    assert column(rows, "comment_time", naive_zone="Europe/Paris") == [utc(2024, 3, 5, 16)]
    fixed = normalise([raw(rows, naive_zone="Asia/Shanghai")])
    assert fixed.comments["comment_time"].to_pylist() == [utc(2024, 3, 5, 9)]
    assert "naive_time" not in codes(fixed)


def test_relative_and_unreadable_times_are_noted():
    dump = normalise(
        [
            raw(
                [
                    {"author_id": "a", "text": str(i), "comment_time": t}
                    for i, t in enumerate(["il y a 1 an", "3 h ago", "soon"])
                ]
            )
        ]
    )
    assert {n.code: n.text[0] for n in dump.notes if n.code.endswith("_time")} == {
        "relative_time": "2",
        "unreadable_time": "1",
    }


def test_unknown_zone():
    with pytest.raises(UsageError):
        normalise([], zone="Mars/Olympus")
