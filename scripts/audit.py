"""Asks a service of known vulnerabilities about every release that the lock files name; pip-audit does the asking.

    python scripts/audit.py [--accepted FILE] [LOCK ...]

Exit status 0 where nothing is known but what ``requirements/accepted.toml`` explains, and where the service cannot be reached:
then nothing was audited, and a line says so. 1 where something else is known, or the audit itself fails; 2 for wrong usage.
``PIP_AUDIT_OSV_URL`` names another service that answers as OSV does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
SERVICE = os.environ.get("PIP_AUDIT_OSV_URL") or "https://api.osv.dev/v1/query"
_SECONDS = 20
_PIN_REGEX = re.compile(r"^([A-Za-z0-9][\w.-]*)==([\w.!+-]+)", re.M)


class UsageError(ValueError):
    """A file cannot be used; the message names it and the cause."""


@dataclass(frozen=True)
class Accepted:
    """A vulnerability that is known and accepted: of which package, under which id, why, and since when."""

    package: str
    id: str
    reason: str
    date: date


@dataclass(frozen=True)
class Known:
    """A vulnerability that the service knows of a release."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed: tuple[str, ...]
    summary: str

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed)}" if self.fixed else "not fixed"
        return f"{self.package} {self.version}: {', '.join(self.ids)} ({fixed}): {self.summary[:160]}"

    def is_meant_by(self, accepted: Accepted) -> bool:
        """Whether an entry is about this one."""
        return canonical(accepted.package) == canonical(self.package) and accepted.id in self.ids


def canonical(name: str) -> str:
    """A package's name as the registry compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(paths: Iterable[Path]) -> set[tuple[str, str]]:
    """The releases that lock files name, whatever machine each is for.

    Raises:
        UsageError: A file cannot be read, or names none.
    """
    pins: set[tuple[str, str]] = set()
    for path in paths:
        try:
            found = _PIN_REGEX.findall(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: {error}") from error
        if not found:
            raise UsageError(f"{path}: names no release")
        pins.update((canonical(name), version) for name, version in found)
    return pins


def read_accepted(path: Path) -> list[Accepted]:
    """The entries of a file of accepted vulnerabilities.

    Raises:
        UsageError: It cannot be read, or an entry lacks its reason, its date or what it is about.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("accepted", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    try:
        accepted = [Accepted(**entry) for entry in entries]
    except TypeError as error:
        raise UsageError(f"{path}: an entry has package, id, reason and date: {error}") from error
    for one in accepted:
        if not (one.package and one.id and one.reason.strip() and isinstance(one.date, date)):
            raise UsageError(f"{path}: an entry has package, id, reason and date: {one.package or one.id}")
    return accepted


def why_silent() -> str | None:
    """Why the service does not answer; ``None`` where it does."""
    query = {"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "26.0"}
    try:
        response = requests.post(SERVICE, json=query, timeout=_SECONDS)
    except requests.RequestException as error:
        return type(error).__name__
    if response.status_code != requests.codes.ok:
        return f"status {response.status_code}"
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        answer = None
    return None if isinstance(answer, dict) else "the answer is no JSON object"


def rounds(pins: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Requirements in as few lists as there can be with no package twice in one: pip-audit takes no more."""
    rest = sorted(pins)
    while rest:
        taken = dict(reversed(rest))
        yield [f"{name}=={version}" for name, version in sorted(taken.items())]
        rest = [(name, version) for name, version in rest if taken[name] != version]


def ask(requirements: list[str]) -> tuple[list[Known] | None, str]:
    """What is known of some releases, or ``None`` and pip-audit's last words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requirements.txt"
        path.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--osv-url", SERVICE]
        command += ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]
        command += ["--timeout", str(_SECONDS), "--requirement", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603 # no shell, own words
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return None, (done.stderr.strip().splitlines() or ["no output"])[-1]
    audited = [one for one in dependencies if "version" in one]
    if len(audited) != len(requirements):
        return None, f"{len(requirements) - len(audited)} releases were left out"
    known = [
        Known(one["name"], one["version"], (v["id"], *sorted(v["aliases"])), tuple(v["fix_versions"]), v["description"])
        for one in audited
        for v in one["vulns"]
    ]
    return known, ""


def audit(locks: list[Path], accepted: list[Accepted]) -> int:
    """Ask, print what is known, and give the exit status."""
    pins = read_pins(locks)
    found: list[Known] = []
    for requirements in rounds(pins):
        known, words = ask(requirements)
        if known is None:
            silent = why_silent()
            if silent:
                print(f"NOT AUDITED: {SERVICE} cannot be reached: {silent}")
                return 0
            known, words = ask(requirements)  # it does answer, perhaps again
        if known is None:
            print(f"the audit failed: {words}")
            return 1
        found += known
    unexplained = [one for one in found if not any(one.is_meant_by(entry) for entry in accepted)]
    for one in unexplained:
        print(one)
    for entry in accepted:
        if not any(one.is_meant_by(entry) for one in found):
            print(f"accepted, but no longer there: {entry.package} {entry.id}")
    print(
        f"audited: {len(pins)} releases, {len(unexplained)} known vulnerabilities, {len(found) - len(unexplained)} accepted"
    )
    return 1 if unexplained else 0


def main() -> int:
    """Run as a program."""
    folder = ROOT / "requirements"
    parser = argparse.ArgumentParser(description="Ask for known vulnerabilities of what the lock files name.")
    parser.add_argument("--accepted", type=Path, default=folder / "accepted.toml")
    parser.add_argument("locks", type=Path, nargs="*", metavar="LOCK")
    options = parser.parse_args()
    try:
        locks = options.locks or [folder / f"{name}.txt" for name in ("build", "lock", "lowest")]
        return audit(locks, read_accepted(options.accepted))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
