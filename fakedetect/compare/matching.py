"""Which group of one audit is which group of another.

A group's id names its members (a hash of their ids), so one newcomer gives it another. Two groups are the same where
they have MIN_SHARED accounts or more in common, and these are half of the smaller one or more: a ring that lost or won
some accounts stays itself, and two rings that share a stray account do not become one. What was decided on the old
group holds for the new one only where the shared accounts are half of the *new* group or more: a decision on four
accounts is none on forty. Groups whose accounts are thrown away after a use or two have nobody in common with those of
next month, and are not found again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MIN_SHARED = 3
HALF = 0.5


def groups(old: Mapping[str, set[str]], new: Mapping[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    """Groups by status. old, new: group_id -> the accounts in it.

    still: one row per new group that is an old one, with old_id (the one it shares most accounts with), also (other old
    groups that went into it), shared, joined, left, mostly_known (the decision carries over) and split (the old group
    also lives on in another). new: group_id, n_accounts. gone: old_id, n_accounts.
    """
    where: dict[str, list[str]] = {}
    for name, members in old.items():
        for account in members:
            where.setdefault(account, []).append(name)
    still: list[dict[str, Any]] = []
    fresh: list[dict[str, Any]] = []
    heirs: dict[str, int] = {}
    for name in sorted(new):
        members = new[name]
        counts: dict[str, int] = {}
        for account in members:
            for before in where.get(account, ()):
                counts[before] = counts.get(before, 0) + 1
        same = sorted((n, before) for before, n in counts.items()
                      if n >= MIN_SHARED and n >= HALF * min(len(members), len(old[before])))
        if not same:
            fresh.append({"group_id": name, "n_accounts": len(members)})
            continue
        # The most shared; among equals the smaller one, of which they are the larger part, then the first by name.
        same.sort(key=lambda pair: (-pair[0], len(old[pair[1]]), pair[1]))
        shared, before = same[0]
        for _, each in same:
            heirs[each] = heirs.get(each, 0) + 1
        still.append({
            "group_id": name, "old_id": before, "also": [b for _, b in same[1:]], "n_accounts": len(members),
            "old_n_accounts": len(old[before]), "shared": shared, "joined": len(members) - shared,
            "left": len(old[before]) - shared, "mostly_known": shared >= HALF * len(members),
        })
    return {
        "new": fresh,
        "still": [row | {"split": heirs[row["old_id"]] > 1} for row in still],
        "gone": [{"old_id": name, "n_accounts": len(old[name])} for name in sorted(old) if name not in heirs],
    }
