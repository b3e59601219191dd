"""Words that factories write for the contract's categories: the generator's own lists. A tuple's first is the usual."""

Meanings = dict[str, str | tuple[str, ...]]

JUDGEMENTS: tuple[tuple[str | None, Meanings], ...] = (
    (None, {"ok": "OK", "ng": "NG"}),
    (None, {"ok": "양품", "ng": "불량"}),
    (None, {"ok": "합격", "ng": "불합격"}),
    (None, {"ok": "O", "ng": "X"}),
    (None, {"ok": "○", "ng": "×"}),
    (None, {"ok": "적합", "ng": "부적합"}),
    (None, {"ok": "정상", "ng": "불량"}),
    (None, {"ok": "PASS", "ng": "FAIL"}),
    (None, {"ok": "ok", "ng": "ng"}),
    (None, {"ok": "P", "ng": "F"}),
    (None, {"ok": "양", "ng": "불"}),
    (None, {"ok": "합", "ng": "부"}),
    (None, {"ok": "Good", "ng": "Bad"}),
    (None, {"ok": ("OK", "ok", "양호"), "ng": ("NG", "불량")}),
    ("불량여부", {"ok": "N", "ng": "Y"}),
    ("합격여부", {"ok": "Y", "ng": "N"}),
    ("불량여부", {"ok": "0", "ng": "1"}),
    ("양품여부", {"ok": "Y", "ng": "N"}),
    ("is defect", {"ok": "FALSE", "ng": "TRUE"}),
    ("defect yn", {"ok": "N", "ng": "Y"}),
    ("pass yn", {"ok": "Y", "ng": "N"}),
)
"""Header that goes with the words (None: any), and the words: with a header of their own, Y may mean good or bad."""

SHIFTS: tuple[Meanings, ...] = (
    {"day": "주간", "evening": "오후", "night": "야간"},
    {"day": "주간", "evening": "중간", "night": "야간"},
    {"day": "주", "evening": "중", "night": "야"},
    {"day": "DAY", "evening": "EVENING", "night": "NIGHT"},
    {"day": "D", "evening": "E", "night": "N"},
    {"day": "1교대", "evening": "2교대", "night": "3교대"},
    {"day": "A조", "evening": "B조", "night": "C조"},
    {"day": "주간조", "evening": "오후조", "night": "야간조"},
    {"day": "1", "evening": "2", "night": "3"},
    {"day": "Day", "evening": "Swing", "night": "Night"},
)

METHODS: tuple[Meanings, ...] = (
    {"rack": "랙", "barrel": "바렐"},
    {"rack": "래크", "barrel": "배럴"},
    {"rack": "RACK", "barrel": "BARREL"},
    {"rack": "Rack", "barrel": "Barrel"},
    {"rack": "R", "barrel": "B"},
    {"rack": "걸이", "barrel": "회전"},
    {"rack": ("랙", "행거"), "barrel": ("바렐", "바렐도금")},
    {"rack": "랙도금", "barrel": "바렐도금"},
)

MATERIALS: tuple[Meanings, ...] = (
    {"steel": "철", "copper": "동", "brass": "황동", "zinc_diecast": "아연다이캐스팅"},
    {"steel": "강", "copper": "구리", "brass": "황동", "zinc_diecast": "아연DC"},
    {"steel": "SPCC", "copper": "C1100", "brass": "C2680", "zinc_diecast": "ZDC2"},
    {"steel": "Steel", "copper": "Copper", "brass": "Brass", "zinc_diecast": "Zinc die cast"},
    {"steel": "STEEL", "copper": "CU", "brass": "BRASS", "zinc_diecast": "ZDC"},
    {"steel": "Fe", "copper": "Cu", "brass": "Bs", "zinc_diecast": "Zn"},
    {
        "steel": ("철", "철재"),
        "copper": ("동", "구리"),
        "brass": ("황동", "신주"),
        "zinc_diecast": ("아연 다이캐스트", "아연"),
    },
    {"steel": "강철", "copper": "순동", "brass": "놋쇠", "zinc_diecast": "아연 다이캐스팅"},
)

DEFECTS: tuple[tuple[Meanings, str | None], ...] = (
    ({"pitting": "핀홀", "burning": "버닝", "peeling": "박리", "roughness": "거침", "stain": "얼룩", "dull": "무광",
      "thin": "두께미달", "other": "기타"}, None),
    ({"pitting": "피트", "burning": "탐", "peeling": "들뜸", "roughness": "조도불량", "stain": "얼룩",
      "dull": "광택불량", "thin": "두께부족", "other": "기타"}, "-"),
    ({"pitting": "Pitting", "burning": "Burning", "peeling": "Peeling", "roughness": "Roughness", "stain": "Stain",
      "dull": "Dull", "thin": "Thin", "other": "Other"}, None),
    ({"pitting": "PIT", "burning": "BURN", "peeling": "PEEL", "roughness": "ROUGH", "stain": "STAIN", "dull": "DULL",
      "thin": "THIN", "other": "ETC"}, "N/A"),
    ({"pitting": "핏팅", "burning": "탄도금", "peeling": "벗겨짐", "roughness": "돌기", "stain": "물얼룩",
      "dull": "흐림", "thin": "얇음", "other": "기타"}, "없음"),
    ({"pitting": ("핀홀", "기공"), "burning": ("탐", "탄화"), "peeling": ("밀착불량", "박리"),
      "roughness": ("거칠음", "표면거침"), "stain": ("얼룩", "변색"),
      "dull": ("무광", "광택부족"), "thin": "두께미달", "other": ("기타", "찍힘")}, None),
    ({"pitting": "D01", "burning": "D02", "peeling": "D03", "roughness": "D04", "stain": "D05", "dull": "D06",
      "thin": "D07", "other": "D99"}, None),
)  # fmt: skip
"""The words, and what stands for a good lot."""

MISSING: tuple[tuple[str, ...], ...] = (
    (), (), (), ("-",), ("N/A",), ("없음",), ("측정불가",), ("미측정",), ("-", "측정불가"), ("NULL",), ("#N/A",),
    ("결측",), ("미입력",), ("NaN",), ("*",), ("점검중",), ("x",), ("?",),
)  # fmt: skip
"""Words for a value that was not entered; most often none."""
