from hypothesis import given
from hypothesis import strategies as st

from federated.seeds import derive_seed


def test_a_seed_is_the_same_on_every_machine() -> None:
    assert derive_seed(1, "train", "factory-1", 3) == derive_seed(1, "train", "factory-1", 3)
    assert derive_seed(1, "train", "factory-1", 3) == 3633111439795538754


def test_another_member_round_or_run_seed_gives_another_seed() -> None:
    seeds = {
        derive_seed(1, "train", "factory-1", 3),
        derive_seed(1, "train", "factory-2", 3),
        derive_seed(1, "train", "factory-1", 4),
        derive_seed(2, "train", "factory-1", 3),
        derive_seed(1, "local", "factory-1", 3),
    }

    assert len(seeds) == 5


@given(st.integers(0, 2**63 - 1), st.text(max_size=9))
def test_a_seed_fits_torch_and_numpy(seed: int, member: str) -> None:
    assert 0 <= derive_seed(seed, member) < 2**63
