"""The 52 variables of the Tennessee Eastman process, in the order of the published files' columns.

Names and units: Downs and Vogel 1993, "A plant-wide industrial process control problem", tables 3 to 5: measurements
XMEAS(1) to XMEAS(41), then manipulated variables XMV(1) to XMV(11). The agitator speed XMV(12) is not in the files.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Usual(NamedTuple):
    """How a variable moves in normal operation, over all rows of the published file ``d00.dat``, to four digits.

    Attributes:
        centre: Mean.
        spread: Standard deviation.
        step: Mean absolute difference of neighbouring samples, three minutes apart.
    """

    centre: float
    spread: float
    step: float


@dataclass(frozen=True)
class Variable:
    """A variable.

    Attributes:
        name: In the names of columns.
        en: English name.
        ko: Korean name.
        unit: Of the readings.
    """

    name: str
    en: str
    ko: str
    unit: str


MEASURED = 41
"""So many of the variables are measurements; the others are valve positions."""

VARIABLES = (
    Variable("a_feed_flow", "A feed flow (stream 1)", "A 원료 유량 (1번 흐름)", "kscmh"),
    Variable("d_feed_flow", "D feed flow (stream 2)", "D 원료 유량 (2번 흐름)", "kg/h"),
    Variable("e_feed_flow", "E feed flow (stream 3)", "E 원료 유량 (3번 흐름)", "kg/h"),
    Variable("a_and_c_feed_flow", "A and C feed flow (stream 4)", "A·C 원료 유량 (4번 흐름)", "kscmh"),
    Variable("recycle_flow", "Recycle flow (stream 8)", "순환 유량 (8번 흐름)", "kscmh"),
    Variable("reactor_feed_flow", "Reactor feed flow (stream 6)", "반응기 공급 유량 (6번 흐름)", "kscmh"),
    Variable("reactor_pressure", "Reactor pressure", "반응기 압력", "kPa"),
    Variable("reactor_level", "Reactor level", "반응기 액위", "%"),
    Variable("reactor_temperature", "Reactor temperature", "반응기 온도", "°C"),
    Variable("purge_flow", "Purge flow (stream 9)", "퍼지 유량 (9번 흐름)", "kscmh"),
    Variable("separator_temperature", "Separator temperature", "분리기 온도", "°C"),
    Variable("separator_level", "Separator level", "분리기 액위", "%"),
    Variable("separator_pressure", "Separator pressure", "분리기 압력", "kPa"),
    Variable("separator_underflow", "Separator underflow (stream 10)", "분리기 하부 유량 (10번 흐름)", "m³/h"),
    Variable("stripper_level", "Stripper level", "스트리퍼 액위", "%"),
    Variable("stripper_pressure", "Stripper pressure", "스트리퍼 압력", "kPa"),
    Variable("stripper_underflow", "Stripper underflow (stream 11)", "스트리퍼 하부 유량 (11번 흐름)", "m³/h"),
    Variable("stripper_temperature", "Stripper temperature", "스트리퍼 온도", "°C"),
    Variable("stripper_steam_flow", "Stripper steam flow", "스트리퍼 스팀 유량", "kg/h"),
    Variable("compressor_power", "Compressor power", "압축기 동력", "kW"),
    Variable(
        "reactor_coolant_temperature", "Reactor cooling water outlet temperature", "반응기 냉각수 출구 온도", "°C"
    ),
    Variable(
        "condenser_coolant_temperature", "Condenser cooling water outlet temperature", "응축기 냉각수 출구 온도", "°C"
    ),
    Variable("reactor_feed_a", "A in the reactor feed (stream 6)", "반응기 공급 중 A 함량 (6번 흐름)", "mol%"),
    Variable("reactor_feed_b", "B in the reactor feed (stream 6)", "반응기 공급 중 B 함량 (6번 흐름)", "mol%"),
    Variable("reactor_feed_c", "C in the reactor feed (stream 6)", "반응기 공급 중 C 함량 (6번 흐름)", "mol%"),
    Variable("reactor_feed_d", "D in the reactor feed (stream 6)", "반응기 공급 중 D 함량 (6번 흐름)", "mol%"),
    Variable("reactor_feed_e", "E in the reactor feed (stream 6)", "반응기 공급 중 E 함량 (6번 흐름)", "mol%"),
    Variable("reactor_feed_f", "F in the reactor feed (stream 6)", "반응기 공급 중 F 함량 (6번 흐름)", "mol%"),
    Variable("purge_a", "A in the purge gas (stream 9)", "퍼지 가스 중 A 함량 (9번 흐름)", "mol%"),
    Variable("purge_b", "B in the purge gas (stream 9)", "퍼지 가스 중 B 함량 (9번 흐름)", "mol%"),
    Variable("purge_c", "C in the purge gas (stream 9)", "퍼지 가스 중 C 함량 (9번 흐름)", "mol%"),
    Variable("purge_d", "D in the purge gas (stream 9)", "퍼지 가스 중 D 함량 (9번 흐름)", "mol%"),
    Variable("purge_e", "E in the purge gas (stream 9)", "퍼지 가스 중 E 함량 (9번 흐름)", "mol%"),
    Variable("purge_f", "F in the purge gas (stream 9)", "퍼지 가스 중 F 함량 (9번 흐름)", "mol%"),
    Variable("purge_g", "G in the purge gas (stream 9)", "퍼지 가스 중 G 함량 (9번 흐름)", "mol%"),
    Variable("purge_h", "H in the purge gas (stream 9)", "퍼지 가스 중 H 함량 (9번 흐름)", "mol%"),
    Variable("product_d", "D in the product (stream 11)", "제품 중 D 함량 (11번 흐름)", "mol%"),
    Variable("product_e", "E in the product (stream 11)", "제품 중 E 함량 (11번 흐름)", "mol%"),
    Variable("product_f", "F in the product (stream 11)", "제품 중 F 함량 (11번 흐름)", "mol%"),
    Variable("product_g", "G in the product (stream 11)", "제품 중 G 함량 (11번 흐름)", "mol%"),
    Variable("product_h", "H in the product (stream 11)", "제품 중 H 함량 (11번 흐름)", "mol%"),
    Variable("d_feed_valve", "D feed valve (stream 2)", "D 원료 밸브 (2번 흐름)", "%"),
    Variable("e_feed_valve", "E feed valve (stream 3)", "E 원료 밸브 (3번 흐름)", "%"),
    Variable("a_feed_valve", "A feed valve (stream 1)", "A 원료 밸브 (1번 흐름)", "%"),
    Variable("a_and_c_feed_valve", "A and C feed valve (stream 4)", "A·C 원료 밸브 (4번 흐름)", "%"),
    Variable("recycle_valve", "Compressor recycle valve", "압축기 순환 밸브", "%"),
    Variable("purge_valve", "Purge valve (stream 9)", "퍼지 밸브 (9번 흐름)", "%"),
    Variable("separator_underflow_valve", "Separator underflow valve (stream 10)", "분리기 하부 밸브 (10번 흐름)", "%"),
    Variable("stripper_underflow_valve", "Stripper product valve (stream 11)", "스트리퍼 제품 밸브 (11번 흐름)", "%"),
    Variable("stripper_steam_valve", "Stripper steam valve", "스트리퍼 스팀 밸브", "%"),
    Variable("reactor_coolant_valve", "Reactor cooling water valve", "반응기 냉각수 밸브", "%"),
    Variable("condenser_coolant_valve", "Condenser cooling water valve", "응축기 냉각수 밸브", "%"),
)

USUAL = {
    "a_feed_flow": Usual(0.2511, 0.02852, 0.01461),
    "d_feed_flow": Usual(3664, 32, 29.02),
    "e_feed_flow": Usual(4512, 31.69, 30.52),
    "a_and_c_feed_flow": Usual(9.344, 0.07644, 0.07755),
    "recycle_flow": Usual(26.91, 0.2085, 0.2337),
    "reactor_feed_flow": Usual(42.34, 0.2208, 0.2438),
    "reactor_pressure": Usual(2705, 5.258, 1.455),
    "reactor_level": Usual(74.98, 0.5277, 0.575),
    "reactor_temperature": Usual(120.4, 0.01864, 0.02297),
    "purge_flow": Usual(0.3376, 0.01168, 0.007227),
    "separator_temperature": Usual(80.09, 0.194, 0.1243),
    "separator_level": Usual(50.06, 1.033, 1.174),
    "separator_pressure": Usual(2634, 5.528, 1.674),
    "separator_underflow": Usual(25.12, 1.063, 1.238),
    "stripper_level": Usual(49.99, 1.017, 1.138),
    "stripper_pressure": Usual(3103, 4.588, 1.331),
    "stripper_underflow": Usual(22.91, 0.6262, 0.7004),
    "stripper_temperature": Usual(65.72, 0.342, 0.03634),
    "stripper_steam_flow": Usual(230.3, 8.139, 1.402),
    "compressor_power": Usual(341.5, 1.222, 0.3097),
    "reactor_coolant_temperature": Usual(94.6, 0.1192, 0.1182),
    "condenser_coolant_temperature": Usual(77.29, 0.2483, 0.2587),
    "reactor_feed_a": Usual(32.18, 0.2808, 0.144),
    "reactor_feed_b": Usual(8.892, 0.09894, 0.05288),
    "reactor_feed_c": Usual(26.38, 0.2721, 0.1342),
    "reactor_feed_d": Usual(6.883, 0.1023, 0.05968),
    "reactor_feed_e": Usual(18.78, 0.2421, 0.1356),
    "reactor_feed_f": Usual(1.654, 0.02519, 0.01242),
    "purge_a": Usual(33, 0.3142, 0.1567),
    "purge_b": Usual(13.82, 0.1018, 0.05589),
    "purge_c": Usual(24.02, 0.3138, 0.1437),
    "purge_d": Usual(1.252, 0.1039, 0.06317),
    "purge_e": Usual(18.57, 0.3025, 0.1351),
    "purge_f": Usual(2.259, 0.02623, 0.01382),
    "purge_g": Usual(4.841, 0.05779, 0.03089),
    "purge_h": Usual(2.296, 0.05239, 0.02767),
    "product_d": Usual(0.01716, 0.009024, 0.001942),
    "product_e": Usual(0.8363, 0.01436, 0.002116),
    "product_f": Usual(0.09928, 0.00954, 0.002213),
    "product_g": Usual(53.65, 0.5352, 0.1162),
    "product_h": Usual(43.89, 0.4886, 0.1126),
    "d_feed_valve": Usual(63.03, 0.5576, 0.501),
    "e_feed_valve": Usual(54.01, 0.4273, 0.3953),
    "a_feed_valve": Usual(24.72, 2.822, 1.449),
    "a_and_c_feed_valve": Usual(61.32, 1.184, 1.311),
    "recycle_valve": Usual(22.25, 0.4133, 0.2483),
    "purge_valve": Usual(40.08, 1.437, 0.877),
    "separator_underflow_valve": Usual(38.29, 3.04, 3.454),
    "stripper_underflow_valve": Usual(46.51, 2.353, 2.633),
    "stripper_steam_valve": Usual(47.46, 2.121, 0.1705),
    "reactor_coolant_valve": Usual(41.09, 0.525, 0.6528),
    "condenser_coolant_valve": Usual(18.22, 1.487, 1.66),
}
"""How each variable moves in normal operation, by name."""
