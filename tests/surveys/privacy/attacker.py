"""What follows from sums: is any combination of released figures about fewer than m people?

Every released figure of one column is a sum over people, hence a linear form over them; people whom all forms treat
alike are one atom. A reader can work out exactly the span of the forms. It is safe when no form in it, nought aside,
is about fewer than m people. The gate does not use this; it is the judge of the gate, in tests and at the close.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

TOLERANCE = 1e-9


def derivable(forms: Sequence[Sequence[float]], people: Sequence[int], *, least: int) -> tuple[int, ...] | None:
    """Return atoms of fewer than `least` people together about whom something follows; None when there are none.

    A form supported on some atoms lies in the span exactly when it is at right angles to everything the forms are at
    right angles to, so when the rows of a basis of their null space, taken at these atoms, depend on each other.

    >>> total, shown = [1, 1, 1], [0, 0, 1]
    >>> derivable([total, shown], [4, 6, 12], least=5) is None
    True
    >>> derivable([total, shown, [0, 1, 0]], [4, 6, 12], least=5)
    (0,)
    """
    import numpy as np

    if not len(forms) or not len(people):
        return None
    matrix = np.asarray(forms, dtype=float)
    _left, sizes, right = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > TOLERANCE * max(matrix.shape) * (sizes[0] if len(sizes) else 1.0)).sum())
    unseen = right[rank:].T
    small = [atom for atom, n in enumerate(people) if 0 < n < least]
    for size in range(1, least):
        chosen = [each for each in combinations(small, size) if sum(people[atom] for atom in each) < least]
        if not chosen:
            break
        if found := _dependent(np, unseen, np.array(chosen)):
            return found
    return None


def _dependent(np: Any, unseen: Any, chosen: Any) -> tuple[int, ...] | None:
    """Return the first of the chosen sets of atoms whose rows depend on each other."""
    if chosen.shape[1] > unseen.shape[1]:
        return tuple(int(atom) for atom in chosen[0])
    rows = unseen[chosen]
    sizes = np.linalg.eigvalsh(rows @ rows.transpose(0, 2, 1))[:, 0]
    flat = np.flatnonzero(sizes < TOLERANCE)
    return tuple(int(atom) for atom in chosen[flat[0]]) if len(flat) else None
