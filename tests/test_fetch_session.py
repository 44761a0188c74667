"""Requests against real servers that do what servers do."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

import pytest
import trustme

from benchmarks.memory import forget, peak
from noticeparse.fetch.addresses import Guard, what_is_wrong
from noticeparse.fetch.options import FetchOptions
from noticeparse.fetch.outcome import FetchError, Outcome, StoppedError
from noticeparse.fetch.session import Client, Response
from tests.web import Web, bomb, drip, in_turn, redirect, reset, respond, serving, silent, truncated

# Nothing here waits for these limits; a busy machine must not meet them. What is about limits sets its own.
QUICK = FetchOptions(delay=0.0, timeout=20.0, deadline=30.0, backoff=0.01, retries=2, allow_private=True)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving("127.0.0.1", "127.0.0.2") as running:
        yield running


def options(**changes: object) -> FetchOptions:
    from dataclasses import replace

    return replace(QUICK, **changes)  # type: ignore[arg-type]


def get(url: str, settings: FetchOptions = QUICK, **more: object) -> Response:
    client = Client(settings)
    try:
        return client.visit(url).get(url, **more)  # type: ignore[arg-type]
    finally:
        client.close()


def failure(url: str, settings: FetchOptions = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, settings)
    return caught.value


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
        *(
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
        ),
        *("192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("::1", "::", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1"),
        *(
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "::7f00:1",
            "2002:7f00:1::",
        ),
        *("2001:0:53aa:64c:0:0:80ff:fffe", "not an address", ""),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not Guard().permits(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_addresses_that_are_public(address: str) -> None:
    assert Guard().permits(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.1.1", "100.64.0.1", "::1", "fe80::1", "::ffff:192.168.0.1"])
def test_private_ones_where_they_are_allowed(address: str) -> None:
    assert Client(QUICK).guard.permits(address)


@pytest.mark.parametrize("address", ["224.0.0.1", "0.0.0.0", "240.0.0.1", "ff02::1", "::"])
def test_addresses_of_no_server_are_never_allowed(address: str) -> None:
    assert not Client(QUICK).guard.permits(address)


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("ftp://example.com/x", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://example.com/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("//example.com/x", "only http and https"),
        ("https:///x", "no host"),
        ("http://user:secret@example.com/", "user name"),
        ("http://example.com:0/", "port 0"),
        ("http://example.com:99999/", "range"),
        ("http://example.com/a b", "blank"),
        ("http://[::1/", "IPv6"),
    ],
)
def test_what_is_no_web_address(url: str, cause: str) -> None:
    assert cause in (what_is_wrong(url) or "")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_loopback_however_it_is_written_is_not_asked(web: Web, host: str) -> None:
    web.on("/", respond("x"))
    error = failure(f"http://{host}:{web.port}/", options(allow_private=False, ignore_robots=True))
    assert error.outcome is Outcome.BLOCKED_ADDRESS
    assert web.hits == []


def test_a_redirect_to_a_private_address_is_not_followed(web: Web) -> None:
    """127.0.0.1 stands for the public internet here, 127.0.0.2 for a machine inside."""
    inside = web.on("/secret", respond("secret"), host="127.0.0.2")
    url = web.on("/go", redirect(inside), host="127.0.0.1")
    client = Client(options(ignore_robots=True), guard=Guard((ip_network("127.0.0.1/32"),)))
    with pytest.raises(FetchError) as caught:
        client.visit(url).get(url)
    assert caught.value.outcome is Outcome.BLOCKED_ADDRESS
    assert [hop.location for hop in caught.value.hops] == [inside]  # type: ignore[attr-defined]
    assert web.paths() == ["/go"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://u:p@127.0.0.1/", "http://[bad/"])
def test_a_redirect_to_what_is_no_web_address(web: Web, target: str) -> None:
    assert failure(web.on("/go", redirect(target))).outcome is Outcome.REDIRECT


def test_a_name_that_resolves_differently_the_second_time_is_not_looked_up_twice(web: Web) -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]]
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    web.on("/", respond("outside"), host="127.0.0.1")
    web.on("/", respond("inside"), host="127.0.0.2")
    client = Client(options(ignore_robots=True), guard=Guard((ip_network("127.0.0.1/32"),), resolve))
    url = f"http://rebind.example:{web.port}/"
    assert client.visit(url).get(url).body == b"outside"
    assert {hit.host for hit in web.hits} == {"127.0.0.1"}
    assert asked == ["rebind.example"]
    client.adapter.close()  # the connection is gone: a second look-up, which now gives an address inside
    with pytest.raises(FetchError) as caught:
        client.visit(url).get(url)
    assert caught.value.outcome is Outcome.BLOCKED_ADDRESS
    assert {hit.host for hit in web.hits} == {"127.0.0.1"}


def test_one_private_address_among_public_ones_refuses_the_host(web: Web) -> None:
    guard = Guard((ip_network("127.0.0.1/32"),), lambda host, port: ["127.0.0.1", "127.0.0.2"])
    client = Client(options(ignore_robots=True), guard=guard)
    with pytest.raises(FetchError) as caught:
        client.visit().get(f"http://mixed.example:{web.port}/")
    assert caught.value.outcome is Outcome.BLOCKED_ADDRESS
    assert web.hits == []


def test_an_unknown_name(web: Web) -> None:
    def resolve(host: str, port: int) -> list[str]:
        import socket

        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = Client(options(ignore_robots=True), guard=Guard((), resolve))
    with pytest.raises(FetchError) as caught:
        client.visit().get("http://nowhere.example/")
    assert (caught.value.outcome, caught.value.detail) == (Outcome.DNS, "nowhere.example: Name or service not known")


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize("of", ["body", "header", "chunk"])
def test_a_server_that_drips_meets_the_deadline(web: Web, of: str) -> None:
    begun = time.monotonic()
    error = failure(web.on("/drip", drip(0.1, of=of)), options(deadline=0.6, ignore_robots=True))
    assert error.outcome is Outcome.TIMEOUT
    assert "not done after 0.6 s" in error.detail
    assert time.monotonic() - begun < 40, "it would drip for a minute"
    assert web.paths() == ["/drip"]  # it would drip again


def test_a_silent_server_is_tried_again_and_given_up(web: Web) -> None:
    error = failure(web.on("/", silent(5)), options(timeout=0.5, retries=1, ignore_robots=True))
    assert error.outcome is Outcome.TIMEOUT
    assert web.paths() == ["/", "/"]


def test_too_many_bytes_are_not_read(web: Web) -> None:
    error = failure(web.on("/", respond(b"x" * 2_000_000)), options(max_bytes=1_000_000))
    assert (error.outcome, error.detail) == (Outcome.TOO_LARGE, "2000000 bytes announced, limit 1000000")


def test_too_many_bytes_without_an_announced_length(web: Web) -> None:
    def act(handler: object) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")  # type: ignore[attr-defined]
        for _ in range(1000):
            handler.wfile.write(b"x" * 100_000)  # type: ignore[attr-defined]

    error = failure(web.on("/", act), options(max_bytes=1_000_000))
    assert error.outcome is Outcome.TOO_LARGE


def test_a_decompression_bomb_is_not_unpacked(web: Web) -> None:
    url = web.on("/", bomb(1024))
    forget()
    before = peak()
    error = failure(url, options(max_bytes=4 << 20, deadline=20.0))
    grown = (peak() - before) / 1024
    assert error.outcome is Outcome.TOO_LARGE
    assert grown < 100, f"{grown:.0f} MiB for 1 GiB of zeros"


def test_a_false_content_encoding(web: Web) -> None:
    url = web.on("/", respond("no gzip at all", headers={"Content-Encoding": "gzip"}))
    assert failure(url).outcome is Outcome.UNDECODABLE


# ---------------------------------------------------------------- retries


@pytest.mark.parametrize("bad", [reset(), reset(b"HTTP/1.1 200 OK\r\nContent-Le"), truncated(b"half")])
def test_a_broken_connection_is_tried_again(web: Web, bad: object) -> None:
    url = web.on("/", in_turn(bad, respond("at last")))  # type: ignore[arg-type]
    assert get(url).body == b"at last"
    assert web.paths() == ["/", "/"]


def test_a_connection_that_stays_broken(web: Web) -> None:
    error = failure(web.on("/", reset()), options(ignore_robots=True))
    assert error.outcome is Outcome.CONNECTION
    assert len(web.paths()) == 3


def test_a_closed_port() -> None:
    with serving() as web:
        url = web.url("/")
    assert failure(url, options(retries=0)).outcome is Outcome.CONNECTION


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_statuses_are_tried_again(web: Web, status: int) -> None:
    url = web.on("/", in_turn(respond("busy", status), respond("at last")))
    assert get(url).status == 200


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 501])
def test_lasting_statuses_are_not(web: Web, status: int) -> None:
    assert get(web.on("/", respond("no", status))).status == status
    assert web.paths() == ["/"]


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed(web: Web, as_date: bool) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    busy = respond("busy", 429, {"Retry-After": later if as_date else "1"})
    url = web.on("/", in_turn(busy, respond("at last")))
    assert get(url, options(deadline=10)).status == 200
    first, second = (hit.time for hit in web.hits if hit.path == "/")
    assert second - first >= (0.9 if as_date else 1.0)


def test_a_retry_after_that_is_too_long_ends_the_host(web: Web) -> None:
    first = web.on("/a", respond("busy", 503, {"Retry-After": "7200"}))
    second = web.on("/b", respond("fine"))
    client = Client(options(max_wait=5.0))
    assert client.visit().get(first).status == 503
    with pytest.raises(FetchError) as caught:
        client.visit().get(second)
    assert caught.value.outcome is Outcome.HTTP_ERROR
    assert "asks to wait 7200 s" in caught.value.detail
    assert web.paths() == ["/a"]


def test_waits_grow_and_differ(web: Web) -> None:
    url = web.on("/", respond("busy", 500))
    get(url, options(retries=3, backoff=0.2, ignore_robots=True))
    times = [hit.time for hit in web.hits]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] >= 0.2
    assert gaps[1] >= 0.4
    assert gaps[2] >= 0.8
    assert len({round(gap, 3) for gap in gaps}) == 3


# ---------------------------------------------------------------- redirects, cookies, headers


def test_redirects_are_recorded_hop_by_hop(web: Web) -> None:
    end = web.on("/c", respond("end"), host="127.0.0.2")
    middle = web.on("/b", redirect(end, 308))
    url = web.on("/a", redirect("/b", 301))
    response = get(url)
    assert response.url == end
    assert [(hop.url, hop.status, hop.location) for hop in response.hops] == [(url, 301, middle), (middle, 308, end)]


def test_a_fragment_survives_redirects(web: Web) -> None:
    web.on("/b", respond("x"))
    web.on("/c", redirect("/b#own"))
    url = web.on("/a", redirect("/b"))
    assert get(f"{url}#/sdk").url == web.url("/b#/sdk")
    assert get(web.url("/c#/sdk")).url == web.url("/b#own")


def test_redirects_in_a_circle(web: Web) -> None:
    web.on("/b", redirect("/a"))
    assert "circle" in failure(web.on("/a", redirect("/b"))).detail


def test_redirects_without_end(web: Web) -> None:
    for index in range(30):
        web.on(f"/{index}", redirect(f"/{index + 1}"))
    error = failure(web.url("/0"))
    assert (error.outcome, error.detail) == (Outcome.REDIRECT, "more than 10 redirects")
    assert len(web.paths()) == 11


def test_a_location_in_raw_utf8(web: Web) -> None:
    web.on("/%E7%9B%AE%E5%BD%95", respond("found"))

    def act(handler: object) -> None:
        handler.wfile.write("HTTP/1.1 302 Found\r\nLocation: /目录\r\nContent-Length: 0\r\n\r\n".encode())  # type: ignore[attr-defined]

    assert get(web.on("/", act)).body == b"found"


def test_cookies_stay_with_one_source(web: Web) -> None:
    web.on("/b", respond("x"))
    url = web.on("/a", redirect("/b", headers={"Set-Cookie": "session=1; Path=/"}))
    client = Client(QUICK)
    client.visit(url).get(url)
    client.visit(url).get(web.url("/b"))
    sent = [hit.headers.get("Cookie") for hit in web.hits if hit.path == "/b"]
    assert sent == ["session=1", None]


def test_own_headers_go_to_the_own_origin_only(web: Web) -> None:
    end = web.on("/b", respond("x"), host="127.0.0.2")
    url = web.on("/a", redirect(end), host="127.0.0.1")
    client = Client(QUICK)
    client.visit(url, {"Authorization": "Bearer secret", "X-Own": "1"}).get(url)
    by_path = {hit.path: hit.headers for hit in web.hits}
    assert by_path["/a"]["Authorization"] == "Bearer secret"
    assert not {"Authorization", "X-Own"} & set(by_path["/b"])


def test_the_user_agent_is_honest(web: Web) -> None:
    get(web.on("/", respond("x")), options(contact="team@example.org"))
    assert {hit.headers["User-Agent"] for hit in web.hits} == {"noticeparse/0.1.0 (+team@example.org)"}


def test_no_proxy_and_no_netrc_of_the_environment(web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", os.fspath(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert get(web.on("/", respond("x"))).status == 200
    assert all("Authorization" not in hit.headers for hit in web.hits)


def test_connections_are_used_again(web: Web) -> None:
    ports: set[int] = set()

    def act(handler: object) -> None:
        ports.add(handler.client_address[1])  # type: ignore[attr-defined]
        respond("x")(handler)  # type: ignore[arg-type]

    client = Client(options(ignore_robots=True))
    for index in range(5):
        client.visit().get(web.on(f"/{index}", act))
    assert len(ports) == 1


# ---------------------------------------------------------------- TLS


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def tls_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_a_certificate_that_nobody_signed(authority: trustme.CA) -> None:
    with serving(tls=tls_context(authority, "127.0.0.1")) as web:
        error = failure(web.on("/", respond("x")), options(ignore_robots=True))
    assert error.outcome is Outcome.TLS
    assert web.hits == []


def test_a_certificate_of_another_name(authority: trustme.CA, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    with serving(tls=tls_context(authority, "other.example")) as web:
        url = web.on("/", respond("x"))
        assert failure(url, options(ca_file=str(bundle), ignore_robots=True)).outcome is Outcome.TLS
        guard = Guard((ip_network("127.0.0.1/32"),), lambda host, port: ["127.0.0.1"])
        client = Client(options(ca_file=str(bundle), ignore_robots=True), guard=guard)
        # The name decides, although the connection is made to an address.
        assert client.visit().get(f"https://other.example:{web.port}/").body == b"x"


def test_a_tls_handshake_that_never_ends_meets_the_deadline() -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    accepted: list[object] = []
    threading.Thread(target=lambda: accepted.append(listener.accept()), daemon=True).start()
    settings = options(ignore_robots=True, deadline=0.5, timeout=60.0)
    begun = time.monotonic()
    assert failure(f"https://127.0.0.1:{listener.getsockname()[1]}/", settings).outcome is Outcome.TIMEOUT
    assert time.monotonic() - begun < 40, "the silence may last a minute"
    listener.close()


# ---------------------------------------------------------------- robots.txt and turns


def robots(text: str, status: int = 200) -> object:
    return respond(text, status, kind="text/plain")


def test_robots_txt_is_obeyed_and_asked_once(web: Web) -> None:
    web.on("/robots.txt", robots("User-agent: *\nDisallow: /private\n\nUser-agent: noticeparse\nDisallow: /no\n"))  # type: ignore[arg-type]
    for path in ("/no/1", "/no/2", "/private/1"):
        web.on(path, respond("x"))
    client = Client(QUICK)
    for path in ("/no/1", "/no/2"):
        with pytest.raises(FetchError) as caught:
            client.visit().get(web.url(path))
        assert caught.value.outcome is Outcome.ROBOTS
    assert client.visit().get(web.url("/private/1")).status == 200
    assert [hit.path for hit in web.hits] == ["/robots.txt", "/private/1"]
    assert get(web.url("/no/1"), options(ignore_robots=True)).status == 200


def test_robots_txt_of_a_redirect_s_target_is_obeyed(web: Web) -> None:
    web.on("/robots.txt", robots("User-agent: *\nDisallow: /"), host="127.0.0.2")  # type: ignore[arg-type]
    url = web.on("/go", redirect(web.on("/x", respond("x"), host="127.0.0.2")), host="127.0.0.1")
    assert failure(url).outcome is Outcome.ROBOTS
    assert web.paths() == ["/go"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_robots_txt_that_cannot_be_had(web: Web, status: int, allowed: bool) -> None:
    web.on("/robots.txt", robots("", status))  # type: ignore[arg-type]
    url = web.on("/", respond("x"))
    if allowed:
        assert get(url, options(retries=0)).status == 200
    else:
        assert failure(url, options(retries=0)).outcome is Outcome.ROBOTS
        assert web.paths() == []


def test_a_huge_robots_txt_counts_as_far_as_it_is_read(web: Web) -> None:
    web.on("/robots.txt", robots("User-agent: *\nDisallow: /no\n" + "# x\n" * 500_000))  # type: ignore[arg-type]
    assert failure(web.on("/no", respond("x"))).outcome is Outcome.ROBOTS


def test_requests_to_one_host_come_one_by_one_and_apart(web: Web) -> None:
    """From eight threads, over both a quick page and a slow one."""
    running = [0, 0]

    def act(handler: object) -> None:
        running[0] += 1
        running[1] = max(running)
        time.sleep(0.02)
        running[0] -= 1
        respond("x")(handler)  # type: ignore[arg-type]

    for index in range(8):
        web.on(f"/{index}", act)
    client = Client(options(delay=0.1, ignore_robots=True))
    threads = [threading.Thread(target=client.visit().get, args=(web.url(f"/{index}"),)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(hit.time for hit in web.hits)
    assert len(times) == 8
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.1
    assert running[1] == 1


def test_crawl_delay_is_obeyed(web: Web) -> None:
    web.on("/robots.txt", robots("User-agent: *\nCrawl-delay: 0.4\n"))  # type: ignore[arg-type]
    client = Client(QUICK)
    for path in ("/a", "/b"):
        client.visit().get(web.on(path, respond("x")))
    times = [hit.time for hit in web.hits]
    assert all(later - earlier >= 0.4 for earlier, later in pairwise(times))


def test_a_crawl_delay_that_is_too_long(web: Web) -> None:
    web.on("/robots.txt", robots("User-agent: *\nCrawl-delay: 86400\n"))  # type: ignore[arg-type]
    error = failure(web.on("/", respond("x")))
    assert error.outcome is Outcome.ROBOTS
    assert "86400" in error.detail


def test_a_stop_ends_what_waits_and_what_is_under_way(web: Web) -> None:
    asked = threading.Event()

    def never(handler: object) -> None:
        asked.set()
        time.sleep(60)

    first = web.on("/slow", never, host="127.0.0.1")
    second = web.on("/x", respond("x"), host="127.0.0.2")
    client = Client(options(delay=60.0, timeout=60.0, deadline=60.0, ignore_robots=True))
    client.visit().get(second)
    ended: list[type] = []

    def ask(url: str) -> None:
        try:
            client.visit().get(url)
        except StoppedError as error:
            ended.append(type(error))

    threads = [threading.Thread(target=ask, args=(url,)) for url in (first, second)]
    for thread in threads:
        thread.start()
    assert asked.wait(30)
    client.stop_all()
    for thread in threads:
        thread.join(30)
    assert ended == [StoppedError, StoppedError], "either would go on for a minute"
