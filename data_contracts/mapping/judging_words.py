"""Words of results: which inspection judges, what it looks at, and what only says how many."""

from data_contracts.mapping.lexicon import GROUPS, NEUTRAL, PLAIN, words_of

__all__ = [
    "ASPECTS",
    "COUNTS",
    "FINAL",
    "INSPECTION",
    "JUDGING",
    "NOT_OF_A_LOT",
    "WHOLE",
]

JUDGING = frozenset(words_of("판정 결과 검사 judge"))
"""Words without which a column of good and bad is no result: 출하 여부 is none."""

FINAL = frozenset(words_of("최종 종합 final overall"))
"""Words that say which of several results counts in the end."""

WHOLE = frozenset(words_of("검사 품질 제품 최종 종합 inspection quality product final overall"))
"""Words for the inspection of a lot as a whole, which add nothing to its result."""

INSPECTION = frozenset(words_of("품질 검사 quality inspection"))
"""Words of a heading that do change a number or a moment: ``검사 온도`` is that of the inspection."""

NOT_OF_A_LOT = (GROUPS | NEUTRAL) - WHOLE - PLAIN - frozenset(words_of("결과 result"))
"""Words of what is judged by itself: ``분석 결과`` is the bath's result, ``작업 결과`` may be any."""

COUNTS = frozenset(
    words_of("""
    수 수량 개수 갯수 건수 매수 률 율 비율 백분율 qty quantity count counts cnt pcs ea rate ratio percent pct ppm
    """)
)
"""Words that say how many: ``불량 수량`` is no result although most of its cells are 0 and some are 1."""

ASPECTS = tuple(
    words_of("""
    외관 육안 두께 밀착 광택 치수 내식 염수 색상 색차 경도 조도 거칠기 visual appearance thickness adhesion gloss
    corrosion salt color colour dimension hardness 테이프 굽힘 열충격 격자 tape bend crosshatch
    """)
)
"""Beginnings of words that say which side of a part one inspection among several looks at, or by which test: adhesion,
for one, is tested by bending, by heat or with a tape (ASTM B571, ASTM D3359)."""
