import pytest
import torch

from models.optimiser import AdamW


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_its_steps_are_those_of_torchs_own_to_the_bit(decay: float) -> None:
    start = torch.tensor([1.0, -2.0, 3.0])
    found = []
    for kind in (AdamW, torch.optim.AdamW):
        parameter = torch.nn.Parameter(start.clone())
        optimiser = kind([parameter], lr=0.1, weight_decay=decay)
        for _ in range(5):
            optimiser.zero_grad()
            (parameter**2).sum().backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        found.append(parameter.detach())

    assert torch.equal(*found)
    assert not torch.equal(found[0], start)


def test_a_closure_computes_the_gradients_and_its_loss_is_returned() -> None:
    parameter = torch.nn.Parameter(torch.tensor([2.0]))
    optimiser = AdamW([parameter], lr=0.1, weight_decay=0.0)

    def loss() -> float:
        optimiser.zero_grad()
        squared = (parameter**2).sum()
        squared.backward()  # type: ignore[no-untyped-call]
        return squared.item()

    assert optimiser.step(loss) == 4.0
    assert parameter.item() == pytest.approx(1.9)


def test_gradients_are_forgotten_not_added_up() -> None:
    parameter = torch.nn.Parameter(torch.tensor([2.0]))
    optimiser = AdamW([parameter])
    (parameter**2).sum().backward()  # type: ignore[no-untyped-call]

    optimiser.zero_grad()

    assert parameter.grad is None


def test_parameters_can_be_added_with_settings_of_their_own() -> None:
    first, second = (torch.nn.Parameter(torch.zeros(1)) for _ in range(2))
    optimiser = AdamW([first], lr=0.1)

    optimiser.add_param_group({"params": [second], "lr": 0.5})

    assert [group["lr"] for group in optimiser.param_groups] == [0.1, 0.5]
