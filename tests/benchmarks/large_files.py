"""Large files as an old MES would export them: a block of invented lots, repeated under new lot numbers.

Beside each file lies the mapping that its owner confirmed on the block, so that all of its columns are read.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from data_contracts.contract import load_contract
from flows.synthetic.columns import moment, number, text
from flows.synthetic.cooperative import CONTRACT, make_lots
from flows.synthetic.factories import FACTORIES
from flows.synthetic.files import write_file
from flows.synthetic.habits import FileHabits, Mistakes
from flows.synthetic.hand_and_mes import OLD_MES
from flows.synthetic.owner import keep_beside, understand
from flows.synthetic.process import Process

BLOCK = 10_000
_MORE = (
    text("operator", "작업자"),
    text("customer", "거래처"),
    number("thickness", "도금두께[㎛]"),
)
_HABITS = replace(
    OLD_MES,
    columns=(*OLD_MES.columns[:1], moment("plated_at", "작업일시", "dots-minute"), *OLD_MES.columns[2:], *_MORE),
    repeat_header=0,
    mistakes=Mistakes(slips=0.004, impossible=0.002, repeated=0.003, ragged=0.001),
)
_FACTORY: Process = replace(FACTORIES[1], lots=BLOCK)


def write_large_csv(path: Path, rows: int, seed: int) -> None:
    """Write about so many records of 30 columns as CSV in CP949.

    Args:
        path: The file.
        rows: How many records; a multiple of `BLOCK` is used.
        seed: Seed of the block.
    """
    lines = _block(path, _HABITS, seed)
    start = next(index for index, line in enumerate(lines) if line.startswith(b"MS"))
    with path.open("wb") as file:
        file.writelines(lines[:start])
        for turn in range(max(rows // BLOCK, 1)):
            file.writelines(b"%03d-%b" % (turn, line) for line in lines[start:])


def write_large_xlsx(path: Path, rows: int, seed: int) -> None:
    """Write about so many records of 30 columns as a workbook, numbers as numbers."""
    from openpyxl import Workbook  # noqa: PLC0415

    lines = [line.decode("cp949").rstrip("\r\n").split(",") for line in _block(path, _plain(), seed)]
    width = len(lines[-1])
    records = [[_typed(cell) for cell in line] for line in lines if len(line) == width]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("실적")
    sheet.append(records[0])
    for turn in range(max(rows // BLOCK, 1)):
        for record in records[1:]:
            sheet.append([f"{turn:03d}-{record[0]}", *record[1:]])
    book.save(path)


def _plain() -> FileHabits:
    """Return the habits without what needs quotes."""
    columns = tuple(
        replace(one, number=replace(one.number, thousands=False)) if one.number else one for one in _HABITS.columns
    )
    return replace(_HABITS, columns=columns, titles=(), mistakes=replace(_HABITS.mistakes, ragged=0.0))


def _block(path: Path, habits: FileHabits, seed: int) -> list[bytes]:
    """Write a block of lots, let its owner confirm the mapping, and return the block's lines."""
    rng = np.random.default_rng(seed)
    folder = path.parent / "block"
    small = replace(habits, name=path.with_suffix(".csv").name)
    truth = write_file(small, make_lots(_FACTORY, rng), folder, rng, seed=seed, factory="large")
    block, contract = folder / small.name, load_contract(CONTRACT)
    beside = keep_beside(block, understand(block, truth, contract), contract)
    beside.rename(path.with_name(f"{path.name}.mapping.yaml"))
    return block.read_bytes().splitlines(keepends=True)


def _typed(cell: str) -> str | float | None:
    try:
        return float(cell)
    except ValueError:
        return cell or None
