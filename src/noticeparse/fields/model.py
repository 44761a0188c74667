"""What reading entries or sentences gives: disclosures, and what else of the text was read on the way."""

from __future__ import annotations

from msgspec import Struct

from noticeparse.records import Diagnostic, Disclosure, Span


class Reading(Struct, frozen=True, gc=False):
    """Disclosures with the words around their values.

    Attributes:
        disclosures: In order of the text; ``index`` is set when the notice is put together, ids by normalising.
        labels: Document spans of words that are read but are no value: labels, introducing words, dropped verbs.
        diagnostics: What was mended or doubted.
    """

    disclosures: tuple[Disclosure, ...]
    labels: tuple[Span, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
