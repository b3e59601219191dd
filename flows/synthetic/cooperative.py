"""The synthetic cooperative: six factories with their files, and as many more as are wanted."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from flows.synthetic.draw import draw_habits
from flows.synthetic.export_and_sheets import MANY_SHEETS, MODERN, SEMICOLONS
from flows.synthetic.factories import FACTORIES, draw_process
from flows.synthetic.files import write_file
from flows.synthetic.habits import FileHabits
from flows.synthetic.hand_and_mes import BY_HAND, ERP_EXPORT, OLD_MES
from flows.synthetic.process import Process, simulate
from flows.synthetic.surroundings import surround
from flows.synthetic.truth import Truth

CONTRACT = "plating-defect"
SIX: tuple[tuple[Process, FileHabits], ...] = tuple(
    zip(FACTORIES, (BY_HAND, OLD_MES, ERP_EXPORT, SEMICOLONS, MANY_SHEETS, MODERN), strict=True)
)
README = "README.txt"
_README_TEXT = """\
SYNTHETIC DATA 합성 데이터

Everything in this folder was invented by a program (`pumasi sandbox files`): factories, people, numbers.
Nothing was measured. The formulas are plausible inventions and prove nothing about real plating lines.
이 폴더의 공장, 사람, 숫자는 모두 프로그램이 지어낸 것이며 실측값이 아닙니다.

factory-*/    the file that each invented factory sends
truth/        what the files really say: which column is which, and which cells were damaged on purpose
seed: {seed}
"""


@dataclass(frozen=True)
class SyntheticFile:
    """One invented factory's file.

    Attributes:
        member: The factory's id, such as ``factory-1``.
        path: The file.
        truth: What is true about it.
    """

    member: str
    path: Path
    truth: Truth


def write_member(number: int, folder: Path, seed: int) -> SyntheticFile:
    """Write one factory's file.

    Args:
        number: Which factory, counted from 1; those above six are drawn at random.
        folder: Where the file goes; made when it is new.
        seed: Seed of the whole cooperative.
    """
    rng = np.random.default_rng([seed, number])
    process, habits = _factory(number, rng)
    member = f"factory-{number}"
    truth = write_file(habits, make_lots(process, rng), folder, rng, seed=seed, factory=member)
    return SyntheticFile(member, folder / habits.name, truth)


def write_cooperative(folder: Path, members: int, seed: int) -> tuple[SyntheticFile, ...]:
    """Write the files of a cooperative, the truth about them, and a note that all of it is invented.

    Args:
        folder: Where they go: ``factory-1/…``, ``truth/factory-1.json``, ``README.txt``.
        members: How many factories.
        seed: The same seed gives the same bytes.
    """
    made = tuple(write_member(number, folder / f"factory-{number}", seed) for number in range(1, members + 1))
    for one in made:
        one.truth.save(folder / "truth" / f"{one.member}.json")
    (folder / README).write_text(_README_TEXT.format(seed=seed), encoding="utf-8")
    return made


def write_drawn(folder: Path, seed: int) -> SyntheticFile:
    """Write one small file whose factory and habits are all drawn from the seed.

    Args:
        folder: Where the file goes.
        seed: Seed of everything about it.
    """
    rng = np.random.default_rng([seed, 0])
    process = draw_process(int(rng.integers(60, 201)), rng)
    habits = draw_habits(rng)
    truth = write_file(habits, make_lots(process, rng), folder, rng, seed=seed, factory=f"drawn-{seed}")
    return SyntheticFile(f"drawn-{seed}", folder / habits.name, truth)


def make_lots(process: Process, rng: np.random.Generator) -> pd.DataFrame:
    """Return a factory's lots with everything that its file may hold."""
    lots = simulate(process, rng)
    return pd.concat([lots, surround(lots, rng)], axis=1)


def _factory(number: int, rng: np.random.Generator) -> tuple[Process, FileHabits]:
    if number <= len(SIX):
        return SIX[number - 1]
    return draw_process(int(rng.integers(300, 1500)), rng), draw_habits(rng)
