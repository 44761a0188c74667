"""The lock files hold what pyproject.toml asks for, at its newest and at its oldest, each release with its hashes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT
from tests.test_packaging import PROJECT

LOCKS = ("build", "lock", "lowest")
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
USERS = [*PROJECT["dependencies"], *(one for name, extra in EXTRAS.items() if name != "test" for one in extra)]
EVERYTHING = [*USERS, *EXTRAS["test"]]
MACHINES = [
    {"python_version": version, "python_full_version": f"{version}.{patch}", "sys_platform": name, "os_name": os_name}
    for version, patch in (("3.11", 0), ("3.11", 9), ("3.12", 0), ("3.13", 2), ("3.14", 0))
    for name, os_name in (("linux", "posix"), ("darwin", "posix"), ("win32", "nt"))
]


@dataclass(frozen=True)
class Pin:
    """One release of a lock file, and its hashes."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> Version:
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "=="
        return Version(specifier.version)


def locked(name: str) -> dict[str, list[Pin]]:
    pins: defaultdict[str, list[Pin]] = defaultdict(list)
    for line in entries(ROOT / "requirements" / f"{name}.txt"):
        words, *hashes = re.split(r"\s+--hash=", line)
        requirement = Requirement(words)
        pins[canonicalize_name(requirement.name)].append(Pin(requirement, tuple(hashes)))
    return pins


def entries(path: Path) -> Iterator[str]:
    """The lines of a lock file without comments, those joined that a backslash carries on."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text("utf-8"), flags=re.M)
    yield from filter(None, map(str.strip, re.sub(r"\\\n", " ", text).splitlines()))


@pytest.mark.parametrize("name", LOCKS)
def test_every_release_is_pinned_with_hashes(name: str) -> None:
    pins = [pin for some in locked(name).values() for pin in some]
    assert len(pins) >= 8
    for pin in pins:
        assert pin.version
        assert pin.requirement.url is None
        assert pin.hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in pin.hashes)


@pytest.mark.parametrize("name", LOCKS)
def test_no_place_of_the_machine_that_made_it_is_in_it(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"://|^-|(?<![\w.])/\w", text, re.M)


@pytest.mark.parametrize("wanted", EVERYTHING)
def test_the_lock_meets_every_bound_on_every_machine(wanted: str) -> None:
    requirement = Requirement(wanted)
    pins = locked("lock")[canonicalize_name(requirement.name)]
    assert pins, "not locked: run scripts/lock"
    for machine in MACHINES:
        if requirement.marker is None or requirement.marker.evaluate(machine):
            [pin] = [one for one in pins if one.requirement.marker is None or one.requirement.marker.evaluate(machine)]
            assert requirement.specifier.contains(pin.version, prereleases=True), "run scripts/lock"


@pytest.mark.parametrize("wanted", USERS)
def test_the_lowest_lock_holds_the_lowest_bound_itself(wanted: str) -> None:
    requirement = Requirement(wanted)
    [lowest] = [Version(one.version) for one in requirement.specifier if one.operator == ">="]
    pins = locked("lowest")[canonicalize_name(requirement.name)]
    assert [pin.version for pin in pins] == [lowest], "run scripts/lock; a bound that is no release is not honest"


def test_what_is_installed_first_is_of_the_same_releases() -> None:
    lock = locked("lock")
    for name, pins in locked("build").items():
        if name in lock:
            assert {pin.version for pin in pins} == {pin.version for pin in lock[name]}
