import errno
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.contract import Contract, Label
from data_contracts.errors import MappingUnreadable
from data_contracts.intake.settings import NO_HEADER, FileSettings, Melt
from data_contracts.mapping.file_fields import mapping_of
from data_contracts.mapping.file_text import mapping_text
from data_contracts.mapping.mapping_file import differences, read_mapping, write_mapping
from data_contracts.mapping.types import ColumnMapping, Mapping
from data_contracts.strict_yaml import read_mapping as read_yaml

MAPPING = Mapping(
    contract="tiny@1.0.0",
    headers=("번호", "온도(℉)", "판정", "비고"),
    columns=(
        ColumnMapping("part", "번호", reason=Label("머리글이 같음", "the header is the same")),
        ColumnMapping("heat", "온도(℉)", unit="°F", missing=("999",)),
        ColumnMapping("passes", None),
        ColumnMapping("grade", "판정", words=(("합격", "good"), ("no", "bad"), ("", None))),
    ),
    file=FileSettings(encoding="cp949", delimiter="\t", header=(2, 3), last=40, transposed=False),
)


def _again(mapping: Mapping, contract: Contract, folder: Path) -> Mapping:
    write_mapping(folder / "mapping.yaml", mapping, contract)
    return read_mapping(folder / "mapping.yaml")


def _without_reasons(mapping: Mapping) -> Mapping:
    return replace(mapping, columns=tuple(replace(entry, reason=Label("", "")) for entry in mapping.columns))


def test_a_mapping_comes_back_as_it_was_but_for_the_reasons(tiny: Contract, tmp_path: Path) -> None:
    assert _again(MAPPING, tiny, tmp_path) == _without_reasons(MAPPING)


def test_the_file_explains_itself_to_people_in_both_languages(tiny: Contract, tmp_path: Path) -> None:
    write_mapping(tmp_path / "mapping.yaml", MAPPING, tiny)
    lines = (tmp_path / "mapping.yaml").read_text(encoding="utf-8").splitlines()

    assert "  # 번호 · Part number" in lines
    assert "  # 머리글이 같음" in lines
    assert "  # the header is the same" in lines
    assert '    unit: "°F"  # °F → °C: (x − 32) × 0.5556' in lines
    assert "    header: null  # 파일에 없음 · not in the file" in lines
    assert '      "no": "bad"' in lines
    assert lines[lines.index("# Not decided yet") + 1] == "#   paper: 용지 · Paper"
    assert lines[-1] == '#   "비고"'


def test_only_the_owner_may_read_the_file(tiny: Contract, tmp_path: Path) -> None:
    write_mapping(tmp_path / "mapping.yaml", MAPPING, tiny)

    assert (tmp_path / "mapping.yaml").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(
    tiny: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mapping(tmp_path / "mapping.yaml", MAPPING, tiny)

    def full_disk(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, f"no space left for {descriptor}")

    monkeypatch.setattr("data_contracts.versions.files.os.fsync", full_disk)
    with pytest.raises(OSError, match="no space left"):
        write_mapping(tmp_path / "mapping.yaml", replace(MAPPING, contract="tiny@2.0.0"), tiny)

    assert read_mapping(tmp_path / "mapping.yaml").contract == "tiny@1.0.0"
    assert [path.name for path in tmp_path.iterdir()] == ["mapping.yaml"]


def test_a_file_saved_by_a_windows_editor_is_read(tiny: Contract, tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    write_mapping(path, MAPPING, tiny)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert read_mapping(path) == _without_reasons(MAPPING)


TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        "no",
        "1e5",
        "null",
        "~",
        "",
        "2026-03-05",
        "12:30",
        "a: b",
        "# x",
        '"',
        "'",
        "\\",
        "줄\n바꿈",
        "\r\n",
        "\x85",
        "\u2028",
        "🏭",
        "\ufeff",
        "\x00",
        "\x7f",
        "%",
        "&a",
        "*a",
        "!t",
        "- x",
        "? x",
        "{",
        "[",
        "가" * 2000,
        "\ud7ff",
        "\ufffe",
        " x ",
        "\t",
    ]
)
ENTRIES = st.builds(
    ColumnMapping,
    column=TEXTS,
    header=st.none() | TEXTS,
    unit=st.none() | TEXTS,
    words=st.dictionaries(TEXTS, st.none() | TEXTS, max_size=3).map(lambda words: tuple(words.items())),
    missing=st.lists(TEXTS, max_size=3).map(tuple),
    dates=st.sampled_from([None, "ymd", "dmy", "mdy"]),
    time=st.none() | TEXTS,
    decimal=st.sampled_from([".", ","]),
    reason=st.builds(Label, TEXTS, TEXTS),
)
LINES = st.integers(1, 10**6)
SETTINGS = st.builds(
    FileSettings,
    encoding=st.none() | TEXTS,
    delimiter=st.none() | TEXTS,
    sheet=st.none() | TEXTS,
    header=st.none() | st.just(NO_HEADER) | st.tuples(LINES, LINES).map(lambda lines: (min(lines), max(lines))),
    last=st.none() | LINES,
    transposed=st.none() | st.booleans(),
    melt=st.none() | st.builds(Melt, series=st.lists(TEXTS, max_size=3).map(tuple), names=TEXTS, values=TEXTS),
    padded=st.none() | st.booleans(),
    filled=st.none() | st.booleans(),
)
MAPPINGS = st.builds(
    Mapping,
    contract=TEXTS,
    headers=st.lists(TEXTS, max_size=4).map(tuple),
    columns=st.lists(ENTRIES, max_size=3, unique_by=lambda entry: entry.column).map(tuple),
    file=SETTINGS,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(MAPPINGS)
def test_any_mapping_comes_back_exactly(tiny: Contract, mapping: Mapping) -> None:
    again = mapping_of(read_yaml(mapping_text(mapping, tiny)))

    assert again == _without_reasons(mapping)
    assert differences(mapping, again) == ()


def test_every_setting_of_a_file_is_kept_and_compared() -> None:
    said = FileSettings("cp949", ";", "1월", (1, 2), 9, True, Melt(("a",), "n", "v"), True, True)
    quiet = replace(MAPPING, file=FileSettings())

    assert len(differences(quiet, replace(quiet, file=said))) == len(fields(FileSettings))


VALID = 'contract: "tiny@1.0.0"\nheaders: ["a"]\ncolumns:\n  heat:\n    header: "a"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (VALID + "    units: C\n", "columns.heat: unknown key 'units'; allowed are header, unit, words"),
        (VALID + "extra: 1\n", "the file: unknown key 'extra'; allowed are contract, file, columns, headers"),
        (VALID + "file: {encodng: x}\n", "file: unknown key 'encodng'; allowed are encoding, delimiter"),
        (VALID + "file: {melt: {series: [], names: x}}\n", "file.melt: the key 'values' is missing"),
        (VALID + "    words: {no: bad}\n", "columns.heat.words: a text is expected; write it in double quotes"),
        (VALID + "    words: {x: 1}\n", "columns.heat.words: a text is expected"),
        (VALID + "    words: [x]\n", "columns.heat.words is a mapping"),
        (VALID + "    missing: x\n", "columns.heat.missing is a list"),
        (VALID + "    unit: 5\n", "columns.heat.unit: a text is expected"),
        (VALID + '    dates: "ydm"\n', "columns.heat.dates is one of 'ymd', 'dmy', 'mdy'"),
        (VALID + '    decimal: ";"\n', "columns.heat.decimal is one of '.', ','"),
        (VALID + '    header: "b"\n', "line 5: a key is written twice"),
        (VALID + "file: {header: 3}\n", "file.header is the first and the last line"),
        (VALID + "file: {header: [3, 2]}\n", "file.header: the first line comes before the last"),
        (VALID + "file: {last: 0}\n", "file.last: a line is a whole number from 1 on"),
        (VALID + "file: {last: true}\n", "file.last: a line is a whole number"),
        (VALID + "file: {transposed: 1}\n", "file.transposed is true or false"),
        (VALID + "file: x\n", "file is a mapping"),
        (VALID.replace('headers: ["a"]\n', ""), "the key 'headers' is missing"),
        (VALID.replace('    header: "a"\n', "    unit: x\n"), "columns.heat: the key 'header' is missing"),
        (VALID.replace('"tiny@1.0.0"', "1.0"), "contract: a text is expected"),
        ("- a\n", "a mapping file is a YAML mapping"),
        ("a: [\n", "the mapping file is not valid YAML"),
        ("a: &x 1\nb: *x\n", "anchors"),
        ("", "a mapping file is a YAML mapping"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_with_the_place_and_what_is_allowed(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(MappingUnreadable) as refused:
        read_mapping(path)

    assert str(refused.value).startswith("mapping.yaml: ")
    assert message in str(refused.value)


def test_a_file_that_is_missing_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"

    with pytest.raises(MappingUnreadable, match="cannot be opened"):
        read_mapping(path)
    path.write_bytes("contract: 매핑".encode("cp949"))
    with pytest.raises(MappingUnreadable, match="not UTF-8"):
        read_mapping(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet="contract:heads \n[]{}-\"'&*!|>#", max_size=60).map(str.encode))
def test_any_bytes_are_a_mapping_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_bytes(data)

    with pytest.raises(MappingUnreadable):
        read_mapping(path)


def test_differences_are_told_one_by_one_and_reasons_are_none() -> None:
    part, heat, _, grade = MAPPING.columns
    new = replace(
        MAPPING,
        headers=("번호", "온도", "판정", "비고"),
        columns=(
            part,
            replace(heat, header="온도", unit=None),
            replace(grade, words=(("합격", "good"), ("no", None))),
            ColumnMapping("paper", "비고"),
        ),
        file=replace(MAPPING.file, header=(1, 1)),
    )

    assert [sentence.en for sentence in differences(MAPPING, new)] == [
        "file, header lines: 2, 3 → 1, 1",
        "heat, header: '온도(℉)' → '온도'",
        "heat, unit of the file: '°F' → none",
        "grade, meanings of words 'no': 'bad' → none",
        "grade, meanings of words '': none → not said",
        "paper: newly decided.",
        "passes: no longer decided.",
        "New header: '온도'",
        "Header gone: '온도(℉)'",
    ]
    assert all(sentence.ko and sentence.ko != sentence.en for sentence in differences(MAPPING, new))
    assert differences(MAPPING, _without_reasons(MAPPING)) == ()


def test_headers_in_another_order_and_another_contract_are_differences() -> None:
    new = replace(MAPPING, contract="tiny@1.1.0", headers=tuple(reversed(MAPPING.headers)))

    assert [sentence.en for sentence in differences(MAPPING, new)] == [
        "data contract: 'tiny@1.0.0' → 'tiny@1.1.0'",
        "The headers are in another order.",
    ]
