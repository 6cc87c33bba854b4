"""Files that are there as a whole or not at all, and what they hold as bytes."""

from __future__ import annotations

import csv
import errno
import gzip
import json
import math
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from ..errors import ResultsError, StorageError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the operating system says about writing into what a user can mend.

    Raises
    ------
    StorageError
        For any OSError of the block.
    """
    try:
        yield
    except OSError as error:
        remedy = "choose another folder with --results"
        if error.errno in _FULL:
            remedy = "make room; the same command goes on from what is kept"
        elif error.errno in _FORBIDDEN:
            remedy = "choose another folder with --results, or get the right to write there"
        raise StorageError(f"{path} can't be written ({error.strerror or error}): {remedy}") from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole or not at all; the old one stays until then.

    Raises
    ------
    StorageError
        If it can't be written.
    """
    with told(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """Give a folder to write to that takes the target's name when all is written; who comes second gives way.

    Raises
    ------
    StorageError
        If it can't be written.
    """
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=target.parent, prefix="."))
        try:
            yield new
            new.chmod(0o755)
            try:
                new.rename(target)
            except OSError:
                if not target.is_dir():
                    raise
        finally:
            shutil.rmtree(new, ignore_errors=True)


def packed(thing: object) -> bytes:
    """Return a thing as compressed JSON, the same bytes at any time."""
    return gzip.compress(json.dumps(thing).encode(), mtime=0)


def unpacked(path: Path) -> Any:
    """Return what `packed` wrote into a file.

    Raises
    ------
    ResultsError
        If it is not that.
    """
    try:
        return json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ResultsError(f"{path} can't be read ({error})") from None


def csv_bytes(rows: Iterable[Sequence[object]], columns: Sequence[str]) -> bytes:
    """Return a table as CSV: numbers with ten digits, what is not known as nothing."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.10g}"
    return str(value)


def parquet_bytes(columns: Mapping[str, Iterable[Any]]) -> bytes:
    """Return columns as Parquet, with a checksum for each page."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    data = BytesIO()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    write_table(table, data, compression="zstd", write_page_checksum=True)
    return data.getvalue()


def read_parquet(path: Path) -> Any:
    """Return a table of pyarrow.

    Raises
    ------
    ResultsError
        If it is not there, or a checksum of a page is not that of its content.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import read_table

    try:
        return read_table(path, page_checksum_verification=True)
    except (OSError, ArrowException) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise ResultsError(f"{path} can't be read ({reason}): run the experiment again") from None
