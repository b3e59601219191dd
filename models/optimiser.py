"""torch's AdamW without torch's compiler, which torch loads with the first optimiser in order to switch it off.

That costs every process that trains 1.4 s of CPU and 80 MB, for a compiler that nobody here calls. The arithmetic is
torch's own, called beneath the wrappers that load it, so the bits are the same; a torch without such wrappers is called
as it is.
"""

from collections.abc import Callable
from inspect import unwrap
from typing import Any

import torch

_ADD_PARAM_GROUP: Callable[..., None] = unwrap(torch.optim.AdamW.add_param_group)
_ZERO_GRAD: Callable[..., None] = unwrap(torch.optim.AdamW.zero_grad)
_STEP: Callable[..., float | None] = unwrap(torch.optim.AdamW.step)


class AdamW(torch.optim.AdamW):
    """AdamW (Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization"); arguments as in torch."""

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with settings of their own."""
        _ADD_PARAM_GROUP(self, param_group)

    def zero_grad(self, set_to_none: bool = True) -> None:  # noqa: FBT001, FBT002  (torch's own signature)
        """Forget the gradients."""
        _ZERO_GRAD(self, set_to_none)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Take a step.

        Args:
            closure: computes loss and gradients first, if given.

        Returns:
            What the closure returned.
        """
        return _STEP(self, closure)
