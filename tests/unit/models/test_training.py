import logging
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from pydantic import BaseModel, ValidationError

from models.configs import NetworkConfig, TrainingConfig
from models.defect import build_objective
from models.errors import RecordsError, SettingError, WeightsMismatchError
from models.lightning_module import fit_by_trainer
from models.prediction import initial_weights, predict
from models.preprocessing import Preprocessing
from models.records import Records
from models.torch_runtime import one_thread
from models.training import ShuffledSlices, TrainResult, fit_by_hooks, train

NETWORK = NetworkConfig(width=8, blocks=1)
CONFIG = TrainingConfig(epochs=12, batch_size=16, learning_rate=0.01, weight_decay=0.01)


def _train(preprocessing: Preprocessing, records: Records, *, seed: int = 1, start: int = 5) -> TrainResult:
    weights = initial_weights(preprocessing, NETWORK, seed=start)
    return train(weights, records, preprocessing=preprocessing, network=NETWORK, config=CONFIG, seed=seed)


def _by_trainer(preprocessing: Preprocessing, records: Records) -> TrainResult:
    weights, config = initial_weights(preprocessing, NETWORK, seed=5), replace(CONFIG, epochs=1)
    return train(
        weights, records, preprocessing=preprocessing, network=NETWORK, config=config, seed=1, fit=fit_by_trainer
    )


def test_training_lowers_the_loss(tiny_preprocessing: Preprocessing, tiny_records: Records) -> None:
    result = _train(tiny_preprocessing, tiny_records)

    assert result.loss < 0.5 < np.log(2)


def test_the_loss_is_the_mean_over_the_rows_of_the_last_epoch(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    """With a tiny learning rate the model hardly moves, so the loss is that of the start, last small batch included."""
    config = TrainingConfig(epochs=1, batch_size=64, learning_rate=1e-12, weight_decay=0)
    weights = initial_weights(tiny_preprocessing, NETWORK, seed=5)
    objective = build_objective(tiny_preprocessing, NETWORK, seed=5)
    x, y = torch.from_numpy(tiny_records.x), torch.from_numpy(tiny_records.y)

    result = train(weights, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1)

    assert result.loss == pytest.approx(objective.training_step((x, y), 0).item(), rel=1e-5)


def test_equal_seeds_give_equal_bits_and_other_seeds_do_not(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    first = _train(tiny_preprocessing, tiny_records, seed=1)

    assert _train(tiny_preprocessing, tiny_records, seed=1) == first
    assert _train(tiny_preprocessing, tiny_records, seed=2).weights != first.weights


@pytest.mark.parametrize("weight_decay", [0.0, 2.0])
def test_lightnings_trainer_over_the_same_hooks_gives_the_same_bits(
    tiny_preprocessing: Preprocessing, tiny_records: Records, weight_decay: float
) -> None:
    """The reference: our loop does what Lightning's Trainer does with the LightningModule."""
    weights = initial_weights(tiny_preprocessing, NETWORK, seed=5)
    config = replace(CONFIG, weight_decay=weight_decay)
    ours, trainers = (
        train(weights, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1, fit=fit)
        for fit in (fit_by_hooks, fit_by_trainer)
    )

    assert ours == trainers
    assert ours.weights != weights


def test_training_touches_neither_global_random_state_nor_what_it_was_given(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    weights = initial_weights(tiny_preprocessing, NETWORK, seed=5)
    before = (torch.get_rng_state(), np.random.get_state()[1].tobytes(), weights.sha256(), tiny_records.x.tobytes())  # type: ignore[index]  # noqa: NPY002

    train(weights, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=CONFIG, seed=1)
    predict(weights, tiny_records.x, preprocessing=tiny_preprocessing, network=NETWORK)

    after = (torch.get_rng_state(), np.random.get_state()[1].tobytes(), weights.sha256(), tiny_records.x.tobytes())  # type: ignore[index]  # noqa: NPY002
    assert torch.equal(before[0], after[0])
    assert before[1:] == after[1:]


def test_threads_that_train_at_once_get_the_same_bits_as_one_after_the_other(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    alone = [_train(tiny_preprocessing, tiny_records, seed=seed).weights.sha256() for seed in range(4)]
    together = [""] * 4

    def work(seed: int) -> None:
        together[seed] = _train(tiny_preprocessing, tiny_records, seed=seed).weights.sha256()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert together == alone


@pytest.mark.filterwarnings("error")
def test_training_is_silent_and_leaves_loggers_as_they_were(
    tiny_preprocessing: Preprocessing,
    tiny_records: Records,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    levels = {name: logging.getLogger(name).level for name in ("", "lightning", "lightning.pytorch")}

    _by_trainer(tiny_preprocessing, tiny_records)
    _train(tiny_preprocessing, tiny_records)

    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert {name: logging.getLogger(name).level for name in levels} == levels


def test_training_uses_one_thread_and_gives_the_others_back(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    before = torch.get_num_threads()

    with one_thread(), one_thread():
        inside = torch.get_num_threads()
    _train(tiny_preprocessing, tiny_records)

    assert inside == 1
    assert torch.get_num_threads() == before


def test_a_notice_of_lightning_outside_our_call_is_still_heard(
    tiny_preprocessing: Preprocessing, tiny_records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    _by_trainer(tiny_preprocessing, tiny_records)

    logging.getLogger("lightning.pytorch.utilities.rank_zero").warning("heard")

    assert "heard" in caplog.text


def test_training_and_predicting_import_neither_lightning_nor_torchs_compiler() -> None:
    """Each costs a member's process seconds and a hundred megabytes, and none is called."""
    script = (
        "from federated.member.warm_up import warm_up; import sys; warm_up();"
        "print([name for name in ('lightning', 'torch._dynamo', 'sympy') if name in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert told.stdout == "[]\n"


def test_the_trained_model_tells_hot_rows_from_cold_ones(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    weights = _train(tiny_preprocessing, tiny_records).weights

    p = predict(weights, tiny_records.x, preprocessing=tiny_preprocessing, network=NETWORK)

    assert p.shape == (200, 2)
    assert p.dtype == np.float64
    assert p.sum(axis=1) == pytest.approx(np.ones(200))
    assert p[tiny_records.y == 1, 1].mean() > 0.7
    assert p[tiny_records.y == 0, 1].mean() < 0.3


def test_prediction_of_rows_does_not_depend_on_their_company(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    weights = initial_weights(tiny_preprocessing, NETWORK, seed=5)
    many = np.tile(tiny_records.x, (50, 1))  # 10,000 rows: more than one forward pass

    p = predict(weights, many, preprocessing=tiny_preprocessing, network=NETWORK)

    alone = predict(weights, tiny_records.x, preprocessing=tiny_preprocessing, network=NETWORK)
    assert p == pytest.approx(np.tile(alone, (50, 1)), abs=1e-6)
    assert predict(weights, many[:0], preprocessing=tiny_preprocessing, network=NETWORK).shape == (0, 2)


def test_a_high_temperature_pulls_probabilities_together(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    weights = _train(tiny_preprocessing, tiny_records).weights

    hot = predict(weights, tiny_records.x, preprocessing=tiny_preprocessing, network=NETWORK, temperature=1e9)

    assert hot == pytest.approx(np.full((200, 2), 0.5))
    with pytest.raises(SettingError, match="temperature must be above 0"):
        predict(weights, tiny_records.x, preprocessing=tiny_preprocessing, network=NETWORK, temperature=0)


def test_weighted_training_still_predicts_the_frequencies_of_the_data(tiny_preprocessing: Preprocessing) -> None:
    """Inputs without information, 20 % defects, balanced weights in the loss: the prediction must be 0.2, not 0.5."""
    y = np.array([0, 0, 0, 0, 1] * 100, dtype=np.int64)
    records = Records(np.zeros((500, tiny_preprocessing.width), np.float32), y)
    rare = replace(tiny_preprocessing, class_weights=(0.625, 2.5))

    weights = initial_weights(rare, NETWORK, seed=1)
    config = TrainingConfig(epochs=20, batch_size=100, learning_rate=0.01, weight_decay=0)
    trained = train(weights, records, preprocessing=rare, network=NETWORK, config=config, seed=1).weights

    p = predict(trained, records.x[:1], preprocessing=rare, network=NETWORK)
    assert p[0, 1] == pytest.approx(0.2, abs=0.03)


def test_every_epoch_shows_every_row_once_in_another_order() -> None:
    records = Records(np.arange(7, dtype=np.float32)[:, None], np.arange(7, dtype=np.int64))
    batches = ShuffledSlices(records, batch_size=3, seed=1)

    first, second = ([y.tolist() for _, y in batches] for _ in range(2))

    assert [len(b) for b in first] == [3, 3, 1]
    assert len(batches) == 3
    assert sorted(sum(first, [])) == sorted(sum(second, [])) == list(range(7))  # noqa: RUF017
    assert first != second


def test_no_records_are_refused(tiny_preprocessing: Preprocessing) -> None:
    empty = Records(np.zeros((0, tiny_preprocessing.width), np.float32), np.zeros(0, np.int64))

    with pytest.raises(RecordsError, match="There are no records"):
        _train(tiny_preprocessing, empty)


def test_records_of_another_width_are_refused(tiny_preprocessing: Preprocessing) -> None:
    records = Records(np.zeros((4, 3), np.float32), np.zeros(4, np.int64))
    weights = initial_weights(tiny_preprocessing, NETWORK, seed=1)

    with pytest.raises(RecordsError, match=r"width 3, the model of tiny@1\.0\.0 expects 12"):
        _train(tiny_preprocessing, records)
    with pytest.raises(RecordsError, match=r"shape \(rows, 12\), got \(4, 3\)"):
        predict(weights, records.x, preprocessing=tiny_preprocessing, network=NETWORK)


def test_labels_out_of_range_are_refused(tiny_preprocessing: Preprocessing) -> None:
    records = Records(np.zeros((3, tiny_preprocessing.width), np.float32), np.array([0, 2, -1]))

    with pytest.raises(RecordsError, match="2 of 3 labels are outside the 2 classes 0 to 1"):
        _train(tiny_preprocessing, records)


def test_records_that_are_not_finite_or_do_not_match_are_refused() -> None:
    with pytest.raises(RecordsError, match="1 of 2 records hold numbers that are not finite"):
        Records(np.array([[np.nan], [0]], np.float32), np.zeros(2, np.int64))
    with pytest.raises(RecordsError, match=r"got \(2, 1\) and \(3,\)"):
        Records(np.zeros((2, 1), np.float32), np.zeros(3, np.int64))


def test_weights_of_another_network_are_refused(tiny_preprocessing: Preprocessing, tiny_records: Records) -> None:
    other = initial_weights(tiny_preprocessing, NetworkConfig(width=9, blocks=1), seed=1)

    with pytest.raises(WeightsMismatchError, match="another shape"):
        train(other, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=CONFIG, seed=1)


def test_training_that_leaves_the_finite_numbers_is_refused(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    huge = Records(np.full_like(tiny_records.x, 3e38), tiny_records.y)

    with pytest.raises(WeightsMismatchError, match="not finite"):
        _train(tiny_preprocessing, huge)


def test_on_its_own_classes_a_member_leaves_the_head_of_the_others_as_it_came(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    good = tiny_records.y == 0
    only_good = Records(tiny_records.x[good], tiny_records.y[good])
    start = initial_weights(tiny_preprocessing, NETWORK, seed=5)

    def head(*, own_classes: bool, records: Records) -> np.ndarray:
        config = replace(CONFIG, own_classes=own_classes, weight_decay=0.0)
        trained = train(start, records, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1)
        return trained.weights.arrays["head.weight"]

    assert (head(own_classes=True, records=only_good)[1] == start.arrays["head.weight"][1]).all()
    assert (head(own_classes=False, records=only_good)[1] != start.arrays["head.weight"][1]).any()
    assert (head(own_classes=True, records=tiny_records) == head(own_classes=False, records=tiny_records)).all()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("weight_decay", -1.0),
        ("own_classes", 1),
    ],
)
def test_impossible_settings_are_refused_by_name(setting: str, value: float) -> None:
    with pytest.raises(SettingError, match=rf"training\.{setting} must be .*, got"):
        TrainingConfig(**{setting: value})  # type: ignore[arg-type]


def test_a_plan_of_pydantic_nests_the_settings_strictly() -> None:
    class Plan(BaseModel):
        training: TrainingConfig
        network: NetworkConfig

    properties = Plan.model_json_schema()["$defs"]["TrainingConfig"]["properties"]

    assert Plan.model_validate({"training": {"epochs": 4}, "network": {}}).training == TrainingConfig(epochs=4)
    assert "Passes over the member's training rows" in properties["epochs"]["description"]
    with pytest.raises(ValidationError, match="epoch\n"):
        Plan.model_validate({"training": {"epoch": 4}, "network": {}})
    with pytest.raises(ValidationError, match=r"training\.epochs must be"):
        Plan.model_validate({"training": {"epochs": 0}, "network": {}})
