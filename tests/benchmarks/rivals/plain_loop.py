"""No federation at all: the hand-written loop over the members, the least that the work can cost."""

import argparse

from rival_work import Network, evaluate_all, stamp, train


def main() -> None:
    """Train, average by rows and evaluate, round after round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="not needed")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    asked = parser.parse_args()
    stamp("up")
    stamp("submitted")
    state, loss = Network().state_dict(), 0.0
    for number in range(1, asked.rounds + 1):
        trained = [train(state, member, number) for member in range(1, asked.members + 1)]
        rows = sum(count for _, count, _ in trained)
        state = {name: sum(own[name] * (count / rows) for own, count, _ in trained) for name in state}
        loss = evaluate_all(state, asked.members)
        stamp(number, loss=loss)
    stamp("final", loss=loss, final_loss=loss)


if __name__ == "__main__":
    main()
