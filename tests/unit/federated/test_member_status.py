"""A member's status is read from its folder and from the operating system, and asks nobody outside."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from federated.kit import BadKit
from federated.member.home import MemberHome
from federated.member.node import only_one
from federated.member.status import Isolation, read_status, running_node, worker_isolation
from federated.member.status_text import as_text
from tests.association import Association, now


@pytest.fixture
def association(tmp_path: Path) -> Association:
    return Association.create(tmp_path)


def test_an_empty_folder_has_a_status(tmp_path: Path) -> None:
    status = read_status(tmp_path)

    assert (status.member, status.federation, status.node, status.dataset) == (None, None, None, None)
    assert "pumasi-member init" in as_text(status)


def test_a_key_alone_says_who_it_will_be(association: Association) -> None:
    association.ask("anvil")

    assert read_status(association.home("anvil")).member == "anvil"


def test_an_ended_membership_says_so(association: Association) -> None:
    association.join("anvil", days=10)

    status = read_status(association.home("anvil"), now() + timedelta(days=12))

    assert status.days_left == -3
    assert "EXPIRED 만료됨" in as_text(status)


def test_a_changed_kit_is_not_shown(association: Association) -> None:
    association.join("anvil")
    kit = association.home("anvil") / "federation" / "kit.json"
    kit.write_text(kit.read_text().replace("8443", "9443"))

    with pytest.raises(BadKit):
        read_status(association.home("anvil"))


def test_a_node_runs_as_long_as_it_holds_its_lock(association: Association) -> None:
    association.join("anvil")
    home = MemberHome(association.home("anvil"))

    with only_one(home):
        assert running_node(home) == os.getpid()
    assert running_node(home) is None


def test_the_worker_is_looked_at_where_it_runs() -> None:
    """Not what the node says of it, but what the operating system does."""
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as alone:
        assert worker_isolation(alone.pid) is None
        seen = worker_isolation(os.getpid())
        assert seen is not None
        assert (seen.own_user, seen.network) == (False, "shared")
        alone.terminate()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start processes of another user")
def test_a_worker_of_another_user_is_seen() -> None:
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user="nobody", cwd="/", env={}) as other:
        seen = worker_isolation(os.getpid())
        other.terminate()

    assert seen is not None
    assert (seen.user, seen.own_user) == ("nobody", True)


def test_nothing_is_said_of_the_key_that_was_not_tried_out(association: Association) -> None:
    """Another user may still be able to read it: a folder that is open to all is the owner's mistake to make."""
    association.join("anvil")
    status = replace(read_status(association.home("anvil")), node=1, worker=Isolation("nobody", True, "none"))

    assert "user nobody, not the node's" in as_text(status)
    assert "read the key" not in as_text(status)


def test_the_words_fit_what_is_pending(association: Association) -> None:
    association.join("anvil")
    status = read_status(association.home("anvil"))

    assert status.consents_pending == 0
    assert "nothing 없음" in as_text(status)
    assert "pumasi-member review" in as_text(replace(status, consents_pending=2))


def test_status_imports_no_heavy_library(association: Association) -> None:
    association.join("anvil")
    code = (
        "import sys; from pathlib import Path; from federated.member.status import read_status;"
        f"read_status(Path({str(association.home('anvil'))!r}));"
        "print([name for name in ('torch', 'lightning', 'dvc') if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
