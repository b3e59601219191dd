"""Reason codes, and the sentence each becomes: what is wrong, where, and what to do, in Korean and English."""

from enum import StrEnum

from data_contracts.contract import Label

__all__ = ["SENTENCES", "Reason"]


class Reason(StrEnum):
    """Why a file is refused, a row is set aside, or a person should look."""

    EMPTY_FILE = "empty_file"
    MISSING_COLUMN = "missing_column"
    DUPLICATE_COLUMN = "duplicate_column"
    WHOLLY_MISSING_COLUMN = "wholly_missing_column"
    MISSING_RATE = "missing_rate"
    MISSING_VALUE = "missing_value"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_IN_VOCABULARY = "not_in_vocabulary"
    DUPLICATE_KEY = "duplicate_key"
    DUPLICATE_VALUE = "duplicate_value"
    TOO_MANY_QUARANTINED = "too_many_quarantined"
    ONE_CLASS = "one_class"
    UNEXPECTED_COLUMN = "unexpected_column"


SENTENCES = {
    Reason.EMPTY_FILE: Label(
        "파일에 데이터 행이 없습니다. 머리글 아래에 기록이 있는지 확인하고 다시 내보내십시오.",
        "The file has no data rows. Check that records follow the header line and export it again.",
    ),
    Reason.MISSING_COLUMN: Label(
        "파일에 {column} 열이 없습니다. 첫 줄이 머리글인지 확인하고 이 열을 추가하십시오.",
        "The file lacks the column {column}. Check that the first line is the header and add this column.",
    ),
    Reason.DUPLICATE_COLUMN: Label(
        "파일에 {column} 열이 {rows}번 나옵니다. 올바른 열 하나만 남기고 나머지는 지우십시오.",
        "The file has the column {column} {rows} times. Keep the right one and delete the others.",
    ),
    Reason.WHOLLY_MISSING_COLUMN: Label(
        "{column} 열의 값이 모두 비어 있습니다. 값을 채우십시오. 수집하지 않는 값이라면 조합에 알리십시오.",
        "The column {column} is blank in every row. Fill it in; if you do not collect it, tell the association.",
    ),
    Reason.MISSING_RATE: Label(
        "{column} 열은 {total}행 가운데 {rows}행이 비어 있어 허용 한도({allowed})를 넘습니다({lines}). "
        "빈 값을 채우십시오.",
        "The column {column} is blank in {rows} of {total} rows ({lines}); at most {allowed} is allowed. "
        "Fill in the blanks.",
    ),
    Reason.MISSING_VALUE: Label(
        "{column} 열의 필수 값이 비어 있는 행이 {rows}개입니다({lines}). 값을 채우십시오.",
        "The required column {column} is blank in {rows} row(s) ({lines}). Fill in the values.",
    ),
    Reason.WRONG_TYPE: Label(
        "{column} 열의 값이 {allowed} 형식이 아닌 행이 {rows}개입니다({lines}). "
        "형식에 맞게 고쳐 적고, 값이 없으면 비워 두십시오.",
        "The column {column} is not {allowed} in {rows} row(s) ({lines}). "
        "Write it that way, and leave unknown values blank.",
    ),
    Reason.OUT_OF_RANGE: Label(
        "{column} 열의 값이 허용 범위({allowed})를 벗어난 행이 {rows}개입니다({lines}). 단위와 오타를 확인하십시오.",
        "The column {column} is outside of {allowed} in {rows} row(s) ({lines}). Check the unit and the typing.",
    ),
    Reason.NOT_IN_VOCABULARY: Label(
        "{column} 열에 허용되지 않은 값이 있는 행이 {rows}개입니다({lines}). 다음 값만 쓰십시오: {allowed}.",
        "The column {column} holds a value that is not allowed in {rows} row(s) ({lines}). Use only: {allowed}.",
    ),
    Reason.DUPLICATE_KEY: Label(
        "기록을 구별하는 {column} 열의 값이 겹쳐 격리된 행이 {rows}개입니다({lines}). "
        "중복된 기록을 지우거나 번호를 바로잡으십시오.",
        "Records are told apart by {column}, which repeats in {rows} row(s) set aside ({lines}). "
        "Delete repeated records or correct their numbers.",
    ),
    Reason.DUPLICATE_VALUE: Label(
        "{column} 열의 값은 서로 달라야 하는데 겹쳐서 격리된 행이 {rows}개입니다({lines}). 값을 바로잡으십시오.",
        "The values of {column} must differ, but repeat in {rows} row(s) set aside ({lines}). Correct the values.",
    ),
    Reason.TOO_MANY_QUARANTINED: Label(
        "{total}행 가운데 {rows}행이 격리되어 허용 한도({allowed})를 넘었습니다. "
        "함께 보고된 문제를 고친 뒤 다시 검사하십시오.",
        "{rows} of {total} rows were set aside; at most {allowed} is allowed. "
        "Correct the other problems reported and check again.",
    ),
    Reason.ONE_CLASS: Label(
        "{column} 열에 한 종류의 값만 있습니다. 학습에는 참여할 수 있지만, 모델을 자체 데이터로 비교하려면 "
        "다른 종류의 기록도 필요합니다.",
        "The column {column} holds one class only. You can take part in training, but comparing models on your own "
        "data needs records of another class too.",
    ),
    Reason.UNEXPECTED_COLUMN: Label(
        "데이터 계약에 없는 열이 {rows}개 있어 사용하지 않습니다({lines}). "
        "필요한 열이라면 머리글의 철자를 확인하십시오.",
        "{rows} column(s) are not in the data contract and are not used ({lines}). "
        "If one is needed, check the spelling of its header.",
    ),
}
"""Templates; the fields are filled by `data_contracts.findings.Finding.sentence`."""
