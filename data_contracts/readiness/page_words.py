"""The words of the page, in Korean and English."""

from dataclasses import dataclass

from data_contracts.contract import Label
from data_contracts.readiness.sentences import said

__all__ = ["TEXTS", "Voice"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one of the two languages: ``ko`` or ``en``."""

    language: str

    def __call__(self, key: str, /, **gaps: Label | str | int) -> str:
        """Return one of `TEXTS`, its gaps filled."""
        return self.text(said(TEXTS[key], **gaps))

    def text(self, label: Label) -> str:
        """Return a label's text."""
        return label.text(self.language)


TEXTS = {
    "title": Label("데이터 준비 상태 보고서", "Data readiness report"),
    "private": Label(
        "이 보고서는 이 컴퓨터에서 만들어졌고 어디로도 전송되지 않았습니다. 원본 값은 싣지 않고 집계만 보여 줍니다.",
        "This report was made on this computer and was sent nowhere. It shows totals, not the values of your records.",
    ),
    "contract": Label("데이터 계약", "Data contract"),
    "file": Label("파일", "File"),
    "fingerprint": Label("파일 지문", "Fingerprint"),
    "ready_text": Label(
        "{rows}건 가운데 {accepted}건을 학습에 쓸 수 있습니다.",
        "Of {rows} records, {accepted} can be used for training.",
    ),
    "ready_next": Label("다음 단계: 이 파일을 데이터셋으로 등록하십시오.", "Next: keep the file as your dataset."),
    "again_next": Label("고친 뒤 다시 검사하십시오.", "After the fixes, check again."),
    "unused_now": Label(
        "지금 그대로는 {rows}건 가운데 한 건도 쓰지 않습니다.",
        "As the file stands, none of its {rows} records is used.",
    ),
    "because": Label("이유", "Because"),
    "also": Label("그 밖에 확인할 점", "Also worth a look"),
    "asked_none": Label("더 고칠 것이 없습니다.", "There is nothing to correct."),
    "rows_count": Label("{rows}행", "{rows:row|rows}"),
    "counts": Label("기록 수", "Records"),
    "read": Label("읽은 기록", "Records read"),
    "accepted": Label("쓸 수 있는 기록", "Can be used"),
    "set_aside": Label("격리한 기록", "Set aside"),
    "no_records": Label("기록이 아닌 줄", "Lines that are no records"),
    "ceiling": Label(
        "격리한 기록 {share}, 허용 한도 {ceiling}. 한 기록이 여러 이유로 격리될 수 있습니다.",
        "{share} set aside, at most {ceiling} allowed. A record may be set aside for several reasons.",
    ),
    "why_aside": Label("격리한 이유", "Why set aside"),
    "column": Label("열", "Column"),
    "rows": Label("행", "Rows"),
    "lines": Label("처음 나온 줄", "First lines"),
    "none_aside": Label("격리한 기록이 없습니다.", "No record was set aside."),
    "kind": Label("종류", "Kind"),
    "how_read": Label("파일을 읽은 방법", "How the file was read"),
    "how_read_text": Label(
        "파일에 적혀 있지 않아 추정한 것입니다. 틀렸으면 매핑 파일의 'file' 항목에 바르게 적으면 그대로 읽습니다.",
        "The file does not say these, so they were concluded. If one is wrong, write the right one under 'file' in the "
        "mapping file.",
    ),
    "setting": Label("항목", "Setting"),
    "concluded": Label("추정", "Concluded"),
    "reason": Label("근거", "Reason"),
    "overrule": Label("바꾸는 곳", "Overrule with"),
    "uncertain": Label("불확실", "uncertain"),
    "tab": Label("탭", "tab"),
    "columns": Label("계약의 열과 파일의 열", "The contract's columns in your file"),
    "columns_text": Label(
        "그림의 옅은 초록 영역이 허용 범위입니다. 파란 막대는 범위 안, 주황 막대는 범위 밖의 값이고, 맨 끝 막대는 그 "
        "바깥을 모두 합한 것입니다. ▲는 중앙값입니다.",
        "In the pictures the pale green area is the allowed range. Blue bars lie within it, orange bars outside; the "
        "outermost bar holds everything beyond. ▲ marks the median.",
    ),
    "from_header": Label("파일의 머리글", "Header in the file"),
    "no_header": Label("이 열이 파일에 없습니다.", "This column is not in the file."),
    "optional": Label("선택", "optional"),
    "distribution": Label("분포", "Distribution"),
    "facts": Label("상태", "Facts"),
    "converted": Label("단위 환산", "Converted"),
    "missing_of": Label("빈칸 {share} (허용 {allowed})", "blank {share} (allowed {allowed})"),
    "missing_free": Label("빈칸 {share}", "blank {share}"),
    "typical": Label("보통 {low} ~ {high}, 중앙값 {middle}", "usually {low} to {high}, median {middle}"),
    "below": Label("범위 미만 {rows}행", "below the range: {rows:row|rows}"),
    "above": Label("범위 초과 {rows}행", "above the range: {rows:row|rows}"),
    "unread": Label("쓸 수 없는 값 {rows}행", "cannot be used: {rows:row|rows}"),
    "other_words": Label("그 밖의 말", "other words"),
    "no_picture": Label("글자 열이라 그림이 없습니다.", "Text: no picture."),
    "unused": Label("쓰지 않는 열", "Columns that are not used"),
    "unused_text": Label(
        "계약에 없어 읽지 않은 열 {count}개입니다. 값은 이 보고서에 나오지 않습니다.",
        "{count:column is|columns are} not in the contract and not read. Their values are not in this report.",
    ),
    "over_time": Label("시기별 결측", "Missing over time"),
    "over_time_text": Label(
        "칸마다 그 시기의 빈칸 비율(%)입니다({unit}). 어느 때부터 갑자기 비면 설비나 기록 방식이 바뀐 것입니다.",
        "Blank cells in each period, in per cent ({unit}). Where blanks begin at once, a machine or a habit changed.",
    ),
    "by_position": Label(
        "시각 열이 없어 파일을 위에서부터 {count}등분했습니다(처음 칸은 {first}번째 줄까지).",
        "There is no time column, so the file was cut into {count} parts from the top (the first ends in line "
        "{first}).",
    ),
    "undated": Label("시각을 알 수 없는 {rows}행은 빠져 있습니다.", "{rows:row|rows} without a known time left out."),
    "none_missing": Label("빈칸이 없습니다.", "There are no blank cells."),
    "balance": Label("양품과 불량", "Good parts and defects"),
    "balance_text": Label(
        "판정이 있는 {labelled}행 가운데 불량 {defects}행({share}).",
        "{defects} of {labelled} rows are defects ({share}).",
    ),
    "balance_time": Label("시기별 불량률", "Share of defects over time"),
    "no_balance": Label(
        "판정 열이 정해지지 않아 알 수 없습니다.", "Unknown until it is known which column holds the result."
    ),
    "habits": Label("중복·고정값·자릿수", "Repeats, constants and decimal points"),
    "copies": Label("똑같은 행", "Identical rows"),
    "copies_text": Label(
        "모든 칸이 앞의 행과 같은 행 {rows}개", "{rows:row equals|rows equal} an earlier one in every cell"
    ),
    "copies_none": Label("없음", "none"),
    "key": Label("번호 중복", "Repeated key"),
    "key_text": Label("{key} 값이 같은 행 {rows}개", "{rows:row shares its|rows share their} {key}"),
    "constants": Label("변하지 않는 열", "Columns that never change"),
    "constant_text": Label("{column}({share}가 같은 값)", "{column} ({share} the same)"),
    "tens": Label("소수점 어긋남", "Misplaced decimal point"),
    "tens_whole": Label("{column}: 열 전체를 {power} 맞음", "{column}: {power} would make the whole column fit"),
    "tens_rows": Label("{column}: {rows}행을 {power} 맞음", "{column}: {power} would make {rows:row|rows} fit"),
    "changes": Label("파일을 읽으면서 바꾼 것", "What was changed while reading"),
    "changes_text": Label(
        "원본 파일은 그대로입니다. 학습용으로 읽을 때 바뀐 칸만 모두 적었습니다.",
        "Your file is untouched. These are all cells that were read as something else than they say.",
    ),
    "change": Label("바꾼 내용", "Change"),
    "cells": Label("칸", "Cells"),
    "none_changed": Label("바꾼 것이 없습니다.", "Nothing was changed."),
    "leaks": Label("정답이 새는 열", "Columns that give the answer away"),
    "leaks_text": Label(
        "열 하나만으로 판정을 거의 다 맞히는 열입니다. 대개 검사한 뒤에 적는 값이라, 학습에 쓰면 시험에서만 잘 맞고 "
        "현장에서는 맞지 않습니다.",
        "One such column alone tells the result almost perfectly. Usually it is written after the inspection: a model "
        "that learns from it does well in tests and fails on the shop floor.",
    ),
    "leaks_sample": Label(
        "판정이 있는 {labelled}행 가운데 {looked_at}행을 골라 살펴보았습니다.",
        "{looked_at} of the {labelled} rows with a result were looked at.",
    ),
    "leaks_all": Label(
        "판정이 있는 {labelled}행을 모두 살펴보았습니다.", "All {labelled} rows with a result were looked at."
    ),
    "leaks_few": Label(
        "양품이나 불량이 8건 미만이라 판단하지 않았습니다.",
        "Not judged: there are fewer than 8 good rows or 8 defects.",
    ),
    "leaks_none": Label("의심되는 열이 없습니다.", "No suspects were found."),
    "leak_separates": Label("판정을 거의 맞힘(AUC {strength})", "tells the result (AUC {strength})"),
    "leak_filled_only_for_defects": Label("불량일 때만 채워짐", "filled for defects only"),
    "leak_known": Label(
        "계약의 {column} 열입니다. 검사 뒤에 적은 값인지 확인하십시오.",
        "It is the contract's {column}. Check whether it is written after the inspection.",
    ),
    "leak_unknown": Label("지금은 쓰지 않습니다. 이 열은 추가하지 마십시오.", "Not used now. Do not add this one."),
    "finding": Label("발견", "Finding"),
    "advice": Label("권고", "Advice"),
    "personal": Label("개인정보", "Personal data"),
    "personal_text": Label(
        "파일의 모든 열에서 이름, 전화번호, 주민등록번호, 전자우편, 사업자등록번호를 찾아보았습니다. 값은 옮겨 적지 "
        "않으며, 별표는 형식만 보여 줍니다.",
        "Every column was searched for names, phone, resident and business registration numbers and e-mail addresses. "
        "No value is repeated here; the masks only show the form.",
    ),
    "personal_none": Label("찾은 것이 없습니다.", "None was found."),
    "personal_advice": Label(
        "밖으로 보내기 전에 지우십시오. 품앗이는 이 값을 쓰지 않습니다.",
        "Remove before sharing outside. Pumasi does not use it.",
    ),
    "personal_name": Label("사람 이름", "names"),
    "personal_phone": Label("전화번호", "phone numbers"),
    "personal_resident_number": Label("주민등록번호(외국인등록번호 포함)", "resident registration numbers"),
    "personal_email": Label("전자우편 주소", "e-mail addresses"),
    "personal_business_number": Label("사업자등록번호", "business registration numbers"),
    "stage": Label("스마트공장 단계와 다음 한 걸음", "Your stage, and the next step"),
    "stage_text": Label(
        "스마트공장 5단계 가운데 {level}단계({name})로 보입니다. 이 파일 하나만 보고 추정한 것이며 공식 진단이 "
        "아닙니다.",
        "Of the five stages of a smart factory this looks like stage {level} ({name}). It is an estimate from this "
        "file alone, not an official assessment.",
    ),
    "stage_next": Label("다음 한 걸음", "Next step"),
    "picture_numbers": Label("값의 분포", "distribution of the values"),
    "picture_words": Label("말별 행 수", "rows per word"),
    "picture_moments": Label("시기별 행 수", "rows per period"),
    "picture_shares": Label("시기별 불량률", "share of defects per period"),
    "picture_counts": Label("기록이 어디로 갔는지", "where the records went"),
}
