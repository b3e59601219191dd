"""Headers under which plating shops keep the contract's columns: the generator's own list, Korean and English.

Written from what shop-floor sheets, MES and ERP exports look like, and not from any contract's synonyms. English ones
are given in lower case with blanks; `header_styles` writes them as ``bath_temp``, ``BATH_TEMP`` or ``Bath temp``.
"""

KOREAN: dict[str, tuple[str, ...]] = {
    "lot_no": (
        "LOT NO", "Lot No.", "로트번호", "로트 No", "LOT번호", "롯트번호", "도금 LOT", "작업 LOT", "생산LOT",
        "투입 로트번호", "LOT", "배치번호", "관리 LOT", "제조번호",
    ),
    "plated_at": (
        "도금일시", "작업일시", "작업시작일시", "도금시작", "도금 시작시간", "작업일자", "도금일", "생산일자",
        "작업일", "투입일시", "시작일시", "일자", "도금 개시", "착공일시", "작업 시작",
    ),
    "line": (
        "라인", "도금라인", "라인명", "호기", "설비", "설비명", "라인 NO", "도금설비", "LINE", "공정라인", "설비호기",
    ),
    "shift": (
        "근무", "근무조", "교대", "주야", "주/야", "근무구분", "작업조", "주야구분", "교대조", "SHIFT", "근무시간대",
    ),
    "process": (
        "도금방식", "랙/바렐", "도금방법", "방식", "걸이방식", "공법", "작업방식", "도금 형태", "처리방식",
        "지그구분",
    ),
    "base_material": (
        "소재", "재질", "모재", "소재명", "소지금속", "원소재", "소지", "제품재질", "소재 재질", "모재 종류",
    ),
    "bath_temperature": (
        "액온", "도금액온도", "욕온", "도금조 온도", "액 온도", "니켈조 온도", "Ni액온", "도금온도", "도금욕 온도",
        "온도", "액온도", "욕온도", "니켈욕 온도",
    ),
    "ph": ("pH", "액 pH", "도금액 pH", "니켈조 pH", "PH", "욕 pH", "pH값", "Ni pH", "도금조PH", "수소이온농도"),
    "current_density": (
        "전류밀도", "음극전류밀도", "전류 밀도", "평균전류밀도", "도금 전류밀도", "Dk", "C.D", "음극 전류밀도",
        "전류밀도 실적",
    ),
    "voltage": ("전압", "조전압", "정류기 전압", "인가전압", "도금전압", "욕전압", "출력전압", "정류기전압", "전압값"),
    "nickel_sulfate": (
        "황산니켈", "황산니켈 농도", "NiSO4", "NiSO₄", "황산Ni", "유산니켈", "황산니켈(NiSO4)", "NiSO4·6H2O",
        "황산니켈 분석",
    ),
    "nickel_chloride": (
        "염화니켈", "염화니켈 농도", "NiCl2", "NiCl₂", "염화Ni", "염화니켈(NiCl2)", "NiCl2·6H2O", "염화니켈 분석",
    ),
    "boric_acid": ("붕산", "붕산 농도", "H3BO3", "H₃BO₃", "붕산(H3BO3)", "붕산농도", "붕산 분석", "붕산함량"),
    "brightener": (
        "광택제", "광택제 농도", "광택제량", "광택제농도", "광택제 첨가량", "첨가제(광택)", "광택제 보충량",
        "니켈 광택제",
    ),
    "iron_content": (
        "철분", "Fe", "철 함량", "불순물(Fe)", "철 불순물", "Fe 농도", "철이온", "불순물 Fe", "액중 철분",
    ),
    "degreasing_time": (
        "탈지시간", "탈지", "탈지 시간", "전해탈지시간", "탈지조 시간", "침적탈지", "탈지 처리시간", "알칼리탈지",
    ),
    "pickling_time": ("산세시간", "산세", "산세 시간", "산처리시간", "산침지", "산세척 시간", "산세조 시간", "산처리"),
    "plating_time": (
        "도금시간", "니켈도금시간", "통전시간", "도금 시간", "도금소요시간", "전착시간", "도금 처리시간",
        "Ni 도금시간",
    ),
    "rinse_time": ("수세시간", "수세", "수세 시간", "린스시간", "수세조 시간", "물세척 시간", "수세 처리시간"),
    "part_area": (
        "표면적", "도금면적", "제품면적", "부품면적", "제품 표면적", "개당 표면적", "도금 면적", "면적", "처리면적",
    ),
    "judgement": (
        "판정", "검사결과", "합부", "합부판정", "최종판정", "양불판정", "검사판정", "외관판정", "품질판정", "양불",
        "판정결과", "합불", "검사 결과",
    ),
    "defect_type": (
        "불량유형", "불량내용", "불량명", "불량현상", "불량 종류", "불량항목", "부적합 유형", "불량 유형", "결함유형",
        "불량구분",
    ),
}  # fmt: skip

ENGLISH: dict[str, tuple[str, ...]] = {
    "lot_no": ("lot no", "lot", "lot id", "batch no", "lot number", "batch id", "work lot", "batch"),
    "plated_at": (
        "plating start", "start time", "started at", "plated at", "work date", "start datetime", "plating date",
        "prod date", "process start", "date",
    ),
    "line": ("line", "line no", "plating line", "line cd", "line name", "line id", "equipment"),
    "shift": ("shift", "work shift", "shift cd", "shift name"),
    "process": ("plating method", "rack barrel", "process type", "method", "plating type", "process"),
    "base_material": ("base material", "material", "substrate", "base metal", "part material", "mat type"),
    "bath_temperature": (
        "bath temp", "bath temperature", "solution temp", "temp", "ni bath temp", "tank temp", "plating temp",
        "temperature",
    ),
    "ph": ("ph", "bath ph", "solution ph", "ph value", "ni bath ph"),
    "current_density": (
        "current density", "cur density", "cathode current density", "cd", "cathode cd", "avg current density",
    ),
    "voltage": ("voltage", "rectifier voltage", "volt", "bath voltage", "cell voltage", "rect voltage"),
    "nickel_sulfate": ("nickel sulfate", "niso4", "ni sulfate", "niso4 conc", "nickel sulphate"),
    "nickel_chloride": ("nickel chloride", "nicl2", "ni chloride", "nicl2 conc"),
    "boric_acid": ("boric acid", "h3bo3", "boric acid conc", "h3bo3 conc", "boric"),
    "brightener": ("brightener", "brightener conc", "brightener level", "brightener dose"),
    "iron_content": ("iron", "fe", "fe content", "iron content", "fe conc", "fe impurity", "iron impurity"),
    "degreasing_time": ("degreasing time", "degrease time", "degreasing", "degrease", "alkaline degrease time"),
    "pickling_time": ("pickling time", "acid dip time", "pickling", "acid pickle", "pickle time"),
    "plating_time": ("plating time", "plate time", "ni plating time", "plating duration", "deposition time"),
    "rinse_time": ("rinse time", "rinsing time", "rinse", "water rinse time", "final rinse"),
    "part_area": ("part area", "surface area", "plating area", "area", "plated area"),
    "judgement": (
        "judgement", "result", "inspection result", "judge", "final judgement", "qc result", "pass fail",
        "insp result",
    ),
    "defect_type": ("defect type", "defect", "defect code", "ng reason", "defect name", "failure mode", "ng type"),
}  # fmt: skip

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "기본정보": ("Basic", ("lot_no", "plated_at", "line", "shift", "finished_at", "number")),
    "제품": ("Part", ("base_material", "part_area", "part_name", "part_number", "customer", "parts", "weight")),
    "전처리": ("Pretreatment", ("degreasing_time", "pickling_time", "degreaser_temperature", "acid_concentration")),
    "도금조건": ("Plating", (
        "process", "bath_temperature", "ph", "current_density", "voltage", "amperes", "plating_time",
    )),
    "액 분석": ("Bath analysis", (
        "nickel_sulfate", "nickel_chloride", "boric_acid", "brightener", "iron_content", "copper_content",
    )),
    "후처리": ("Post-treatment", ("rinse_time", "rinse_ph", "dryer_temperature", "drying_time")),
    "검사": ("Inspection", ("thickness", "film_test", "judgement", "defect_type", "inspector", "defect_parts")),
}  # fmt: skip
"""Groups of a header of two lines: Korean title -> English title and columns."""
