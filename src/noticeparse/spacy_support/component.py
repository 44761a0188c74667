"""The pipeline component ``noticeparse``: ``nlp.add_pipe("noticeparse")``."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from noticeparse.document import document_from_text
from noticeparse.lexicon.load import load_lexicon
from noticeparse.mentions import read_mentions
from noticeparse.spacy_support.spans import (
    DATA_ITEMS,
    DATA_LABEL,
    PURPOSE_LABEL,
    PURPOSES,
    RECIPIENT_LABELS,
    RECIPIENTS,
    Labelled,
    set_group,
)


class MentionFinder:
    """Sets ``doc.spans["data_items"]``, ``["recipients"]`` and ``["purposes"]`` from the sentences of a ``Doc``.

    The text is read character by character, whatever the tokens are; ends inside a token take the whole token in. A span's
    ``kb_id_`` is the concept of a data item or the id of a recipient, empty where it is unknown.

    Attributes:
        lexicon: Folder with rows laid over the shipped lexicons.
        generic: Whether catch-all words count, too.
    """

    def __init__(self, *, lexicon: str | None = None, generic: bool = False) -> None:
        """Check that the lexicon can be used.

        Args:
            lexicon: Folder with rows to lay over the shipped lexicons.
            generic: Whether catch-all words count, too.

        Raises:
            LexiconError: The lexicon or its overlay cannot be used.
        """
        self.lexicon = lexicon
        self.generic = generic
        load_lexicon(lexicon)  # kept by path, so that the component itself can go to other processes

    def __call__(self, doc: Doc) -> Doc:
        """Set the span groups.

        Args:
            doc: From any tokenizer.
        """
        mentions = read_mentions(document_from_text(doc.text), load_lexicon(self.lexicon), generic=self.generic)
        set_group(
            doc, DATA_ITEMS, (Labelled(item.span, DATA_LABEL, item.concept or "") for item in mentions.data_items)
        )
        set_group(
            doc,
            RECIPIENTS,
            (Labelled(one.span, RECIPIENT_LABELS[one.kind], one.id or "") for one in mentions.recipients),
        )
        set_group(doc, PURPOSES, (Labelled(value.span, PURPOSE_LABEL, "") for value in mentions.purposes))
        return doc


@Language.factory(
    "noticeparse",
    assigns=["doc.spans"],
    default_config={"lexicon": None, "generic": False},
)
def make_mention_finder(nlp: Language, name: str, lexicon: str | None, generic: bool) -> MentionFinder:
    """The factory that spaCy calls, found by its entry point.

    Args:
        nlp: The pipeline.
        name: The component's name in it.
        lexicon: Folder with rows to lay over the shipped lexicons.
        generic: Whether catch-all words count, too.
    """
    return MentionFinder(lexicon=lexicon, generic=generic)
