"""What is made to crash, hang or fill a reader costs no more than its size warrants, and touches nothing but its own file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, program_environment
from tests.nasties import NASTIES

#: Processor time that a file may take, in that of an ordinary list: of so many bytes whatever it is, and for each of its own.
FREE_BYTES = 400_000
TIMES = 5
#: Memory that it may take.
FREE_MEMORY = 100_000_000
MEMORY_TIMES = 20


@pytest.mark.slow
@pytest.mark.parametrize("case", NASTIES)
def test_nasty_file(case: str, tmp_path: Path) -> None:
    name, make = NASTIES[case]
    path = tmp_path / name
    data = make()
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.confined", str(path)],
        cwd=ROOT,
        env=program_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["seen"] == []
    assert told["seconds"] <= told["per_megabyte"] * (FREE_BYTES + TIMES * len(data)) / 1e6
    assert told["memory"] <= FREE_MEMORY + MEMORY_TIMES * len(data)
    if "error" in told:
        assert told["error"].startswith(f"{path}: ")
        assert len(told["error"].splitlines()) == 1
