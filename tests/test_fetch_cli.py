"""The commands that fetch, as processes against real servers."""

from __future__ import annotations

import json
import multiprocessing
import os
import pty
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from noticeparse.fetch.store import Store
from tests.conftest import PROGRAM, ROOT, Run, program_environment
from tests.web import (
    NOTICE_TEXT,
    SHELL,
    Web,
    conditional,
    drip,
    html,
    in_turn,
    redirect,
    reset,
    respond,
    serving,
    slow,
)

QUICK = ("--allow-private", "--delay", "0", "--retries", "1", "--render", "never")
CHANGED = NOTICE_TEXT.replace("IMEI", "OAID").replace("示例统计", "另一统计")


@pytest.fixture
def web() -> Iterator[Web]:
    with serving("127.0.0.1", "127.0.0.2", "127.0.0.3") as running:
        yield running


def listed(path: Path, *urls: str) -> Path:
    rows = [f"app-{index},应用{index},{url}" for index, url in enumerate(urls)]
    path.write_text("\n".join(["app_id,name,url", *rows]) + "\n", encoding="utf-8")
    return path


def outcomes(store: Path, run: int | None = None) -> dict[str, str]:
    with Store(store) as opened:
        return {row["app_id"]: row["outcome"] for row in opened.fetches(run=run)}


# ---------------------------------------------------------------- one run


def test_every_source_is_accounted_for(run: Run, web: Web, tmp_path: Path) -> None:
    web.on("/robots.txt", respond("User-agent: *\nDisallow: /closed", kind="text/plain"), host="127.0.0.3")
    expected = {
        web.on("/ok", respond(html())): "ok",
        web.on("/moved", redirect("/ok", 301)): "ok",
        web.on("/gone", respond("gone", 410)): "http_error",
        web.on("/broken", reset()): "connection",
        web.on("/large", respond(b"x" * 200_000)): "too_large",
        web.on("/drip", drip(0.1), host="127.0.0.2"): "timeout",
        web.on("/captcha", respond(html("请完成安全验证"))): "challenge",
        web.on("/login", respond("<input type=password>")): "login",
        web.on("/weather", respond(html("晴"))): "not_a_notice",
        web.on("/shell", respond(SHELL)): "needs_rendering",
        web.on("/picture", respond(b"\x89PNG\r\n\x1a\n" + b"\0" * 99, kind="text/html")): "unsupported_type",
        web.on("/blank", respond("  \n")): "empty",
        web.on("/circle", redirect("/circle")): "redirect",
        web.on("/closed/x", respond(html()), host="127.0.0.3"): "robots",
    }
    store, report = tmp_path / "store", tmp_path / "report.json"
    result = run(
        *("fetch", listed(tmp_path / "s.csv", *expected), "--store", store, "--report", report, *QUICK),
        *("--deadline", "1", "--max-bytes", "100000", "--contact", "me@example.org"),
    )
    assert result.returncode == 1
    assert list(outcomes(store).values()).count("ok") == 2
    told = json.loads(report.read_bytes())
    assert {row["url"]: row["outcome"] for row in told["results"]} == expected
    assert told["finished"] is not None
    assert (told["missing"], told["new_versions"], told["totals"]["ok"]) == (0, 2, 2)
    out = result.stdout.decode()
    assert "run 1: 14 fetched, 2 new versions, 12 failed" in out
    for url, outcome in expected.items():
        assert (f"{outcome}: " in out) if outcome != "ok" else (url not in out)
    lines = result.stderr.decode().splitlines()
    assert len(lines) == 14, "one plain line for each source where there is no terminal"
    assert lines[-1].startswith("14/14 ")
    assert run("store", "verify", "--store", store).returncode == 0


def test_a_second_run_asks_conditionally_and_makes_no_version(run: Run, web: Web, tmp_path: Path) -> None:
    urls = [web.on("/etag", conditional(html())), web.on("/plain", respond(html()))]
    sources, store = listed(tmp_path / "s.csv", *urls), tmp_path / "store"
    for _ in range(2):
        assert run("fetch", sources, "--store", store, *QUICK).returncode == 0
    assert outcomes(store, run=2) == {"app-0": "not_modified", "app-1": "ok"}
    with Store(store) as opened:
        assert len(opened.versions()) == 2


def test_followed_lists(run: Run, web: Web, tmp_path: Path) -> None:
    page = html("第三方会处理您的个人信息") + "<a href='/list'>《第三方SDK目录》</a><a href='/other'>关于我们</a>"
    web.on("/list", respond(html() + "<a href='/deeper'>第三方SDK清单</a>"))
    sources, store = listed(tmp_path / "s.csv", web.on("/policy", respond(page))), tmp_path / "store"
    for _ in range(2):
        assert run("fetch", sources, "--store", store, "--follow", *QUICK).returncode == 0
    assert web.paths() == ["/policy", "/list"] * 2
    with Store(store) as opened:
        assert [version.source.url for version in opened.versions()] == [web.url("/policy"), web.url("/list")]
        assert [row["found_on"] for row in opened.fetches(run=1)] == [None, web.url("/policy")]
        assert [one.url for one in opened.given_sources()] == [web.url("/policy")]


def test_one_address_to_standard_output(run: Run, web: Web, tmp_path: Path) -> None:
    url = web.on("/ok", respond(html().encode("gb18030"), kind="text/html; charset=gb2312"))
    result = run("fetch", url, *QUICK)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == html().encode("gb18030")
    assert len(json.loads(run("parse", "-", input=result.stdout).stdout)["disclosures"]) == 2
    assert run("fetch", url, "--output", tmp_path / "page.html", *QUICK).stdout == b""
    assert (tmp_path / "page.html").read_bytes() == html().encode("gb18030")
    bad = run("fetch", web.url("/none"), *QUICK)
    assert (bad.returncode, bad.stdout) == (1, b"")
    assert bad.stderr.decode() == f"noticeparse: {web.url('/none')}: http_error: 404\n"


def test_one_address_into_a_store(run: Run, web: Web, tmp_path: Path) -> None:
    url = web.on("/ok", respond(html()))
    assert run("fetch", url, "--store", tmp_path / "s", "--app", "qinghe", *QUICK).returncode == 0
    assert outcomes(tmp_path / "s") == {"qinghe": "ok"}


def test_private_addresses_are_refused_by_default(run: Run, web: Web) -> None:
    result = run("fetch", web.on("/ok", respond(html())), "--contact", "me@example.org", "--render", "never")
    assert result.returncode == 1
    assert b"blocked_address: " in result.stderr
    assert b"127.0.0.1 is at 127.0.0.1, which is not public" in result.stderr
    assert web.hits == []


def test_warnings(run: Run, web: Web) -> None:
    url = web.on("/ok", respond(html()))
    assert b"warning: robots.txt is ignored" in run("fetch", url, "--ignore-robots", *QUICK).stderr
    assert b"warning: no --contact" in run("fetch", url, "--render", "never").stderr
    assert run("fetch", url, *QUICK, env={"NOTICEPARSE_CONTACT": "me@example.org"}).stderr == b""
    assert web.hits[-1].headers["User-Agent"].endswith("(+me@example.org)")


@pytest.mark.parametrize(
    ("arguments", "status", "cause"),
    [
        (["s.csv"], 2, "name a store with --store DIR"),
        (["http://127.0.0.1/", "--resume"], 2, "name a store with --store DIR"),
        (["s.csv", "--store", "x", "--output", "y"], 2, "--output is for a URL"),
        (["s.csv", "--store", "x", "--app", "y"], 2, "--app is for a URL"),
        (["s.csv", "--store", "x", "--jobs", "0"], 2, "--jobs"),
        (["s.csv", "--store", "x", "--render", "sometimes"], 2, "--render"),
        ([], 2, "Missing argument"),
        (["none.csv", "--store", "x"], 1, "none.csv: no such file"),
        (["bad.csv", "--store", "x"], 1, "bad.csv:2: "),
        (["ftp://example.com/x"], 1, "only http and https addresses are fetched"),
        (["s.csv", "--store", "s.csv"], 1, "s.csv: "),
        (["s.csv", "--store", "x", "--lexicon", "none"], 1, "none"),
        (["http://127.0.0.1/", "--ca-file", "bad.csv"], 1, "bad.csv: no certificates that can be read"),
        (["http://127.0.0.1/", "--chromium", "/no/such/browser"], 1, "/no/such/browser: no such program"),
    ],
)
def test_wrong_usage(run: Run, tmp_path: Path, arguments: list[str], status: int, cause: str) -> None:
    listed(tmp_path / "s.csv", "http://127.0.0.1:9/")
    (tmp_path / "bad.csv").write_text("app_id,name,url\na,A,nowhere\n")
    result = run("fetch", *arguments, cwd=tmp_path)
    assert result.returncode == status
    assert cause in result.stderr.decode()
    assert b"Traceback" not in result.stderr
    assert result.stdout == b""


def test_the_progress_on_a_terminal(web: Web, tmp_path: Path) -> None:
    urls = [web.on(f"/{index}", respond(html())) for index in range(5)] + [web.on("/gone", respond("x", 404))]
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "fetch", str(listed(tmp_path / "s.csv", *urls)), "--store", str(tmp_path / "store"), *QUICK],
        env=program_environment(TERM="xterm", COLUMNS="100"),
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert process.wait(60) == 1
    text = shown.decode()
    assert "5 done, 1 failed, 0 waiting" in text
    assert "http_error: app-5" in text
    assert "ok: app-0" not in text, "on a terminal only failures get a line"


# ---------------------------------------------------------------- stopping and going on


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)], env=program_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for(web: Web, requests: int, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while len(web.paths()) < requests:
        assert time.monotonic() < until, f"{len(web.paths())} of {requests} requests"
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.parametrize(("signum", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_cleanly_and_resume_goes_on(
    run: Run, web: Web, tmp_path: Path, signum: signal.Signals, status: int
) -> None:
    page = slow(0.05, respond(html()))
    urls = [web.on(f"/{index}", page, host=f"127.0.0.{1 + index % 3}") for index in range(30)]
    sources, store = listed(tmp_path / "s.csv", *urls), tmp_path / "store"
    process = start("fetch", sources, "--store", store, *QUICK)
    wait_for(web, 6)
    process.send_signal(signum)
    _, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in err
    report = json.loads((store / "reports" / "run-1.json").read_bytes())
    done = len(report["results"])
    assert report["finished"] is None
    assert report["missing"] == 30 - done
    assert 0 < done < 30
    result = run("fetch", sources, "--store", store, "--resume", *QUICK)
    assert result.returncode == 0
    assert f"going on with run 1: {done} done".encode() in result.stderr
    rows = Counter(outcomes(store, run=1))
    assert len(rows) == 30
    asked = Counter(web.paths())
    assert sum(asked.values()) <= 30 + 3, "only what was under way, one request a host, is asked again"
    report = json.loads((store / "reports" / "run-1.json").read_bytes())
    assert (len(report["results"]), report["missing"]) == (30, 0)
    assert b"nothing to go on with" in run("fetch", sources, "--store", store, "--resume", *QUICK).stderr


@pytest.mark.slow
def test_fifty_kills_damage_nothing(run: Run, web: Web, tmp_path: Path) -> None:
    """Each version is a new one, so that every moment of the store's work comes up."""
    count = [0]

    def page(handler: object) -> None:
        count[0] += 1
        time.sleep(0.004)
        respond(html(f"{NOTICE_TEXT}\n{count[0]}") + "x" * 10_000)(handler)  # type: ignore[arg-type]

    total, kills = 600, 50
    urls = [web.on(f"/{index}", page) for index in range(total)]
    sources, store = listed(tmp_path / "s.csv", *urls), tmp_path / "store"
    arguments = ["fetch", str(sources), "--store", str(store), "--resume", *QUICK]
    # Processes of a server that has the modules loaded: fifty full starts would take a minute.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warm"])
    chance = random.Random(5)
    lost = 0
    for number in range(kills):
        before = len(web.paths())
        process = context.Process(target=_run_quietly, args=(arguments,))
        process.start()
        # Some requests on, so that all kills find work left on a machine of any speed, at any moment of what follows one.
        wait_for(web, before + chance.randint(1, 8))
        time.sleep(chance.uniform(0.0, 0.01))
        process.kill()
        process.join()
        with Store(store) as opened:
            assert opened.verify() == [], f"kill {number}"
            kept = len(opened.fetches())
        lost, before_lost = len(web.paths()) - kept, lost
        assert lost - before_lost <= 1, f"kill {number} lost more than the request under way"
    assert kept < total, "all kills came while there was work left"
    assert run(*arguments).returncode == 0
    assert run("store", "gc", "--store", store).returncode == 0
    with Store(store) as opened:
        rows = opened.fetches()
        assert opened.verify() == []
        assert len(opened.versions()) == total
        assert len(list(opened.objects())) == len(opened.referenced())
    assert Counter(row["url"] for row in rows) == Counter(urls), "nothing is fetched twice, nothing is missing"
    assert {row["run"] for row in rows} == {1}
    assert len(web.paths()) - total == lost <= kills


def _run_quietly(arguments: list[str]) -> None:
    """The program in this process, with its output thrown away."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    from noticeparse.cli import main

    main(arguments)


def test_two_runs_on_one_store_at_once(web: Web, tmp_path: Path) -> None:
    urls = [web.on(f"/{index}", slow(0.01, respond(html(f"{NOTICE_TEXT}{index}")))) for index in range(25)]
    sources, store = listed(tmp_path / "s.csv", *urls), tmp_path / "store"
    processes = [start("fetch", sources, "--store", store, *QUICK) for _ in range(2)]
    for process in processes:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
    with Store(store) as opened:
        assert opened.verify() == []
        assert len(opened.versions()) == 25, "what both saw is one version"
        assert Counter(row["run"] for row in opened.fetches()) == {1: 25, 2: 25}


def test_hosts_are_asked_no_faster_than_allowed(run: Run, web: Web, tmp_path: Path) -> None:
    urls = [web.on(f"/{index}", respond(html()), host=f"127.0.0.{1 + index % 3}") for index in range(9)]
    arguments = ("--allow-private", "--delay", "0.3", "--render", "never")
    assert run("fetch", listed(tmp_path / "s.csv", *urls), "--store", tmp_path / "store", *arguments).returncode == 0
    for host in web.addresses:
        times = [hit.time for hit in web.hits if hit.host == host]
        assert len(times) == 4  # robots.txt and three pages
        assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))


# ---------------------------------------------------------------- watching and looking


@pytest.fixture
def watched(run: Run, web: Web, tmp_path: Path) -> Path:
    """A store in which one notice has changed."""
    web.on("/same", respond(html()))
    web.on("/new", in_turn(respond(html()), respond(html(CHANGED))))
    sources = listed(tmp_path / "s.csv", web.url("/same"), web.url("/new"))
    assert run("fetch", sources, "--store", tmp_path / "store", *QUICK).returncode == 0
    return tmp_path / "store"


def test_watch_prints_what_changed(run: Run, web: Web, watched: Path) -> None:
    result = run("watch", "--store", watched, *QUICK)
    assert result.returncode == 0
    lines = result.stdout.decode().splitlines()
    assert lines[0].startswith(web.url("/new") + "@")
    assert lines[1:7] == [
        "~ 示例推送SDK",
        "    + data item OAID",
        "    - data item IMEI",
        "+ 另一统计SDK (另一统计科技有限公司)",
        "- 示例统计SDK (示例统计科技有限公司)",
        "1 added, 1 removed, 1 changed, 0 unchanged",
    ]
    again = run("watch", "--store", watched, "--format", "jsonl", *QUICK)
    assert (again.returncode, again.stdout) == (0, b"")


def test_watch_as_json_lines(run: Run, watched: Path) -> None:
    (row,) = map(json.loads, run("watch", "--store", watched, "--format", "jsonl", *QUICK).stdout.splitlines())
    assert row["app_id"] == "app-1"
    assert sorted(change["kind"] for change in row["changes"]) == ["added", "changed", "removed"]


def test_watch_of_nothing(run: Run, tmp_path: Path) -> None:
    result = run("watch", "--store", tmp_path / "none")
    assert result.returncode == 1
    assert b"no store" in result.stderr


@pytest.mark.slow
def test_the_store_s_commands(run: Run, web: Web, watched: Path, tmp_path: Path) -> None:
    run("watch", "--store", watched, *QUICK)
    listing = run("store", "ls", "--store", watched).stdout.decode().splitlines()
    assert [line.split()[-1] for line in listing] == [web.url("/same"), web.url("/new")]
    rows = [
        json.loads(line)
        for line in run("store", "ls", "--all", "--format", "jsonl", "--store", watched).stdout.splitlines()
    ]
    assert [(row["app_id"], row["parent"]) for row in rows] == [("app-0", None), ("app-1", None), ("app-1", 2)]
    shown = json.loads(run("store", "show", "app-1", "--store", watched).stdout)
    assert (shown["id"], shown["fetch"]["status"]) == (3, 200)
    assert run("store", "show", "2", "--raw", "--store", watched).stdout == html().encode()
    assert "另一统计SDK" in run("store", "show", web.url("/new"), "--text", "--store", watched).stdout.decode()
    assert b"was not rendered" in run("store", "show", "2", "--rendered", "--store", watched).stderr
    assert b"1 added, 1 removed, 1 changed" in run("store", "diff", "app-1", "--store", watched).stdout
    assert b"0 added, 0 removed, 0 changed" in run("store", "diff", "1", "2", "--store", watched).stdout
    assert b"is the first one" in run("store", "diff", "app-0", "--store", watched).stderr
    assert b"no source 'none'" in run("store", "show", "none", "--store", watched).stderr
    assert b"no version 77" in run("store", "show", "77", "--store", watched).stderr
    warc = tmp_path / "out.warc.gz"
    assert run("store", "export", "--warc", warc, "--store", watched).stdout == b"3 records of 3 versions\n"
    assert warc.read_bytes().startswith(b"\x1f\x8b")
    assert run("store", "gc", "--store", watched).stdout == b"removed 0 files, 0 bytes\n"
    with Store(watched) as opened:
        opened.path(rows[0]["sha256"]).write_bytes(b"damaged")
    broken = run("store", "verify", "--store", watched)
    assert broken.returncode == 1
    assert b"another digest" in broken.stdout


def test_parse_reads_a_store(run: Run, web: Web, watched: Path, tmp_path: Path) -> None:
    run("watch", "--store", watched, *QUICK)
    newest = [json.loads(line) for line in run("parse", "--store", watched).stdout.splitlines()]
    assert [record["notice"]["source"] for record in newest] == [web.url("/same"), web.url("/new")]
    assert newest[1]["disclosures"][1]["sdk"]["text"] == "另一统计SDK"
    result = run("parse", "--store", watched, "--all", "app-1", "--output", tmp_path / "out.jsonl")
    assert (result.returncode, result.stdout) == (0, b"")
    every = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [record["notice"]["source"].split("@")[0] for record in every] == [web.url("/new")] * 2
    assert run("parse", "--all", "x.txt").returncode == 2
    assert b"no store" in run("parse", "--store", tmp_path / "none").stderr


def test_sources_check(run: Run, tmp_path: Path) -> None:
    good = listed(tmp_path / "good.csv", "https://a.example/", "https://b.example/")
    assert run("sources", "check", good).stdout == b"ok: 2 sources of 2 apps on 2 hosts\n"
    bad = listed(tmp_path / "bad.csv", "https://a.example/", "nowhere")
    result = run("sources", "check", bad)
    assert result.returncode == 1
    assert result.stdout.decode().startswith(f"{bad}:3: ")
    assert json.loads(run("sources", "schema").stdout)["title"] == "noticeparse source"


def test_the_shipped_list_of_sources(run: Run) -> None:
    result = run("sources", "check", ROOT / "corpus" / "sources.csv")
    assert result.returncode == 0, result.stdout.decode()
    assert int(result.stdout.split()[1]) >= 80


@pytest.mark.slow
def test_the_diff_command(run: Run, tmp_path: Path) -> None:
    old, new, record = tmp_path / "old.txt", tmp_path / "new.html", tmp_path / "old.json"
    old.write_text(NOTICE_TEXT, encoding="utf-8")
    new.write_text(html(CHANGED), encoding="utf-8")
    record.write_bytes(run("parse", old).stdout)
    for first in (old, record):
        result = run("diff", first, new)
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout.decode().endswith("1 added, 1 removed, 1 changed, 0 unchanged\n")
    assert run("diff", old, new, "--exit-code").returncode == 1
    assert run("diff", old, record, "--exit-code").returncode == 0
    found = json.loads(run("diff", old, new, "--format", "json").stdout)
    assert {change["kind"] for change in found["changes"]} == {"added", "removed", "changed"}
    assert b"none.txt: no such file" in run("diff", old, tmp_path / "none.txt").stderr
