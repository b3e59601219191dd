"""Errors in Korean beside English: what went wrong and what to do next, chosen by the error's class.

The English text has the details; where it says the same in Korean itself, it is left as it is.
"""

import re

from data_contracts import errors

__all__ = ["in_both_languages"]

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (errors.ContractNotFound, "그런 계약이 없습니다. 위 목록의 이름이나 계약 파일의 경로를 적으십시오."),
    (errors.ContractError, "계약 파일을 쓸 수 없습니다. 조합에서 받은 계약 파일인지 확인하십시오."),
    (errors.TableNotFound, "파일을 열 수 없습니다. 경로와 읽기 권한을 확인하십시오."),
    (errors.TableEmpty, "파일에 머리글이나 기록이 없습니다. 머리글과 함께 다시 내보내십시오."),
    (errors.UnknownTableFormat, "표로 읽을 수 없는 파일입니다. 엑셀(.xlsx)이나 CSV UTF-8로 저장하십시오."),
    (errors.WrongEncoding, "글자 인코딩을 알 수 없거나 맞지 않습니다. 'CSV UTF-8'로 저장하거나 인코딩을 지정하십시오."),
    (errors.BrokenTable, "표를 읽을 수 없습니다. 위에 적힌 곳을 고치거나 엑셀에서 열어 다시 저장하십시오."),
    (errors.TableTooLarge, "파일이 너무 큽니다. 나누어 저장하거나 필요 없는 셀을 지우십시오."),
    (errors.SheetNotFound, "그런 시트가 없습니다. 위에 적힌 시트 가운데 하나를 지정하십시오."),
    (errors.QueryRefused, "데이터베이스에서 읽을 수 없습니다. 주소와 SELECT 문을 확인하십시오. 바뀐 것은 없습니다."),
    (errors.AnswerInvalid, "쓸 수 없는 답입니다. 무엇을 묻고 있는지는 pumasi-member map FILE 명령으로 보십시오."),
    (errors.MappingUnreadable, "매핑 파일을 읽을 수 없습니다. 위에 적힌 곳을 고치십시오."),
    (
        errors.MappingMismatch,
        "매핑 파일이 이 파일이나 계약과 맞지 않습니다. 고치거나 pumasi-member map 명령을 쓰십시오.",
    ),
    (errors.DatasetTampered, "저장된 데이터셋이 기록과 다릅니다. 원본 파일을 다시 추가하거나 백업에서 되돌리십시오."),
    (errors.DatasetMissing, "저장된 데이터셋이 없어졌습니다. 원본 파일을 다시 추가하거나 백업에서 되돌리십시오."),
    (errors.NoVersionSaved, "저장된 데이터셋이 없습니다. pumasi-member data add 명령으로 파일을 추가하십시오."),
    (errors.UnknownVersion, "그런 버전이 없습니다. pumasi-member data list 명령으로 버전을 확인하십시오."),
    (errors.BackupUnreachable, "백업할 곳에 연결할 수 없거나 쓸 수 없습니다. 주소, 권한, 남은 공간을 확인하십시오."),
    (errors.BackupError, "백업을 만들거나 쓸 수 없습니다. 위에 적힌 원인을 해결하십시오."),
    (errors.VersionError, "데이터셋 버전을 저장하거나 읽을 수 없습니다. 위에 적힌 원인을 해결하십시오."),
)
"""The first class that fits counts: a particular one stands before the one it belongs to."""

_SAYS_SO = re.compile(r"(?:니다|시오|세요)[.)]")
"""How a sentence in Korean ends; a file's name alone does not make a text Korean."""


def in_both_languages(error: Exception) -> str:
    """Return an error's text, with a sentence in Korean behind it where it has none of its own."""
    text = str(error)
    said = next((sentence for kind, sentence in _SENTENCES if isinstance(error, kind)), "")
    if not said or _SAYS_SO.search(text):
        return text
    return f"{text}{'' if text.endswith(('.', '!', '?')) else '.'} {said}"
