"""Gzip: any form of file may come packed in it."""

from __future__ import annotations

import zlib

from noticeparse.errors import InputError

_SIGNATURE = b"\x1f\x8b"
_MAX_LAYERS = 3


def is_gzip(data: bytes) -> bool:
    """Whether bytes are gzip data, whatever they are called."""
    return data.startswith(_SIGNATURE)


def unpack(data: bytes, source: str, max_bytes: int) -> bytes:
    """Unpack gzip data, never to more than allowed.

    Args:
        data: One gzip member or several, perhaps packed twice.
        source: Name for the message.
        max_bytes: Largest size that is unpacked to, in bytes.

    Raises:
        InputError: The data is damaged, cut short, or unpacks to too much.
    """
    for _ in range(_MAX_LAYERS):
        data = _unpack_layer(data, source, max_bytes)
        if not is_gzip(data):
            return data
    raise InputError(source, f"gzip data packed more than {_MAX_LAYERS} times")


def _unpack_layer(data: bytes, source: str, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    rest = data
    while is_gzip(rest):  # what stands behind the last member is padding
        engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = engine.decompress(rest, max_bytes - size + 1)
        except zlib.error as error:
            raise InputError(source, f"damaged gzip data: {error}") from error
        size += len(part)
        if size > max_bytes:
            raise InputError(source, f"too large: unpacks to more than {max_bytes} bytes, the limit")
        if not engine.eof:
            raise InputError(source, "gzip data is cut short")
        parts.append(part)
        rest = engine.unused_data
    return b"".join(parts)
