"""Every random choice comes from the run's seed and what it is for; a member's own choices from its id, too."""

import hashlib


def derive_seed(seed: int, *purpose: str | int) -> int:
    """Return a seed in [0, 2**63) that differs for each purpose.

    The first eight bytes of ``SHA-256("seed/purpose/...")`` without the top bit; equal on every machine.

    Args:
        seed: The run's seed.
        purpose: What the seed is for, like ``"train", "factory-1", 3``.
    """
    text = "/".join(str(part) for part in (seed, *purpose))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
