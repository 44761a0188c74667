"""The vocabulary on its way to the workers: the user's rows are put beside the output, where every worker finds them."""

from __future__ import annotations

import io
import os
import tempfile
import threading
import zipfile
from pathlib import Path

from noticeparse.lexicon.load import ENVIRONMENT_VARIABLE, Lexicon, load_lexicon, overlay_files
from noticeparse.scale.errors import ScaleError
from noticeparse.scale.output import Output
from noticeparse.scale.storage import StorageOptions

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows: the same rows give the same bytes


def overlay_of(given: str | os.PathLike[str] | None) -> str | None:
    """The folder of the user's rows, if any.

    Args:
        given: As for :func:`noticeparse.lexicon.load.load_lexicon`.
    """
    chosen = os.environ.get(ENVIRONMENT_VARIABLE) or None if given is None else os.fspath(given)
    return None if chosen is None else os.path.abspath(chosen)


def pack(overlay: str) -> bytes:
    """The tables of a folder in one file.

    Args:
        overlay: The folder.

    Raises:
        LexiconError: It is no folder of tables.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for _, path in sorted(overlay_files(Path(overlay)).items()):
            archive.writestr(zipfile.ZipInfo(path.name, _TIME), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


#: Address of the output and version → a folder that stays as long as the process.
_FOLDERS: dict[tuple[str, str], tempfile.TemporaryDirectory[str]] = {}
_UNPACKING = threading.Lock()


def unpacked(output: str, options: StorageOptions, version: str) -> str:
    """A folder of this machine with the user's rows; made once in each process and removed when it ends.

    Args:
        output: Address of the run's output.
        options: Of its file system.
        version: Of the vocabulary with these rows.

    Raises:
        ScaleError: They are not where the run put them.
    """
    with _UNPACKING:
        folder = _FOLDERS.get((output, version))
        if folder is None:
            data = Output(output, options).read_lexicon(version)
            folder = tempfile.TemporaryDirectory(prefix="noticeparse-lexicon-")
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                archive.extractall(folder.name)
            _FOLDERS[output, version] = folder
    return folder.name


def load_same(folder: str | None, version: str) -> Lexicon:
    """The vocabulary that the run has, on a worker.

    Args:
        folder: The user's rows, ``None`` where there are none.
        version: Of the run's vocabulary.

    Raises:
        ScaleError: The worker's is another one.
        LexiconError: It cannot be used.
    """
    lexicon = load_lexicon(folder)
    if lexicon.version != version:
        raise ScaleError(
            f"a worker has lexicon {lexicon.version} and not {version}, the run's: another version is installed there, or "
            f"{ENVIRONMENT_VARIABLE} is set"
        )
    return lexicon
