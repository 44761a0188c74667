"""A run over 300 sources on 30 loopback hosts that misbehave in every way that fetching has an answer to.

Run it from the checkout: ``python -m benchmarks.fetch_show``. It needs the test dependencies and, for the pages that a
script fills, a Chromium. It prints figures and fails where a promise is broken:

- every source is accounted for, with the outcome that its server was made to give;
- no host is asked faster than allowed, by the servers' own log;
- requests come at 90 % of the allowed rate or more;
- memory stays small, also with decompression bombs among the pages;
- the same run, killed and interrupted again and again and resumed, asks for nothing that it had a result for;
- a second run makes no new version.
"""

from __future__ import annotations

import json
import os
import random
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import trustme

from noticeparse.fetch.render import BrowserError, find_chromium
from noticeparse.fetch.store import Store
from tests.web import (
    NOTICE_TEXT,
    Action,
    Hit,
    Web,
    bomb,
    conditional,
    drip,
    html,
    in_turn,
    redirect,
    reset,
    respond,
    serving,
    silent,
    truncated,
)

HOSTS = [f"127.0.0.{number}" for number in range(2, 32)]
EACH = 10
DELAY = 0.5
TIMEOUT, DEADLINE, MAX_BYTES = 1.0, 2.0, 1 << 20
ARGUMENTS = (
    *("--allow-private", "--delay", DELAY, "--jobs", 30, "--timeout", TIMEOUT, "--deadline", DEADLINE),
    *("--max-bytes", MAX_BYTES, "--retries", 2, "--contact", "benchmark@example.org"),
)
BIG5 = "第三方SDK目錄\n合作夥伴：示例推送\n收集個人資料：裝置型號\n"
FILL = "fetch('/data.json').then(r => r.json()).then(d => { document.getElementById('app').innerHTML = d.html })"
SHELL = "<html><body><div id=app></div><script src='/app.js'></script></body></html>"

Behaviour = Callable[[Web, str, str, str], str]
"""Sets a source's path up on a host, and gives the outcome that it must have."""


def plain(action: Callable[[str], Action], outcome: str = "ok") -> Behaviour:
    def behave(web: Web, host: str, path: str, text: str) -> str:
        web.on(path, action(text), host=host)
        return outcome

    return behave


def hop(target: Callable[[Web, str, str], str], outcome: str, status: int = 302) -> Behaviour:
    """A redirect to somewhere."""

    def behave(web: Web, host: str, path: str, text: str) -> str:
        web.on(f"{path}/end", respond(html(text)), host=host)
        web.on(path, redirect(target(web, host, path), status), host=host)
        return outcome

    return behave


PROMPT: tuple[Behaviour, ...] = (
    plain(lambda text: respond(html(text))),
    plain(lambda text: conditional(html(text))),
    plain(lambda text: respond(html(text).encode("gb18030"), kind="text/html; charset=gb2312")),
    plain(lambda text: respond(html(text).encode("gb18030"), kind="text/html; charset=utf-8")),
    plain(lambda text: respond(html(text).encode("utf-16"), kind="text/html; charset=gbk")),
    plain(lambda _: respond(html(BIG5, head='<meta charset="big5">').encode("big5"), kind="text/html")),
    hop(lambda web, host, path: f"{path}/end", "ok", 301),
    hop(lambda web, host, path: path, "redirect"),
    hop(lambda web, host, path: "http://224.0.0.1/", "blocked_address"),
    hop(lambda web, host, path: "file:///etc/passwd", "redirect"),
    hop(lambda web, host, path: f"http://{'a' * 70}.example/", "dns"),
    hop(lambda web, host, path: f"https://127.0.0.1:{TLS_PORT[0]}/", "tls"),
    plain(lambda _: respond("gone", 410), "http_error"),
    plain(lambda _: respond(b"x" * (2 * MAX_BYTES)), "too_large"),
    plain(lambda _: BOMB, "too_large"),
    plain(lambda _: respond("no gzip", headers={"Content-Encoding": "gzip"}), "undecodable"),
    plain(lambda _: respond(html("请完成安全验证后继续访问")), "challenge"),
    plain(lambda _: respond("<input type=password>"), "login"),
    plain(lambda _: respond("no", 401), "login"),
    plain(lambda _: respond(html("今日天气晴")), "not_a_notice"),
    plain(lambda _: respond(b"\x89PNG\r\n\x1a\n" + b"\0" * 999, kind="text/html"), "unsupported_type"),
    plain(lambda _: respond('{"code": 0}'), "unsupported_type"),
    plain(lambda _: respond(" \n"), "empty"),
)
SLOW: tuple[Behaviour, ...] = (
    plain(lambda _: drip(0.1), "timeout"),
    plain(lambda _: drip(0.1, of="header"), "timeout"),
    plain(lambda _: silent(5.0), "timeout"),
    plain(lambda text: in_turn(respond("busy", 429, {"Retry-After": "1"}), respond(html(text)))),
    plain(lambda text: in_turn(respond("busy", 503), respond(html(text)))),
    plain(lambda _: respond("broken", 500), "http_error"),
    plain(lambda text: in_turn(reset(), respond(html(text)))),
    plain(lambda text: in_turn(truncated(b"half"), respond(html(text)))),
    plain(lambda _: reset(), "connection"),
)
TLS_PORT = [0]
BOMB = bomb(1024)
SLOW_HOSTS = HOSTS[:8]
RENDERED_HOST, CLOSED_HOST = HOSTS[8], HOSTS[9]
PROMPT_HOSTS = HOSTS[8:]


def set_up(web: Web, sources: Path, *, rendering: bool) -> dict[str, str]:
    """Give every host its ten sources; gives the outcome that each must have."""
    expected: dict[str, str] = {}
    rows = ["app_id,name,url"]
    turns: dict[str, Iterator[Behaviour]] = {"slow": cycle(SLOW), "prompt": cycle(PROMPT)}
    for host in HOSTS:
        for number in range(EACH):
            path = f"/{host}/{number}"
            if host == CLOSED_HOST and number % 2:
                path = f"/closed{path}"
                web.on(path, respond(html()), host=host)
                outcome = "robots"
            elif host == RENDERED_HOST and number == 0:
                web.on(path, respond(SHELL), host=host)
                outcome = "ok" if rendering else "needs_rendering"
            else:
                slow = host in SLOW_HOSTS and number % 2
                outcome = next(turns["slow" if slow else "prompt"])(web, host, path, f"{NOTICE_TEXT}\n{path}\n")
            expected[web.url(path, host)] = outcome
            rows.append(f"app-{len(rows)},应用{len(rows)},{web.url(path, host)}")
    web.on("/robots.txt", respond("User-agent: *\nDisallow: /closed/\n", kind="text/plain"))
    web.on("/app.js", respond(FILL, kind="text/javascript"))
    web.on("/data.json", respond(json.dumps({"html": html()}), kind="application/json"))
    sources.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return expected


def cycle(behaviours: tuple[Behaviour, ...]) -> Iterator[Behaviour]:
    while True:
        yield from behaviours


@contextmanager
def misbehaving() -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serving(*HOSTS) as web, serving("127.0.0.1", tls=context) as untrusted:
        TLS_PORT[0] = untrusted.port
        yield web


def start(sources: Path, store: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "noticeparse", "fetch", sources, "--store", store, *ARGUMENTS, *more]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def peak_memory(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process; the most memory that it had resident, in MiB, the browser's processes aside."""
    peak = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        except OSError:
            break
        peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        time.sleep(0.1)
    process.wait()
    return peak / 1024


def by_host(hits: list[Hit]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    for hit in hits:
        times[hit.host].append(hit.time)
    return times


def results(store: Path) -> dict[str, str]:
    with Store(store) as opened:
        assert opened.verify() == []
        rows = opened.fetches(run=1)
        assert len({row["source"] for row in rows}) == len(rows), "a source has two results in one run"
        return {row["url"]: row["outcome"] for row in rows}


def whole_run(folder: Path, *, rendering: bool) -> None:
    with misbehaving() as web:
        expected = set_up(web, folder / "sources.csv", rendering=rendering)
        begun = time.monotonic()
        process = start(folder / "sources.csv", folder / "whole")
        memory = peak_memory(process)
        seconds = time.monotonic() - begun
        assert process.returncode == 1
        print((process.stdout.read() if process.stdout else b"").decode().split("\n\n")[0].splitlines()[-1])
        found = results(folder / "whole")
        wrong = {url: (found.get(url), outcome) for url, outcome in expected.items() if found.get(url) != outcome}
        assert not wrong, wrong
        print(f"accounted for: {len(found)} of {len(expected)} sources on {len(HOSTS)} hosts, all as they must be:")
        print("  " + ", ".join(f"{outcome} {count}" for outcome, count in Counter(found.values()).most_common()))
        told_rate(list(web.hits), seconds)
        print(
            f"peak memory: {memory:.0f} MiB, with {sum(o == 'too_large' for o in expected.values())} answers too large, "
            "among them bombs of 1 GiB"
        )
        assert memory < 250
        before = len(web.hits)
        process = start(folder / "sources.csv", folder / "whole")
        peak_memory(process)
        with Store(folder / "whole") as opened:
            again = opened.fetches(run=2)
        new = sum(row["new_version"] for row in again)
        # What was busy at first is so no more; those that came at the second try were versions already.
        print(
            f"a second run: {len(again)} sources, {new} new versions, "
            f"{sum(row['outcome'] == 'not_modified' for row in again)} not modified, {len(web.hits) - before} requests"
        )
        assert new == 0


def told_rate(hits: list[Hit], seconds: float) -> None:
    times = by_host(hits)
    gaps = [later - earlier for host in times.values() for earlier, later in pairwise(sorted(host))]
    print(
        f"requests: {len(hits)} in {seconds:.1f} s; least time between two to one host {min(gaps):.3f} s, allowed {DELAY} s"
    )
    assert min(gaps) >= DELAY, "a host was asked faster than allowed"
    counts = {host: len(times[host]) - 1 for host in PROMPT_HOSTS if host != RENDERED_HOST}
    spans = {host: max(times[host]) - min(times[host]) for host in counts}
    rate = sum(count / spans[host] for host, count in counts.items())
    allowed = len(counts) / DELAY
    print(
        f"rate, {len(counts)} hosts that answer at once: {rate:.1f} requests/s of {allowed:.1f} allowed ({rate / allowed:.1%})"
    )
    assert rate >= 0.9 * allowed
    slow = [host for host in HOSTS if host not in counts]
    worst = max(max(times[host]) - min(times[host]) for host in slow)
    print(
        f"the other {len(slow)} hosts drip, hang, break off or ask for patience; the last of them was done after {worst:.1f} s"
    )


def broken_run(folder: Path, *, rendering: bool) -> None:
    chance = random.Random(7)
    with misbehaving() as web:
        expected = set_up(web, folder / "sources.csv", rendering=rendering)
        store = folder / "broken"
        ends = [signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGTERM, signal.SIGKILL]
        repeated = 0
        had: set[str] = set()
        for number, end in enumerate([*ends, None]):
            mark = len(web.hits)
            process = start(folder / "sources.csv", store, "--resume")
            if end is None:
                process.communicate()
            else:
                time.sleep(1.2 + chance.uniform(0.3, 1.5))
                process.send_signal(end)
                process.communicate()
            asked = {web.url(hit.path, hit.host) for hit in web.hits[mark:]}
            repeated += len(asked & had)
            found = results(store)
            had = set(found)
            name = end.name if end else "to the end"
            print(f"  {number + 1}. {name}: {len(found)} of {len(expected)} sources have a result; the store is whole")
        assert repeated == 0, f"{repeated} sources with a result were asked again"
        wrong = {
            url: (found.get(url), outcome)
            for url, outcome in expected.items()
            # A server that is busy the first time only may have lost that answer with the killed run.
            if found.get(url) != outcome
        }
        assert not wrong, wrong
        print(
            f"killed and resumed: {len(found)} sources, the same outcomes, {repeated} asked again after they had a result"
        )


def main() -> None:
    try:
        find_chromium()
        rendering = True
    except BrowserError as error:
        rendering = False
        print(f"note: {error}; the page that a script fills must fail as needs_rendering")
    os.environ.setdefault("PYTHONPATH", "src")
    with tempfile.TemporaryDirectory() as folder:
        whole_run(Path(folder), rendering=rendering)
        broken_run(Path(folder), rendering=rendering)


if __name__ == "__main__":
    main()
