"""The store: what goes in comes out, unchanged is no version, and nothing damages it."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from noticeparse.fetch.outcome import Outcome
from noticeparse.fetch.session import Hop
from noticeparse.fetch.sources import Source
from noticeparse.fetch.store import Fetch, Run, Store, StoreError
from noticeparse.fetch.stored import open_version
from noticeparse.fetch.warc import write_warc
from tests.web import html

SOURCE = Source("mall", "青禾商城", "https://a.example/sdk")


def fetched(body: bytes | None = None, outcome: Outcome = Outcome.OK, **changes: object) -> Fetch:
    values: dict[str, object] = {
        "outcome": outcome,
        "detail": "",
        "url": SOURCE.url,
        "final_url": SOURCE.url,
        "time": "2026-01-01T00:00:00.000Z",
        "seconds": 0.1,
        "status": 200,
        "headers": (("ETag", '"1"'),),
        "media_type": "text/html",
        "charset": "utf-8",
        "body": body,
        "text_sha256": f"text of {body!r}" if outcome is Outcome.OK else None,
    }
    return Fetch(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", create=True)


@pytest.fixture
def run(store: Store) -> Run:
    return store.begin_run([SOURCE], {})


def test_versions_are_chained_and_read_back(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    bodies = [html(f"第三方 个人信息 {number}").encode() for number in range(3)]
    recorded = [store.record(run, source, fetched(body)) for body in bodies]
    assert [one.new_version for one in recorded] == [True, True, True]
    versions = store.versions([source])
    assert [version.parent for version in versions] == [None, versions[0].id, versions[1].id]
    assert [store.read(version.sha256) for version in versions] == bodies
    assert store.newest(source) == versions[-1]
    assert open_version(store, versions[1]).text.strip() == "第三方 个人信息 1"
    assert store.verify() == []


@pytest.mark.parametrize(
    "again",
    [
        fetched(b"<p>one</p>"),
        fetched(b"<p>one</p>", text_sha256="another reading of the same bytes"),
        fetched(b"<p nonce=7>one</p>", text_sha256="text of b'<p>one</p>'"),
        fetched(None, Outcome.NOT_MODIFIED, status=304),
    ],
)
def test_what_is_unchanged_makes_no_version(store: Store, run: Run, again: Fetch) -> None:
    source = store.add_source(SOURCE)
    first = store.record(run, source, fetched(b"<p>one</p>"))
    second = store.record(run, source, again)
    assert (second.version, second.new_version) == (first.version, False)
    assert len(store.versions()) == 1
    assert [row["outcome"] for row in store.fetches()] == ["ok", again.outcome.value]
    assert store.verify() == []


def test_a_notice_that_changes_back_is_a_version_again(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    for body in (b"a", b"b", b"a"):
        store.record(run, source, fetched(body))
    assert [version.parent for version in store.versions()] == [None, 1, 2]
    assert len(list(store.objects())) == 2


def test_rendered_pages_keep_both(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    store.record(run, source, fetched(b"<div id=app></div>", rendered=b"<p>dom</p>", text_sha256="1"))
    store.record(run, source, fetched(b"<div id=app></div>", rendered=b"<p>new dom</p>", text_sha256="2"))
    first, second = store.versions()
    assert first.sha256 == second.sha256
    assert [store.read(one.rendered_sha256 or "") for one in (first, second)] == [b"<p>dom</p>", b"<p>new dom</p>"]
    assert store.validators(source) == {}  # the shell says nothing of the content


def test_failures_are_kept_with_their_kind_and_body(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    hops = (Hop("https://a.example/sdk", 302, "https://a.example/login"),)
    store.record(run, source, fetched(b"<input type=password>", Outcome.LOGIN, hops=hops, detail="asks for a password"))
    (row,) = store.fetches()
    assert (row["outcome"], row["detail"], row["kept"], row["version"]) == ("login", "asks for a password", 1, None)
    assert json.loads(row["redirects"]) == [["https://a.example/sdk", 302, "https://a.example/login"]]
    assert store.read(row["sha256"]) == b"<input type=password>"
    assert store.versions() == []


def test_validators_are_those_of_the_last_answer(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    assert store.validators(source) == {}
    store.record(run, source, fetched(b"a", headers=(("ETag", '"1"'), ("Last-Modified", "then"))))
    assert store.validators(source) == {"If-None-Match": '"1"', "If-Modified-Since": "then"}
    store.record(run, source, fetched(b"a", headers=(("etag", '"2"'),)))
    store.record(run, source, fetched(b"x", Outcome.NOT_A_NOTICE, headers=(("ETag", '"3"'),)))
    assert store.validators(source) == {"If-None-Match": '"2"'}


def test_a_source_is_one_row_and_learns(store: Store) -> None:
    first = store.add_source(SOURCE)
    again = store.add_source(Source("mall", "新名", SOURCE.url, selector="#n"))
    other = store.add_source(Source("other", "他", SOURCE.url))
    assert first == again != other
    assert store.sources()[first].name == "新名"
    assert list(store.sources(["mall"])) == [first]
    assert list(store.sources([SOURCE.url])) == [first, other]
    with pytest.raises(StoreError, match="no source 'none'"):
        store.sources(["none"])


def test_headers_of_a_list_are_not_stored(store: Store, tmp_path: Path) -> None:
    store.add_source(Source("a", "A", "https://a.example/", headers={"Cookie": "secret-token"}))
    store.close()
    assert all(b"secret-token" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


# ---------------------------------------------------------------- runs


def test_a_run_goes_on_only_where_it_was_left(store: Store) -> None:
    source = store.add_source(SOURCE)
    first = store.begin_run([SOURCE], {})
    store.record(first, source, fetched(b"a"))
    beside = store.begin_run([SOURCE], {}, resume=True)
    assert not beside.resumed, "the first one is under way"
    store.end_run(beside, finished=True)
    store.end_run(first, finished=False)
    other_list = store.begin_run([SOURCE, SOURCE], {}, resume=True)
    assert not other_list.resumed
    again = store.begin_run([SOURCE], {}, resume=True)
    assert (again.id, again.resumed, again.done) == (first.id, True, {source: Outcome.OK})
    store.end_run(again, finished=True)
    assert not store.begin_run([SOURCE], {}, resume=True).resumed


def test_many_threads_and_two_handles_write_at_once(store: Store, run: Run) -> None:
    other = Store(store.folder)
    other_run = other.begin_run([SOURCE], {})
    source = store.add_source(SOURCE)
    errors: list[BaseException] = []

    def write(handle: Store, handle_run: Run, start: int) -> None:
        try:
            for number in range(start, start + 10):
                handle.record(handle_run, source, fetched(f"body {number}".encode()))
        except BaseException as error:
            errors.append(error)
            raise

    work = [(store, run), (other, other_run)] * 3
    threads = [threading.Thread(target=write, args=(*one, 10 * index)) for index, one in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(store.versions()) == 60
    assert store.verify() == []


# ---------------------------------------------------------------- damage


def test_verify_finds_damage(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    for body in (b"one", b"two", b"three"):
        store.record(run, source, fetched(body))
    first, second, _ = store.versions()
    store.path(first.sha256).write_bytes(b"changed")
    store.path(second.sha256).unlink()
    store._db.execute("UPDATE versions SET parent = NULL WHERE id = 2")
    problems = store.verify()
    assert len(problems) == 3
    assert any("another digest" in problem for problem in problems)
    assert any("No such file" in problem for problem in problems)
    assert any("version 2: its parent" in problem for problem in problems)


def test_gc_removes_leftovers_and_nothing_else(store: Store, run: Run) -> None:
    source = store.add_source(SOURCE)
    store.record(run, source, fetched(b"kept"))
    store.record(run, source, fetched(b"a failure's page", Outcome.CHALLENGE))
    orphan = store.path("ab" * 32)
    orphan.parent.mkdir()
    orphan.write_bytes(b"orphan")
    (store.folder / "tmp" / "half").write_bytes(b"half an obj")
    assert store.verify() == []
    assert store.collect_garbage() == (2, 17)
    assert store.collect_garbage() == (0, 0)
    assert len(list(store.objects())) == 2
    assert store.verify() == []


def test_a_crash_between_object_and_row_leaves_an_orphan_only(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = store.add_source(SOURCE)

    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    original = Store._add_version

    def write_then_crash(self: Store, *arguments: object) -> int:
        original(self, *arguments)  # type: ignore[arg-type]
        return crash()

    monkeypatch.setattr(Store, "_add_version", write_then_crash)
    with pytest.raises(KeyboardInterrupt):
        store.record(run, source, fetched(b"lost"))
    assert store.fetches() == []
    assert store.verify() == []
    assert store.collect_garbage()[0] == 1


@pytest.mark.parametrize("content", [b"no database at all, but some text that is longer than a header" * 20])
def test_an_index_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "index.sqlite3").write_bytes(content)
    with pytest.raises(StoreError, match="not a database"):
        Store(tmp_path)


@pytest.mark.parametrize("create", [False, True])
def test_an_index_that_is_another_programs_stays_as_it_is(tmp_path: Path, create: bool) -> None:
    index = tmp_path / "index.sqlite3"
    with closing(sqlite3.connect(index)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(StoreError, match="another program's database"):
        Store(tmp_path, create=create)
    with closing(sqlite3.connect(index)) as db:
        assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("bookmarks",)]


def test_a_store_that_is_not_there_or_of_another_version(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        Store(tmp_path / "none")
    Store(tmp_path / "new", create=True).close()
    with sqlite3.connect(tmp_path / "new" / "index.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="version 99"):
        Store(tmp_path / "new")


def test_the_documented_schema_is_the_real_one(store: Store, root: Path) -> None:
    text = (root / "docs" / "fetching.md").read_text("utf-8")
    for table in ("sources", "runs", "versions", "fetches"):
        for row in store._rows(f"PRAGMA table_info({table})"):
            assert f"`{row['name']}`" in text, f"{table}.{row['name']}"


# ---------------------------------------------------------------- WARC


def test_a_warc_that_warcio_reads_back(store: Store, run: Run, tmp_path: Path) -> None:
    source = store.add_source(SOURCE)
    packed = (
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "9"),
        ("Set-Cookie", "a=1"),
    )
    store.record(run, source, fetched(b"<p>one</p>", headers=packed))
    store.record(run, source, fetched(b"<div></div>", rendered="<p>目录</p>".encode()))
    path = tmp_path / "out.warc.gz"
    with open(path, "wb") as file:
        assert write_warc(file, store, store.versions()) == 3
    with open(path, "rb") as file:
        found = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests=True)
        ]
    assert [kind for kind, _, _ in found] == ["warcinfo", "response", "response", "conversion"]
    assert [body for _, _, body in found[1:]] == [b"<p>one</p>", b"<div></div>", "<p>目录</p>".encode()]
    assert {url for _, url, _ in found[1:]} == {SOURCE.url}
    with open(path, "rb") as file:
        response = next(record for record in ArchiveIterator(file) if record.rec_type == "response")
        assert response.http_headers.get_statuscode() == "200"
        assert response.http_headers.get_header("Content-Length") == "10"
        assert response.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
        assert response.rec_headers.get_header("WARC-Date") == "2026-01-01T00:00:00.000Z"
