"""One name for who receives, so that disclosures of different notices can be counted together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.records import Disclosure

RecipientHow = Literal["provider", "maker", "provider_text", "sdk", "sdk_text", "category"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives.

    Attributes:
        name: The lexicon's name where the recipient is known, else the notice's own words.
        how: What the name rests on.
        group: Name of the company that controls it; the name itself where none is known.
    """

    name: str
    how: RecipientHow
    group: str


class RecipientNames:
    """Gives recipients one name each; words that differ only in width, case and blanks get the first one's form."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take over the names.

        Args:
            lexicon: Vocabulary with companies and SDKs.
        """
        self._lexicon = lexicon
        self._spellings: dict[str, str] = {}

    def of(self, disclosure: Disclosure) -> Recipient:
        """The recipient of a disclosure: the company, else the SDK, else the kind of recipient.

        A company that the notice names is taken before one inferred from the SDK; an unknown company's own words are
        taken before the SDK's maker, because the notice says so.

        Args:
            disclosure: With at least one of provider, SDK and recipient category.
        """
        companies = self._lexicon.companies
        provider, sdk = disclosure.provider, disclosure.sdk
        if provider is not None:
            if provider.id is not None and provider.id in companies:
                return self._company(provider.id, "provider")
            return self._words(provider.text, "provider_text")
        if disclosure.maker is not None and disclosure.maker.id in companies:
            return self._company(disclosure.maker.id, "maker")
        if sdk is not None:
            if sdk.id is not None and sdk.id in self._lexicon.sdks:
                name = self._lexicon.sdks[sdk.id].name
                return Recipient(name, "sdk", name)
            return self._words(sdk.text, "sdk_text")
        category = disclosure.recipient_category
        return self._words(category.text if category else "", "category")

    def _company(self, key: str, how: RecipientHow) -> Recipient:
        companies = self._lexicon.companies
        return Recipient(companies[key].name, how, companies[self._lexicon.controllers(key)[-1]].name)

    def _words(self, text: str, how: RecipientHow) -> Recipient:
        name = self._spellings.setdefault(fold(text), text)
        return Recipient(name, how, name)
