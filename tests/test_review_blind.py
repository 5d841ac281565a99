"""The blind trial: nothing of the audit's opinion is shown, and agreement is counted right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import make_case
import numpy as np
import pytest
from audits import run
from make_audit import make_audit
from make_case import ask
from sklearn.metrics import cohen_kappa_score

from fakedetect.agreement import cohen
from fakedetect.decisions import DECISIONS, Note
from fakedetect.review_app import blind
from fakedetect.review_app.case import Case
from fakedetect.words import LANGS, Lang


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.open(make_case.folder(tmp_path / "audit"), names=True)


# --- kappa

def test_kappa_is_that_of_scikit_learn() -> None:
    draw = np.random.default_rng(3)
    for _ in range(20):
        a, b = draw.choice(DECISIONS, (2, 40)).tolist()
        found = cohen(list(zip(a, b, strict=True)))
        assert found.kappa == pytest.approx(cohen_kappa_score(a, b))
        assert found.share == pytest.approx(np.mean(np.array(a) == np.array(b)))


def test_the_interval_holds_what_it_says() -> None:
    """Two raters whose true agreement is known, drawn anew: the standard error is the spread of kappa over the draws,
    and the truth stands inside the interval in about 95 of 100."""
    draw, n = np.random.default_rng(5), 1500
    cells = list(product(DECISIONS, DECISIONS))
    for table in (np.array([[0.3, 0.05, 0.05], [0.05, 0.25, 0.05], [0.05, 0.05, 0.15]]),
                  np.array([[0.2, 0.15, 0.1], [0.02, 0.2, 0.03], [0.2, 0.05, 0.05]])):
        chance = float(table.sum(1) @ table.sum(0))
        truth = (np.trace(table) - chance) / (1 - chance)
        found = [cohen([cells[k] for k in draw.choice(9, 80, p=table.ravel())]) for _ in range(n)]
        kappa, low, high = (np.array([getattr(f, name) for f in found], float) for name in ("kappa", "low", "high"))
        assert np.std(kappa) == pytest.approx(np.mean(high - low) / 2 / 1.96, rel=0.06)
        assert 0.92 <= np.mean((low <= truth) & (truth <= high)) <= 0.97


@pytest.mark.parametrize("pairs", [[], [("a", "a")] * 5])
def test_where_kappa_cannot_be_told_it_is_not(pairs: Sequence[tuple[str, str]]) -> None:
    assert cohen(pairs).kappa is None


# --- who is shown

def test_unflagged_accounts_of_like_activity_are_mixed_in(case: Case) -> None:
    held = blind.trial(case, 20)
    assert held.flagged == frozenset(case.flagged) and len(case.flagged) == 12
    others = [a for a in held.authors if a not in held.flagged]
    assert len(others) == 12 and {case.verdicts[a] for a in others} == {"no_evidence"}
    assert held.authors == blind.trial(case, 20).authors
    small = blind.trial(case, 5)
    assert small.flagged < held.flagged and len(small.authors) == 10


def test_each_reviewer_has_an_order_of_their_own(case: Case) -> None:
    held = blind.trial(case, 20)
    orders = [held.order(n) for n in ("Anna", "Ben")]
    assert orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1])
    assert orders[0] == held.order("Anna")


@pytest.mark.parametrize("lang", LANGS)
def test_no_opinion_of_the_audit_is_shown(case: Case, lang: Lang) -> None:
    """Of a flagged account and of another the page has the same parts, and neither label, name, score nor verdict."""
    telling = re.compile(r"\b[SRAD]\d{2,3}\b|suspect|indice|indication|probab|Camille|\bid\d+\b|\bg1\b|97 ?%", re.I)
    with make_case.served(case, lang=lang, blind=20) as links:
        anna = links["Anna"]
        held = blind.trial(case, 20)
        shapes = {True: set(), False: set()}
        for n, author in enumerate(held.order("Anna"), 1):
            text = re.sub(r'href="[^"]*"|value="[0-9a-f]{64}"', "", ask(f"{anna}blind/{n}").text)
            said = re.sub(r'<fieldset>.*?</fieldset>|<p class="brand">.*?</p>|<blockquote>.*?</blockquote>', "", text,
                          flags=re.S)
            assert telling.findall(said) == []
            shapes[author in held.flagged].add(tuple(re.findall(r"<(?:h\d|dt|caption|legend)[^>]*>", said)))
        assert shapes[True] & shapes[False]


def test_the_evidence_is_worked_out_alike_for_all(case: Case) -> None:
    """Ring members came within five minutes of each other on many posts; nobody came near the others twice."""
    view = case.views["en"]
    near = {a: blind._near(view, a, view.first_comments([a]), view.comments_of([a])) for a in ("id0", "id1", "id60")}
    assert all(len(near[a]) >= 5 and near[a][0][2] >= 4 for a in ("id0", "id1")) and near["id60"] == []
    assert all(close <= five <= common for rows in near.values() for common, close, five, _ in rows)
    assert all(rows == sorted(rows, key=lambda r: -r[2]) for rows in near.values())


def test_nothing_else_opens_before_the_end(case: Case) -> None:
    with make_case.served(case, blind=2) as links:
        anna = links["Anna"]
        for path in ("", "account/S00", "group/g1", "history", "export", "labels.csv", "find?q=S00", "blind/result"):
            answer = ask(anna + path)
            assert (answer.code, answer.headers["Location"].partition("/en/")[2]) == (303, "blind"), path
        assert ask(anna + "blind/5").code == ask(anna + "blind/0").code == 404
        csrf = re.findall(r'name="csrf" value="([^"]*)"', ask(anna + "blind/1").text)[0]
        wrong = ask(anna + "blind/1", {"csrf": csrf, "value": "guilty", "why": "typed"})
        assert wrong.code == 400 and "typed</textarea>" in wrong.text
        for n in range(1, 5):
            assert ask(f"{anna}blind/{n}", {"csrf": csrf, "value": "cleared", "why": ""}).code == 303
        assert ask(anna).code == 200
        assert ask(anna + "blind/result").code == 200
        assert ask(links["Ben"]).code == 303
        assert "judged" not in ask(anna + "history").text


def test_the_result_counts_who_judged_all(case: Case) -> None:
    held = blind.trial(case, 3)
    case.decisions.write("Anna", [Note("decision", "account", sorted(held.flagged)[0], "confirmed", "seen before")])
    for who in ("Anna", "Ben", "Cleo"):
        for k, author in enumerate(held.authors):
            flag = author in held.flagged
            value = {"Anna": "confirmed" if flag else "cleared", "Ben": DECISIONS[k % 3]}.get(who)
            if value is not None or k == 0:
                case.decisions.write(who, [Note("blind", "account", author, value or "unsure")])
    case.decisions.write("ben ", [Note("blind", "account", held.authors[0], "confirmed")])
    found = blind.result(held, case.decisions.entries())
    assert found.who == ("Anna", "Ben")
    by_pair = {(a, b): agreed for a, b, agreed in found.pairs}
    assert by_pair["Anna", None].kappa == 1.0
    assert by_pair["Ben", None].n == 4
    assert by_pair["Anna", "Ben"].n == 6
    assert found.counts["Anna", True, "confirmed"] == found.counts["Anna", False, "cleared"] == 3
    assert found.before == {"Anna": 1, "Ben": 0}


def test_an_audit_that_flags_nobody_has_no_trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = make_case.folder(tmp_path / "clean", make_audit(shape="clean", n_accounts=60, n_posts=10))
    run("review", clean, "--blind", expect=2)
    told = capsys.readouterr()
    assert "the audit flags nobody" in told.err
    assert "http" not in told.out + told.err
