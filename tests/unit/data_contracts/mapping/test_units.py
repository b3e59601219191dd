import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.unit_spellings import ATOMS
from data_contracts.mapping.units import Conversion, canonical_unit, conversion


@pytest.mark.parametrize(
    ("spellings", "canonical"),
    [
        ("℃ °C ºC ˚C 도 도C 섭씨 degC deg.C oC C (℃) [℃] （℃） °c", "°C"),
        ("℉ °F degF 화씨", "°F"),
        ("㎪ kPa KPA kpa (kPa)", "kPa"),
        ("MPa Mpa MPA ㎫", "MPa"),
        ("kgf/cm² kgf/㎠ Kgf/cm2 kgf/cm^2 KGF/CM2", "kgf/cm²"),
        ("A/dm² A/dm2 A/d㎡ A/dm^2 a/dm2 ASD asd A／dm²", "A/dm²"),
        ("A/ft² A/ft2 ASF", "A/ft²"),
        ("㎛ µm μm um UM mic micron 미크론 마이크로미터 μ", "µm"),
        ("㎜ mm MM 밀리미터", "mm"),
        ("mil mils thou", "mil"),
        ("g/L g/ℓ g/l G/L g/리터 gpl GPL", "g/L"),
        ("㎎/ℓ mg/L MG/L", "mg/L"),
        ("mL/L ml/l cc/L ㎖/ℓ", "mL/L"),
        ("oz/gal OZ/GAL", "oz/gal"),
        ("초 s sec Sec. second", "s"),
        ("분 min mins MIN. minutes", "min"),
        ("시간 h hr hrs Hour", "h"),
        ("rpm RPM r/min rev/min", "rpm"),
        ("m/min M/MIN mpm 미터/분", "m/min"),
        ("dm² d㎡ dm2", "dm²"),
        ("㎡ m² m2 제곱미터", "m²"),
        ("% ％ 퍼센트", "%"),
        ("mS/cm", "mS/cm"),
        ("kWh/kg", "kWh/kg"),
        ("pH PH", "pH"),
        ("개 EA pcs", "ea"),
    ],
)
def test_every_spelling_of_a_unit_has_one_text(spellings: str, canonical: str) -> None:
    assert {spelling: canonical_unit(spelling) for spelling in spellings.split()} == dict.fromkeys(
        spellings.split(), canonical
    )


@pytest.mark.parametrize(
    "text", ["", " ", "/", "·", "A/", "/A", "xyz", "23", "mpa", "MS", "A/B/C/D", "도금", "정도", "℃℃", "2", "()"]
)
def test_a_text_that_is_no_unit_or_could_be_two_is_none(text: str) -> None:
    assert canonical_unit(text) is None


@pytest.mark.parametrize(
    ("source", "target", "value", "becomes"),
    [
        ("°F", "°C", 131, 55),
        ("°F", "°C", -40, -40),
        ("°C", "°F", 100, 212),
        ("K", "°C", 300, 26.85),
        ("bar", "kPa", 2.5, 250),
        ("kgf/cm²", "kPa", 1, 98.0665),
        ("psi", "kPa", 1, 6.894757293168361),
        ("ASF", "A/dm²", 100, 10.763910416709722),
        ("mA/cm²", "A/dm²", 35, 3.5),
        ("A/m²", "A/dm²", 350, 3.5),
        ("oz/gal", "g/L", 1, 7.489151707306039),
        ("mil", "㎛", 2, 50.8),
        ("분", "초", 1.5, 90),
        ("시간", "min", 0.5, 30),
        ("m²", "dm²", 2, 200),
        ("㎠", "dm²", 250, 2.5),
        ("mL", "L", 5, 0.005),
        ("g/L", "mg/L", 0.02, 20),
        ("cc/L", "mL/L", 3, 3),
        ("kg/m³", "g/L", 4, 4),
        ("mV", "V", 5500, 5.5),
        ("A·h", "Ah", 2, 2),
        ("°C/min", "°F/min", 1, 1.8),
    ],
)
def test_numbers_are_converted_as_a_table_of_units_says(source: str, target: str, value: float, becomes: float) -> None:
    found = conversion(source, target)

    assert found is not None
    assert found.applied(np.array([value], dtype=np.float64))[0] == pytest.approx(becomes, rel=1e-12)
    assert found.factor * value + found.offset == pytest.approx(becomes, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("°C", "kPa"),
        ("ppm", "mg/L"),
        ("mg/L", "ppm"),
        ("ppm", "%"),
        ("%", "mL/L"),
        ("g/kg", "mL/L"),
        ("rpm", "Hz"),
        ("rpm", "1/min"),
        ("m", "min"),
        ("A", "A/dm²"),
        ("g/L", "mL/L"),
        ("ea", "times"),
        ("pH", "%"),
        ("kg/cm²", "kPa"),
        ("furlong", "m"),
        ("m", "furlong"),
    ],
)
def test_units_that_do_not_measure_the_same_do_not_convert(source: str, target: str) -> None:
    assert conversion(source, target) is None


def test_a_unit_becomes_itself_by_doing_nothing() -> None:
    assert conversion("ASD", "A/dm2") == Conversion("A/dm²", "A/dm²", 1.0, 0.0)
    assert all(conversion(atom, atom) == Conversion(atom, atom) for atom in ATOMS)
    assert conversion("dm³", "L").identity  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("source", "target", "formula"),
    [
        ("°F", "°C", "°F → °C: (x − 32) × 0.5556"),
        ("°C", "°F", "°C → °F: x × 1.8 + 32"),
        ("K", "°C", "K → °C: x − 273.15"),
        ("bar", "kPa", "bar → kPa: x × 100"),
        ("분", "초", "min → s: x × 60"),
    ],
)
def test_a_conversion_is_shown_as_people_write_it(source: str, target: str, formula: str) -> None:
    found = conversion(source, target)

    assert found is not None
    assert found.formula == formula


def test_the_factors_are_the_nearest_doubles() -> None:
    found = conversion("°F", "°C")

    assert found is not None
    assert (found.factor, found.offset) == (5 / 9, -160 / 9)


def test_round_numbers_stay_round() -> None:
    fahrenheit, density = conversion("°F", "°C"), conversion("A/m²", "A/dm²")

    assert fahrenheit is not None
    assert density is not None
    assert fahrenheit.applied(np.array([32.0, 131.0, 212.0])).tolist() == [0.0, 55.0, 100.0]
    assert density.applied(np.array([35.0, 350.0, 29.0])).tolist() == [0.35, 3.5, 0.29]


def test_pint_knows_every_atom_under_the_name_given_here() -> None:
    hidden = {"%", "ppm", "ppb", "pH", "ea", "times"}  # these convert into nothing else

    for atom, (name, _) in ATOMS.items():
        per_minute, per_second = conversion(f"{atom}/min", f"{atom}/s"), 1 / 60

        assert (name == "") == (atom in hidden)
        assert per_minute is not None
        assert per_minute.factor == pytest.approx(per_second)


UNITS = [
    "°C",
    "°F",
    "K",
    "kPa",
    "bar",
    "psi",
    "kgf/cm²",
    "A/dm²",
    "A/ft²",
    "mA/cm²",
    "µm",
    "mil",
    "mm",
    "g/L",
    "oz/gal",
    "mg/L",
]


@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.floats(-1e6, 1e6))
def test_there_and_back_again_is_the_same_number(one: str, other: str, value: float) -> None:
    there, back = conversion(one, other), conversion(other, one)

    assert (there is None) == (back is None)
    if there is not None and back is not None:
        again = back.applied(there.applied(np.array([value])))[0]
        assert math.isclose(again, value, rel_tol=1e-12, abs_tol=1e-9 * max(1.0, abs(back.offset)))


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_none_and_the_unit_is_its_own_spelling(text: str) -> None:
    unit = canonical_unit(text)

    assert unit is None or canonical_unit(unit) == unit
