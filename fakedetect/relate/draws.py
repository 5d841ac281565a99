"""Random numbers for kernels: counter-based, so that they depend on a seed and on nothing else."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def next_bits(state):  # type: ignore[no-untyped-def]
    """One step of splitmix64 (Steele, Lea & Flood 2014): (new state, 64 random bits)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    z = state
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state, z ^ (z >> np.uint64(31))


@numba.njit(cache=True, nogil=True)
def uniform(bits):  # type: ignore[no-untyped-def]
    """Random bits as a number in [0, 1)."""
    return np.float64(bits >> np.uint64(11)) / 9007199254740992.0
