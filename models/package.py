"""ModelPackage: a trained model as a folder that explains itself; arrays and JSON, never pickle.

::

    model.safetensors      the weights
    model.json             everything else: preprocessing, network or trees, temperature, threshold, names, hashes
    contract.odcs.yaml     the contract the model was made for, byte for byte
"""

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from data_contracts.contract import Contract, parse_contract
from data_contracts.errors import ContractError
from models.configs import NetworkConfig, TreesConfig, check_one_family
from models.errors import ModelsError, PackageError
from models.family import Family, family_of
from models.preprocessing import Preprocessing
from models.weights import Weights

FORMAT = "pumasi-model/1"
WEIGHTS_FILE, MODEL_FILE, CONTRACT_FILE = "model.safetensors", "model.json", "contract.odcs.yaml"


@dataclass(frozen=True, eq=False)
class ModelPackage:
    """Everything needed to score new rows, and to say where the model comes from.

    Attributes:
        contract: what a record is.
        preprocessing: of the run.
        network: size of the network; None where the model is trees.
        weights: the parameters, or the trees.
        temperature: divides the logits; fitted on validation rows, 1 leaves them alone.
        threshold: probability of a defect from which a row is called one. A training run sets it to the share of
            defects among the members' rows, `Preprocessing.defect_share`, so that a row is called out when its risk is
            above the average one; a member's own costs may move it.
        variant: which weights these are: shared, fine-tuned or mean.
        name: the model's registered name.
        version: its version in the registry, or None before it has one.
        run_id: the training run it comes from.
        trees: how the trees were grown; None where the model is a network.
    """

    contract: Contract
    preprocessing: Preprocessing
    network: NetworkConfig | None
    weights: Weights
    temperature: float
    threshold: float
    variant: str
    name: str
    version: str | None
    run_id: str
    trees: TreesConfig | None = None

    def __post_init__(self) -> None:
        check_one_family(self.network, self.trees)
        if not self.temperature > 0 or not 0 <= self.threshold <= 1:
            text = f"got temperature {self.temperature!r} and threshold {self.threshold!r}"
            raise PackageError(f"A package needs a temperature above 0 and a threshold from 0 to 1, {text}.")
        if self.preprocessing.contract_sha256 != self.contract.sha256:
            made, given = self.preprocessing.contract, self.contract.reference
            raise PackageError(
                f"The preprocessing was made for another text of {made} than the contract {given} given."
            )

    @property
    def family(self) -> Family:
        """The family of models that it is of, to score rows with."""
        return family_of(self.network, None, self.trees)

    def save(self, folder: Path) -> None:
        """Write the folder in one step: a reader sees the old package, none, or the new one, never a part.

        Args:
            folder: where; a package that is there already is replaced.

        Raises:
            PackageError: something is there that is not a package.
        """
        if folder.exists() and not (folder / MODEL_FILE).is_file() and (not folder.is_dir() or any(folder.iterdir())):
            raise PackageError(f"{folder} exists and is not a model package. Name another folder; nothing was changed.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as workspace:
            fresh, stale = Path(workspace) / "fresh", Path(workspace) / "stale"
            fresh.mkdir()
            self._write(fresh)
            if folder.exists():
                folder.rename(stale)
            fresh.rename(folder)

    def _write(self, folder: Path) -> None:
        self.weights.save(folder / WEIGHTS_FILE)
        (folder / CONTRACT_FILE).write_bytes(self.contract.source.encode())
        (folder / MODEL_FILE).write_text(
            json.dumps(self._description(), indent=2, sort_keys=True, ensure_ascii=False), encoding="utf-8"
        )

    def _description(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "run_id": self.run_id,
            "variant": self.variant,
            "contract": {"reference": self.contract.reference, "sha256": self.contract.sha256},
            "network": None if self.network is None else asdict(self.network),
            "trees": None if self.trees is None else asdict(self.trees),
            "preprocessing": json.loads(self.preprocessing.to_json()),
            "temperature": self.temperature,
            "threshold": self.threshold,
            "weights_sha256": self.weights.sha256(),
        }

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder that :meth:`save` wrote, and check every hash.

        Raises:
            PackageError: a file is missing, damaged or does not belong to the others.
        """
        try:
            description = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
            contract = (folder / CONTRACT_FILE).read_bytes()
            weights = Weights.load(folder / WEIGHTS_FILE)
            _check(description, contract, weights, folder)
            return cls(
                contract=parse_contract(contract.decode()),
                preprocessing=Preprocessing.from_json(json.dumps(description["preprocessing"])),
                network=NetworkConfig(**description["network"]) if description["network"] else None,
                trees=TreesConfig(**description["trees"]) if description.get("trees") else None,
                weights=weights,
                **{key: description[key] for key in _PLAIN},
            )
        except PackageError:
            raise
        except OSError as error:
            name = Path(error.filename).name if error.filename else "a file"
            raise PackageError(
                f"{folder} is no model package: {name} cannot be read. Fetch the model again."
            ) from error
        except (ModelsError, ContractError, ValueError, KeyError, TypeError) as error:
            raise PackageError(f"The model package {folder} is damaged. Fetch the model again.") from error


_PLAIN = ("temperature", "threshold", "variant", "name", "version", "run_id")


def _check(description: dict[str, Any], contract: bytes, weights: Weights, folder: Path) -> None:
    """Refuse files that do not belong together."""
    if description["format"] != FORMAT:
        raise PackageError(f"{folder / MODEL_FILE} has another format than {FORMAT}. Update the program or the model.")
    found = {
        WEIGHTS_FILE: (weights.sha256(), description["weights_sha256"]),
        CONTRACT_FILE: (hashlib.sha256(contract).hexdigest(), description["contract"]["sha256"]),
    }
    for name, (got, expected) in found.items():
        if got != expected:
            text = f"{folder / name} has hash {got[:12]}..., but {MODEL_FILE} says {str(expected)[:12]}..."
            raise PackageError(f"{text}: damaged or exchanged. Fetch the model again.")
