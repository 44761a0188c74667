"""The same parse over very many files on Dask, into partitioned Parquet: ``pip install 'noticeparse[scale]'``."""

from noticeparse.scale.errors import ScaleError
from noticeparse.scale.run import parse_to_parquet
from noticeparse.scale.summary import Failure, Progress, Summary, Unfinished

__all__ = ["Failure", "Progress", "ScaleError", "Summary", "Unfinished", "parse_to_parquet"]
