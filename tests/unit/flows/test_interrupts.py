"""The first Ctrl-C waits for a safe point, the second does not."""

import os
import signal

import pytest

from flows.interrupts import deferred_interrupts, stop_if_interrupted


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
