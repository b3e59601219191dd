"""Mutate files of every format for some time, and read each in a process of its own with little memory and time.

    python tests/fuzz/readers.py --seconds 300 --seed 1

Every read must end in a table or in one of our own refusals, and a table must be the same when it is read again with
the settings that were found. Anything else is a finding: its file is kept, and the program ends with 1.
"""

import argparse
import io
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from data_contracts.errors import DataContractsError, TableTooLarge
from data_contracts.intake import read_source
from data_contracts.intake.compound_file import CompoundFileBroken, pack_stream, read_streams

SECONDS = 30
"""Time for one read."""
MEMORY = 1_500_000_000
"""Address space for one read, beside that of the program itself."""

HEADER = ["LOT", "일시", "라인", "온도(℃)", "pH", "전류밀도(A/dm²)", "판정"]
TABLE, REFUSED, WRONG, BLOWN_UP, UNSTABLE = range(5)
NAMES = {
    TABLE: "table",
    REFUSED: "refused",
    WRONG: "other exception",
    BLOWN_UP: "too much memory",
    UNSTABLE: "unstable",
}
TOKENS = [
    b'"',
    b"\n",
    b"\r",
    b",",
    b";",
    b"\t",
    b"|",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"=1+1",
    b"''",
    b"<table>",
    b"<tr><td>",
]
TOKENS += [
    b"</table>",
    b"<!--",
    b"]]>",
    b"colspan=9999",
    b'r="XFD9"',
    b't="e"',
    b"<f>",
    b"<v>",
    b"&#0;",
    b"99999999999",
    b"-1",
    b"1e999",
]


def rows(count: int, chance: random.Random) -> list[list[object]]:
    """Return records as a plating line has them."""
    return [
        [
            *(f"L2603-{at:03d}", f"2026-03-{1 + at % 28:02d} 14:{at % 60:02d}", chance.choice("ABC")),
            *(round(chance.gauss(50, 3), 1), round(chance.gauss(4.2, 0.1), 2), round(chance.gauss(3, 0.5), 2)),
            chance.choice(["양품", "불량"]),
        ]
        for at in range(count)
    ]


def seeds(folder: Path, chance: random.Random) -> None:
    """Write a file of every format."""
    lots: list[list[object]] = [[*HEADER], *rows(40, chance)]
    for delimiter in ",;\t|":
        text = "\r\n".join(delimiter.join(map(str, row)) for row in lots)
        for encoding in ("utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le"):
            title = "(주)한국도금 생산일보\r\n\r\n" if delimiter == "," else ""
            name = f"text-{ord(delimiter)}-{encoding}"
            (folder / name).write_bytes(f"{title}{text}\r\n합계{delimiter}\r\n".encode(encoding))
    quoted = "\n".join(
        ",".join(f'"{cell}\nx""y"' if at % 5 == 0 else f'"{cell}"' for cell in row) for at, row in enumerate(lots)
    )
    (folder / "text-quoted").write_text(quoted, encoding="utf-8")
    turned = "\n".join(",".join(map(str, row)) for row in zip(*lots, strict=True))
    (folder / "text-turned").write_text(turned, encoding="utf-8")
    page = "".join("<tr>" + "".join(f"<td colspan=1>{cell}</td>" for cell in row) + "</tr>\n" for row in lots)
    (folder / "html").write_text(f"<html><meta charset=utf-8><table border=1>{page}</table></html>", encoding="utf-8")
    workbooks(folder, lots)


def workbooks(folder: Path, lots: list[list[object]]) -> None:
    """Write workbooks and Parquet files; their libraries are for this process only."""
    import openpyxl  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415
    import xlwt  # noqa: PLC0415

    new, old = openpyxl.Workbook(), xlwt.Workbook(encoding="cp949")
    sheet, old_sheet = new.worksheets[0], old.add_sheet("3월")
    sheet.append(["생산일보"])
    sheet.merge_cells("A1:G1")
    for at, row in enumerate(lots):
        sheet.append(row)
        for column, value in enumerate(row):
            old_sheet.write(at, column, value)
    sheet.append(["합계", None, None, "=SUM(D3:D42)"])
    old_sheet.write_merge(50, 52, 0, 3, "끝")
    new.create_sheet("빈")
    new.save(folder / "xlsx")
    old.save(str(folder / "xls"))
    columns = {str(name): [row[at] for row in lots[1:]] for at, name in enumerate(HEADER)}
    for compression in ("none", "zstd"):
        pq.write_table(pa.table(columns), folder / f"parquet-{compression}", compression=compression)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change some bytes, pieces or tokens."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(changed) + 1) if changed else 0
        length = chance.choice([1, 2, 4, 16, 200])
        what = chance.randrange(8)
        if what == 0:
            changed[at : at + length] = chance.randbytes(length)
        elif what == 1:
            del changed[at : at + length]
        elif what == 2:
            changed[at:at] = changed[at : at + length] * chance.choice([1, 3, 1000])
        elif what == 3:
            changed[at:at] = chance.choice(TOKENS) * chance.choice([1, 1, 3, 2000])
        elif what == 4 and changed:
            changed[min(at, len(changed) - 1)] ^= 1 << chance.randrange(8)
        elif what == 5:
            del changed[at:]
        elif what == 6:
            start = chance.randrange(len(changed) + 1)
            changed[at : at + length] = changed[start : start + length]
        elif len(changed) > at + 4:
            changed[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80"])
    return bytes(changed)


def renumber(data: bytes, chance: random.Random) -> bytes:
    """Change some of the numbers, so that what holds them stays well formed."""
    numbers = list(re.finditer(rb"\d+", data))
    changed = data
    for found in sorted(
        chance.sample(numbers, min(len(numbers), chance.choice([1, 2, 8]))), key=lambda one: -one.start()
    ):
        number = str(chance.choice([0, 1, 2, 15, 255, 256, 16384, 65536, 1048576, 2**31 - 1, 2**32, 10**18])).encode()
        changed = changed[: found.start()] + number + changed[found.end() :]
    return changed


def mutate_inside(data: bytes, chance: random.Random) -> bytes:
    """Change what a container holds, so that its own checks do not hide the readers behind them."""
    if data[:2] == b"PK":
        return _repacked(data, chance)
    with suppress(CompoundFileBroken):
        stream = read_streams(data, ["Workbook"])["workbook"]
        return pack_stream("Workbook", mutate(stream, chance)).getvalue()
    return mutate(data, chance)


def _repacked(data: bytes, chance: random.Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice([name for name in old.namelist() if name.startswith("xl/")])
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, chance.choice([mutate, renumber])(part, chance) if name == chosen else part)
    return packed.getvalue()


def read_apart(path: Path) -> tuple[int, str]:
    """Read a file in a process of its own; return what came of it, and a name for it if it is a finding."""
    child = os.fork()
    if child == 0:
        os._exit(_read(path))
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if os.WIFSIGNALED(status):
                return -1, f"crash by {signal.Signals(os.WTERMSIG(status)).name}"
            code = os.WEXITSTATUS(status)
            return code, NAMES[code] if code > REFUSED else ""
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1, "hang"


def _read(path: Path) -> int:
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # the reader of workbooks prints its panics
    os.dup2(sys.stderr.fileno(), 2)
    try:
        table = read_source(path)
        if len(table.headers) != table.cells.shape[1] or not table.cells.index.is_monotonic_increasing:
            return UNSTABLE
        return TABLE if read_source(path, table.settings).cells.equals(table.cells) else UNSTABLE
    except TableTooLarge as error:
        return BLOWN_UP if "memory" in str(error) else REFUSED
    except DataContractsError:
        return REFUSED
    except BaseException:  # noqa: BLE001
        (path.parent / "traceback").write_text(traceback.format_exc(), encoding="utf-8")
        return WRONG


def run(seconds: float, seed: int, keep: Path) -> int:
    """Fuzz; return how many findings there were."""
    chance = random.Random(seed)  # noqa: S311
    counts: Counter[str] = Counter()
    findings = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, data in _files(Path(folder), seed, seconds):
            mutated = chance.choice([mutate, mutate_inside, mutate_inside, renumber])(data, chance)
            path = Path(folder) / "file"
            path.write_bytes(mutated)
            code, finding = read_apart(path)
            kind = name.partition("-")[0]
            counts[f"{kind}: {finding or NAMES[code]}"] += 1
            if finding:
                findings += 1
                _keep(keep, f"{kind}-{findings}-{finding.replace(' ', '-')}", mutated, Path(folder) / "traceback")
    for what, count in sorted(counts.items()):
        print(f"{count:8,}  {what}")  # noqa: T201
    print(f"{counts.total():8,}  files, {findings} findings (seed {seed})")  # noqa: T201
    return findings


def _files(folder: Path, seed: int, seconds: float) -> Iterator[tuple[str, bytes]]:
    """Yield seeds in turn until time is up; they are made in another process, whose threads a fork must not copy."""
    made = folder / "seeds"
    made.mkdir()
    child = os.fork()
    if child == 0:
        seeds(made, random.Random(seed))  # noqa: S311
        os._exit(0)
    os.waitpid(child, 0)
    files = [(path.name, path.read_bytes()) for path in sorted(made.iterdir())]
    weighted = [file for file in files for _ in range(1 if file[0].startswith("text") else 5)]
    end = time.monotonic() + seconds
    chance = random.Random(seed + 1)  # noqa: S311
    while time.monotonic() < end:
        yield chance.choice(weighted)


def _keep(folder: Path, name: str, data: bytes, told: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    if told.exists():
        told.rename(folder / f"{name}.txt")


def main() -> None:
    """Read the arguments, fuzz, and end with 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(".pumasi/fuzz"), help="where findings are kept")
    asked = parser.parse_args()
    sys.exit(1 if run(asked.seconds, asked.seed, asked.keep) else 0)


if __name__ == "__main__":
    main()
