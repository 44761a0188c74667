"""What is made to crash, hang or fill a reader costs no more than its size warrants, and touches nothing but its own file."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, program_environment
from tests.hostile import CASES
from tests.mutants import files
from tests.nasties import NASTIES


@dataclass(frozen=True)
class Budget:
    """What a file may take.

    Attributes:
        free: Processor time whatever its size: that of an ordinary list of so many bytes.
        times: Processor time of each of its bytes, in that of a byte of an ordinary list.
        memory: Bytes whatever its size; twenty times its size are added.
    """

    free: int = 400_000
    times: float = 5
    memory: int = 100_000_000


#: Blocks of one character take their parser of Markdown 20 µs each. A PDF may draw 1 MiB, and ten times its size beside, at 2 µs a
#: byte. A package may hold 300,000 tags and attributes, packed as well as they may be, of which a library makes objects in 5 µs.
_PACKAGE = Budget(free=3_000_000)
BUDGETS = {"md": Budget(times=15), "pdf": Budget(free=5_000_000, times=30), "docx": _PACKAGE, "xlsx": _PACKAGE}


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small notice in every form, by the last suffix."""
    folder = tmp_path_factory.mktemp("harmless")
    found = {}
    for name, data in files().items():
        path = folder / name
        path.write_bytes(data)
        found[path.suffix] = path
    return found


@pytest.mark.slow
@pytest.mark.parametrize("case", NASTIES)
def test_nasty_file(case: str, harmless: dict[str, Path], tmp_path: Path) -> None:
    name, make = NASTIES[case]
    check(tmp_path / name, make(), harmless)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_two_megabytes(case: str, harmless: dict[str, Path], tmp_path: Path) -> None:
    name, make, small = CASES[case]
    check(tmp_path / name, make(small * 2_000_000 // len(make(small))), harmless)


def check(path: Path, data: bytes, harmless: dict[str, Path]) -> None:
    """Parse a file in a process of its own, and look at what that did and took."""
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.confined", str(harmless[path.suffix]), str(path)],
        cwd=ROOT,
        env=program_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["seen"] == []
    budget = BUDGETS.get(path.suffix[1:], Budget())
    assert told["seconds"] <= told["per_megabyte"] * (budget.free + budget.times * len(data)) / 1e6
    assert told["memory"] <= budget.memory + 20 * len(data)
    if "error" in told:
        assert told["error"].startswith(f"{path}: ")
        assert len(told["error"].splitlines()) == 1
