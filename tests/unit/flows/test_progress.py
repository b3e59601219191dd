"""What a person sees while a run is under way."""

import io

from federated.events import PhaseBegun, RoundDone
from federated.rounds import RoundReport
from federated.screening import Refusal, Refused
from flows.progress import PlainLines, display


def done(number: int, *refused: Refused) -> RoundDone:
    return RoundDone(RoundReport(number, ("a", "b"), ("a",), refused, 0.7, 10, 0.5, 1.0, 0.1))


def test_without_a_terminal_there_are_plain_lines() -> None:
    stream = io.StringIO()

    with display(2, stream) as shown:
        shown.show(PhaseBegun("rounds"))
        shown.show(done(1))
        shown.show(done(2))

    lines = stream.getvalue().splitlines()
    assert lines[0] == "rounds"
    assert lines[-1].startswith("round 2/2  1 of 2 members  validation loss 0.500")
    assert "\x1b" not in stream.getvalue()


def test_a_refused_member_is_shown_at_once_with_the_reason() -> None:
    stream = io.StringIO()
    shown = PlainLines(100, stream)

    shown.show(done(1))
    shown.show(done(2))
    shown.show(done(3, Refused("b", Refusal.NOT_FINITE, "w holds NaN")))

    assert [line.split()[1] for line in stream.getvalue().splitlines()] == ["1/100", "3/100"]
    assert "b refused: not_finite" in stream.getvalue()


def test_on_a_terminal_there_is_a_bar_with_rounds_and_time_left() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()

    with display(2, stream) as shown:
        shown.show(PhaseBegun("rounds"))
        shown.show(done(1))
        shown.show(done(2))

    assert "2/2" in stream.getvalue()
