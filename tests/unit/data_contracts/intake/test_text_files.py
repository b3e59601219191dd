"""Encodings, delimiters, line numbers, and lines that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data_contracts.errors import BrokenTable, TableEmpty, TableNotFound, WrongEncoding
from data_contracts.intake import read_source
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import Aside, SourceTable

Save = Callable[..., Path]
Rows = Callable[[SourceTable], list[tuple[str | None, ...]]]

LOTS = "번호,온도(℃)\n가1,10\n가2,20\n"


def _guess(table: SourceTable, setting: str) -> tuple[str, bool]:
    return next((guess.value, guess.certain) for guess in table.guesses if guess.setting == setting)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp949", "cp949"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encodings_of_korean_files_are_found(save: Save, rows: Rows, encoding: str, found: str, end: str) -> None:
    table = read_source(save(LOTS.replace("\n", end), encoding=encoding))

    assert [header.text for header in table.headers] == ["번호", "온도(℃)"]
    assert rows(table) == [("가1", "10"), ("가2", "20")]
    assert table.cells.index.tolist() == [2, 3]
    assert _guess(table, "encoding") == (found, True)
    assert table.settings.encoding == found


def test_an_encoding_that_is_neither_utf8_nor_korean_is_asked_about(save: Save, rows: Rows) -> None:
    table = read_source(save("maß;größe;wärme;straße\nfünf;5;größer;ö\nzwölf;12;kälter;ü\n", encoding="cp1252"))

    assert _guess(table, "encoding")[1] is False
    assert rows(table)[1] == ("zwölf", "12", "kälter", "ü")


def test_a_degree_sign_of_a_western_file_is_no_korean_syllable(save: Save) -> None:
    """``°C`` and ``µm`` of CP1252 are valid CP949 as well, but syllables that no Korean writes."""
    table = read_source(save("lot,temp °C,size µm\nL1,10,5\nL2,20,6\n", encoding="cp1252"))

    assert _guess(table, "encoding")[1] is False


def test_a_wrong_named_encoding_is_refused_with_line_and_byte(save: Save) -> None:
    """Lines 1 and 2 are ASCII, 6 bytes in all; line 3 begins with 2 ASCII bytes: byte 3 of the line, 9 of the file."""
    path = save(b"a,b\n1\n2," + "불량".encode("cp949"))

    with pytest.raises(WrongEncoding) as caught:
        read_source(path, FileSettings(encoding="utf-8"))
    text = str(caught.value)
    assert "line 3, byte 3 of the line (byte 9 of the file)" in text
    assert "CP949" in text
    assert "CSV UTF-8" in text
    assert read_source(path).settings.encoding == "cp949"


@pytest.mark.parametrize("named", ["klingon", "zlib", "idna", "cp037"])
def test_a_name_that_is_no_text_encoding_is_refused(save: Save, named: str) -> None:
    with pytest.raises(WrongEncoding, match="there is no text encoding"):
        read_source(save(LOTS), FileSettings(encoding=named))


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_few_broken_bytes_cost_their_lines_and_not_the_file(save: Save, rows: Rows, encoding: str) -> None:
    data = "번호,비고\n1,양호합니다\n2,불량입니다\n3,양호합니다\n".encode(encoding)
    place = data.index("불".encode(encoding))
    table = read_source(save(data[: place + 1] + b"\xff" + data[place + 1 :]))

    assert rows(table) == [("1", "양호합니다"), ("3", "양호합니다")]
    assert table.lines(Aside.UNREADABLE).tolist() == [3]
    assert table.unreadable[3].startswith("2,")


def test_a_line_with_null_bytes_is_unreadable_and_padding_of_nulls_is_nothing(save: Save, rows: Rows) -> None:
    table = read_source(save(b"lot,t\nL1,1\nL\x002,2\nL3,3\n\x00\x00\x00\x00"))

    assert rows(table) == [("L1", "1"), ("L3", "3")]
    assert table.lines(Aside.UNREADABLE).tolist() == [3]
    assert "\x00" not in table.unreadable[3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_can_be_said(save: Save, rows: Rows, delimiter: str) -> None:
    path = save("lot,t,v\nL1,10,1\nL2,20,2\n".replace(",", delimiter))

    assert _guess(read_source(path), "delimiter") == (delimiter, True)
    assert rows(read_source(path, FileSettings(delimiter=delimiter))) == [("L1", "10", "1"), ("L2", "20", "2")]
    assert len(read_source(path, FileSettings(delimiter=";" if delimiter == "," else ",")).headers) == 1


@pytest.mark.parametrize(
    ("text", "delimiter", "first"),
    [
        ("lot;t;v\nA1;12,5;13,1\nA2;12,6;13,2\nA3;11,6;1,2\n", ";", ("A1", "12,5", "13,1")),
        ('lot,n,v\nA1,"1,234",5\nA2,"2,345",6\n', ",", ("A1", "1,234", "5")),
        ("lot\tnote\tt\nA1\tgood, but late\t5\nA2\tbad, wet, cold\t6\n", "\t", ("A1", "good, but late", "5")),
        ('lot,note,t\nA1,"a;b;c",5\nA2,"d;e;f",6\n', ",", ("A1", "a;b;c", "5")),
        ("주식회사 한국도금, 2공장\nlot;t\nA1;1\nA2;2\nA3;3\n", ";", ("A1", "1")),
    ],
)
def test_commas_in_numbers_and_texts_do_not_mislead(
    save: Save, rows: Rows, text: str, delimiter: str, first: tuple[str, ...]
) -> None:
    table = read_source(save(text))

    assert _guess(table, "delimiter") == (delimiter, True)
    assert rows(table)[0] == first


def test_a_first_line_that_says_its_delimiter_is_believed(save: Save, rows: Rows) -> None:
    table = read_source(save("sep=;\nlot;t\nL1;1\n"))

    assert rows(table) == [("L1", "1")]
    assert table.lines(Aside.TITLE).tolist() == [1]


def test_blanks_before_quotation_marks_are_understood(save: Save, rows: Rows) -> None:
    assert rows(read_source(save('lot, note, t\nL1, "a, b", 1\nL2, "c, d", 2\n'))) == [
        ("L1", "a, b", "1"),
        ("L2", "c, d", "2"),
    ]


def test_a_delimiter_that_is_none_is_refused(save: Save) -> None:
    with pytest.raises(BrokenTable, match="a delimiter is one of"):
        read_source(save(LOTS), FileSettings(delimiter="ab"))


def test_cells_stay_as_they_are_and_blank_ones_are_missing(save: Save, rows: Rows) -> None:
    table = read_source(save("lot,a,b\nL1, 007 ,NA\nL2,True,1e5\nL3, ,\n"))

    assert rows(table) == [("L1", " 007 ", "NA"), ("L2", "True", "1e5"), ("L3", None, None)]
    assert all(str(dtype) == "string" for dtype in table.cells.dtypes)


def test_the_index_is_the_line_an_editor_shows(save: Save) -> None:
    """Line 3 is blank, the record of line 4 spans two lines, so the last record stands in line 6."""
    assert read_source(save('a,b\nx1,2\n\n"x\ny",4\nx5,6\n')).cells.index.tolist() == [2, 4, 6]


def test_line_ends_of_three_kinds_may_be_mixed(save: Save, rows: Rows) -> None:
    table = read_source(save(b"a,b\r\nx,1\ny,2\rz,3\r\n\r\nw,4"))

    assert rows(table) == [("x", "1"), ("y", "2"), ("z", "3"), ("w", "4")]
    assert table.cells.index.tolist() == [2, 3, 4, 6]


def test_records_of_another_number_of_cells_are_kept_apart_with_line_and_text(save: Save, rows: Rows) -> None:
    table = read_source(save("lot,t,v\nL1,1,2\nL2,1,2,3\nL3,1\nL4,1,2\nL5,5,6\n"))

    assert rows(table) == [("L1", "1", "2"), ("L4", "1", "2"), ("L5", "5", "6")]
    assert table.lines(Aside.UNREADABLE).tolist() == [3, 4]
    assert table.unreadable == {3: "L2,1,2,3", 4: "L3,1"}


def test_blank_cells_too_many_at_the_end_are_no_fault_where_many_records_have_them(save: Save, rows: Rows) -> None:
    table = read_source(save("lot,t\nL1,1\nL2,2,,\nL3,3,,\nL4,4\nL5,5\nL6,6,\nL7,7\n"))

    assert rows(table) == [(f"L{n}", str(n)) for n in range(1, 8)]
    assert not table.aside


def test_one_record_with_a_blank_cell_too_many_may_be_shifted_and_is_kept_apart(save: Save, rows: Rows) -> None:
    table = read_source(save("lot,t,flaw\nL1,1,\nL2,,2,\nL3,3,\nL4,4,pit\n"))

    assert rows(table) == [("L1", "1", None), ("L3", "3", None), ("L4", "4", "pit")]
    assert table.unreadable == {3: "L2,,2,"}


def test_a_program_that_leaves_blank_cells_at_the_end_out_is_understood_but_asked_about(save: Save, rows: Rows) -> None:
    text = "lot,t,judged,defect\n" + "".join(
        f"L{n},{n},NG,stain\n" if n % 5 == 0 else f"L{n},{n},OK\n" for n in range(1, 21)
    )
    table = read_source(save(text))

    assert len(table.cells) == 20
    assert rows(table)[0] == ("L1", "1", "OK", None)
    assert _guess(table, "padded") == ("true", False)
    unpadded = read_source(save(text), FileSettings(padded=False))
    assert len(unpadded.cells) == 4
    assert len(unpadded.unreadable) == 16


def test_a_quotation_mark_left_open_costs_one_line(save: Save, rows: Rows) -> None:
    table = read_source(save('a,b\nx1,2\n"x3,4\nx5,6\nx7,"8"\nx9,1\n'))

    assert rows(table) == [("x1", "2"), ("x5", "6"), ("x7", "8"), ("x9", "1")]
    assert table.unreadable == {3: '"x3,4'}


def test_a_quotation_mark_out_of_place_costs_one_line(save: Save, rows: Rows) -> None:
    table = read_source(save('a,b\nx1,2\n"12" pipe",4\nx5,6\n'))

    assert rows(table) == [("x1", "2"), ("x5", "6")]
    assert table.unreadable == {3: '"12" pipe",4'}


def test_quoted_cells_may_hold_delimiters_line_ends_and_doubled_marks(save: Save, rows: Rows) -> None:
    table = read_source(save('a,b\n"x,1","2\r\n3"\n"say ""hi""",4\n'))

    assert rows(table) == [("x,1", "2\r\n3"), ('say "hi"', "4")]
    assert table.cells.index.tolist() == [2, 4]


def test_a_thousand_quotation_marks_left_open_end_the_reading(save: Save) -> None:
    with pytest.raises(BrokenTable, match="a double quote left open"):
        read_source(save("a,b\n" + 'x,"y\n' * 3000))


def test_lines_that_mostly_do_not_fit_are_no_table(save: Save) -> None:
    """The first lines have two cells, then comes a log of words."""
    head = "lot,t\n" + "L1,1\n" * 20_000
    with pytest.raises(BrokenTable, match=r"most lines do not have 2 cells \(first: line 20002\)") as caught:
        read_source(save(head + "SECRET,it,seems\n" * 20_002))
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n \n,,\n", b"\x00\x00"])
def test_a_file_without_a_cell_is_empty(save: Save, data: bytes) -> None:
    with pytest.raises(TableEmpty, match=r"lots\.csv has no header line"):
        read_source(save(data))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "a\0b", Path("/dev/zero")):
        with pytest.raises(TableNotFound, match=r"cannot open|is no file"):
            read_source(path)


def test_a_header_alone_is_a_table_without_records(save: Save) -> None:
    table = read_source(save("lot,temperature\n"))

    assert table.cells.shape == (0, 2)
    assert [header.text for header in table.headers] == ["lot", "temperature"]


def test_blocks_and_their_borders_leave_no_trace(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in blocks of 64 bytes, cut in the middle of multi-line cells, a file gives the same table as in one."""
    text = "lot,note,t\n" + "".join(f'L{n},"a ""{n}""\nb, {n}\n\nc",{n}\nM{n},plain,{n}\n' for n in range(60))
    text += '"L,bad"x,1\nlast,one,1\n'
    whole = read_source(save(text))
    monkeypatch.setattr("data_contracts.intake.blocks._SIZE", 64)
    monkeypatch.setattr("data_contracts.intake.records._SMALL", 16)
    cut = read_source(save(text))

    assert len(whole.cells) == 121
    assert cut.cells.equals(whole.cells)
    assert cut.cells.index.equals(whole.cells.index)
    assert cut.unreadable == whole.unreadable == {302: '"L,bad"x,1'}


def test_a_broken_byte_within_a_record_of_several_lines_costs_these_lines(save: Save, rows: Rows) -> None:
    data = '번호,비고\n1,"첫 줄\n둘째 줄"\n2,"첫 줄\n둘째 X줄"\n3,양호합니다\n'.encode()
    table = read_source(save(data.replace(b"X", b"\xff")))

    assert rows(table) == [("1", "첫 줄\n둘째 줄"), ("3", "양호합니다")]
    assert table.lines(Aside.UNREADABLE).tolist() == [4, 5]


def test_a_header_longer_than_all_records_is_kept_whole_and_asked_about(save: Save, rows: Rows) -> None:
    table = read_source(save("LOT,온도,판정,비고\n" + "L1,50,OK\nL2,51,NG\nL3,52,OK\n" * 3))

    assert [header.text for header in table.headers] == ["LOT", "온도", "판정", "비고"]
    assert rows(table)[0] == ("L1", "50", "OK", None)
    assert _guess(table, "padded") == ("true", False)
