"""What can stop a run as a whole."""

from __future__ import annotations

import importlib

from noticeparse.errors import NoticeparseError


class ScaleError(NoticeparseError, RuntimeError):
    """A run that cannot begin or go on: inputs, output, scheduler or workers are not usable."""


def require(module: str) -> None:
    """Import a module of the extra ``scale``.

    Args:
        module: ``distributed`` or ``fsspec``.

    Raises:
        ScaleError: It is not installed.
    """
    try:
        importlib.import_module(module)
    except ImportError as error:
        name = (error.name or module).partition(".")[0]
        raise ScaleError(f"running on Dask needs {name}: pip install 'noticeparse[scale]'") from error


def one_line(error: BaseException) -> str:
    """What an error of a library says, in one line, with the error's type where it says nothing.

    Args:
        error: Of storage or of the cluster.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:500] or type(error).__name__
