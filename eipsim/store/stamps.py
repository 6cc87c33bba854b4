"""What figures say about their origin, in metadata that no eye sees and no comparison counts."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

KEYWORD = b"Source"
_PNG_END = b"\x00\x00\x00\x00IEND"
_SVG_STAMP = re.compile(rb"<!-- eipsim: [^>]* -->\n")


def stamp_of(manifest: Mapping[str, Any]) -> str:
    """Return what the figures of a result say: its hash, the commit, and whether the working tree had been changed.

    Examples
    --------
    >>> stamp_of({"hash": "12ab", "commit": "34cd", "dirty": True})
    'results 12ab, commit 34cd, working tree changed'
    """
    tree = {True: "working tree changed", False: "working tree clean"}.get(manifest.get("dirty"), "no working tree")  # type: ignore[arg-type]
    return f"results {manifest.get('hash') or 'without hash'}, commit {manifest.get('commit') or 'unknown'}, {tree}"


def stamped(data: bytes, name: str, stamp: str) -> bytes:
    """Return a PNG or SVG file with a stamp in place of any other; other files as they are."""
    data = unstamped(data, name)
    if name.endswith(".svg"):
        head, opening, rest = data.partition(b"<svg")
        return head + b"<!-- eipsim: " + stamp.encode() + b" -->\n" + opening + rest if opening else data
    if name.endswith(".png") and _PNG_END in data:
        body = b"tEXt" + KEYWORD + b"\0eipsim: " + stamp.encode("latin-1", "replace")
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        return data.replace(_PNG_END, chunk + _PNG_END, 1)
    return data


def unstamped(data: bytes, name: str) -> bytes:
    """Return a PNG or SVG file without its stamp."""
    if name.endswith(".svg"):
        return _SVG_STAMP.sub(b"", data, count=1)
    mark = b"tEXt" + KEYWORD + b"\0eipsim: "
    if name.endswith(".png") and (place := data.find(mark)) >= 4:
        (length,) = struct.unpack(">I", data[place - 4 : place])
        return data[: place - 4] + data[place + 4 + length + 4 :]
    return data
