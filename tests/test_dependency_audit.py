"""The audit of dependencies, against a server on this machine that answers as the service of known vulnerabilities does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, program_environment
from tests.web import Handler, Web, respond, serving

pytestmark = pytest.mark.slow
Audit = Callable[..., "subprocess.CompletedProcess[str]"]

KNOWN = {
    "schema_version": "1.6.0",
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2000-0001"],
    "summary": "Reads more than\nit should",
    "published": "2000-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "example-reader", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.3"}]}],
        }
    ],
}
ACCEPTED = '[[accepted]]\npackage = "Example_Reader"\nid = "{}"\nreason = "Not used."\ndate = 2000-02-01\n'


@pytest.fixture
def web() -> Iterator[Web]:
    with serving("127.0.0.1") as server:
        yield server


@pytest.fixture
def audit(web: Web, tmp_path: Path) -> Audit:
    """Run the audit on a lock file, with a server that knows of one package in a version before 1.3."""

    def answer(handler: Handler) -> None:
        query = json.loads(handler.hit.body)
        name, version = query["package"]["name"], query["version"]
        if name == "broken":
            respond("no such thing", 400)(handler)
        else:
            found: dict[str, Any] = {"vulns": [KNOWN]} if name == "example-reader" and version < "1.3" else {}
            respond(json.dumps(found), headers={"Content-Type": "application/json"})(handler)

    service = web.on("/v1/query", answer)

    def call(lock: str, accepted: str = "", url: str = service) -> subprocess.CompletedProcess[str]:
        (tmp_path / "lock.txt").write_text(lock, encoding="utf-8")
        (tmp_path / "accepted.toml").write_text(accepted, encoding="utf-8")
        return subprocess.run(
            [sys.executable, ROOT / "scripts" / "audit.py", "--accepted", "accepted.toml", "lock.txt"],
            cwd=tmp_path,
            env=program_environment(PIP_AUDIT_OSV_URL=url),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


def test_every_release_is_asked_for_whatever_machine_it_is_for(audit: Audit, web: Web) -> None:
    lock = (
        "# made\nexample-reader==1.3 \\\n    --hash=sha256:00\n    # via x\n"
        "other==2.0 ; sys_platform == 'never' \\\n    --hash=sha256:00\nOther==2.1 ; sys_platform != 'never'\n"
    )
    done = audit(lock)
    assert (done.returncode, done.stdout) == (0, "audited: 3 releases, 0 known vulnerabilities, 0 accepted\n")
    asked = [json.loads(hit.body) for hit in web.hits]
    assert {(one["package"]["name"], one["version"]) for one in asked} == {
        ("example-reader", "1.3"),
        ("other", "2.0"),
        ("other", "2.1"),
    }


def test_what_is_known_fails_and_is_told_in_a_line(audit: Audit) -> None:
    done = audit("example-reader==1.2\nother==2.0\n")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "example-reader 1.2: CVE-2000-0001, GHSA-aaaa-bbbb-cccc (fixed in 1.3): Reads more than it should",
        "audited: 2 releases, 1 known vulnerabilities, 0 accepted",
    ]


@pytest.mark.parametrize("known_as", ["GHSA-aaaa-bbbb-cccc", "CVE-2000-0001"])
def test_what_is_accepted_does_not_fail(audit: Audit, known_as: str) -> None:
    done = audit("example-reader==1.2\n", ACCEPTED.format(known_as))
    assert (done.returncode, done.stdout) == (0, "audited: 1 releases, 0 known vulnerabilities, 1 accepted\n")


def test_what_is_accepted_and_gone_is_told(audit: Audit) -> None:
    done = audit("example-reader==1.3\n", ACCEPTED.format("CVE-2000-0001"))
    assert done.returncode == 0
    assert done.stdout.startswith("accepted, but no longer there: Example_Reader CVE-2000-0001\n")


@pytest.mark.parametrize("answer", [None, respond("busy", 503), respond("<html>sign in</html>")])
def test_a_service_that_does_not_answer_is_told_and_does_not_fail(audit: Audit, web: Web, answer: Any) -> None:
    url = web.on("/away", answer or respond(""))
    if answer is None:
        web.stop()
    done = audit("example-reader==1.2\n", url=url)
    assert done.returncode == 0
    assert done.stdout.startswith(f"NOT AUDITED: {url} cannot be reached: ")
    assert len(done.stdout.splitlines()) == 1


def test_a_failure_while_the_service_answers_fails(audit: Audit) -> None:
    done = audit("broken==1.0\n")
    assert done.returncode == 1
    assert done.stdout.startswith("the audit failed: ")


@pytest.mark.parametrize(
    ("lock", "accepted", "message"),
    [
        ("", "", "lock.txt: names no release"),
        ("a==1\n", "[[accepted]\n", "accepted.toml: "),
        (
            "a==1\n",
            '[[accepted]]\npackage = "a"\nid = "b"\n',
            "accepted.toml: an entry has package, id, reason and date",
        ),
        ("a==1\n", ACCEPTED.format("b").replace("Not used.", " "), "accepted.toml: an entry has package, id, reason"),
    ],
)
def test_files_that_cannot_be_used_are_told_in_a_line(audit: Audit, lock: str, accepted: str, message: str) -> None:
    done = audit(lock, accepted)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) == 1
