"""Names of companies to ids: the name itself, another name, the same name in another form, and last a slip of the pen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from noticeparse.document.view import plain_form
from noticeparse.lexicon.load import Lexicon, fold, fold_all
from noticeparse.normalise.found import BRACKET_REGEX, JOINT_REGEX, Found, NameAnswers, first_of
from noticeparse.normalise.fuzzy import NearNames, nearest_legal_name
from noticeparse.pattern import Pattern

# Surer first. A name in another legal form is the same company; one without its place is, where only one has that name.
_SCORES = {"form": 0.98, "english": 0.95, "bracket": 0.95, "place": 0.9, "short": 0.85}
_LATIN_REGEX = Pattern(r"[a-z0-9&.,'()+]+")
_STOPS_REGEX = Pattern(r"[.,'()]")
_LONGEST = 80


class CompanyNames:
    """Lookups of company names over one lexicon; :func:`company_names` keeps it."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the vocabulary; what names are compared by is made when the first name is no known one.

        Args:
            lexicon: Vocabulary.
        """
        self.lexicon: Lexicon = lexicon
        forms = sorted((fold(word) for word in lexicon.words.get("legal_form", ())), key=len, reverse=True)
        # 某某集团有限公司 and 某某有限公司 are two companies; the forms of this class tell none apart.
        self._forms = lexicon.words.get("equal_form", ())
        self._latin_forms = tuple(
            plain for form in forms if len(plain := _STOPS_REGEX.sub("", form)) > 2 and plain.isascii()
        )
        self._places = frozenset(lexicon.words.get("place", ()))
        self._place_sizes = sorted(set(map(len, self._places)), reverse=True)
        self._trailers = tuple(fold(word) for word in lexicon.words.get("company_trailer", ()))
        self._industries = lexicon.words.get("company_industry", ())
        self._answers = NameAnswers(self._find, 4 * _LONGEST)

    def find(self, text: str) -> Found | None:
        """Who is meant by a provider's name.

        ``北京百度网讯科技有限公司``, ``百度``, ``Baidu``, ``百度网讯科技有限公司``, ``北京百度网讯科技有限责任公司（百度地图）``.

        Args:
            text: Name as written.

        Returns:
            ``None`` for a name that is unknown or that several companies bear.
        """
        return self._answers.of(text)

    def _find(self, text: str, key: str) -> Found | None:
        found = self.known(key) or self._trimmed(key)
        if found is not None:
            return found
        parts = [part.strip() for part in JOINT_REGEX.split(text)]
        if len(parts) > 1 and all(parts):
            found = first_of([self.known(part) or self._trimmed(part) for part in map(fold, parts)])
            if found is not None:
                return found
        return None

    def known(self, key: str) -> Found | None:
        """A folded name that is in the lexicon as it stands."""
        owner = self.lexicon.company_names.get(key)
        if owner is None:
            return None
        company = self.lexicon.companies[owner]
        if fold(company.name) == key:
            return Found(owner, "exact", 1.0)
        return Found(owner, "english" if key in map(fold, company.english) else "alias", 1.0, company.name)

    def _trimmed(self, key: str) -> Found | None:
        """A name in another form, or one with a note behind."""
        for trailer in self._trailers:
            if key.endswith(trailer) and len(key) > len(trailer) + 1:
                key = key[: -len(trailer)].rstrip("(,、")
                found = self.known(key)
                if found is not None:
                    return self._as_variant(found, _SCORES["bracket"])
        found = self._variant(key)
        if found is not None or "(" not in key:
            return found
        # A place in brackets is part of the name; any other bracket is a note.
        bare = BRACKET_REGEX.sub(lambda match: match[0] if match[1] in self._places else "", key)
        outer = self.known(bare) or self._variant(bare)
        if outer is not None:
            return self._as_variant(outer, _SCORES["bracket"])
        # 某某科技有限公司(某某): the bracket has the name that it goes by.
        inner = [self.known(part) for part in BRACKET_REGEX.findall(key) if len(part) > 1 and part not in self._places]
        known = [one for one in inner if one is not None]
        if not known or len({one.id for one in known}) > 1:
            return None
        return self._as_variant(known[0], _SCORES["short"])

    def _as_variant(self, found: Found, score: float) -> Found:
        return Found(found.id, "variant", min(score, found.score), self.lexicon.companies[found.id].name)

    def _variant(self, key: str) -> Found | None:
        if _LATIN_REGEX.fullmatch(key):
            owner = self._english.get(self._english_key(key))
            return Found(owner, "english", _SCORES["english"], self.lexicon.companies[owner].name) if owner else None
        for form, score in self._forms_of(key):
            owner = self._variants.get(form)
            if owner:
                return Found(owner, "variant", _SCORES[score], self.lexicon.companies[owner].name)
        return None

    def stem(self, key: str) -> str:
        """A folded name without its legal form and brackets: ``某某(北京)科技有限公司`` → ``某某北京科技``."""
        plain = key.replace("(", "").replace(")", "") if "(" in key else key
        if plain.endswith(self._forms):
            for form in self._forms:
                if plain.endswith(form) and len(plain) > len(form) + 1:
                    return plain[: -len(form)]
        return plain

    def _forms_of(self, key: str) -> Iterator[tuple[str, str]]:
        """Forms that a name is compared by, with what they leave out: the legal form, where the place stands, the place."""
        stem = self.stem(key)
        if stem != key:
            yield stem, "form"
        place, rest = self.place_of(key)
        if len(rest) > 3:
            yield f"{place}\t{rest}", "form"
            if not place and stem != key:
                yield f"\t\t{rest}", "place"

    def place_of(self, key: str) -> tuple[str, str]:
        """The place in a name and the stem without it: ``北京市某某科技有限公司``, ``某某(北京)科技有限公司``."""
        for inner in BRACKET_REGEX.findall(key) if "(" in key else ():
            if inner in self._places:
                return inner, self.stem(key.replace(f"({inner})", ""))
        place = next((key[:size] for size in self._place_sizes if key[:size] in self._places), "")
        if place:
            rest = key[len(place) :]
            return place, self.stem(rest[1:] if rest[:1] in "市省" else rest)
        return "", self.stem(key)

    @cached_property
    def _variants(self) -> Mapping[str, str]:
        """Forms of the registered and former names → id; empty where two companies share one."""
        table: dict[str, str] = {}
        for key, owner in self.legal_names.items():
            place, rest = self.place_of(key)
            forms = [self.stem(key)]
            if len(rest) > 3:
                forms += [f"{place}\t{rest}", f"\t\t{rest}"] if place else [f"\t{rest}"]
            for form in forms:
                if table.setdefault(form, owner) != owner:
                    table[form] = ""
        return table

    @cached_property
    def legal_names(self) -> Mapping[str, str]:
        """Folded names that have a Chinese legal form → id."""
        return {
            key: owner
            for key, owner in self.lexicon.company_names.items()
            if len(key) > 5 and key.endswith(self._forms)
        }

    @cached_property
    def near_names(self) -> NearNames:
        """The same names, to be looked up by a misspelt one."""
        return NearNames(self.legal_names)

    def _english_key(self, key: str) -> str:
        plain = _STOPS_REGEX.sub("", key)
        for _ in range(3):
            for form in self._latin_forms:
                if plain.endswith(form) and len(plain) > len(form) + 1:
                    plain = plain[: -len(form)]
                    break
            else:
                break
        return plain

    @cached_property
    def _english(self) -> Mapping[str, str]:
        table: dict[str, str] = {}
        for key, owner in self.lexicon.company_names.items():
            if key.isascii():
                form = self._english_key(key)
                if table.setdefault(form, owner) != owner:
                    table[form] = ""
        return table

    def slip(self, text: str, likely: Collection[str] = ()) -> Found | None:
        """The company whose registered name a text misspells: ``深证市和讯华谷信息技术有限公司``.

        Args:
            text: Name as written, unknown to :meth:`find`.
            likely: Ids of companies that something else speaks for, such as the domain of the entry's link.
        """
        key = fold(plain_form(text))
        if not key.endswith(self._forms) or len(key) > _LONGEST:
            return None
        return nearest_legal_name(key, self, likely)

    def brand(self, stem: str) -> str:
        """What is a company's own in a stem: ``和讯华谷信息技术`` → ``和讯华谷``."""
        for word in self._industries:
            if stem.endswith(word) and len(stem) > len(word) + 1:
                return stem[: -len(word)]
        return stem

    @cached_property
    def main_names(self) -> Mapping[str, str]:
        """Folded registered, short and English names → id; not what other names a company goes by, such as 微信."""
        pairs = [
            (name, company.id)
            for company in self.lexicon.companies.values()
            for name in (company.name, company.short, *company.english)
            if name
        ]
        return dict(zip(fold_all([name for name, _ in pairs]), [owner for _, owner in pairs], strict=True))

    def brands(self, owner: str) -> Sequence[str]:
        """Folded short names of a company: what a name must hold to agree with its domain."""
        return self._brands.get(owner, ())

    @cached_property
    def _brands(self) -> Mapping[str, Sequence[str]]:
        table: dict[str, list[str]] = {}
        for key, owner in self.lexicon.company_names.items():
            if 1 < len(key) <= 12 and not key.endswith(self._forms):
                table.setdefault(owner, []).append(key)
        return table


@lru_cache(maxsize=4)
def company_names(lexicon: Lexicon) -> CompanyNames:
    """The lookups over a lexicon; built once for each."""
    return CompanyNames(lexicon)
