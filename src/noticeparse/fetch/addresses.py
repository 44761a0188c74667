"""Which addresses may be asked: web addresses whose host lies, by every address it resolves to, in the public internet.

The check stands where the connection is made, on the addresses that it is made to, so neither a redirect nor a name that
resolves differently the second time gets around it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from noticeparse.fetch.outcome import FetchError, Outcome
from noticeparse.pattern import Pattern

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
SocketAddress = tuple[int, tuple[str, int]]
Resolve = Callable[[str, int], Sequence[str]]

SCHEMES = ("http", "https")
_BLANK_REGEX = Pattern(r"[\s\x00-\x1f\x7f]")
# What --allow-private opens. Multicast, unspecified and reserved addresses stay closed: no web server is there.
PRIVATE_NETWORKS: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"),
            *("::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)
# IPv6 that carries an IPv4 address in its last 32 bits, and is routed to it where a translator stands.
_TRANSLATED = tuple(IPv6Network(net) for net in ("64:ff9b::/96", "::/96"))


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host as the system tells them.

    Args:
        host: Name or literal address.
        port: Number.

    Raises:
        OSError: The name has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """Says which addresses may be connected to.

    Attributes:
        allowed: Networks that may be asked although they are not public.
        resolve: Name to addresses.
    """

    allowed: tuple[Network, ...] = ()
    resolve: Resolve = resolve_host

    def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a host, each checked.

        One address that may not be asked refuses the host: names that resolve to both kinds are how rebinding begins.

        Args:
            host: Name or literal address.
            port: Number.

        Raises:
            FetchError: ``dns`` where there is none, ``blocked_address`` where one may not be asked.
        """
        host = host.strip("[]")
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError) as error:
            cause = f"{host}: {getattr(error, 'strerror', None) or error}"
            passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise FetchError(Outcome.DNS, cause, passing=passing) from error
        if not found:
            raise FetchError(Outcome.DNS, f"{host}: no address")
        for text in found:
            if not self.permits(text):
                raise FetchError(Outcome.BLOCKED_ADDRESS, f"{host} is at {text}, which is not public")
        return found

    def permits(self, text: str) -> bool:
        """Whether an address may be connected to.

        Args:
            text: ``203.0.113.9``, ``::ffff:127.0.0.1``, ``fe80::1%eth0``.
        """
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return False
        inner = _carried(address)
        address = inner if inner is not None else address
        return _is_public(address) or any(
            address in network for network in self.allowed if network.version == address.version
        )


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, translated or 6to4."""
    if not isinstance(address, IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _TRANSLATED) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_public(address: Address) -> bool:
    if address.is_multicast or address.is_unspecified or address.is_reserved or address.is_link_local:
        return False
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global


def check_url(url: str) -> None:
    """Refuse what is no web address.

    Args:
        url: ``https://example.com/sdk.html``.

    Raises:
        FetchError: ``redirect``: it is not http or https, has no host, or carries a user name.
    """
    cause = what_is_wrong(url)
    if cause is not None:
        raise FetchError(Outcome.REDIRECT, f"{url[:200]}: {cause}")


def what_is_wrong(url: str) -> str | None:
    """Why an address cannot be fetched, or ``None``.

    Args:
        url: As a user or a server gave it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme.lower() not in SCHEMES:
        return "only http and https addresses are fetched"
    if not parts.hostname:
        return "no host"
    if parts.username is not None or parts.password is not None:
        return "a user name or password in the address"
    if port == 0:
        return "port 0"
    if _BLANK_REGEX.search(url):
        return "a blank or control character in the address"
    return None


def origin_of(url: str) -> str:
    """Scheme, host and port of an address: what robots.txt speaks for.

    Args:
        url: A checked address.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    port = parts.port or (443 if scheme == "https" else 80)
    host = (parts.hostname or "").rstrip(".")
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def host_of(url: str) -> str:
    """The host of an address, lower case: what is asked one request at a time.

    Args:
        url: A checked address.
    """
    return (urlsplit(url).hostname or "").rstrip(".").lower()
