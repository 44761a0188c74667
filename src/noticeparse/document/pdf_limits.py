"""Bounds that pdfminer and pdfplumber lack: a few bytes of a hostile PDF ask them for thousands of millions of steps.

They are laid over their functions once, when PDF is first read, and stay: each is larger than what the PDF reference (ISO
32000) allows, or than anything on a page that people make. What a whole document may take is counted in an
:class:`Allowance`, while :func:`allowed` is open.
"""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from types import SimpleNamespace
from typing import Any

from msgspec import Struct
from pdfminer import pdffont, pdftypes
from pdfminer.cmapdb import FileUnicodeMap
from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfdocument import PDFNoValidXRef, PDFXRefStream
from pdfminer.pdfexceptions import PDFValueError
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfplumber.utils import pdfinternals

#: What one stream (a page's drawing, a font, a table) may unpack to, in bytes.
MAX_STREAM_BYTES = 32 * 1024 * 1024
#: Character codes of a font have two bytes; a map may name each of them.
MAX_CODES = 65_536
#: Forms that a page may draw, those inside of others counted each time.
MAX_FORMS = 5_000
#: Characters of a page; a full one of small print has 10,000. Each takes 0.7 to 1.2 kB while the page is read.
MAX_CHARS = 75_000
#: Lines and boxes of a page that are taken down, and the points of their edges. So many are a drawing, in which no table is
#: looked for.
MAX_PATHS, MAX_POINTS = 20_001, 100_000
#: Streams that a page's drawing may be cut into.
MAX_CONTENTS = 1_000
#: References that lead to another reference before one leads to an object.
MAX_REFERENCES = 30
#: What a document may take whatever its size, and for each of its bytes beside: bytes that streams unpack to; bytes of drawing
#: that are carried out, those of a form or a stream of several pages each time; characters drawn; members of what is
#: referred to, again each time. A page of words is 20 to 40 kB of drawing, packed a fifth of it, and takes up to 2 µs a byte.
FREE_UNPACKED, UNPACKED_PER_BYTE = 48 * 1024 * 1024, 10
FREE_DRAWN, DRAWN_PER_BYTE = 1024 * 1024, 10
FREE_CHARS, CHARS_PER_BYTE = 200_000, 1
FREE_MEMBERS, MEMBERS_PER_BYTE = 200_000, 1


class Allowance(Struct):
    """What a document may still take, see the bounds above.

    Attributes:
        inside: How many references lead to what is being looked through.
    """

    unpacked: int
    drawn: int
    chars: int
    members: int
    inside: int = 0


_open: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowed(size: int) -> Iterator[None]:
    """Bound what is read of one document.

    Args:
        size: Bytes of its file.
    """
    token = _open.set(
        Allowance(
            unpacked=FREE_UNPACKED + UNPACKED_PER_BYTE * size,
            drawn=FREE_DRAWN + DRAWN_PER_BYTE * size,
            chars=FREE_CHARS + CHARS_PER_BYTE * size,
            members=FREE_MEMBERS + MEMBERS_PER_BYTE * size,
        )
    )
    try:
        yield
    finally:
        _open.reset(token)


@cache
def lay_limits() -> None:
    """Bound what pdfminer does from now on."""
    types: Any = pdftypes
    types.zlib = SimpleNamespace(decompress=_unpack, error=zlib.error)
    types.decompress_corrupted = _unpack_damaged
    types.lzwdecode = _unpack_lzw
    types.rldecode = _with_few_runs(types.rldecode)
    types.apply_png_predictor = _with_columns(types.apply_png_predictor)
    types.resolve_all = _with_few_members(types.resolve_all)
    internals: Any = pdfinternals
    internals.resolve_all = _with_few_members(internals.resolve_all)
    internals.resolve_and_decode = _with_few_members(internals.resolve_and_decode)
    fonts: Any = pdffont
    fonts.get_widths = _with_short_ranges(fonts.get_widths)
    for owner, name, bound in (
        (FileUnicodeMap, "add_cid2unichr", _with_few_codes),
        (PDFXRefStream, "load", _with_rows),
        (PDFPageInterpreter, "do_Do", _with_few_forms),
        (PDFPageInterpreter, "render_contents", _with_few_contents),
        (PDFLayoutAnalyzer, "render_char", _with_few_chars),
        (PDFLayoutAnalyzer, "paint_path", _with_few_paths),
        (PDFObjRef, "resolve", _without_circles),
    ):
        setattr(owner, name, bound(getattr(owner, name)))


def _too_large() -> PDFValueError:
    return PDFValueError(f"unpacks to more than {MAX_STREAM_BYTES} bytes")


def _take_unpacked(size: int) -> None:
    allowance = _open.get()
    if allowance is not None:
        allowance.unpacked -= size
        if allowance.unpacked < 0:
            raise PDFValueError("unpacks to too many bytes for its size")


def _unpack(data: bytes) -> bytes:
    """What ``zlib.decompress`` gives, up to the limit."""
    engine = zlib.decompressobj()
    unpacked = engine.decompress(data, MAX_STREAM_BYTES + 1)
    if len(unpacked) > MAX_STREAM_BYTES:
        raise _too_large()
    _take_unpacked(len(unpacked))
    if not engine.eof:
        raise zlib.error("incomplete or truncated stream")
    return unpacked


def _unpack_damaged(data: bytes) -> bytes:
    """What stands before the damage; pdfminer's own takes time by the square of it."""
    engine = zlib.decompressobj()
    out = bytearray()
    for at in range(len(data)):
        try:
            out += engine.decompress(data[at : at + 1])
        except zlib.error:
            if at < len(data) - 3:  # else it is only the sum behind the data that is wrong
                raise
            break
        if len(out) > MAX_STREAM_BYTES:
            raise _too_large()
    _take_unpacked(len(out))
    return bytes(out)


def _unpack_lzw(data: bytes) -> bytes:
    out = bytearray()
    for piece in LZWDecoder(io.BytesIO(data)).run():
        out += piece
        if len(out) > MAX_STREAM_BYTES:
            raise _too_large()
    _take_unpacked(len(out))
    return bytes(out)


def _with_few_runs(decode: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Two bytes stand for 128 at most."""

    @wraps(decode)
    def bounded(data: bytes) -> bytes:
        if len(data) * 64 > MAX_STREAM_BYTES:
            raise _too_large()
        return decode(data)

    return bounded


def _with_columns(predict: Callable[..., bytes]) -> Callable[..., bytes]:
    @wraps(predict)
    def bounded(pred: int, colors: int, columns: int, bits: int, data: bytes) -> bytes:
        if columns > max(len(data), 1) * 8:
            raise PDFValueError(f"rows of {columns} columns in {len(data)} bytes")
        return predict(pred, colors, columns, bits, data)

    return bounded


def _with_short_ranges(widths: Callable[[Iterable[object]], Any]) -> Callable[[Iterable[object]], Any]:
    """Widths are given as ``first [width …]`` or ``first last width``."""

    @wraps(widths)
    def bounded(sequence: Iterable[object]) -> Any:
        values = [resolve1(value) for value in sequence]
        if any(isinstance(value, int) and abs(value) > MAX_CODES for value in values):
            raise PDFValueError(f"widths of more than {MAX_CODES} characters")
        return widths(values)

    return bounded


def _with_few_codes(add: Callable[..., None]) -> Callable[..., None]:
    @wraps(add)
    def bounded(self: FileUnicodeMap, cid: int, code: Any) -> None:
        if len(self.cid2unichr) > MAX_CODES:
            raise PDFValueError(f"a map of more than {MAX_CODES} characters")
        add(self, cid, code)

    return bounded


def _with_rows(load: Callable[[PDFXRefStream, PDFParser], None]) -> Callable[[PDFXRefStream, PDFParser], None]:
    @wraps(load)
    def bounded(self: PDFXRefStream, parser: PDFParser) -> None:
        load(self, parser)
        stated = sum(count for _, count in self.ranges)
        if stated * max(self.entlen or 0, 1) > len(self.data or b""):
            raise PDFNoValidXRef(f"a table of {stated} objects in {len(self.data or b'')} bytes")

    return bounded


def _count(device: Any, kind: str, number: int = 1) -> int:
    """How many things of a kind a page has drawn with these: pdfplumber makes a device for each page."""
    counts = device.__dict__.setdefault("things_drawn", Counter())
    counts[kind] += number
    return int(counts[kind])


def _with_few_forms(draw: Callable[..., None]) -> Callable[..., None]:
    @wraps(draw)
    def bounded(self: PDFPageInterpreter, name: Any) -> None:
        if _count(self.device, "form") > MAX_FORMS:
            raise PDFValueError(f"more than {MAX_FORMS} forms on a page")
        draw(self, name)

    return bounded


def _with_few_contents(draw: Callable[..., None]) -> Callable[..., None]:
    @wraps(draw)
    def bounded(self: PDFPageInterpreter, resources: Any, streams: Sequence[Any], **rest: Any) -> None:
        if len(streams) > MAX_CONTENTS:
            raise PDFValueError(f"a page in more than {MAX_CONTENTS} pieces")
        allowance = _open.get()
        if allowance is not None:
            for piece in map(resolve1, streams):
                if isinstance(piece, PDFStream):
                    allowance.drawn -= len(piece.get_data())
                if allowance.drawn < 0:
                    raise PDFValueError("more drawing than a document of its size has")
        draw(self, resources, streams, **rest)

    return bounded


def _with_few_chars(draw: Callable[..., float]) -> Callable[..., float]:
    @wraps(draw)
    def bounded(self: PDFLayoutAnalyzer, *given: Any, **named: Any) -> float:
        if _count(self, "char") > MAX_CHARS:
            raise PDFValueError(f"more than {MAX_CHARS} characters on a page")
        allowance = _open.get()
        if allowance is not None:
            allowance.chars -= 1
            if allowance.chars < 0:
                raise PDFValueError("more characters than a document of its size has")
        return draw(self, *given, **named)

    return bounded


def _with_few_paths(draw: Callable[..., None]) -> Callable[..., None]:
    @wraps(draw)
    def bounded(self: PDFLayoutAnalyzer, state: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        if sum(step[0] == "m" for step in path) > 1:
            draw(self, state, stroke, fill, evenodd, path)  # comes here again with each part of it
            return
        left = MAX_POINTS - _count(self, "point", 0)
        if _count(self, "path") <= MAX_PATHS and left > 0:
            _count(self, "point", len(path))
            draw(self, state, stroke, fill, evenodd, path[:left])

    return bounded


def _with_few_members(look: Callable[..., Any]) -> Callable[..., Any]:
    """Lists of references to lists of references have 2ⁿ members; those of one that is referred to once are in the file."""

    @wraps(look)
    def bounded(thing: Any, *given: Any, **named: Any) -> Any:
        allowance = _open.get()
        if allowance is None:
            return look(thing, *given, **named)
        if allowance.inside:
            allowance.members -= 1
            if allowance.members < 0:
                raise PDFValueError("more references than a document of its size has")
        if not isinstance(thing, PDFObjRef):
            return look(thing, *given, **named)
        allowance.inside += 1
        try:
            return look(thing, *given, **named)
        finally:
            allowance.inside -= 1

    return bounded


def _without_circles(resolve: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(resolve)
    def bounded(self: PDFObjRef, default: object = None) -> Any:
        found = resolve(self, default)
        for _ in range(MAX_REFERENCES):
            if not isinstance(found, PDFObjRef):
                return found
            found = resolve(found, default)
        raise PDFValueError("references in a circle")

    return bounded
