"""Connections that go where the guard looked, and that a deadline can cut off at any point."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection
from urllib3.util.retry import Retry

from noticeparse.fetch.addresses import Guard


class Deadline:
    """The end of the time that one request may take, from the first packet to the last.

    Timeouts of a socket begin anew with every byte, so a server that sends one a second never meets them. This one shuts
    the socket down when the time is over, whatever is being waited for.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._aborted = False
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def left(self) -> float:
        """Seconds that are left, at least a little."""
        return max(0.05, self._until - time.monotonic())

    def watch(self, connection: socket.socket | None) -> None:
        """Name the socket to shut down.

        Args:
            connection: A plain socket, also under TLS.
        """
        with self._lock:
            self._socket = connection
        if self._aborted:
            self.abort()

    def abort(self) -> None:
        """Shut the connection down now, or as soon as there is one."""
        with self._lock:
            self._aborted = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _expire(self) -> None:
        self.expired = True
        self.abort()


class _Current(threading.local):
    """The deadline of the request that a thread is making; the libraries in between have no argument to pass it in."""

    deadline: Deadline | None = None


_current = _Current()


class _Guarded(HTTPConnection):
    """A connection to an address that was checked, which is not looked up again."""

    guard: Guard
    # A second handle of the socket: TLS takes the first one over, and while it shakes hands nobody else has one.
    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        deadline = _current.deadline
        failure: OSError | None = None
        for address in self.guard.addresses(self.host, self.port):
            timeout = self.timeout if isinstance(self.timeout, int | float) else None
            if deadline is not None:
                timeout = min(deadline.left(), timeout if timeout is not None else deadline.left())
            try:
                connected = create_connection(
                    (address, self.port),
                    timeout,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except OSError as error:
                failure = error
                continue
            connected.settimeout(self.timeout if isinstance(self.timeout, int | float) else None)
            self._handle = connected.dup()
            if deadline is not None:
                deadline.watch(self._handle)
            return connected
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} does not answer") from failure
        raise NewConnectionError(self, f"{failure}") from failure

    def request(self, *args: Any, **kwargs: Any) -> None:
        if _current.deadline is not None:
            _current.deadline.watch(self._handle)  # a connection that is used again
        super().request(*args, **kwargs)

    def close(self) -> None:
        handle, self._handle = self._handle, None
        try:
            super().close()
        finally:
            if handle is not None:
                handle.close()


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same under TLS; the certificate is checked against the name, not the address."""


class GuardedAdapter(HTTPAdapter):
    """Connections of one run, kept open for the next request to the same host. It tries once; who calls it retries."""

    def __init__(self, guard: Guard, *, hosts: int) -> None:
        """Prepare the pools.

        Args:
            guard: Checks addresses.
            hosts: How many hosts' connections are kept.
        """
        super().__init__(
            pool_connections=hosts, pool_maxsize=1, max_retries=Retry(total=0, redirect=False), pool_block=False
        )
        plain = type("GuardedConnection", (_Guarded,), {"guard": guard})
        secure = type("GuardedTlsConnection", (_GuardedTls,), {"guard": guard})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("GuardedTlsPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


class using:  # noqa: N801 - reads as a statement
    """``with using(deadline):`` makes a deadline the one of this thread's requests."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __enter__(self) -> Deadline:
        _current.deadline = self._deadline
        return self._deadline.__enter__()

    def __exit__(self, *details: object) -> None:
        _current.deadline = None
        self._deadline.__exit__(*details)
