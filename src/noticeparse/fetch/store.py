"""What was fetched, kept: the bytes by their digest, and an index of sources, runs, fetches and versions.

A store is a folder::

    index.sqlite3     SQLite, write-ahead log; the tables are those of SCHEMA below
    objects/ab/cd…    bytes, named by their SHA-256; written whole, flushed, then renamed into place
    tmp/              objects being written
    runs/             a lock file for each run under way
    reports/          a report for each run

An object is written inside the transaction that refers to it, and before it. So a crash at any point leaves at most an
object that nothing refers to, which ``gc`` removes, and never a reference without its object.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from noticeparse.errors import NoticeparseError
from noticeparse.fetch.outcome import Outcome
from noticeparse.fetch.session import Hop, now
from noticeparse.fetch.sources import Source

SCHEMA_VERSION = 1
INDEX = "index.sqlite3"
SCHEMA = """
CREATE TABLE sources (          -- a notice of an app: one row for each app and address
  id         INTEGER PRIMARY KEY,
  app_id     TEXT NOT NULL,
  name       TEXT NOT NULL,
  url        TEXT NOT NULL,
  platform   TEXT,
  kind       TEXT,
  selector   TEXT,
  encoding   TEXT,
  render     TEXT,
  note       TEXT,
  found_on   INTEGER REFERENCES sources (id),   -- the source whose page links to this one
  first_seen TEXT NOT NULL,
  UNIQUE (app_id, url)
) STRICT;
CREATE TABLE runs (             -- one run of the program
  id       INTEGER PRIMARY KEY,
  started  TEXT NOT NULL,
  finished TEXT,                                 -- NULL: under way, interrupted or killed
  sources  TEXT NOT NULL,                        -- digest of the list of sources
  options  TEXT NOT NULL                         -- JSON object
) STRICT;
CREATE TABLE versions (         -- a notice as it was from some time on; unchanged content makes no new row
  id              INTEGER PRIMARY KEY,
  source          INTEGER NOT NULL REFERENCES sources (id),
  parent          INTEGER REFERENCES versions (id),   -- the version before it
  time            TEXT NOT NULL,                 -- when it was first seen, UTC
  final_url       TEXT NOT NULL,
  media_type      TEXT NOT NULL,                 -- by content
  charset         TEXT,                          -- by content; NULL for what is no text
  sha256          TEXT NOT NULL,                 -- the object that the server sent
  size            INTEGER NOT NULL,              -- of that object, in bytes
  rendered_sha256 TEXT,                          -- the object that a browser made of it
  text_sha256     TEXT NOT NULL                  -- digest of what a reader sees: text and links
) STRICT;
CREATE TABLE fetches (          -- one fetch of one source, whatever came of it
  id          INTEGER PRIMARY KEY,
  run         INTEGER NOT NULL REFERENCES runs (id),
  source      INTEGER NOT NULL REFERENCES sources (id),
  time        TEXT NOT NULL,                     -- when it was done, UTC
  seconds     REAL NOT NULL,                     -- waits for the host's turn included
  outcome     TEXT NOT NULL,                     -- ok, not_modified, or a kind of failure
  detail      TEXT NOT NULL,                     -- what tells the outcome, in one line
  url         TEXT NOT NULL,
  final_url   TEXT NOT NULL,
  redirects   TEXT NOT NULL,                     -- JSON array of [url, status, location]
  status      INTEGER,
  headers     TEXT,                              -- JSON array of [name, value]
  media_type  TEXT,                              -- by content
  charset     TEXT,
  sha256      TEXT,                              -- of the bytes that came
  kept        INTEGER NOT NULL,                  -- 1: the bytes are in objects/
  version     INTEGER REFERENCES versions (id),  -- the version that was seen, for a success
  new_version INTEGER NOT NULL                   -- 1: this fetch was the first to see it
) STRICT;
CREATE INDEX fetches_by_source ON fetches (source, id);
CREATE INDEX fetches_by_run ON fetches (run, source);
CREATE INDEX versions_by_source ON versions (source, id);
"""
_SUCCESSES = tuple(outcome.value for outcome in Outcome if outcome.succeeded)
_BUSY_SECONDS = 60.0


class StoreError(NoticeparseError, ValueError):
    """A store that cannot be used, or something that is not in it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One row of ``versions`` with its source."""

    id: int
    source_id: int
    source: Source
    parent: int | None
    time: str
    final_url: str
    media_type: str
    charset: str | None
    sha256: str
    size: int
    rendered_sha256: str | None
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """What is kept of one fetch; ``body`` and ``rendered`` become objects, the rest a row of ``fetches``.

    Attributes:
        text_sha256: Digest of what a reader sees, for ``ok`` only.
    """

    outcome: Outcome
    detail: str
    url: str
    final_url: str
    time: str
    seconds: float
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    headers: tuple[tuple[str, str], ...] | None = None
    media_type: str | None = None
    charset: str | None = None
    body: bytes | None = None
    rendered: bytes | None = None
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a fetch went."""

    fetch: int
    version: int | None
    new_version: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A run that this process holds the lock of."""

    id: int
    resumed: bool
    done: Mapping[int, Outcome]
    lock: IO[bytes]


class Store:
    """A store that is open. Its methods may be called from several threads, and several processes may have it open."""

    def __init__(self, folder: Path | str, *, create: bool = False) -> None:
        """Open a store.

        Args:
            folder: Where it is.
            create: Make one where there is none.

        Raises:
            StoreError: There is none, or it cannot be used.
        """
        self.folder = Path(folder)
        self._lock = threading.RLock()
        index = self.folder / INDEX
        if not create and not index.is_file():
            raise StoreError(f"{folder}: no store (no {INDEX} in it)")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(index, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            self._prepare()
            for name in ("objects", "tmp", "runs", "reports"):
                (self.folder / name).mkdir(exist_ok=True)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{folder}: {getattr(error, 'strerror', None) or error}") from error

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        self._db.close()

    def _prepare(self) -> None:
        # One statement, so that a store that another process is making is seen before or after, and never halfway.
        query = "SELECT user_version, EXISTS (SELECT 1 FROM sqlite_schema) FROM pragma_user_version"
        version, filled = self._db.execute(query).fetchone()
        if filled and not version:
            raise StoreError(f"{self.folder}: {INDEX} is another program's database")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in SCHEMA.split(";\n"):
                    if statement.strip():
                        self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            elif version != SCHEMA_VERSION:
                raise StoreError(
                    f"{self.folder}: a store of version {version}; this program reads version {SCHEMA_VERSION}"
                )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One writer at a time, over threads and processes; all or nothing."""
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, query: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        with self._lock, self._told():
            return self._db.execute(query, tuple(values)).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A full disk, a file that is no database and the like, as an error that names the store."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self.folder}: {getattr(error, 'strerror', None) or error}") from error

    # ------------------------------------------------------------------ sources and runs

    def add_source(self, source: Source, *, found_on: int | None = None) -> int:
        """Enter one source, as :meth:`add_sources` does.

        Args:
            source: The row of a list.
            found_on: The source whose page links to it.
        """
        return self.add_sources([source], found_on=found_on)[0]

    def add_sources(self, sources: Iterable[Source], *, found_on: int | None = None) -> list[int]:
        """Enter sources, or what has changed about them.

        Args:
            sources: Rows of a list.
            found_on: The source whose page links to them.

        Returns:
            Their ids in this store.
        """
        with self._transaction() as db:
            return [self._add_source(db, source, found_on) for source in sources]

    def _add_source(self, db: sqlite3.Connection, source: Source, found_on: int | None) -> int:
        values = (
            *(source.name, source.platform, source.kind, source.selector, source.encoding),
            *(source.render.value if source.render else None, source.note),
        )
        found = db.execute(
            "SELECT id FROM sources WHERE app_id = ? AND url = ?", (source.app_id, source.url)
        ).fetchone()
        if found is None:
            cursor = db.execute(
                "INSERT INTO sources (name, platform, kind, selector, encoding, render, note, app_id, url, found_on,"
                " first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, source.app_id, source.url, found_on, now()),
            )
            return int(cursor.lastrowid or 0)
        if found_on is None:
            db.execute(
                "UPDATE sources SET name = ?, platform = ?, kind = ?, selector = ?, encoding = ?, render = ?, note = ?"
                " WHERE id = ?",
                (*values, found["id"]),
            )
        return int(found["id"])

    def sources(self, wanted: Iterable[str] = ()) -> dict[int, Source]:
        """Sources by id, all or those wanted.

        Args:
            wanted: App ids or addresses.

        Raises:
            StoreError: One of them is not in the store.
        """
        everything = {row["id"]: _source(row) for row in self._rows("SELECT * FROM sources ORDER BY id")}
        names = list(wanted)
        if not names:
            return everything
        known = {name for source in everything.values() for name in (source.app_id, source.url)}
        for name in names:
            if name not in known:
                raise StoreError(f"{self.folder}: no source {name!r}")
        return {key: one for key, one in everything.items() if one.app_id in names or one.url in names}

    def given_sources(self) -> list[Source]:
        """Sources that a user gave, without those that were found on pages."""
        return [_source(row) for row in self._rows("SELECT * FROM sources WHERE found_on IS NULL ORDER BY id")]

    def begin_run(self, sources: list[Source], options: Mapping[str, Any], *, resume: bool = False) -> Run:
        """Begin a run, or go on with the last one over the same list that did not finish and is not under way.

        Args:
            sources: The list.
            options: What the run was told, for the record.
            resume: Go on.
        """
        digest = hashlib.sha256(json.dumps([[one.app_id, one.url] for one in sources]).encode()).hexdigest()
        if resume:
            query = "SELECT id FROM runs WHERE finished IS NULL AND sources = ? ORDER BY id DESC"
            for row in self._rows(query, (digest,)):
                lock = self._lock_run(row["id"])
                if lock is not None:
                    return Run(row["id"], True, self._done(row["id"]), lock)
        with self._transaction() as db:
            cursor = db.execute(
                "INSERT INTO runs (started, sources, options) VALUES (?, ?, ?)",
                (now(), digest, json.dumps(options, ensure_ascii=False, sort_keys=True)),
            )
            run = int(cursor.lastrowid or 0)
            lock = self._lock_run(run)
        if lock is None:
            raise StoreError(f"{self.folder}: run {run} is locked by another process")
        return Run(run, False, {}, lock)

    def _lock_run(self, run: int) -> IO[bytes] | None:
        """The run's lock, which the system releases however this process ends; ``None`` where another one has it."""
        file = open(self.folder / "runs" / f"{run}.lock", "ab")  # noqa: SIM115 - held open as long as the run
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def _done(self, run: int) -> dict[int, Outcome]:
        rows = self._rows("SELECT source, outcome FROM fetches WHERE run = ? ORDER BY id", (run,))
        return {row["source"]: Outcome(row["outcome"]) for row in rows}

    def end_run(self, run: Run, *, finished: bool) -> None:
        """Let go of a run.

        Args:
            run: What :meth:`begin_run` gave.
            finished: Whether all its sources are done.
        """
        if finished:
            with self._transaction() as db:
                db.execute("UPDATE runs SET finished = ? WHERE id = ?", (now(), run.id))
            with suppress(FileNotFoundError):
                (self.folder / "runs" / f"{run.id}.lock").unlink()
        run.lock.close()

    # ------------------------------------------------------------------ fetches and versions

    def record(self, run: Run, source: int, fetch: Fetch) -> Recorded:
        """Keep a fetch. A notice that reads as the newest version does makes no new one.

        Args:
            run: The run that it belongs to.
            source: Id of the source.
            fetch: What came of it.
        """
        digest = hashlib.sha256(fetch.body).hexdigest() if fetch.body else None
        with self._transaction() as db:
            newest = db.execute(
                "SELECT * FROM versions WHERE source = ? ORDER BY id DESC LIMIT 1", (source,)
            ).fetchone()
            version: int | None = None
            new = kept = False
            if fetch.outcome is Outcome.NOT_MODIFIED:
                version = newest["id"] if newest else None
            elif fetch.outcome is Outcome.OK and digest is not None:
                if newest is not None and _same(newest, digest, fetch):
                    version, kept = newest["id"], newest["sha256"] == digest
                else:
                    version, new, kept = self._add_version(source, newest, digest, fetch), True, True
            elif digest is not None and fetch.body is not None:
                self._write(digest, fetch.body)
                kept = True
            cursor = db.execute(
                "INSERT INTO fetches (run, source, time, seconds, outcome, detail, url, final_url, redirects, status,"
                " headers, media_type, charset, sha256, kept, version, new_version)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(
                        run.id,
                        source,
                        fetch.time,
                        round(fetch.seconds, 3),
                        fetch.outcome.value,
                        fetch.detail,
                        fetch.url,
                    ),
                    *(fetch.final_url, _json([[hop.url, hop.status, hop.location] for hop in fetch.hops])),
                    *(fetch.status, None if fetch.headers is None else _json(fetch.headers)),
                    *(fetch.media_type, fetch.charset, digest, int(kept), version, int(new)),
                ),
            )
            return Recorded(int(cursor.lastrowid or 0), version, new)

    def _add_version(self, source: int, newest: sqlite3.Row | None, digest: str, fetch: Fetch) -> int:
        body = fetch.body or b""
        self._write(digest, body)
        rendered = hashlib.sha256(fetch.rendered).hexdigest() if fetch.rendered else None
        if rendered is not None and fetch.rendered is not None:
            self._write(rendered, fetch.rendered)
        cursor = self._db.execute(
            "INSERT INTO versions (source, parent, time, final_url, media_type, charset, sha256, size, rendered_sha256,"
            " text_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(source, newest["id"] if newest else None, fetch.time, fetch.final_url, fetch.media_type),
                *(fetch.charset, digest, len(body), rendered, fetch.text_sha256),
            ),
        )
        return int(cursor.lastrowid or 0)

    def newest(self, source: int) -> Version | None:
        """The newest version of a source.

        Args:
            source: Id.
        """
        query = f"{_VERSIONS} WHERE versions.source = ? ORDER BY versions.id DESC LIMIT 1"
        rows = self._rows(query, (source,))
        return _version(rows[0]) if rows else None

    def version(self, number: int) -> Version:
        """One version.

        Args:
            number: Its id.

        Raises:
            StoreError: There is none.
        """
        rows = self._rows(f"{_VERSIONS} WHERE versions.id = ?", (number,))
        if not rows:
            raise StoreError(f"{self.folder}: no version {number}")
        return _version(rows[0])

    def versions(self, sources: Iterable[int] | None = None, *, newest: bool = False) -> list[Version]:
        """Versions, ordered by source and time.

        Args:
            sources: Ids; all where not given.
            newest: Only the newest of each source.
        """
        found = [_version(row) for row in self._rows(f"{_VERSIONS} ORDER BY versions.source, versions.id")]
        if sources is not None:
            wanted = set(sources)
            found = [one for one in found if one.source_id in wanted]
        if newest:
            found = list({one.source_id: one for one in found}.values())
        return found

    def validators(self, source: int) -> dict[str, str]:
        """Request headers that ask a server whether the newest version is still the one.

        A page that was rendered gives none: its shell stays the same while its content changes.

        Args:
            source: Id.
        """
        newest = self.newest(source)
        if newest is None or newest.rendered_sha256 is not None:
            return {}
        rows = self._rows(
            "SELECT headers FROM fetches WHERE source = ? AND version = ? AND headers IS NOT NULL ORDER BY id DESC LIMIT 1",
            (source, newest.id),
        )
        sent = {name.lower(): value for name, value in json.loads(rows[0]["headers"])} if rows else {}
        names = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
        return {asked: sent[name] for name, asked in names if name in sent}

    def fetches(self, run: int | None = None, source: int | None = None) -> list[dict[str, Any]]:
        """Rows of ``fetches`` with the app's id and name and the address of the page that linked to it, in order of time.

        Args:
            run: Only of this run.
            source: Only of this source.
        """
        wanted = [(column, value) for column, value in (("run", run), ("source", source)) if value is not None]
        where = f" WHERE {' AND '.join(f'fetches.{column} = ?' for column, _ in wanted)}" if wanted else ""
        rows = self._rows(f"{_FETCHES}{where} ORDER BY fetches.id", [value for _, value in wanted])
        return [dict(row) for row in rows]

    def run_times(self, run: int) -> tuple[str, str | None]:
        """When a run began, and when it was finished if it was.

        Args:
            run: Id.
        """
        (row,) = self._rows("SELECT started, finished FROM runs WHERE id = ?", (run,))
        return row["started"], row["finished"]

    # ------------------------------------------------------------------ objects

    def path(self, digest: str) -> Path:
        """Where an object is, or would be.

        Args:
            digest: SHA-256, hex.
        """
        return self.folder / "objects" / digest[:2] / digest[2:]

    def read(self, digest: str) -> bytes:
        """The bytes of an object, checked against their digest.

        Args:
            digest: SHA-256, hex.

        Raises:
            StoreError: It is missing or damaged.
        """
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise StoreError(f"{self.path(digest)}: {error.strerror or error}") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreError(f"{self.path(digest)}: damaged: its bytes have another digest")
        return data

    def _write(self, digest: str, data: bytes) -> None:
        """Put an object in place; called inside a transaction, before what refers to it."""
        target = self.path(digest)
        if target.exists() and target.stat().st_size == len(data):
            return
        target.parent.mkdir(exist_ok=True)
        temporary = self.folder / "tmp" / f"{digest}.{os.getpid()}.{threading.get_ident()}"
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _flush_folder(target.parent)
        _flush_folder(target.parent.parent)

    def objects(self) -> Iterator[tuple[str, Path]]:
        """Digest and path of every object, sorted."""
        for path in sorted((self.folder / "objects").glob("*/*")):
            yield path.parent.name + path.name, path

    def referenced(self) -> set[str]:
        """Digests that the index refers to."""
        rows = self._rows(
            "SELECT sha256 FROM versions UNION SELECT rendered_sha256 FROM versions WHERE rendered_sha256 IS NOT NULL"
            " UNION SELECT sha256 FROM fetches WHERE kept = 1"
        )
        return {row[0] for row in rows}

    def collect_garbage(self) -> tuple[int, int]:
        """Remove objects that nothing refers to, and what a crash left half written.

        Returns:
            How many files and bytes went.
        """
        with self._transaction():  # nobody writes an object meanwhile
            referenced = self.referenced()
            gone = [path for digest, path in self.objects() if digest not in referenced]
            gone.extend(sorted((self.folder / "tmp").iterdir()))
            size = sum(path.stat().st_size for path in gone)
            for path in gone:
                path.unlink()
        return len(gone), size

    def verify(self) -> list[str]:
        """What is wrong with the store, one line each; an empty list where nothing is."""
        problems = [f"{INDEX}: {row[0]}" for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [f"{INDEX}: {tuple(row)}: refers to nothing" for row in self._rows("PRAGMA foreign_key_check")]
        for digest in sorted(self.referenced()):
            try:
                self.read(digest)
            except StoreError as error:
                problems.append(str(error))
        newest: dict[int, Version] = {}
        for version in self.versions():
            before = newest.get(version.source_id)
            if version.parent != (before.id if before else None):
                problems.append(f"{INDEX}: version {version.id}: its parent is not the version before it")
            newest[version.source_id] = version
        rows = self._rows("SELECT id, outcome FROM fetches WHERE version IS NULL")
        successes = [row["id"] for row in rows if row["outcome"] in _SUCCESSES]
        problems += [f"{INDEX}: fetch {number}: a success without a version" for number in successes]
        return problems


_VERSIONS = (
    "SELECT versions.*, sources.app_id, sources.name, sources.url, sources.platform, sources.kind, sources.selector,"
    " sources.encoding, sources.render, sources.note FROM versions JOIN sources ON sources.id = versions.source"
)
_FETCHES = (
    "SELECT fetches.*, sources.app_id, sources.name, pages.url AS found_on FROM fetches"
    " JOIN sources ON sources.id = fetches.source LEFT JOIN sources AS pages ON pages.id = sources.found_on"
)


def _same(newest: sqlite3.Row, digest: str, fetch: Fetch) -> bool:
    if newest["text_sha256"] == fetch.text_sha256:
        return True
    return bool(newest["sha256"] == digest and newest["rendered_sha256"] is None and fetch.rendered is None)


def _source(row: sqlite3.Row) -> Source:
    import msgspec

    names = ("app_id", "name", "url", "platform", "kind", "selector", "encoding", "render", "note")
    return msgspec.convert({name: row[name] for name in names if row[name] is not None}, Source)


def _version(row: sqlite3.Row) -> Version:
    return Version(
        *(row["id"], row["source"], _source(row), row["parent"], row["time"], row["final_url"], row["media_type"]),
        *(row["charset"], row["sha256"], row["size"], row["rendered_sha256"], row["text_sha256"]),
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
