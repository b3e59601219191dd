import time

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import Contract
from models.configs import NetworkConfig, TrainingConfig
from models.errors import PreprocessingError
from models.package import ModelPackage
from models.prediction import initial_weights, predict
from models.preprocessing import Preprocessing
from models.records import Records
from models.scoring import occlusion_falls, score_frame
from models.training import train

NETWORK = NetworkConfig(width=16, blocks=1)


@pytest.fixture
def package(tiny_contract: Contract, tiny_preprocessing: Preprocessing, tiny_records: Records) -> ModelPackage:
    """A model that has learned that heat makes bad parts."""
    start = initial_weights(tiny_preprocessing, NETWORK, seed=1)
    config = TrainingConfig(epochs=20, batch_size=16, learning_rate=0.01, weight_decay=0.01)
    trained = train(start, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1)
    return ModelPackage(
        contract=tiny_contract,
        preprocessing=tiny_preprocessing,
        network=NETWORK,
        weights=trained.weights,
        temperature=1.5,
        threshold=0.4,
        variant="shared",
        name="tiny",
        version="1",
        run_id="run-1",
    )


def test_hot_rows_score_higher_and_the_threshold_decides(package: ModelPackage) -> None:
    frame = pd.DataFrame({"heat": [5.0, 60.0], "speed": [64, 64], "paper": ["b", "b"]}, index=[7, 9])

    scores = score_frame(package, frame)

    assert scores.index.tolist() == [7, 9]
    assert scores["score"].loc[7] < 0.2
    assert scores["score"].loc[9] > 0.8
    assert scores["defect"].tolist() == [False, True]
    assert scores["predicted"].tolist() == ["good", "bad"]


def test_the_score_is_the_probability_of_a_defect_at_the_packages_temperature(
    package: ModelPackage, tiny_frame: pd.DataFrame, tiny_records: Records
) -> None:
    expected = predict(
        package.weights, tiny_records.x, preprocessing=package.preprocessing, network=NETWORK, temperature=1.5
    )

    scores = score_frame(package, tiny_frame)

    assert scores["score"].to_numpy() == pytest.approx(expected[:, 1])
    assert scores["defect"].to_numpy().tolist() == (scores["score"] >= 0.4).tolist()


def test_the_reason_names_column_value_unit_direction_and_usual_value_in_either_language(package: ModelPackage) -> None:
    usual = f"{package.preprocessing.numbers[0].reference:.4g}"
    frame = pd.DataFrame({"heat": [60.0], "speed": [64], "paper": ["b"]})

    english, korean = (score_frame(package, frame, language=lang)["reasons"].iloc[0] for lang in ("en", "ko"))

    assert english.startswith(f"name 60 °C: higher than the usual {usual} °C (defect probability +")
    assert korean.startswith(f"이름 60 °C: 평소 {usual} °C보다 높음 (불량 확률 +")


def test_a_column_at_its_usual_value_is_no_reason(package: ModelPackage) -> None:
    usual = package.preprocessing.numbers[0].reference
    frame = pd.DataFrame({"heat": [usual], "speed": [package.preprocessing.numbers[1].reference], "paper": ["b"]})

    assert score_frame(package, frame)["reasons"].tolist() == [""]


def test_the_fall_is_what_scoring_the_changed_row_says(package: ModelPackage) -> None:
    frame = pd.DataFrame({"heat": [60.0], "speed": [10.0], "paper": ["a"]})
    changed = frame.assign(heat=package.preprocessing.numbers[0].reference)
    score, score_changed = (score_frame(package, f)["score"].iloc[0] for f in (frame, changed))

    falls = occlusion_falls(package, package.preprocessing.encode(frame), np.array([score]))

    assert falls.shape == (1, 3)
    assert falls[0, 0] == pytest.approx(score - score_changed)


def test_missing_numbers_and_categories_can_be_reasons(package: ModelPackage) -> None:
    """Weights by hand: the missing flag of speed, and paper a, each speak for a defect."""
    arrays = {name: np.zeros_like(array) for name, array in package.weights.arrays.items()}
    arrays["entry.weight"][0, [8, 9]] = 1  # missing speed, paper a
    arrays["norm.weight"][:] = 1
    arrays["head.weight"][1, 0] = 1
    spoken = ModelPackage(**{**vars(package), "weights": type(package.weights)(arrays)})
    frame = pd.DataFrame({"heat": [10.0], "speed": [np.nan], "paper": ["a"]})
    other = frame.assign(speed=64.0)

    assert "name is missing (defect" not in score_frame(spoken, other)["reasons"].iloc[0]
    assert "name a: usually b" in score_frame(spoken, other)["reasons"].iloc[0]
    assert score_frame(spoken, frame.assign(paper="b"))["reasons"].iloc[0].startswith("name is missing (defect")


def test_only_the_worst_rows_get_reasons(package: ModelPackage, tiny_frame: pd.DataFrame) -> None:
    scores = score_frame(package, tiny_frame, reasons_for=5)

    explained = scores[scores["reasons"] != ""]
    assert set(explained.index) <= set(scores.nlargest(5, "score").index)
    assert len(explained) > 0
    assert score_frame(package, tiny_frame, reasons_for=0)["reasons"].unique().tolist() == [""]


def test_an_empty_frame_gives_an_empty_answer(package: ModelPackage, tiny_frame: pd.DataFrame) -> None:
    assert score_frame(package, tiny_frame.iloc[:0]).shape == (0, 4)


def test_a_frame_without_its_columns_is_refused(package: ModelPackage, tiny_frame: pd.DataFrame) -> None:
    with pytest.raises(PreprocessingError, match="lacks 1 of 3 feature columns"):
        score_frame(package, tiny_frame.drop(columns="heat"))


def test_ten_thousand_rows_take_less_than_two_seconds(package: ModelPackage, tiny_frame: pd.DataFrame) -> None:
    many = pd.concat([tiny_frame] * 50, ignore_index=True)
    started = time.process_time()

    assert len(score_frame(package, many)) == 10_000
    assert time.process_time() - started < 2
