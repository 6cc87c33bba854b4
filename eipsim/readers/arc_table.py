"""Reads which assessment-recommendation code of the Industrial Assessment Centers a type of measure usually has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from .catalogue_table import ARC_CODE
from .tables import packaged, read_table


@dataclass(frozen=True)
class ArcCode:
    """Code of one type of measure; empty where the type has no single one.

    Parameters
    ----------
    type : str
        Type of a catalogue.
    arc_code : str
        Kind (2 energy, 3 waste, 4 productivity) and strategy, such as 2.4236.
    recommendation : str
        What the code says, in own words.
    """

    type: str
    arc_code: str
    recommendation: str

    def __post_init__(self) -> None:
        if self.arc_code and not ARC_CODE.fullmatch(self.arc_code):
            raise ValueError(f"arc_code = {self.arc_code!r}: must be like 2.4236")


def read_arc_codes(path: Path | None = None) -> Mapping[str, ArcCode]:
    """Read the codes by type of measure.

    Parameters
    ----------
    path : Path, optional
        A table; by default the packaged one.

    Raises
    ------
    DataError
        If a cell is wrong, or a type stands in more than one line.
    """
    path = path or packaged("arc_codes.csv")
    rows = read_table(path, ArcCode)
    found = {row.type: row for row in rows}
    if len(found) < len(rows):
        twice = sorted({row.type for row in rows if sum(other.type == row.type for other in rows) > 1})
        raise DataError(f"{path.name}: has more than one line for type {', '.join(twice)}")
    return found
