"""Imported ahead by the server that processes are forked from, so that each of fifty begins at once."""

from noticeparse.cli import running
from noticeparse.fetch import batch, session
from noticeparse.lexicon.load import load_lexicon

__all__ = ["batch", "load_lexicon", "running", "session"]

load_lexicon()
