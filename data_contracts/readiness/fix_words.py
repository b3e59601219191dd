"""What is wrong and what to do next, for each thing that can be corrected in a file."""

from data_contracts.contract import Label
from data_contracts.mapping.types import Topic
from data_contracts.reasons import Reason

__all__ = [
    "AND_MORE",
    "DECIMAL_POINT",
    "DECIMAL_POINT_STEP",
    "DEFECTS",
    "FEW_OF_A_CLASS",
    "FEW_OF_A_CLASS_STEP",
    "FILE_SETTING",
    "FINDINGS",
    "GOOD_PARTS",
    "LEAK",
    "LEAK_STEP",
    "MISSING_COLUMNS",
    "MISSING_COLUMNS_STEP",
    "ONE_CLASS",
    "ONE_CLASS_STEP",
    "PERSONAL",
    "PERSONAL_STEP",
    "QUESTIONS",
    "QUESTIONS_STEP",
    "SOME_QUESTIONS",
    "TOPICS",
    "UNREADABLE",
    "UNREADABLE_STEP",
]

QUESTIONS = Label(
    "확인할 질문이 {count}개 있습니다: {subjects}.", "{count:question is|questions are} open: {subjects}."
)
SOME_QUESTIONS = {
    True: Label(
        "확인할 질문 {total}개 가운데 {count}개는 꼭 답해야 합니다: {subjects}.",
        "{total:question is|questions are} open, and {count:has|have} to be answered: {subjects}.",
    ),
    False: Label(
        "확인할 질문 {total}개 가운데 {count}개는 답하지 않아도 학습할 수 있습니다: {subjects}.",
        "{total:question is|questions are} open, and {count:may|may} stay open: {subjects}.",
    ),
}
"""Where some questions have to be answered before training (True) and others not."""
QUESTIONS_STEP = Label(
    "다음 명령으로 답하십시오: pumasi-member map {file} --contract {contract}. 답은 매핑 파일에 남아 다음에는 묻지 "
    "않습니다.",
    "Answer them with: pumasi-member map {file} --contract {contract}. The answers stay in the mapping file, so you "
    "are asked once.",
)
AND_MORE = Label("{names} 외 {count}개", "{names} and {count} more")
FILE_SETTING = Label("파일 형식", "the file's form")
TOPICS = {
    Topic.COLUMN: Label("{column} 열이 어느 열인지", "which column is {column}"),
    Topic.UNIT: Label("{column}의 단위", "the unit of {column}"),
    Topic.WORD: Label("{column}에 쓰인 말 {count}개의 뜻", "the meaning of {count:word|words} of {column}"),
    Topic.DATES: Label("{column}의 연·월·일 순서", "the order of day and month in {column}"),
    Topic.TIME: Label("{column}의 시각이 적힌 열", "which column holds the time of day of {column}"),
    Topic.DECIMAL: Label("{column}의 쉼표가 천 단위인지 소수점인지", "what a comma means in {column}"),
    Topic.FILE: Label("{column}", "{column}"),
}

MISSING_COLUMNS = Label(
    "계약에 있는 열 {count}개가 파일에 없습니다: {names}.",
    "{count:column of the contract is|columns of the contract are} not in the file: {names}.",
)
MISSING_COLUMNS_STEP = Label(
    "다른 파일이나 설비에 기록이 있으면 이 파일에 열로 추가하십시오. 이름만 다르면 매핑 파일에 머리글을 적고, 수집하지 "
    "않는 값이면 조합에 알리십시오.",
    "If another file or a machine records them, add them as columns. If only the header differs, name it in the "
    "mapping file. If you do not collect them, tell the association.",
)

DECIMAL_POINT = Label(
    "{column} 열의 소수점 위치가 어긋난 것 같습니다. 값을 {power} 허용 범위({allowed})에 맞습니다.",
    "The decimal point of {column} seems misplaced: {power} would bring the values into the allowed range ({allowed}).",
)
DECIMAL_POINT_STEP = Label(
    "파일의 단위를 확인하십시오. 단위가 다르면 매핑 파일의 'unit'에 적으면 환산되고, 입력이 틀렸으면 원본을 고치십시오."
    " 자동으로 고치지는 않습니다.",
    "Check the file's unit. If it differs, write it as 'unit' in the mapping file and it is converted; if it was "
    "mistyped, correct your file. Nothing is changed by itself.",
)

_WHAT_UNUSABLE = Label(
    "{column} 열에 읽을 수 없는 값이 {rows}행 있습니다.", "{column} cannot be read in {rows:row|rows}."
)
FINDINGS = {
    Reason.DUPLICATE_COLUMN: (
        Label("{column} 열이 두 번 이상 있습니다.", "{column} is there more than once."),
        Label("맞는 열 하나만 남기십시오.", "Keep the right one and delete the others."),
    ),
    Reason.WHOLLY_MISSING_COLUMN: (
        Label("{column} 열이 모두 비어 있습니다.", "{column} is blank in every row."),
        Label(
            "값을 채우십시오. 수집하지 않는 값이면 조합에 알리십시오.",
            "Fill it in; if you do not collect it, tell the association.",
        ),
    ),
    Reason.MISSING_RATE: (
        Label(
            "{column} 열이 {rows}행({share}) 비어 있어 허용 한도({allowed})를 넘습니다.",
            "{column} is blank in {rows:row|rows} ({share}); at most {allowed} is allowed.",
        ),
        Label(
            "작업일지에서 빈 값을 찾아 채우십시오. 언제부터 비었는지는 아래 '시기별 결측'에 있습니다.",
            "Fill the blanks from the job sheets; 'Missing over time' below shows since when they are there.",
        ),
    ),
    Reason.MISSING_VALUE: (
        Label(
            "반드시 있어야 하는 {column} 값이 {rows}행에 없습니다.",
            "{column} is required, but blank in {rows:row|rows}.",
        ),
        Label("해당 줄의 값을 채우십시오.", "Fill in these lines."),
    ),
    Reason.WRONG_TYPE: (
        _WHAT_UNUSABLE,
        Label(
            "{allowed} 형식으로 고쳐 적고, 모르는 값이면 비워 두십시오.",
            "Write {allowed}, and leave unknown values blank.",
        ),
    ),
    Reason.OUT_OF_RANGE: (
        Label(
            "{column} 값이 허용 범위({allowed})를 벗어난 행이 {rows}개입니다.",
            "{column} is outside of the allowed range ({allowed}) in {rows:row|rows}.",
        ),
        Label(
            "오타나 단위 착오인지 확인하십시오. 실제 값이 맞다면 범위가 좁은 것이니 조합에 알리십시오.",
            "Check typing and unit. If the values are real, the range is too narrow: tell the association.",
        ),
    ),
    Reason.NOT_IN_VOCABULARY: (
        Label(
            "{column} 열에 계약에 없는 말이 {rows}행 있습니다.",
            "{column} holds a word the contract does not know in {rows:row|rows}.",
        ),
        Label(
            "매핑 파일의 'words'에 그 말의 뜻을 적거나 원본을 고치십시오. 쓸 수 있는 값: {allowed}.",
            "Say under 'words' in the mapping file what it means, or correct your file. Allowed: {allowed}.",
        ),
    ),
    Reason.DUPLICATE_KEY: (
        Label(
            "{column} 값이 같은 기록이 있어 {rows}행을 격리했습니다.",
            "Records share their {column}: {rows:row is|rows are} set aside.",
        ),
        Label(
            "중복된 기록은 지우고, 번호를 잘못 적었으면 바로잡으십시오.",
            "Delete what is recorded twice, or correct the numbers.",
        ),
    ),
    Reason.DUPLICATE_VALUE: (
        Label(
            "서로 달라야 하는 {column} 값이 {rows}행에서 겹칩니다.",
            "{column} must differ, but repeats in {rows:row|rows}.",
        ),
        Label("값을 바로잡으십시오.", "Correct the values."),
    ),
}
"""For each finding of the contract's check: what is wrong, and what to do."""

UNREADABLE = Label(
    "칸 수가 머리글과 달라 읽을 수 없는 줄이 {rows}개 있습니다.",
    "{rows:line has|lines have} more or fewer cells than the header and cannot be read.",
)
UNREADABLE_STEP = Label(
    "해당 줄에서 쉼표가 든 글은 큰따옴표로 묶고, 빠진 칸은 채우십시오.",
    "In these lines, put a text that holds a comma in double quotes, and add the cells that are missing.",
)

DEFECTS = Label("불량", "defects")
GOOD_PARTS = Label("양품", "good parts")
ONE_CLASS = Label("파일에 {missing} 기록이 하나도 없습니다.", "The file holds no {missing} at all.")
ONE_CLASS_STEP = Label(
    "양품과 불량이 모두 있어야 둘을 구별하도록 학습할 수 있습니다. 더 긴 기간의 기록이나 불량 대장을 합치십시오.",
    "A model learns to tell good from bad only from both. Add a longer period, or the book of defects.",
)
FEW_OF_A_CLASS = Label("{fewer} 기록이 {count}건뿐입니다.", "There are few {fewer}: {count:record|records}.")
FEW_OF_A_CLASS_STEP = Label(
    "학습에는 참여할 수 있지만 자기 공장 데이터로 모델을 비교하기에는 적습니다. 기록을 더 모으십시오.",
    "You can take part, but they are too few to compare models on your own data. Collect more.",
)
LEAK = Label(
    "{column} 열 하나만으로 판정이 거의 다 맞혀집니다.",
    "{column} alone tells the inspection's result almost perfectly.",
)
LEAK_STEP = Label(
    "검사한 뒤에 적는 값이면 이 열을 매핑에서 빼십시오. 그대로 학습하면 실제 공정에서는 맞지 않는 모델이 됩니다.",
    "If it is written after the inspection, take it out of the mapping: a model trained on it fails in production.",
)
PERSONAL = Label(
    "개인정보로 보이는 값이 {count}개 열에 있습니다.", "{count:column seems|columns seem} to hold personal data."
)
PERSONAL_STEP = Label(
    "파일을 밖으로 보내기 전에 지우십시오. 품앗이는 이 값을 학습에 쓰지 않습니다.",
    "Remove them before you share the file outside. Pumasi does not use them for training.",
)
