"""What the README says exists."""

import importlib
import re
import shlex
from pathlib import Path

import pytest
from click import Group

from federated.member.cli import app as member_app
from flows.cli import app as association_app

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`((?:data_contracts|models|federated|flows)[\w.]*):(\w+)`", README)))
COMMANDS = sorted(set(re.findall(r"^    \.venv/bin/(pumasi(?:-member)?) ([^#\n]+)", README, re.MULTILINE)))
LINKS = sorted(set(re.findall(r"\]\(([\w./-]+)\)", README)))


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_every_piece_of_code_that_the_journeys_name_exists(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)


def test_the_journeys_name_many_pieces() -> None:
    assert len(NAMES) > 15


@pytest.mark.parametrize(("program", "arguments"), COMMANDS)
def test_every_command_and_option_that_is_shown_exists(program: str, arguments: str) -> None:
    group: Group = member_app if program == "pumasi-member" else association_app
    words = shlex.split(arguments)
    command = group.commands[words[0]]
    if isinstance(command, Group):
        command = command.commands[words[1]]
    options = {option for parameter in command.params for option in parameter.opts}

    assert {word for word in words if word.startswith("-")} <= options


def test_commands_are_shown() -> None:
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("link", LINKS)
def test_every_link_into_the_repository_leads_somewhere(link: str) -> None:
    assert (Path(__file__).parents[2] / link).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z-]+)", README))))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_the_section_on_performance_quotes_only_what_was_measured() -> None:
    results = (Path(__file__).parents[2] / "tests/benchmarks/RESULTS.md").read_text(encoding="utf-8")
    section = README.partition("## Performance")[2].partition("\n## ")[0]
    figures = set(re.findall(r"\d+\.\d+|(?<=\| )\d+(?= \|)|\d{3}(?= to)", section)) - {"2.9", "1.41"}  # versions

    assert len(figures) > 12
    assert figures <= set(re.findall(r"\d+(?:\.\d+)?", results))


def test_the_section_on_a_factorys_first_hour_quotes_only_what_was_measured() -> None:
    results = (Path(__file__).parents[2] / "tests/benchmarks/INTAKE.md").read_text(encoding="utf-8")
    section = README.partition("How well this works is measured")[2].partition("\n## ")[0]
    figures = set(re.findall(r"\d[\d,]*(?:\.\d+)?", section))

    assert len(figures) > 5
    assert figures <= set(re.findall(r"\d[\d,]*(?:\.\d+)?", results))


def test_no_placeholder_is_left() -> None:
    assert not re.findall(r"^[A-Z_]{6,}$", README, re.MULTILINE)
