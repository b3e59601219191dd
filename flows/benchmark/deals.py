"""How blocks of rows are dealt to members, and which of a member's blocks choose between models."""

import numpy as np
from numpy.typing import NDArray

MEMBERS = 6
OWNERS = 2
"""Members who share a fault in the deal `overlap`."""

LEAST_CLASSES = 2
LEAST_BLOCKS = 3
"""A member gets so many blocks of at least `LEAST_CLASSES` classes: six windows, of which it may speak when groups of
fewer than five rows must not show."""

_VALIDATES = 5
_MOST_DRAWS = 1000

Numbers = NDArray[np.int64]


def overlap(classes: Numbers, generator: np.random.Generator) -> Numbers:
    """Deal the blocks so that neighbours share half of their faults, and everybody has normal operation.

    The faults stand in a ring in random order, cut into as many arcs as there are members. A member has its own arc and
    the next member's; so each fault belongs to two members, who get half of its blocks each. 18 faults: six each.

    Args:
        classes: Class of each block `(blocks,)`; 0 is normal operation.
        generator: Decides the ring's order and who gets which block.

    Returns:
        The member of each block `(blocks,)`, from 0.
    """
    faults = generator.permutation(np.unique(classes[classes > 0]))
    arcs = np.array_split(faults, MEMBERS)
    owner = np.full(len(classes), -1, dtype=np.int64)
    _in_turn(owner, classes == 0, np.arange(MEMBERS), generator)
    for member, arc in enumerate(arcs):
        for fault in arc:
            _in_turn(owner, classes == fault, (member - np.arange(OWNERS)) % MEMBERS, generator)
    return owner


def dirichlet(classes: Numbers, generator: np.random.Generator, *, concentration: float) -> Numbers:
    """Deal each class's blocks in shares drawn from a symmetric Dirichlet distribution.

    After Hsu, Qi and Brown 2019, "Measuring the Effects of Non-Identical Data Distribution", by class as in Yurochkin
    et al. 2019. The smaller the concentration, the fewer classes has a member. A draw that leaves somebody fewer than
    `LEAST_BLOCKS` blocks of `LEAST_CLASSES` classes is thrown away.

    Args:
        classes: Class of each block `(blocks,)`.
        generator: Decides the shares and who gets which block.
        concentration: The distribution's parameter, above 0.

    Returns:
        The member of each block `(blocks,)`, from 0.

    Raises:
        ValueError: No draw of many gave every member enough.
    """
    for _ in range(_MOST_DRAWS):
        owner = np.full(len(classes), -1, dtype=np.int64)
        for one in np.unique(classes):
            shares = generator.dirichlet(np.full(MEMBERS, concentration))
            blocks = generator.permutation(np.flatnonzero(classes == one))
            ends = np.rint(np.cumsum(shares) * len(blocks)).astype(np.int64)
            owner[blocks] = np.searchsorted(ends, np.arange(len(blocks)), side="right")
        if _everybody_has_enough(owner, classes):
            return owner
    raise ValueError(f"{len(classes)} blocks are too few to deal to {MEMBERS} members with {concentration=}")


def chosen_to_validate(classes: Numbers, generator: np.random.Generator) -> NDArray[np.bool_]:
    """Choose about a fifth of one member's blocks, spread over its classes; every class keeps a block that teaches.

    The blocks are put in order by class, at random within, and every fifth is taken from a random start: of a class
    with two or more blocks never all. A class with a single block is left alone.

    Args:
        classes: Class of each of the member's blocks `(blocks,)`.
        generator: Decides the start, the order of the classes and that of the blocks.

    Returns:
        Which blocks choose `(blocks,)`.
    """
    kinds, counts = np.unique(classes, return_counts=True)
    order = [
        generator.permutation(np.flatnonzero(classes == kind)) for kind in generator.permutation(kinds[counts > 1])
    ]
    validates = np.zeros(len(classes), dtype=np.bool_)
    start = int(generator.integers(_VALIDATES))
    validates[np.concatenate([*order, np.empty(0, dtype=np.int64)])[start::_VALIDATES]] = True
    return validates


def _in_turn(owner: Numbers, which: NDArray[np.bool_], members: Numbers, generator: np.random.Generator) -> None:
    """Deal some blocks to some members in turn, like cards, from a random member on."""
    blocks = generator.permutation(np.flatnonzero(which))
    owner[blocks] = np.resize(np.roll(members, int(generator.integers(len(members)))), len(blocks))


def _everybody_has_enough(owner: Numbers, classes: Numbers) -> bool:
    held = np.zeros((MEMBERS, int(classes.max()) + 1), dtype=np.int64)
    np.add.at(held, (owner, classes), 1)
    return bool(((held >= LEAST_BLOCKS).sum(axis=1) >= LEAST_CLASSES).all())
