"""Both families of models answer the same calls; trees beside the network on the tiny trade."""

import subprocess
import sys

import numpy as np
import pytest

from models.configs import NetworkConfig, TrainingConfig, TreesConfig
from models.errors import RecordsError, SettingError, WeightsMismatchError
from models.evaluation import negative_log_likelihood
from models.family import Family, family_of
from models.preprocessing import Preprocessing
from models.records import Records
from models.trees import INPUTS, LEAVES, check_tree, with_trees
from models.variants import Variant
from models.weights import Weights

TREES = TreesConfig(depth=2, columns=1.0, own_trees=5, own_step=0.5)


def network() -> Family:
    return family_of(NetworkConfig(width=8), TrainingConfig(epochs=2, learning_rate=0.01), None)


def trees(leaf_rows: int = 5) -> Family:
    return family_of(None, None, TREES, leaf_rows=leaf_rows)


def part(records: Records, start: int, end: int) -> Records:
    return Records(records.x[start:end], records.y[start:end])


def boost(family: Family, start: Weights, records: Records, preprocessing: Preprocessing, rounds: int) -> Weights:
    """Let one member's trees be added to the forest round by round."""
    for number in range(rounds):
        tree = family.train(start, records, preprocessing=preprocessing, seed=number).weights
        start = with_trees(start, [tree], 0.5)
    return start


@pytest.mark.parametrize("family", [network(), trees()])
def test_alone_either_family_learns_that_hot_parts_fail(
    family: Family, tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    weights = family.train_alone(
        part(tiny_records, 0, 120),
        part(tiny_records, 120, 160),
        preprocessing=tiny_preprocessing,
        rounds=20,
        average_last=1,
        start_seed=1,
        seed=2,
    )
    held = part(tiny_records, 160, 200)

    found = family.predict(weights, held.x, preprocessing=tiny_preprocessing)

    assert np.allclose(found.sum(axis=1), 1)
    assert (found.argmax(axis=1) == held.y).mean() > 0.8
    family.check(weights, tiny_preprocessing)


@pytest.mark.parametrize("family", [network(), trees()])
def test_the_same_seed_trains_to_the_same_bits(
    family: Family, tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    start = family.start(tiny_preprocessing, seed=1)

    first, again = (family.train(start, tiny_records, preprocessing=tiny_preprocessing, seed=3) for _ in range(2))

    assert first.weights == again.weights
    assert first.loss == again.loss


def test_a_round_sends_one_tree_and_the_loss_of_the_forest_that_arrived(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    start = family.start(tiny_preprocessing, seed=1)

    update = family.train(start, tiny_records, preprocessing=tiny_preprocessing, seed=1)

    check_tree(update.weights, TREES, width=tiny_preprocessing.width, classes=2)
    prior = family.predict(start, tiny_records.x, preprocessing=tiny_preprocessing)
    assert update.loss == pytest.approx(negative_log_likelihood(prior, tiny_records.y))
    assert update.weights.arrays[INPUTS][0] in range(1, 4)  # an edge of heat, which decides


def test_each_round_the_forest_explains_more_of_the_rows_that_teach(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    forest = family.start(tiny_preprocessing, seed=1)

    losses = []
    for rounds in range(4):
        losses.append(family.train(forest, tiny_records, preprocessing=tiny_preprocessing, seed=9).loss)
        forest = boost(family, forest, tiny_records, tiny_preprocessing, 1 + rounds)

    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("bad_rows", [0, 4])
def test_a_class_with_fewer_rows_than_a_leaf_is_left_out_of_tree_and_loss(
    tiny_records: Records, tiny_preprocessing: Preprocessing, bad_rows: int
) -> None:
    kept = np.concatenate([np.flatnonzero(tiny_records.y == 0), np.flatnonzero(tiny_records.y == 1)[:bad_rows]])
    records = Records(tiny_records.x[kept], tiny_records.y[kept])
    family = trees(leaf_rows=5)

    sent = family.train(family.start(tiny_preprocessing, seed=1), records, preprocessing=tiny_preprocessing, seed=1)

    assert not sent.weights.arrays[LEAVES].any()
    assert sent.loss == 0


def test_a_class_with_as_many_rows_as_a_leaf_is_learned_from(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    kept = np.concatenate([np.flatnonzero(tiny_records.y == 0), np.flatnonzero(tiny_records.y == 1)[:5]])
    records = Records(tiny_records.x[kept], tiny_records.y[kept])
    family = trees(leaf_rows=5)

    sent = family.train(family.start(tiny_preprocessing, seed=1), records, preprocessing=tiny_preprocessing, seed=1)

    assert sent.weights.arrays[LEAVES].any()


def test_where_no_class_has_enough_rows_a_tree_says_nothing(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees(leaf_rows=150)

    sent = family.train(
        family.start(tiny_preprocessing, seed=1), tiny_records, preprocessing=tiny_preprocessing, seed=1
    )

    check_tree(sent.weights, TREES, width=tiny_preprocessing.width, classes=2)
    assert not sent.weights.arrays[LEAVES].any()


def test_alone_a_member_with_one_class_learns_that_there_is_no_other(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    good = Records(tiny_records.x[tiny_records.y == 0], tiny_records.y[tiny_records.y == 0])
    family = trees()

    alone = family.train_alone(
        good, good, preprocessing=tiny_preprocessing, rounds=10, average_last=1, start_seed=1, seed=1
    )

    assert family.predict(alone, good.x, preprocessing=tiny_preprocessing)[:, 0].min() > 0.95


def test_a_family_that_was_given_no_minimum_of_rows_grows_nothing(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = family_of(None, None, TREES)

    with pytest.raises(SettingError, match=r"minimums\.count"):
        family.train(family.start(tiny_preprocessing, seed=1), tiny_records, preprocessing=tiny_preprocessing, seed=1)


def test_trees_that_ask_about_inputs_that_there_are_not_are_not_taken_home(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    start = family.start(tiny_preprocessing, seed=1)
    odd = Weights({**start.arrays, INPUTS: np.full_like(start.arrays[INPUTS], -7)})

    with pytest.raises(WeightsMismatchError, match="inputs that there are not"):
        family.personalise(odd, tiny_records, tiny_records, preprocessing=tiny_preprocessing, seed=1)


def test_a_member_adds_trees_of_its_own_where_the_shared_ones_know_nothing_of_it(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    shared = family.start(tiny_preprocessing, seed=1)

    chosen = family.personalise(
        shared, part(tiny_records, 0, 140), part(tiny_records, 140, 200), preprocessing=tiny_preprocessing, seed=1
    )

    assert chosen.variant is Variant.FINE_TUNED
    assert len(chosen.weights.arrays[INPUTS]) == 1 + TREES.own_trees
    assert chosen.validation_losses[Variant.FINE_TUNED] < chosen.validation_losses[Variant.SHARED]


def test_with_29_validation_rows_the_shared_forest_is_kept(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    shared = family.start(tiny_preprocessing, seed=1)

    chosen = family.personalise(
        shared, part(tiny_records, 0, 140), part(tiny_records, 171, 200), preprocessing=tiny_preprocessing, seed=1
    )

    assert (chosen.variant, chosen.weights) == (Variant.SHARED, shared)


def test_a_member_alone_stops_where_its_validation_rows_stop_gaining(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    turned = Records(tiny_records.x[150:], 1 - tiny_records.y[150:])  # whatever is learned is wrong there

    def grown_alone(validation: Records) -> int:
        weights = family.train_alone(
            part(tiny_records, 0, 150),
            validation,
            preprocessing=tiny_preprocessing,
            rounds=10,
            average_last=1,
            start_seed=1,
            seed=1,
        )
        return len(weights.arrays[INPUTS]) - 1

    assert grown_alone(turned) == 0
    assert grown_alone(part(turned, 0, 20)) == 10  # too few to stop by


def test_temperature_flattens_what_trees_say(tiny_records: Records, tiny_preprocessing: Preprocessing) -> None:
    family = trees()
    forest = boost(family, family.start(tiny_preprocessing, seed=1), tiny_records, tiny_preprocessing, 5)

    sure, less = (
        family.predict(forest, tiny_records.x, preprocessing=tiny_preprocessing, temperature=t) for t in (1.0, 4.0)
    )

    assert sure.max() > less.max() > 0.5
    assert (sure.argmax(axis=1) == less.argmax(axis=1)).all()


def test_rows_of_another_width_and_a_network_in_place_of_trees_are_refused(
    tiny_records: Records, tiny_preprocessing: Preprocessing
) -> None:
    family = trees()
    start = family.start(tiny_preprocessing, seed=1)

    with pytest.raises(RecordsError, match="shape"):
        family.predict(start, tiny_records.x[:, 1:], preprocessing=tiny_preprocessing)
    with pytest.raises(SettingError, match="temperature"):
        family.predict(start, tiny_records.x, preprocessing=tiny_preprocessing, temperature=0.0)
    with pytest.raises(WeightsMismatchError):
        family.check(network().start(tiny_preprocessing, seed=1), tiny_preprocessing)


def test_settings_of_both_families_or_of_none_are_refused() -> None:
    with pytest.raises(SettingError, match="network must be given, or trees in its place, and not both"):
        family_of(NetworkConfig(), None, TREES)
    with pytest.raises(SettingError):
        family_of(None, None, None)


def test_trees_score_without_torch() -> None:
    code = "import sys, models.tree_family; print('torch' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"
