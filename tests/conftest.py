"""What the tests share: the checkout's places, and the program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def program_environment(**extra: str) -> dict[str, str]:
    """The process's environment, with the checkout's package first and nothing that changes the output."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NOTICEPARSE_")}
    environment.pop("COLUMNS", None)
    return {**environment, "PYTHONPATH": str(ROOT / "src"), **extra}


PROGRAM = [sys.executable, "-m", "noticeparse"]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sample() -> Path:
    return ROOT / "corpus" / "notices" / "sample-mall" / "notice.txt"


@pytest.fixture(scope="session")
def run() -> Run:
    """Run the program in a process of its own; gives its exit status and the bytes of both streams."""

    def call(
        *arguments: str | Path,
        input: bytes = b"",
        cwd: Path = ROOT,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            input=input,
            cwd=cwd,
            env=program_environment(**(env or {})),
            capture_output=True,
            timeout=120,
            check=False,
        )

    return call
