"""Files for the member's own eyes: rows that were set aside, as they stand in its file, and every changed cell.

The rows of a file that was refused as a whole have a file of their own, until one is accepted: what is said about the
saved records stays. All lie in a folder that only its owner may enter, and no text in them can run as a formula in a
spreadsheet.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.changes import Change
from data_contracts.defuse import defused
from data_contracts.enforce import LINE, REASONS
from data_contracts.intake.table import SourceTable
from data_contracts.prepare import Prepared
from federated.member.home import MemberHome
from federated.own_files import own_folder, write_own

UNREADABLE = "unreadable_line"
"""Reason of a line with more or fewer cells than the header."""

_MOST_CHARACTERS = 30_000  # Excel shows 32,767 of a cell


@dataclass(frozen=True)
class Written:
    """Which files were written.

    Attributes:
        quarantined: The rows that were set aside, or None when there are none.
        changes: What was changed on the way from the file to the contract's columns, or None when nothing was.
    """

    quarantined: Path | None
    changes: Path | None


def write_quarantine(home: MemberHome, prepared: Prepared, reasons: Mapping[int, str]) -> Written:
    """Write the rows of a file that are set aside, and the changes to the others; what lay there before is replaced.

    Args:
        home: The member's folder.
        prepared: The file.
        reasons: Why further rows are set aside, by their position in the file's records, counted from 0.
    """
    stem = home.quarantine / prepared.contract.id
    rows = _rows(prepared, reasons)
    changes = prepared.mapped.changes
    written = Written(
        quarantined=_write(stem.with_name(f"{stem.name}.csv"), _header(prepared.table), rows),
        changes=_write(stem.with_name(f"{stem.name}.changes.csv"), _CHANGES, _changed(changes)),
    )
    _refused(home, prepared).unlink(missing_ok=True)
    return written


def write_refused(home: MemberHome, prepared: Prepared) -> Path | None:
    """Write the rows that failed in a file that was refused as a whole, in place of those of an earlier one.

    Returns:
        Where they are, or None where no row failed: the file was refused for something else.
    """
    return _write(_refused(home, prepared), _header(prepared.table), _rows(prepared, {}))


def _refused(home: MemberHome, prepared: Prepared) -> Path:
    return home.quarantine / f"{prepared.contract.id}.refused.csv"


def line_ranges(lines: NDArray[np.int64]) -> str:
    """Write ascending line numbers in short: ``2-5, 9``."""
    if not len(lines):
        return ""
    breaks = np.flatnonzero(np.diff(lines) > 1)
    firsts = lines[np.concatenate([[0], breaks + 1])]
    lasts = lines[np.concatenate([breaks, [len(lines) - 1]])]
    return ", ".join(
        str(first) if first == last else f"{first}-{last}" for first, last in zip(firsts, lasts, strict=True)
    )


_CHANGES = ("column", "rule", "cells", "detail_ko", "detail_en", "lines")


def _changed(changes: Iterable[Change]) -> Iterator[tuple[str, ...]]:
    """Yield a line per change; one with very many line numbers goes on in further lines."""
    for change in changes:
        pieces = _pieces(line_ranges(np.unique(change.lines)))
        for number, piece in enumerate(pieces):
            cells = str(change.cells) if number == 0 else ""
            yield change.column, str(change.rule), cells, change.detail.ko, change.detail.en, piece


def _pieces(text: str) -> Iterator[str]:
    while len(text) > _MOST_CHARACTERS:
        cut = text.rindex(", ", 0, _MOST_CHARACTERS)
        yield text[:cut]
        text = text[cut + 2 :]
    yield text


def _header(table: SourceTable) -> tuple[str, ...]:
    return (LINE, REASONS, *(header.text for header in table.headers))


def _rows(prepared: Prepared, reasons: Mapping[int, str]) -> list[tuple[str, ...]]:
    """Return line, reasons and the original cells of every row that is set aside, by line."""
    table, quarantined = prepared.table, prepared.checked.quarantined
    # `enforce` keeps in the index which of the frame's rows each was; the frame's rows are the table's.
    why = dict(zip(map(int, quarantined.index), quarantined[REASONS], strict=True)) | dict(reasons)
    at = sorted(why)
    cells = table.cells.iloc[at].astype(object).where(table.cells.iloc[at].notna(), "")
    rows = [
        (int(line), why[position], *texts)
        for position, line, texts in zip(at, cells.index, cells.itertuples(index=False), strict=True)
    ]
    blank = ("",) * (len(table.headers) - 1)
    rows += [(line, UNREADABLE, text, *blank) for line, text in table.unreadable.items()]
    return [(str(line), *texts) for line, *texts in sorted(rows, key=lambda row: row[0])]


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path | None:
    """Write a CSV that a Korean Excel reads and a formula cannot leave; without rows a file of before is deleted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([defused(text) for text in header])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  (counted, not used inside)
        writer.writerow([defused(text) for text in row])
    if not count:
        path.unlink(missing_ok=True)
        return None
    own_folder(path.parent)  # for the member's eyes alone, even where others may pass through its folder
    write_own(path, out.getvalue().encode("utf-8-sig", "replace"))
    return path
