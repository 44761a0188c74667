"""One entry to disclosures: each run read by its field's grammar."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct, field

from noticeparse.document.view import View
from noticeparse.fields.items import parse_items
from noticeparse.fields.items_model import ItemRun
from noticeparse.fields.links import link_kind, read_links, title_link
from noticeparse.fields.model import Reading
from noticeparse.layout.columns import LINK_TITLE_REGEX
from noticeparse.layout.labels import LabelGrammar, label_grammar
from noticeparse.layout.lines import trim
from noticeparse.layout.model import LINK_FIELDS, Entry, FieldRun
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.names import classify_name, split_name
from noticeparse.pattern import Pattern
from noticeparse.records import (
    DataItem,
    Diagnostic,
    Disclosure,
    Entity,
    Link,
    Permission,
    Platform,
    Span,
    Value,
)

_INNER_LABEL_REGEX = Pattern(r"(?:^|\n|[;。]\s?)[ \t]*(?:[-•·*●]\s*)?([^\s:;。,、()\n]{2,20}):(?!//)")
_METHOD_REGEX = Pattern(r"\s*+([A-Za-z0-9/、和及或\u4e00-\u9fff ]{2,12}?)\s*+\((.+)\)\s*+", re.S)
_WAY_REGEX = Pattern(r"\s*(?:内嵌|嵌入|接入|集成)?\s?(?:SDK|API|H5)\s*\([^()]{2,60}(?:\([^()]*\))?[^()]*\)\s*", re.I)
_OPENING_LABEL_REGEX = Pattern(r"\s{0,99}([^\s:;。,、()\n]{2,20}):(?!//)")
_BOTH_REGEX = Pattern(r"\s*+([^()]*[^()\s])\s*+\(([^()]*+(?:\([^()]*+\)[^()]*+)?+)\)?\s*+", re.S)
_PLATFORM_SPLIT_REGEX = Pattern(r"[、,;/\s和及与|+&]+")
_LONGEST_TITLES = 2_000  # characters of titles of links
_LONGEST_ABSENT = 40  # characters of a value that may say that there is none
_VALUE_FIELDS = ("purpose", "scenario", "category", "processing", "retention", "frequency", "package_name", "contact")


class _Draft(Struct):
    """Fields of one disclosure while its runs are being read."""

    provider: Entity | None = None
    recipient_category: Value | None = None
    sdk: Entity | None = None
    values: dict[str, Value] = field(default_factory=dict)
    platforms: list[Platform] = field(default_factory=list)
    items: list[DataItem] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    labels: list[Span] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_entry(view: View, entry: Entry, lexicon: Lexicon) -> Reading:
    """Read the runs of one entry.

    Args:
        view: The notice.
        entry: A provider block or a table row.
        lexicon: Vocabulary.

    Returns:
        One disclosure, none for an entry that names no recipient.
    """
    reader = _EntryReader(view, entry, lexicon)
    reader.read()
    draft = reader.draft
    disclosures: tuple[Disclosure, ...] = ()
    if draft.provider or draft.sdk or draft.recipient_category:
        disclosures = (_disclosure(view, entry, draft),)
    return Reading(disclosures, tuple(draft.labels), tuple(draft.diagnostics))


def _disclosure(view: View, entry: Entry, draft: _Draft) -> Disclosure:
    return Disclosure(
        index=0,
        form=entry.form,
        span=view.span(*entry.span),
        provider=draft.provider,
        recipient_category=draft.recipient_category,
        sdk=draft.sdk,
        method=draft.values.get("method"),
        purpose=draft.values.get("purpose"),
        scenario=draft.values.get("scenario"),
        category=draft.values.get("category"),
        processing=draft.values.get("processing"),
        retention=draft.values.get("retention"),
        frequency=draft.values.get("frequency"),
        package_name=draft.values.get("package_name"),
        contact=draft.values.get("contact"),
        platforms=tuple(dict.fromkeys((*entry.platforms, *draft.platforms))),
        data_items=tuple(draft.items),
        permissions=tuple(draft.permissions),
        privacy_policy=draft.links.get("privacy_policy"),
        website=draft.links.get("website"),
    )


@lru_cache(maxsize=4)
def _absent(lexicon: Lexicon) -> frozenset[str]:
    """Folded wordings of a value that says there is none."""
    return frozenset(fold(word) for word in lexicon.words.get("absent", ()))


class _EntryReader:
    def __init__(self, view: View, entry: Entry, lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.entry = entry
        self.lexicon = lexicon
        self.grammar: LabelGrammar = label_grammar(lexicon)
        self.absent = _absent(lexicon)
        self.draft = _Draft()

    def read(self) -> None:
        entry = self.entry
        for run in entry.runs:
            if run.label is not None:
                self.draft.labels.append(self.view.span(*run.label))
        named = [run for run in entry.runs if run.field in ("provider", "sdk", "name", "recipient_category")]
        rest = [run for run in entry.runs if run not in named]
        for run in sorted(named, key=lambda run: run.field != "provider"):
            self._run(run)
        if entry.heading is not None:
            self._heading(entry.heading)
        for run in rest:
            self._run(run)
        self._settle_purpose()
        if entry.category is not None:
            self.draft.values.setdefault("category", self._value(entry.category))

    def _settle_purpose(self) -> None:
        """One of purpose, scenario and kind alone is the purpose: notices use the labels for each other."""
        values = self.draft.values
        for other in ("scenario", "category"):
            if "purpose" not in values and other in values:
                values["purpose"] = values.pop(other)

    def _run(self, run: FieldRun) -> None:
        for index, (name, span) in enumerate(self._parts(run)):
            value = trim(self.text, *span)
            if value[0] >= value[1]:
                continue
            if name not in ("none", "") and self._is_absent(value):
                self.draft.labels.append(self.view.span(*value))
                continue
            reader = _READERS.get(name)
            if reader is not None:
                reader(self, value)
            elif name in LINK_FIELDS:
                self._link(value, name)
            elif name in _VALUE_FIELDS:
                if index and name != run.field and self.entry.form == "table":
                    self._replaced(name)
                self._plain(name, value)

    def _replaced(self, name: str) -> None:
        """Make room for what a cell says of its own row under a label: a column, often one cell for many rows, says less."""
        value = self.draft.values.pop(name, None)
        if value is not None:
            self.draft.labels.append(value.span)

    def _parts(self, run: FieldRun) -> list[tuple[str, Span]]:
        """Split a value that holds labelled parts of its own (a cell with 收集信息类型：… and 使用目的：…)."""
        start, end = run.value
        if run.field in ("", "none") or self.text.find(":", start, end) < 0:
            return [(run.field, run.value)]
        parts: list[tuple[str, Span]] = []
        name, at = run.field, start
        opening = _OPENING_LABEL_REGEX.match(self.text, start, end) if run.field == "mixed" else None
        inner = _INNER_LABEL_REGEX.finditer(self.text, start, end)
        for match in (opening, *inner) if opening else inner:
            label = self.grammar.read(match.group(1))
            if label is None or label.how == "typo":
                continue
            parts.append((name, (at, match.start(1))))
            self.draft.labels.append(self.view.span(*match.span(1)))
            name, at = label.field, match.end()
        parts.append((name, (at, end)))
        return parts

    def _is_absent(self, span: Span) -> bool:
        return span[1] - span[0] <= _LONGEST_ABSENT and fold(self.text[span[0] : span[1]].strip("。;")) in self.absent

    def _value(self, span: Span) -> Value:
        return Value(self.view.verbatim(*span), self.view.span(*span))

    def _entity(self, span: Span) -> Entity:
        return Entity(self.view.verbatim(*span), self.view.span(*span))

    def _plain(self, name: str, span: Span) -> None:
        self.draft.values.setdefault(name, self._value(span))

    def _left_out(self, span: Span) -> None:
        self.draft.labels.append(self.view.span(*span))

    # Names

    def _provider(self, span: Span) -> None:
        """A company's cell; a kind of recipient in it (商家, 物流服务商) is no name."""
        if classify_name(self.text[slice(*span)], self.lexicon) == "recipient_category":
            self._category_of_recipient(span)
        elif self.draft.provider is None:
            self.draft.provider = self._entity(span)

    def _name(self, span: Span) -> None:
        """A cell for product and company: ``某某（某某有限公司）``, a product alone, or a company alone."""
        match = _BOTH_REGEX.fullmatch(self.text, *span)
        if match:
            self.draft.sdk = self._entity(trim(self.text, *match.span(1)))
            self.draft.provider = self._entity(trim(self.text, *match.span(2)))
        elif split_name(self.view, *span, self.lexicon).provider and self._is_company(span):
            self.draft.provider = self._entity(span)
        else:
            self.draft.sdk = self._entity(span)

    def _is_company(self, span: Span) -> bool:
        words = self.text[slice(*span)].rstrip(" )")
        return words.endswith((*self.lexicon.words.get("legal_form", ()), *self.lexicon.words.get("institution", ())))

    def _sdk(self, span: Span) -> None:
        """A product's cell; a note in it may tell the purpose: ``某某（用于推送消息）``, ``用于存储``."""
        if self._tells_purpose(span):
            return
        parts = split_name(self.view, *span, self.lexicon)
        if self.draft.sdk is None:
            self.draft.sdk = self._entity(parts.sdk or span)
        if parts.provider and self.draft.provider is None:
            self.draft.provider = self._entity(parts.provider)
        for note in parts.qualifiers:
            self._tells_purpose(note)
        self.draft.platforms.extend(parts.platforms)
        self._claims(parts.labels)

    def _tells_purpose(self, span: Span) -> bool:
        span = trim(self.text, *span, also="()")
        if not self.text.startswith("用于", *span):
            return False
        if "purpose" not in self.entry.fields:
            self._plain("purpose", span)
        return True

    def _category_of_recipient(self, span: Span) -> None:
        if self.draft.recipient_category is None:
            self.draft.recipient_category = self._value(span)

    def _heading(self, span: Span) -> None:
        labelled = self.draft.provider is not None
        parts = split_name(self.view, *span, self.lexicon)
        if parts.provider and self.draft.provider is None:
            self.draft.provider = self._entity(parts.provider)
        elif parts.provider and not parts.sdk and self.draft.sdk is None and not self._is_company(parts.provider):
            # 某某(某某音箱) over a block that names the company: the brand stands for what it offers.
            self.draft.sdk = self._entity(span)
        if parts.sdk and self.draft.sdk is None:
            brand = labelled and parts.provider is not None and not self._is_company(parts.provider)
            self.draft.sdk = self._entity(span if brand else parts.sdk)
        elif parts.recipient_category and self._is_nameless():
            self.draft.recipient_category = self._value(parts.recipient_category)
        elif not parts.provider and not parts.sdk:
            told = self.text.startswith(self.lexicon.words.get("activity_lead", ("\0",)), *span)
            if self.draft.sdk is None and not (told and self.draft.provider):
                self.draft.sdk = self._entity(span)
            else:
                self.draft.values.setdefault("category", self._value(span))
        self.draft.platforms.extend(parts.platforms)
        self._claims(parts.labels)

    def _is_nameless(self) -> bool:
        return not (self.draft.provider or self.draft.sdk or self.draft.recipient_category)

    def _claims(self, spans: tuple[Span, ...]) -> None:
        self.draft.labels.extend(self.view.span(*span) for span in spans)

    # Other fields

    def _method(self, span: Span) -> None:
        """``SDK（某某 SDK）`` is a way of sharing and the product's name."""
        match = _METHOD_REGEX.fullmatch(self.text, *span)
        if match and self.draft.sdk is None and "sdk" not in self.entry.fields:
            inner = trim(self.text, *match.span(2))
            self._plain("method", match.span(1))
            self.draft.sdk = self._entity(inner)
            return
        self._plain("method", span)

    def _items(self, span: Span) -> None:
        if self.draft.sdk is None and _WAY_REGEX.fullmatch(self.text, *span):
            self._method(span)  # 共享类型: 内嵌 SDK(某某地图 SDK)
            return
        self._take(parse_items(self.view, *span, self.lexicon))

    def _permissions(self, span: Span) -> None:
        self._take(parse_items(self.view, *span, self.lexicon, default="permission"))

    def _take(self, run: ItemRun) -> None:
        draft = self.draft
        shift = len(draft.items)
        if shift:
            for item in run.items:
                parent = None if item.parent is None else item.parent + shift
                draft.items.append(
                    DataItem(item.text, item.span, item.concept, item.sensitive, parent, item.qualifiers)
                )
        else:
            draft.items.extend(run.items)
        draft.permissions.extend(run.permissions)
        draft.platforms.extend(run.platforms)
        draft.diagnostics.extend(run.diagnostics)
        self._claims(run.labels)
        if run.tail is None:
            return
        if "purpose" in self.entry.fields:
            self._left_out(run.tail)
        else:
            self._plain("purpose", trim(self.text, *run.tail))

    def _link(self, span: Span, name: str) -> None:
        links = read_links(self.view, *span)
        if not links:
            span = self._first_title(span)
            kind = link_kind(title_link(self.view, span), self.lexicon) if name == "link" else name
            self.draft.links.setdefault(kind, title_link(self.view, span))
            return
        kind = link_kind(links[0], self.lexicon) if name == "link" else name
        self.draft.links.setdefault(kind, links[0])
        for link in links:
            self.draft.labels.append(link.span)

    def _first_title(self, span: Span) -> Span:
        """Of several links' titles, a line each, the first: ``某某隐私政策⏎某某服务协议``."""
        if span[1] - span[0] > _LONGEST_TITLES:
            return span
        first, *others = self.text[slice(*span)].split("\n")
        if not others or not all(LINK_TITLE_REGEX.search(line) for line in (first, *others) if line.strip()):
            return span
        self.draft.labels.append(self.view.span(span[0] + len(first), span[1]))
        return trim(self.text, span[0], span[0] + len(first))

    def _platforms(self, span: Span) -> None:
        found = []
        for part in _PLATFORM_SPLIT_REGEX.split(self.text[slice(*span)]):
            key = fold(part)
            for platform, words in self.lexicon.platforms.items():
                if key and any(fold(word) in key for word in words):
                    found.append(platform)
        self.draft.platforms.extend(found)  # type: ignore[arg-type]
        if found:
            self.draft.labels.append(self.view.span(*span))


# The readers of fields that have a grammar of their own. What stands before the first label of a cell of labelled parts
# (``mixed``) is of no field.
_READERS: dict[str, Callable[[_EntryReader, Span], None]] = {
    "provider": _EntryReader._provider,
    "sdk": _EntryReader._sdk,
    "name": _EntryReader._name,
    "recipient_category": _EntryReader._category_of_recipient,
    "method": _EntryReader._method,
    "data_items": _EntryReader._items,
    "permissions": _EntryReader._permissions,
    "platforms": _EntryReader._platforms,
    "none": _EntryReader._left_out,
}
