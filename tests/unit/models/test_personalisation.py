from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.configs import NetworkConfig, TrainingConfig
from models.errors import SettingError
from models.evaluation import negative_log_likelihood
from models.personalisation import LocalModel, local_only, personalise
from models.prediction import initial_weights, predict
from models.preprocessing import Preprocessing
from models.records import Records
from models.training import train
from models.variants import Variant, choose
from models.weights import Weights, mean_of

NETWORK = NetworkConfig(width=8, blocks=1)
CONFIG = TrainingConfig(epochs=2, batch_size=16, learning_rate=0.01, weight_decay=0.01)
CAREFUL = TrainingConfig(epochs=5, batch_size=16, learning_rate=0.01, weight_decay=0.0)

Numbers = NDArray[np.float64]


def _part(records: Records, rows: slice) -> Records:
    return Records(records.x[rows], records.y[rows])


def _flipped(records: Records) -> Records:
    return Records(records.x, 1 - records.y)


def _loss(weights: Weights, rows: Records, preprocessing: Preprocessing) -> float:
    return negative_log_likelihood(predict(weights, rows.x, preprocessing=preprocessing, network=NETWORK), rows.y)


@pytest.fixture
def shared(tiny_preprocessing: Preprocessing, tiny_records: Records) -> Weights:
    """A model that has learned that heat makes bad parts."""
    start = initial_weights(tiny_preprocessing, NETWORK, seed=1)
    config = TrainingConfig(epochs=15, batch_size=16, learning_rate=0.01, weight_decay=0.01)
    return train(start, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1).weights


def test_a_member_whose_press_is_the_other_way_round_gets_its_own_variant(
    shared: Weights, tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    other = _flipped(tiny_records)

    personal = personalise(
        shared,
        _part(other, slice(150)),
        _part(other, slice(150, 200)),
        preprocessing=tiny_preprocessing,
        network=NETWORK,
        config=CAREFUL,
        seed=1,
    )

    assert personal.variant is not Variant.SHARED
    assert personal.weights != shared
    assert personal.validation_losses[personal.variant] == min(personal.validation_losses.values())
    assert _loss(personal.weights, _part(other, slice(150, 200)), tiny_preprocessing) == pytest.approx(
        personal.validation_losses[personal.variant]
    )


def test_fine_tuning_on_misleading_rows_is_not_kept(
    shared: Weights, tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    misleading = _flipped(_part(tiny_records, slice(100)))

    personal = personalise(
        shared,
        misleading,
        _part(tiny_records, slice(100, 200)),
        preprocessing=tiny_preprocessing,
        network=NETWORK,
        config=CAREFUL,
        seed=1,
    )

    assert personal.variant is Variant.SHARED
    assert personal.weights == shared


def _after(*gains: float) -> Numbers:
    """Losses of 32 rows: 1 nat each for the shared model, less the gains, which repeat."""
    return 1.0 - np.resize(gains, 32)


def test_a_clear_gain_takes_the_variant() -> None:
    """Gains of 0.4 and 0.2 in turn: 0.3 in the mean, 0.018 its standard error."""
    losses = {Variant.SHARED: _after(0.0), Variant.MEAN: _after(0.4, 0.2), Variant.FINE_TUNED: _after(-1.0)}

    assert choose(losses) is Variant.MEAN


def test_a_gain_that_every_row_has_is_certain_however_small() -> None:
    losses = {Variant.SHARED: _after(0.0), Variant.MEAN: _after(0.0), Variant.FINE_TUNED: _after(2**-10)}

    assert choose(losses) is Variant.FINE_TUNED


@pytest.mark.parametrize(
    ("gains", "chosen"),
    [
        ((1.0, -0.9), Variant.SHARED),  # 0.05 in the mean, 0.171 its standard error
        ((1.0, -0.5), Variant.SHARED),  # 0.25 and 0.135: more than one standard error, less than two
        ((1.0, -0.4), Variant.MEAN),  # 0.3 and 0.126
    ],
)
def test_a_gain_within_two_standard_errors_keeps_the_shared_model(gains: tuple[float, float], chosen: Variant) -> None:
    losses = {Variant.SHARED: _after(0.0), Variant.MEAN: _after(*gains), Variant.FINE_TUNED: _after(-1.0)}

    assert choose(losses) is chosen


def test_the_mean_is_taken_where_the_fine_tuned_model_is_not_clearly_better() -> None:
    """0.35 and 0.3 in the mean: both clear gains, and their difference, 0.05, is less than its standard error, 0.09."""
    losses = {Variant.SHARED: _after(0.0), Variant.FINE_TUNED: _after(0.85, -0.15), Variant.MEAN: _after(0.3)}

    assert choose(losses) is Variant.MEAN


def test_the_fine_tuned_model_is_taken_where_it_is_clearly_better_than_the_mean_too() -> None:
    losses = {Variant.SHARED: _after(0.0), Variant.FINE_TUNED: _after(0.9, 0.7), Variant.MEAN: _after(0.3)}

    assert choose(losses) is Variant.FINE_TUNED


def test_rows_are_compared_in_pairs() -> None:
    """Rows are hard or easy for every model alike: that spread is no doubt about a gain that each of them has."""
    hardness = np.resize([0.0, 10.0], 32)

    assert choose({Variant.SHARED: _after(0.0) + hardness, Variant.MEAN: _after(0.3) + hardness}) is Variant.MEAN


def test_equal_losses_choose_the_shared_model_wherever_it_stands() -> None:
    losses = {Variant.FINE_TUNED: _after(0.5, 0.7), Variant.SHARED: _after(0.7, 0.5)}

    assert choose(losses) is Variant.SHARED


@pytest.mark.parametrize(("rows", "chosen"), [(29, Variant.SHARED), (30, Variant.MEAN)])
def test_fewer_than_thirty_rows_choose_nothing(rows: int, chosen: Variant) -> None:
    assert choose({Variant.SHARED: _after(0.0)[:rows], Variant.MEAN: _after(0.4, 0.2)[:rows]}) is chosen


@pytest.mark.parametrize("rows", [0, 1])
def test_a_standard_error_takes_two_rows_whatever_the_minimum(rows: int) -> None:
    losses = {Variant.SHARED: _after(0.0)[:rows], Variant.MEAN: _after(0.5)[:rows]}

    assert choose(losses, minimum_rows=0) is Variant.SHARED


def test_the_mean_variant_lies_halfway(
    shared: Weights, tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    personal = personalise(
        shared, tiny_records, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=CONFIG, seed=4
    )
    tuned = train(shared, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=CONFIG, seed=4)

    halfway = mean_of([shared, tuned.weights])
    assert personal.validation_losses[Variant.MEAN] == pytest.approx(_loss(halfway, tiny_records, tiny_preprocessing))


def test_ties_go_to_the_shared_model(shared: Weights, tiny_preprocessing: Preprocessing, tiny_records: Records) -> None:
    """A learning rate too small to move a float32 makes all variants equal."""
    config = TrainingConfig(epochs=1, batch_size=16, learning_rate=1e-30, weight_decay=0)

    personal = personalise(
        shared, tiny_records, tiny_records, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1
    )

    assert len(set(personal.validation_losses.values())) == 1
    assert personal.variant is Variant.SHARED


def test_a_handful_of_validation_rows_chooses_nothing(
    shared: Weights, tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    personal = personalise(
        shared,
        _flipped(tiny_records),
        _part(_flipped(tiny_records), slice(29)),
        preprocessing=tiny_preprocessing,
        network=NETWORK,
        config=CAREFUL,
        seed=1,
    )

    assert personal.variant is Variant.SHARED
    assert personal.validation_losses == {}


def test_alone_gets_as_many_blocks_as_there_are_rounds_and_the_best_entry_wins(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    start = initial_weights(tiny_preprocessing, NETWORK, seed=1)
    validation = _part(tiny_records, slice(150, 200))

    local = local_only(
        start,
        _part(tiny_records, slice(150)),
        validation,
        preprocessing=tiny_preprocessing,
        network=NETWORK,
        config=CONFIG,
        rounds=6,
        average_last=3,
        seed=1,
    )

    assert len(local.validation_losses) == 7  # six blocks and the average of the last three
    assert local.chosen == int(np.argmin(local.validation_losses))
    assert _loss(local.weights, validation, tiny_preprocessing) == pytest.approx(min(local.validation_losses))
    assert min(local.validation_losses) < _loss(start, validation, tiny_preprocessing)


@pytest.mark.parametrize(("rows", "average_last", "chosen"), [(0, 2, 6), (12, 2, 6), (29, 2, 6), (29, 1, 5)])
def test_alone_with_few_validation_rows_takes_the_average_of_the_last_blocks_unseen(
    rows: int, average_last: int, chosen: int, tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    """Validation rows with the labels turned round would choose the first, least trained block."""
    validation = _part(_flipped(tiny_records), slice(rows))

    local = _alone(tiny_preprocessing, tiny_records, validation, average_last)

    assert local.chosen == chosen


def test_alone_with_thirty_validation_rows_chooses_by_them(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    local = _alone(tiny_preprocessing, tiny_records, _part(_flipped(tiny_records), slice(30)), 2)

    assert local.chosen == int(np.argmin(local.validation_losses)) < 5


def _alone(preprocessing: Preprocessing, records: Records, validation: Records, average_last: int) -> LocalModel:
    return local_only(
        initial_weights(preprocessing, NETWORK, seed=1),
        records,
        validation,
        preprocessing=preprocessing,
        network=NETWORK,
        config=CONFIG,
        rounds=6,
        average_last=average_last,
        seed=1,
    )


def test_equal_seeds_give_the_same_local_model(tiny_preprocessing: Preprocessing, tiny_records: Records) -> None:
    start = initial_weights(tiny_preprocessing, NETWORK, seed=1)
    hashes = [
        local_only(
            start,
            tiny_records,
            tiny_records,
            preprocessing=tiny_preprocessing,
            network=NETWORK,
            config=CONFIG,
            rounds=2,
            average_last=1,
            seed=seed,
        ).weights.sha256()
        for seed in (1, 1, 2)
    ]

    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("setting", ["rounds", "average_last"])
def test_no_rounds_are_refused_by_name(setting: str, tiny_preprocessing: Preprocessing, tiny_records: Records) -> None:
    start = initial_weights(tiny_preprocessing, NETWORK, seed=1)
    counts = {"rounds": 2, "average_last": 1} | {setting: 0}

    with pytest.raises(SettingError, match=f"{setting} must be"):
        local_only(
            start,
            tiny_records,
            tiny_records,
            preprocessing=tiny_preprocessing,
            network=NETWORK,
            config=CONFIG,
            seed=1,
            **counts,
        )


def test_variants_are_compared_among_the_members_own_classes(
    shared: Weights, tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    """Among a single class there is nothing to tell apart: no variant costs anything, and the shared one is kept."""
    good = Records(tiny_records.x[tiny_records.y == 0], tiny_records.y[tiny_records.y == 0])

    def losses(*, own_classes: bool) -> Mapping[Variant, float]:
        config = replace(CAREFUL, own_classes=own_classes)
        return personalise(
            shared, good, good, preprocessing=tiny_preprocessing, network=NETWORK, config=config, seed=1
        ).validation_losses

    assert set(losses(own_classes=True).values()) == {0.0}
    assert losses(own_classes=False)[Variant.FINE_TUNED] < losses(own_classes=False)[Variant.SHARED]


def test_alone_learns_over_all_classes_whatever_a_round_does(
    tiny_preprocessing: Preprocessing, tiny_records: Records
) -> None:
    good = Records(tiny_records.x[tiny_records.y == 0], tiny_records.y[tiny_records.y == 0])

    def alone(*, own_classes: bool) -> LocalModel:
        return local_only(
            initial_weights(tiny_preprocessing, NETWORK, seed=1),
            good,
            good,
            preprocessing=tiny_preprocessing,
            network=NETWORK,
            config=replace(CONFIG, own_classes=own_classes),
            rounds=2,
            average_last=1,
            seed=1,
        )

    assert alone(own_classes=True).weights == alone(own_classes=False).weights
    assert alone(own_classes=True).validation_losses[-1] > 0
