"""What holds for every file: a table or a clear refusal; and what was written comes back cell for cell."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data_contracts.errors import AnswerInvalid, IntakeError
from data_contracts.intake import read_source
from data_contracts.intake.settings import NO_HEADER, FileSettings
from data_contracts.intake.table import SourceTable

ENCODINGS = ("utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be")
DELIMITERS = (",", ";", "\t", "|")

_SIGNS = [b",", b";", b"\t", b'"', b"\n", b"\r", b"\0", b"a", b"1", b"2.5", b" ", b"%", b"\xff", b"LOT", b"2026-03-05"]
_KOREAN = ["가".encode(), "불".encode("cp949"), "합계".encode(), "(℃)".encode()]
_MARKS = [b"<table>", b"<tr>", b"<td>x", b"PAR1", b"PK\x03\x04"]
_pieces = st.sampled_from([*_SIGNS, *_KOREAN, *_MARKS])
_cells = st.text(alphabet="가나 ab12.,;\t|\"'\n\r%-", max_size=8).map(lambda text: text if text.strip() else "")
_words = st.text(alphabet='가나ab12"\n,', min_size=1, max_size=6).filter(lambda text: text.strip() != "")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "lots.csv"


def _read(path: Path, data: bytes, said: FileSettings = FileSettings()) -> SourceTable:
    path.write_bytes(data)
    return read_source(path, said)


@settings(max_examples=250, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(_pieces, max_size=60).map(b"".join) | st.binary(max_size=200))
@example(data=b"\xff\xfe")
@example(data=b'"')
@example(data=b",\x00,")
@example(data=b"\xef\xbb\xbf" + "가나다,라마바\n".encode("cp949") * 3)
@example(data=b"\xff\xfea\x00,\x00\xd8\xd8b\x00\n\x00")
@example(data=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(data=b"PK\x05\x06" + bytes(18))
@example(data=b"PAR1PAR1")
@example(data=b",\n,\n,;1")
def test_any_bytes_are_a_table_or_a_refusal_and_the_same_table_again(path: Path, data: bytes) -> None:
    try:
        table = _read(path, data)
    except IntakeError:
        return

    assert table.cells.shape[1] == len(table.headers)
    assert len({header.text for header in table.headers}) == len(table.headers)
    assert table.cells.index.is_monotonic_increasing
    assert all(str(dtype) == "string" for dtype in table.cells.dtypes)
    again = read_source(path, table.settings)
    assert again.cells.equals(table.cells)
    assert again.headers == table.headers


@settings(max_examples=150, deadline=5000)
@given(
    rows=st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(_words, *[_cells] * (width - 1)), max_size=12)),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(DELIMITERS),
    written=st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
)
def test_what_a_program_writes_comes_back_cell_for_cell(
    path: Path, rows: list[tuple[str, ...]], encoding: str, delimiter: str, written: tuple[str, int]
) -> None:
    end, quoting = written
    width = len(rows[0]) if rows else 1
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([[f"h{at}" for at in range(width)], *rows])
    data = text.getvalue().encode(encoding)
    said = FileSettings(
        encoding.removesuffix("-sig"), delimiter, header=(1, 1), last=10_000, transposed=False, padded=False
    )
    table = _read(path, data, said)

    assert [header.text for header in table.headers] == [f"h{at}" for at in range(width)]
    assert not table.aside
    assert table.cells.astype(object).where(table.cells.notna(), "").to_numpy().tolist() == [list(row) for row in rows]


@settings(max_examples=60, deadline=5000)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 9999).map(lambda number: f"L26-{number:04d}"),
            st.decimals(-50, 99, places=1).map(str),
            st.sampled_from(["양호, 정상", "얼룩", "핀홀; 탄", ""]),
            st.sampled_from(["양품", "불량"]),
        ),
        min_size=3,
        max_size=20,
    ),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(DELIMITERS),
)
def test_a_factorys_table_comes_back_without_a_word_about_it(
    path: Path, rows: list[tuple[str, ...]], encoding: str, delimiter: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["로트 번호", "온도(℃)", "비고", "판정"], *rows])
    table = _read(path, text.getvalue().encode(encoding))

    assert [header.text for header in table.headers] == ["로트 번호", "온도(℃)", "비고", "판정"]
    assert table.cells.astype(object).where(table.cells.notna(), "").to_numpy().tolist() == [list(row) for row in rows]
    assert not table.aside


@given(
    setting=st.sampled_from(["header", "last", "transposed", "melt", "padded", "filled", "x"]),
    value=st.text(max_size=20),
)
@example(setting="header", value="[2, 1]")
@example(setting="header", value="[1, true]")
@example(setting="melt", value="{series: [], names: a, values: b}")
@example(setting="last", value="true")
def test_an_answer_is_a_setting_or_a_refusal(setting: str, value: str) -> None:
    try:
        changed = FileSettings().changed(setting, value)
    except AnswerInvalid:
        return
    assert changed == FileSettings() or getattr(changed, setting) is not None


def test_answers_in_the_words_of_a_guess_are_understood() -> None:
    said = FileSettings().changed("header", "[3, 4]").changed("transposed", "true").changed("delimiter", ";")

    assert said == FileSettings(header=(3, 4), transposed=True, delimiter=";")
    assert said.changed("header", "[0, 0]").header == NO_HEADER
