"""A run over many sources: each host by a thread of its own, each result kept before it is told."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from noticeparse.errors import InputError, NoticeparseError
from noticeparse.fetch.addresses import host_of
from noticeparse.fetch.classify import Classifier
from noticeparse.fetch.content import Content
from noticeparse.fetch.follow import list_links
from noticeparse.fetch.outcome import Outcome, StoppedError
from noticeparse.fetch.page import fetch_page
from noticeparse.fetch.session import Client, now
from noticeparse.fetch.sources import Source
from noticeparse.fetch.store import Fetch, Run, Store
from noticeparse.fetch.stored import open_version
from noticeparse.lexicon.load import Lexicon

if TYPE_CHECKING:
    from noticeparse.document import Document
    from noticeparse.fetch.render import Renderer

_MOST_THREADS = 256
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source in a run.

    Attributes:
        version: The version that stands there now, as far as this run knows.
        new_version: Whether this run was the first to see it.
        found_on: Address of the page that linked to it, for what was followed.
    """

    source: Source
    source_id: int
    outcome: Outcome
    detail: str
    final_url: str
    status: int | None
    size: int
    seconds: float
    version: int | None
    new_version: bool
    found_on: str | None = None


class Batch:
    """One run."""

    def __init__(
        self, client: Client, store: Store, run: Run, lexicon: Lexicon, *, renderer: Renderer | None = None
    ) -> None:
        """Put together what the run needs.

        Args:
            client: Makes the requests.
            store: Keeps what comes.
            run: Of the store.
            lexicon: Vocabulary.
            renderer: Opens pages in a browser.
        """
        self._client = client
        self._store = store
        self._run = run
        self._lexicon = lexicon
        self._classifier = Classifier(lexicon)
        self._renderer = renderer
        self._results: queue.Queue[Result | BaseException | None] = queue.Queue()
        self._taken: set[int] = set()
        self._lock = threading.Lock()

    def fetch(self, sources: Sequence[Source], told: Callable[[Result], None]) -> None:
        """Fetch what this run has not fetched yet.

        Args:
            sources: The whole list; what a resumed run has done is passed over.
            told: Is called with each result, in the caller's thread.

        Raises:
            NoticeparseError: The store cannot be written.
            KeyboardInterrupt: The user stopped it; what was done is in the store.
        """
        hosts: dict[str, list[tuple[int, Source]]] = {}
        for number, source in zip(self._store.add_sources(sources), sources, strict=True):
            self._taken.add(number)
            hosts.setdefault(host_of(source.url), []).append((number, source))
        waiting: queue.SimpleQueue[list[tuple[int, Source]]] = queue.SimpleQueue()
        for work in hosts.values():
            waiting.put(work)
        threads = [
            threading.Thread(target=self._work, args=(waiting,), daemon=True, name=f"fetch-{index}")
            for index in range(min(len(hosts), _MOST_THREADS))
        ]
        self._collect(threads, told)

    def _collect(self, threads: list[threading.Thread], told: Callable[[Result], None]) -> None:
        running = len(threads)
        try:
            for thread in threads:
                thread.start()
            while running:
                try:
                    message = self._results.get(timeout=0.5)
                except queue.Empty:
                    continue  # back to where a signal is heard
                if message is None:
                    running -= 1
                elif isinstance(message, BaseException):
                    raise message
                else:
                    told(message)
        except BaseException:
            self._client.stop_all()
            for thread in threads:
                if thread.ident is not None:
                    thread.join(_STOP_SECONDS)
            raise

    def _work(self, waiting: queue.SimpleQueue[list[tuple[int, Source]]]) -> None:
        try:
            while True:
                try:
                    work = waiting.get_nowait()
                except queue.Empty:
                    break
                for number, source in work:
                    self._one(number, source)
        except StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits for this one
            self._results.put(error)
        finally:
            self._results.put(None)

    def _one(self, number: int, source: Source, found_on: Source | None = None) -> None:
        """Fetch a source and, where asked, the lists that it links to."""
        document: Document | None
        if number in self._run.done:
            document = self._again(number) if self._run.done[number].succeeded else None
            base = source.url
        else:
            fetch, content = self._fetch(number, source)
            recorded = self._store.record(self._run, number, fetch)
            size = len(fetch.body or b"")
            self._results.put(
                Result(
                    *(source, number, fetch.outcome, fetch.detail, fetch.final_url, fetch.status, size, fetch.seconds),
                    *(recorded.version, recorded.new_version, found_on.url if found_on else None),
                )
            )
            document = content.document if content is not None and fetch.outcome is Outcome.OK else None
            if fetch.outcome is Outcome.NOT_MODIFIED:
                document = self._again(number)
            base = fetch.final_url
        if document is not None and self._client.options.follow and found_on is None:
            self._follow(number, source, document, base)

    def _follow(self, number: int, source: Source, document: Document, base: str) -> None:
        for url in list_links(document, base, self._lexicon):
            linked = Source(source.app_id, source.name, url, platform=source.platform, note="linked")
            linked_number = self._store.add_source(linked, found_on=number)
            with self._lock:
                fresh = linked_number not in self._taken
                self._taken.add(linked_number)
            if fresh and linked_number not in self._run.done:
                self._one(linked_number, linked, found_on=source)

    def _fetch(self, number: int, source: Source) -> tuple[Fetch, Content | None]:
        try:
            page = fetch_page(
                self._client,
                source,
                self._classifier,
                validators=self._store.validators(number),
                renderer=self._renderer,
            )
        except (StoppedError, NoticeparseError):
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one page brings up must not lose the others
            detail = f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
            return Fetch(Outcome.INTERNAL, detail, source.url, source.url, now(), 0.0), None
        return page.fetch, page.content

    def _again(self, number: int) -> Document | None:
        """The document of the newest version, where its links are wanted."""
        newest = self._store.newest(number) if self._client.options.follow else None
        if newest is None:
            return None
        try:
            return open_version(self._store, newest)
        except InputError:
            return None  # an older program read it, this one does not: it has no links to follow
