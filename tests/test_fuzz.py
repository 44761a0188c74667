"""Whatever it is given, ``parse`` gives sound records or says in one line why not, and says nothing else.

``NOTICEPARSE_FUZZ=20000`` runs so many examples of each test instead of a few, and not the same ones each time.
"""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import noticeparse
from noticeparse import memo
from noticeparse.errors import NoticeparseError
from noticeparse.parsing import open_document
from tests.mutants import damaged, damaged_files, files, pages, texts
from tests.sound import check_records

EXAMPLES = os.environ.get("NOTICEPARSE_FUZZ")
FUZZ = settings(
    max_examples=int(EXAMPLES or 60),
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "gb18030", "big5")
# What Python itself does not show by default.
_UNSHOWN = (DeprecationWarning, PendingDeprecationWarning, ResourceWarning, ImportWarning)


def outcome(source: bytes | str | Path) -> noticeparse.Notice | str:
    """The records, or the one line of the error."""
    said = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stderr(said):
        warnings.simplefilter("always")
        try:
            found: noticeparse.Notice | str = noticeparse.parse(source)
        except NoticeparseError as error:
            found = str(error)
    assert said.getvalue() == ""
    assert [str(one.message) for one in caught if not issubclass(one.category, _UNSHOWN)] == []
    return found


def check(source: bytes | str | Path) -> noticeparse.Notice | None:
    """Records of the input that are sound and come out the same again, or ``None`` and a proper refusal."""
    found = outcome(source)
    assert outcome(source) == found
    memo.clear()
    assert outcome(source) == found
    if isinstance(found, str):
        assert found.startswith(
            f"{source}: " if isinstance(source, Path) else f"<{type(source).__name__.replace('str', 'text')}>: "
        )
        assert len(found.splitlines()) == 1
        assert found.isprintable()
        return None
    check_records(open_document(source), found)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def check_stored(source: bytes | str | Path, folder: Path) -> None:
    """The same, and the records are read back as they were."""
    found = check(source)
    if found is not None:
        path = folder / "notices.json"
        path.write_text(found.to_json(), encoding="utf-8")
        assert noticeparse.read_notices(path) == [found]


def saved(data: bytes, name: str, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_what_is_damaged_is_sound_at_first(folder: Path) -> None:
    """Else the damage would be done to what is refused anyway."""
    for name, data in files().items():
        found = check(saved(data, name, folder))
        assert found is not None, name
        assert {"示例推送SDK", "示例统计SDK"} <= {d.sdk.text for d in found.disclosures if d.sdk}, name


@FUZZ
@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes, folder: Path) -> None:
    check_stored(data, folder)


@FUZZ
@given(damaged_file=damaged_files())
def test_damaged_files(damaged_file: tuple[str, bytes], folder: Path) -> None:
    name, data = damaged_file
    check_stored(saved(data, name, folder), folder)


@FUZZ
@given(data=damaged(files()["plain.pdf"]))
def test_damaged_pdf(data: bytes, folder: Path) -> None:
    check_stored(data, folder)


@FUZZ
@given(page=pages())
def test_pages_of_random_tags(page: str, folder: Path) -> None:
    check_stored(("<html><body>" + page).encode("utf-8", "surrogatepass"), folder)


@FUZZ
@given(text=texts())
def test_texts_of_odd_characters(text: str, folder: Path) -> None:
    check_stored(text, folder)


@FUZZ
@given(text=texts(), encoding=st.sampled_from(ENCODINGS))
def test_texts_in_any_encoding(text: str, encoding: str, folder: Path) -> None:
    handler = "surrogatepass" if encoding.startswith("utf") else "ignore"
    check_stored(text.encode(encoding, handler), folder)


@FUZZ
@given(text=texts(halves=False), suffix=st.sampled_from((".md", ".csv", ".tsv", ".html")))
def test_texts_as_another_form(text: str, suffix: str, folder: Path) -> None:
    check_stored(saved(text.encode(), "notice" + suffix, folder), folder)
