"""A store's versions as a WARC, for archives and their tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import IO

from noticeparse._version import __version__
from noticeparse.fetch.store import Store, Version

# The stored bytes are unpacked, so what described their packing would be wrong; archives name it so.
_PACKING = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def write_warc(stream: IO[bytes], store: Store, versions: Iterable[Version]) -> int:
    """Write versions as WARC 1.1 records: a response each, and a conversion for what a browser made of it.

    Args:
        stream: Where to; gzipped record by record.
        store: Where they are.
        versions: Which.

    Returns:
        How many records were written, the first one about the file aside.

    Raises:
        StoreError: Bytes are missing or damaged.
    """
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    about = {"software": f"noticeparse/{__version__}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record("notices.warc.gz", about))
    written = 0
    for version in versions:
        status, headers = _head(store, version)
        body = store.read(version.sha256)
        kept = [pair for pair in headers if pair[0].lower() not in _PACKING]
        kept += [(f"X-Archive-Orig-{name}", value) for name, value in headers if name.lower() in _PACKING]
        kept.append(("Content-Length", str(len(body))))
        response = writer.create_warc_record(
            version.final_url,
            "response",
            payload=BytesIO(body),
            warc_headers_dict={"WARC-Date": version.time},
            http_headers=StatusAndHeaders(f"{status} ", kept, protocol="HTTP/1.1"),
        )
        writer.write_record(response)
        written += 1
        if version.rendered_sha256 is not None:
            rendered = writer.create_warc_record(
                version.final_url,
                "conversion",
                payload=BytesIO(store.read(version.rendered_sha256)),
                warc_content_type="text/html; charset=utf-8",
                warc_headers_dict={
                    "WARC-Date": version.time,
                    "WARC-Refers-To": response.rec_headers.get_header("WARC-Record-ID"),
                },
            )
            writer.write_record(rendered)
            written += 1
    return written


def _head(store: Store, version: Version) -> tuple[int, list[tuple[str, str]]]:
    """Status and headers of the fetch that first saw a version."""
    first = next(row for row in store.fetches(source=version.source_id) if row["version"] == version.id)
    return int(first["status"] or 200), [(name, value) for name, value in json.loads(first["headers"] or "[]")]
