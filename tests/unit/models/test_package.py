import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import Contract
from data_contracts.statistics import describe
from models.configs import NetworkConfig, TreesConfig
from models.errors import PackageError, SettingError
from models.package import ModelPackage
from models.prediction import initial_weights
from models.preprocessing import fit_preprocessing
from models.scoring import score_frame
from models.trees import prior_tree

NETWORK = NetworkConfig(width=8, blocks=1)


@pytest.fixture
def package(print_contract: Contract, print_frame: pd.DataFrame) -> ModelPackage:
    """An untrained model of the shipped contract; thresholds that no short decimal writes exactly."""
    preprocessing = fit_preprocessing(print_contract, describe(print_frame, print_contract, minimum_count=5), bins=4)
    return ModelPackage(
        contract=print_contract,
        preprocessing=preprocessing,
        network=NETWORK,
        weights=initial_weights(preprocessing, NETWORK, seed=1),
        temperature=2.0**0.1,
        threshold=0.1 + 0.2,
        variant="shared",
        name="print-defect",
        version=None,
        run_id="run-1",
    )


def test_a_package_comes_back_as_it_was_saved(package: ModelPackage, tmp_path: Path) -> None:
    package.save(tmp_path / "model")

    back = ModelPackage.load(tmp_path / "model")

    assert all(getattr(back, f.name) == getattr(package, f.name) for f in fields(package))
    assert back.contract.source == package.contract.source


def test_trees_come_back_as_they_were_saved_and_score_rows(
    package: ModelPackage, print_frame: pd.DataFrame, tmp_path: Path
) -> None:
    trees = TreesConfig(depth=2)
    forest = prior_tree(trees, package.preprocessing.class_shares)
    grown = replace(package, network=None, trees=trees, weights=forest)
    grown.save(tmp_path / "model")

    back = ModelPackage.load(tmp_path / "model")

    assert (back.network, back.trees, back.weights) == (None, trees, forest)
    odds = np.array(package.preprocessing.class_shares) ** (1 / back.temperature)
    assert score_frame(back, print_frame.head(3)).score.tolist() == pytest.approx([odds[1] / odds.sum()] * 3)


def test_a_package_of_both_families_or_of_none_is_refused(package: ModelPackage) -> None:
    with pytest.raises(SettingError, match="not both"):
        replace(package, trees=TreesConfig())
    with pytest.raises(SettingError, match="not both"):
        replace(package, network=None)


def test_a_package_from_before_there_were_trees_is_read(package: ModelPackage, tmp_path: Path) -> None:
    package.save(tmp_path / "model")
    path = tmp_path / "model" / "model.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    del described["trees"]
    path.write_text(json.dumps(described), encoding="utf-8")

    assert ModelPackage.load(tmp_path / "model").network == NETWORK


def test_a_package_is_three_readable_files_and_no_pickle(package: ModelPackage, tmp_path: Path) -> None:
    package.save(tmp_path / "model")

    assert sorted(p.name for p in tmp_path.rglob("*")) == [
        "contract.odcs.yaml",
        "model",
        "model.json",
        "model.safetensors",
    ]
    described = json.loads((tmp_path / "model" / "model.json").read_text(encoding="utf-8"))
    assert described["weights_sha256"] == package.weights.sha256()
    assert described["contract"]["reference"] == "print-defect@1.0.0"


def test_saving_again_replaces_the_package_whole(package: ModelPackage, tmp_path: Path) -> None:
    package.save(tmp_path / "model")
    (tmp_path / "model" / "stray").touch()

    replace(package, version="2").save(tmp_path / "model")

    assert ModelPackage.load(tmp_path / "model").version == "2"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model"]
    assert not (tmp_path / "model" / "stray").exists()


def test_saving_over_something_else_is_refused_and_changes_nothing(package: ModelPackage, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")

    with pytest.raises(PackageError, match="is not a model package"):
        package.save(tmp_path)
    with pytest.raises(PackageError, match="is not a model package"):
        package.save(tmp_path / "diary.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize("name", ["model.safetensors", "model.json", "contract.odcs.yaml"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_or_missing_file_is_noticed(package: ModelPackage, tmp_path: Path, name: str, damage: str) -> None:
    package.save(tmp_path / "model")
    path = tmp_path / "model" / name
    data = bytearray(path.read_bytes())
    if damage == "remove":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[-9] ^= 1  # inside the last array, a hash, or the last label
        path.write_bytes(data)

    with pytest.raises(PackageError):
        ModelPackage.load(tmp_path / "model")


def test_exchanged_weights_are_noticed_with_both_hashes(package: ModelPackage, tmp_path: Path) -> None:
    package.save(tmp_path / "model")
    initial_weights(package.preprocessing, NETWORK, seed=2).save(tmp_path / "model" / "model.safetensors")

    with pytest.raises(PackageError, match=r"model\.safetensors has hash [0-9a-f]{12}\.\.\., but model\.json says"):
        ModelPackage.load(tmp_path / "model")


def test_a_package_of_a_later_format_asks_for_an_update(package: ModelPackage, tmp_path: Path) -> None:
    package.save(tmp_path / "model")
    path = tmp_path / "model" / "model.json"
    path.write_text(path.read_text(encoding="utf-8").replace("pumasi-model/1", "pumasi-model/9"), encoding="utf-8")

    with pytest.raises(PackageError, match="another format than pumasi-model/1"):
        ModelPackage.load(tmp_path / "model")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"nowhere is no model package: model\.json cannot be read"):
        ModelPackage.load(tmp_path / "nowhere")


def test_preprocessing_of_another_contract_is_refused(package: ModelPackage) -> None:
    other = replace(package.preprocessing, contract_sha256="1" * 64)

    with pytest.raises(PackageError, match="made for another text of print-defect"):
        replace(package, preprocessing=other)


@pytest.mark.parametrize("setting", [{"temperature": 0.0}, {"threshold": 1.5}, {"threshold": float("nan")}])
def test_impossible_numbers_are_refused(package: ModelPackage, setting: dict[str, float]) -> None:
    with pytest.raises(PackageError, match="temperature above 0 and a threshold from 0 to 1"):
        replace(package, **setting)  # type: ignore[arg-type]
