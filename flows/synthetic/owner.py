"""The owner of a generated file at the mapper: every question is answered as the truth says, and the mapping kept."""

from dataclasses import dataclass
from pathlib import Path

from data_contracts.contract import Contract
from data_contracts.mapping.types import Mapping
from flows.synthetic.answers import answers, overlooked
from flows.synthetic.truth import Truth

_MOST_ROUNDS = 6  # answers bring new questions: a column's words are asked about once the column is known


@dataclass(frozen=True)
class Understood:
    """What the owner and the mapper agreed on.

    Attributes:
        mapping: Everything that is decided.
        asked: How many questions the owner was asked.
        named: How many columns the owner had to name unasked: they are in the file, and nothing was said about them.
        left: Keys of questions that stayed open.
    """

    mapping: Mapping
    asked: int
    named: int
    left: tuple[str, ...]


def understand(path: Path, truth: Truth, contract: Contract) -> Understood:
    """Map a generated file with an owner at hand who knows everything about it.

    Args:
        path: The file.
        truth: What is true about it.
        contract: The contract its columns are mapped to.
    """
    from data_contracts.intake import read_source  # noqa: PLC0415  (readers and units are loaded when needed)
    from data_contracts.mapping.answers import answer  # noqa: PLC0415
    from data_contracts.mapping.propose import propose  # noqa: PLC0415

    table, asked, named = read_source(path), 0, 0
    proposal = propose(table, contract)
    for _ in range(_MOST_ROUNDS):
        unasked = overlooked(proposal, truth, table)
        if not proposal.questions and not unasked:
            break
        asked, named = asked + len(proposal.questions), named + len(unasked)
        said = answers(proposal.questions, truth, table) | unasked
        proposal = answer(proposal, table, contract, said)
        if proposal.mapping.file != table.settings:  # the answer was about the file itself
            table = read_source(path, proposal.mapping.file)
            proposal = propose(table, contract, known=proposal.mapping)
    return Understood(proposal.mapping, asked, named, tuple(question.key for question in proposal.questions))


def keep_beside(path: Path, understood: Understood, contract: Contract) -> Path:
    """Write the mapping beside its file, where `pumasi-member data add` looks for it, and return where it is."""
    from data_contracts.mapping.mapping_file import write_mapping  # noqa: PLC0415

    beside = path.with_name(f"{path.name}.mapping.yaml")
    write_mapping(beside, understood.mapping, contract)
    return beside
