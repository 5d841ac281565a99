"""Made-up review sites as `relate` sees them: ratings by quality, kindness and luck; and what campaigns add."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fakedetect.relate.rated import Market, Rated

DAYS = 800


def site(seed: int, n_accounts: int = 1500, n_businesses: int = 40, kindness: float = 0.5,
         n_cells: int = 5) -> tuple[Rated, Market]:
    """Honest ratings: heavy-tailed accounts and businesses, J-shaped marks, dates spread evenly. n_cells:
    of businesses that compete."""
    rng = np.random.default_rng(seed)
    cell = rng.integers(0, n_cells, n_businesses)
    quality, kind = rng.normal(0, 0.6, n_businesses), rng.normal(0, kindness, n_accounts)
    popular = np.exp(rng.normal(0, 1, n_businesses))
    n = np.minimum(rng.zipf(1.8, n_accounts), n_businesses // 2)
    pairs = [(a, b) for a in range(n_accounts)
             for b in sorted(rng.choice(n_businesses, n[a], replace=False, p=popular / popular.sum()).tolist())]
    account, business = np.array(pairs, np.int64).T
    felt = quality[business] + kind[account] + rng.logistic(0, 0.8, len(pairs))
    mark = (np.searchsorted([-1.8, -1.2, -0.5, 0.5], felt) + 1) / 5
    return rated(account, business, mark, rng.uniform(0, DAYS, len(pairs)), n_businesses), Market(
        np.full(n_businesses, -1), cell % 2, cell)


def rated(account: np.ndarray, business: np.ndarray, mark: np.ndarray, day: np.ndarray, n_businesses: int,
          told: np.ndarray | None = None) -> Rated:
    order = np.lexsort((business, account))
    names = [("site", f"b{i:03d}") for i in range(n_businesses)]
    flags = np.zeros(len(order), bool) if told is None else told[order]
    return Rated([f"a{i:05d}" for i in range(int(account.max(initial=0)) + 1)], names, account[order], business[order],
                 mark[order], day[order], flags, np.arange(len(order)), np.full(len(order), -1))


def with_more(ratings: Rated, rows: list[tuple[int, int, float, float]], told: bool = False) -> Rated:
    """The ratings and (new account number, business, mark, day) beside them."""
    first = len(ratings.authors)
    more = np.array(rows, np.float64)
    both = rated(np.append(ratings.account, first + more[:, 0].astype(np.int64)),
                 np.append(ratings.business, more[:, 1].astype(np.int64)), np.append(ratings.mark, more[:, 2]),
                 np.append(ratings.day, more[:, 3]), len(ratings.names),
                 np.append(ratings.told, np.full(len(rows), told)))
    return replace(both, authors=[*ratings.authors, *(f"ring{i:03d}" for i in range(len(both.authors) - first))])
