"""Reads what kinds of measures assessors find, how often, how large, and how readily firms take them up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from .tables import packaged, parse_number, read_table


@dataclass(frozen=True)
class MeasureOption:
    """A kind of measure of a synthetic catalogue.

    Parameters
    ----------
    option : str
        Name.
    type : str
        Type of measure.
    recp_category : str
        Category of resource-efficient and cleaner production.
    rows : int
        How many rows of a whole catalogue are of this kind.
    size_median_frac, size_sigma : float
        Size over its physical bound: lognormal, cut off at the bound.
    adoption_frac : float
        Share that firms implement, other things being equal; 0 where a barrier keeps all from it.
    end_uses : str
        Names of the end uses that it is found on, separated by spaces; empty for all that the type acts on.
    upkeep_vnd_per_yr : float
        Upkeep that is saved besides, per unit of what the capital is proportional to [VND/yr].
    parameters : str
        ``name=value name=value``, the usual value where left out.
    """

    option: str
    type: str
    recp_category: str
    rows: int
    size_median_frac: float
    size_sigma: float
    adoption_frac: float
    end_uses: str = ""
    upkeep_vnd_per_yr: float = 0.0
    parameters: str = ""

    def __post_init__(self) -> None:
        if self.rows < 0 or not 0 < self.size_median_frac <= 1 or not 0 < self.size_sigma <= 3:
            raise ValueError(
                f"option {self.option!r}: rows must be 0 or more, size_median_frac in (0, 1] and size_sigma in (0, 3]"
            )
        if not 0 <= self.adoption_frac < 1:
            raise ValueError(f"option {self.option!r}: adoption_frac = {self.adoption_frac:g} must be from 0 to below 1")
        self.values()

    def values(self) -> dict[str, str | float]:
        """Return the parameters by name, numbers as numbers.

        Raises
        ------
        ValueError
            If they are not written as ``name=value``.
        """
        found: dict[str, str | float] = {}
        for part in self.parameters.split():
            name, sign, text = part.partition("=")
            if not (name and sign and text):
                raise ValueError(f"option {self.option!r}: parameters {part!r} must be written name=value")
            try:
                found[name] = parse_number(text)
            except ValueError:
                found[name] = text
        return found


def read_measure_options(path: Path | None = None) -> tuple[MeasureOption, ...]:
    """Read the kinds of measures.

    Parameters
    ----------
    path : Path, optional
        A table; by default the packaged one.

    Raises
    ------
    DataError
        If a cell is wrong, or an option stands in more than one line.
    """
    path = path or packaged("measure_options.csv")
    rows = read_table(path, MeasureOption)
    if len({row.option for row in rows}) < len(rows):
        raise DataError(f"{path.name}: an option stands in more than one line")
    return rows
