"""Reads what wastewater carries, by factory or sector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..carriers import LOADS
from ..errors import DataError, Problems
from .tables import packaged, read_table

SANITARY = "sanitary"
"""Name of the row for the water of people."""


@dataclass(frozen=True)
class WastewaterStrength:
    """A row: concentrations before a factory's own treatment, and what that takes out.

    Parameters
    ----------
    who : str
        A factory, a sector, or ``sanitary``.
    cod_g_per_m3, bod5_g_per_m3, tss_g_per_m3, total_n_g_per_m3, total_p_g_per_m3, dissolved_solids_g_per_m3 : float
        Raw [g/m3].
    inert_frac, particulate_frac : float
        Shares of the raw COD that nothing biological removes, and that are solids, 0-1.
    pretreated_frac : float
        Share of COD, BOD5 and solids that is taken out before the sewer, 0-1.
    """

    who: str
    cod_g_per_m3: float
    bod5_g_per_m3: float
    tss_g_per_m3: float
    total_n_g_per_m3: float
    total_p_g_per_m3: float
    dissolved_solids_g_per_m3: float
    inert_frac: float
    particulate_frac: float
    pretreated_frac: float

    def __post_init__(self) -> None:
        for name in ("inert_frac", "particulate_frac", "pretreated_frac"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} = {getattr(self, name):g}: must be between 0 and 1")
        if self.inert_frac + self.particulate_frac > 1:
            raise ValueError("inert_frac and particulate_frac add up to more than 1: lower one of them")
        if not 0 <= self.bod5_g_per_m3 <= self.cod_g_per_m3:
            raise ValueError(f"bod5_g_per_m3 = {self.bod5_g_per_m3:g}: must be from 0 to the COD, {self.cod_g_per_m3:g}")
        for name in ("tss_g_per_m3", "total_n_g_per_m3", "total_p_g_per_m3", "dissolved_solids_g_per_m3"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} = {getattr(self, name):g}: must be 0 or more")

    @property
    def at_sewer_g_per_m3(self) -> tuple[float, ...]:
        """What reaches the sewer, in the order of `carriers.LOADS` [g/m3]."""
        cod, left = self.cod_g_per_m3, 1 - self.pretreated_frac
        found = {
            "cod_inert": cod * self.inert_frac * left,
            "cod_biodegradable": cod * (1 - self.inert_frac - self.particulate_frac) * left,
            "cod_particulate": cod * self.particulate_frac * left,
            "bod5": self.bod5_g_per_m3 * left,
            "tss": self.tss_g_per_m3 * left,
            "total_n": self.total_n_g_per_m3,
            "total_p": self.total_p_g_per_m3,
            "dissolved_solids": self.dissolved_solids_g_per_m3,
        }
        return tuple(found[name] for name in LOADS)


def read_wastewater_strengths(path: Path | None = None) -> dict[str, WastewaterStrength]:
    """Read concentrations by factory or sector.

    Parameters
    ----------
    path : Path, optional
        By default the packaged table.

    Raises
    ------
    DataError
        If a cell is wrong, a name stands twice, or there is no row for sanitary water.
    """
    path = path or packaged("wastewater_loads.csv")
    rows = read_table(path, WastewaterStrength)
    with Problems(path.name, DataError) as problems:
        names = [row.who for row in rows]
        for name in sorted({name for name in names if names.count(name) > 1}):
            problems.add(name, "stands there more than once: leave one row")
        if SANITARY not in names:
            problems.add(SANITARY, "has no row; every factory lets out sanitary water")
    return {row.who: row for row in rows}
