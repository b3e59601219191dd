"""Who gets which blocks."""

import numpy as np
import pytest

from flows.benchmark.deals import MEMBERS, chosen_to_validate, dirichlet, overlap

BLOCKS = np.repeat(np.arange(19), [13, *[12] * 18])
"""Class of each block of the published training files: 13 of normal operation, 12 of each fault."""


def held(owner: np.ndarray) -> np.ndarray:
    """Blocks per member and class `(members, classes)`."""
    return np.array([np.bincount(BLOCKS[owner == member], minlength=19) for member in range(MEMBERS)])


def test_in_the_deal_overlap_two_members_halve_each_fault_and_all_have_normal_operation() -> None:
    counts = held(overlap(BLOCKS, np.random.default_rng(1)))

    assert sorted(counts[:, 0]) == [2, 2, 2, 2, 2, 3]
    assert ((counts[:, 1:] == 6).sum(axis=0) == 2).all()
    assert ((counts[:, 1:] > 0).sum(axis=1) == 6).all()


@pytest.mark.parametrize("concentration", [0.1, 1.0])
def test_dirichlet_gives_every_block_to_one_member_and_leaves_nobody_empty_handed(concentration: float) -> None:
    for seed in range(5):
        counts = held(dirichlet(BLOCKS, np.random.default_rng(seed), concentration=concentration))

        assert counts.sum(axis=0).tolist() == [13, *[12] * 18]
        assert ((counts >= 3).sum(axis=1) >= 2).all()


def test_a_smaller_concentration_gives_a_member_fewer_classes() -> None:
    classes = [
        np.mean([(held(dirichlet(BLOCKS, np.random.default_rng(s), concentration=c)) > 0).sum() for s in range(5)])
        for c in (0.1, 1.0, 10.0)
    ]

    assert classes[0] < classes[1] < classes[2]


def test_too_few_blocks_are_not_dealt() -> None:
    with pytest.raises(ValueError, match="4 blocks are too few"):
        dirichlet(np.array([0, 0, 1, 1]), np.random.default_rng(1), concentration=1.0)


def test_a_fifth_of_the_blocks_chooses_and_every_class_keeps_one_that_teaches() -> None:
    classes = np.repeat([0, 1, 2, 3], [1, 2, 6, 12])
    for seed in range(20):
        validates = chosen_to_validate(classes, np.random.default_rng(seed))

        assert validates.sum() == 4  # of the 20 blocks whose class has another
        assert not validates[classes == 0].any()
        assert set(classes[~validates]) == {0, 1, 2, 3}


def test_a_member_with_single_blocks_only_has_none_that_chooses() -> None:
    assert not chosen_to_validate(np.array([4, 7]), np.random.default_rng(1)).any()
