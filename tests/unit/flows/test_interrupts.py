"""The first Ctrl-C waits for a safe point, the second does not."""

import os
import signal

import pytest

from flows.interrupts import (
    deferred_interrupts,
    exit_code,
    handlers_taken_back,
    stop_if_interrupted,
    uninterrupted,
)


def test_the_first_ctrl_c_is_honoured_at_the_next_safe_point() -> None:
    with deferred_interrupts():
        stop_if_interrupted()
        os.kill(os.getpid(), signal.SIGINT)
        reached = True

        with pytest.raises(KeyboardInterrupt):
            stop_if_interrupted()

    assert reached


def test_a_second_ctrl_c_interrupts_at_once() -> None:
    with deferred_interrupts():
        os.kill(os.getpid(), signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_polite_request_to_end_is_honoured_too() -> None:
    with deferred_interrupts():
        os.kill(os.getpid(), signal.SIGTERM)

        with pytest.raises(KeyboardInterrupt):
            stop_if_interrupted()


def test_the_handlers_are_put_back_and_an_old_request_is_forgotten() -> None:
    before = signal.getsignal(signal.SIGINT)
    with deferred_interrupts():
        os.kill(os.getpid(), signal.SIGINT)

    with deferred_interrupts():
        stop_if_interrupted()

    assert signal.getsignal(signal.SIGINT) is before


def test_what_must_not_be_left_half_done_is_finished_however_often_ctrl_c_is_pressed() -> None:
    with deferred_interrupts():
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            stop_if_interrupted()
            finished = True

        with pytest.raises(KeyboardInterrupt):
            stop_if_interrupted()

    assert finished


def test_a_handler_that_replaced_ours_is_replaced_again_and_put_back() -> None:
    def prefects_own(number: int, frame: object) -> None:
        raise AssertionError(f"{number} {frame}")

    with deferred_interrupts():
        signal.signal(signal.SIGTERM, prefects_own)
        with handlers_taken_back():
            os.kill(os.getpid(), signal.SIGTERM)

        assert signal.getsignal(signal.SIGTERM) is prefects_own
        with pytest.raises(KeyboardInterrupt):
            stop_if_interrupted()


def test_a_flow_that_another_program_started_keeps_its_handlers() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with handlers_taken_back():
        assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_exit_code_is_the_one_that_shells_expect(number: int, code: int) -> None:
    with deferred_interrupts():
        os.kill(os.getpid(), number)

        assert exit_code() == code
