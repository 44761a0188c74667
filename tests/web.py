"""Real servers on loopback addresses that behave, and misbehave, as they are told."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NOTICE_TEXT = """青禾记账第三方SDK目录

示例推送SDK
使用目的：消息推送
收集个人信息类型：IMEI、MAC地址
隐私政策链接：https://push.example.com/privacy

示例统计SDK
第三方名称：示例统计科技有限公司
使用目的：统计分析
收集个人信息类型：Android ID、IP地址
"""
SHELL = b"<!DOCTYPE html><html><head><title>app</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>"


def html(text: str = NOTICE_TEXT, *, head: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


@dataclass(frozen=True)
class Hit:
    """One request as the server saw it."""

    time: float
    host: str
    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


Action = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the second packet of an answer waits 40 ms
    server: Server
    hit: Hit

    def do_GET(self) -> None:
        self._serve("GET", b"")

    def do_POST(self) -> None:
        self._serve("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, method: str, body: bytes) -> None:
        host = str(self.connection.getsockname()[0])
        self.hit = Hit(time.monotonic(), host, self.path, dict(self.headers.items()), method, body)
        with self.server.web.lock:
            self.server.web.hits.append(self.hit)
        actions = self.server.web.actions
        action = actions.get((host, self.path)) or actions.get(("", self.path)) or respond("no such page", 404)
        with suppress(OSError):
            action(self)

    def send(self, body: bytes, status: int, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Tests have their own log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    web: Web

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up are part of the tests."""


@dataclass
class Web:
    """Servers at several loopback addresses and one port; an action for each path, or for each address and path."""

    addresses: tuple[str, ...] = ("127.0.0.1",)
    tls: ssl.SSLContext | None = None
    actions: dict[tuple[str, str], Action] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0
    _servers: list[Server] = field(default_factory=list)

    def start(self) -> None:
        for attempt in range(20):
            try:
                self._bind()
            except OSError:  # the port is free at the first address only
                if attempt == 19:
                    raise
                self.stop()
                self._servers, self.port = [], 0
            else:
                return

    def _bind(self) -> None:
        for address in self.addresses:
            server = Server((address, self.port), Handler)
            server.web = self
            if self.tls is not None:
                server.socket = self.tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            self.port = server.server_address[1]
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def url(self, path: str = "/", host: str | None = None) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{host or self.addresses[0]}:{self.port}{path}"

    def on(self, path: str, action: Action, *, host: str = "") -> str:
        """Set the action for a path, and give the address."""
        self.actions[host, path] = action
        return self.url(path, host or None)

    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt aside."""
        with self.lock:
            return [hit.path for hit in self.hits if hit.path != "/robots.txt"]


@contextmanager
def serving(*addresses: str, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    web = Web(addresses or ("127.0.0.1",), tls)
    web.start()
    try:
        yield web
    finally:
        web.stop()


# ---------------------------------------------------------------- actions


def respond(
    body: bytes | str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    kind: str = "text/html; charset=utf-8",
) -> Action:
    data = body.encode("utf-8") if isinstance(body, str) else body
    return lambda handler: handler.send(data, status, {"Content-Type": kind, **(headers or {})})


def redirect(location: str, status: int = 302, headers: Mapping[str, str] | None = None) -> Action:
    return respond(b"", status, {"Location": location, **(headers or {})})


def in_turn(*actions: Action) -> Action:
    """The first action for the first request and so on; the last one for all that follow."""
    left = list(actions)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def conditional(body: str, etag: str = '"v1"') -> Action:
    def act(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            handler.send(b"", 304, {"ETag": etag})
        else:
            respond(body, headers={"ETag": etag})(handler)

    return act


def drip(interval: float = 0.1, *, of: str = "body") -> Action:
    """Bytes one by one, for ever: of the body, of a header, or of a chunk's length."""

    def act(handler: Handler) -> None:
        if of == "header":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        elif of == "chunk":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(int(60 / interval)):
            handler.wfile.write(b"0")
            handler.wfile.flush()
            time.sleep(interval)

    return act


def silent(seconds: float = 30.0) -> Action:
    def act(handler: Handler) -> None:
        handler.close_connection = True
        time.sleep(seconds)

    return act


def slow(seconds: float, action: Action) -> Action:
    def act(handler: Handler) -> None:
        time.sleep(seconds)
        action(handler)

    return act


def reset(after: bytes = b"") -> Action:
    """Some bytes, then a hard end of the connection."""

    def act(handler: Handler) -> None:
        handler.wfile.write(after)
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    return act


def truncated(body: bytes) -> Action:
    """Less than was announced."""

    def act(handler: Handler) -> None:
        handler.send(body, 200, {"Content-Type": "text/html", "Content-Length": str(len(body) + 1000)})
        handler.close_connection = True

    return act


def bomb(megabytes: int) -> Action:
    """A small answer that unpacks to a large one: members of a gzip stream follow each other."""
    packed = gzip.compress(b"\0" * (16 << 20), 9)
    return respond(packed * (megabytes // 16), headers={"Content-Encoding": "gzip"})
