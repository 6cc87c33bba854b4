"""Online monitoring: samples on a schedule, and a log of what was beyond its limit for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.component import Component, Life
from ..kernel.traces import Floats
from ..physics.wastewater_limits import exceedances, limit_g_per_m3, stepped_factor
from ..readers.limit_table import DischargeStandard, read_discharge_standards, standard_in_force
from .bounds import STRICT, NonNegative, Positive


@dataclass(eq=False, kw_only=True, config=STRICT)
class OnlineMonitor(Component):
    """Watches one stream of water against a dated discharge standard.

    Parameters
    ----------
    watches : str
        ``component.port`` whose water is sampled, for example ``river.effluent``.
    every_h : float
        Between samples [h].
    column : {"A", "B", "C"}
        Of the standard, if it has it.
    river_m3_per_s : float
        Flow of the receiving water in its driest months, which decides Kq [m3/s].
    discharge_m3_per_d : float
        Permitted discharge, which decides Kf, and the value where a standard has classes of discharge [m3/d].
    standard : str or None
        Name of the standard; None for the one that holds on the day of the law.
    existing : bool
        Whether the plant stood before the newest standard came and may keep the one before it as long as that holds.
    law_date : date or None
        The day of the law; None takes the date of the context, and outside of a scenario the newest standard.
    limits_table, factors_table : path or None
        Tables of limits and of Kq and Kf; None for the packaged ones (``wastewater_limits_vn.csv``).
    standards : tuple of DischargeStandard
        What the packaged tables hold; read if it is left empty, or if a table is given.

    Raises
    ------
    DataError
        When it is made, if a table is wrong.
    ConfigError
        When a scenario is built or the run starts, if there is no standard of that name or none of that day, or if it has no
        such column or class of discharge.

    Notes
    -----
    A sample is the mean of the last bin; no water, no sample. Events: ``<substance> exceeds`` with the share beyond the limit
    at the first sample beyond it [1], and ``<substance> complies`` with the hours since then at the first one within [h]. No
    ports.
    """

    watches: str = field()
    every_h: Positive = 1.0
    column: Literal["A", "B", "C"] = "A"
    river_m3_per_s: NonNegative = 0.0
    discharge_m3_per_d: NonNegative = 10_000.0
    standard: str | None = None
    existing: bool = True
    law_date: date | None = None
    limits_table: Path | None = None
    factors_table: Path | None = None
    standards: tuple[DischargeStandard, ...] = ()

    def __post_init__(self) -> None:
        if self.limits_table or self.factors_table or not self.standards:
            self.standards = read_discharge_standards(self.limits_table, self.factors_table)

    def standard_name(self) -> str:
        """Return the name of the standard that it watches."""
        return self._held().name

    def limits_g_per_m3(self) -> dict[str, float]:
        """Return what may be let out, by substance [g/m3]."""
        found = self._held()
        kq = stepped_factor(self.river_m3_per_s, found.kq_frac) if found.scaled else 1.0
        kf = stepped_factor(self.discharge_m3_per_d, found.kf_frac) if found.scaled else 1.0
        basis = found.basis_g_per_m3(self.column, self.discharge_m3_per_d)
        return {name: limit_g_per_m3(value, kq, kf, name in found.scaled) for name, value in basis.items()}

    def _held(self) -> DischargeStandard:
        return standard_in_force(self.standards, self.law_date, self.standard, existing=self.existing)

    def start(self) -> None:
        """Nothing is beyond its limit."""
        self.limits = self.limits_g_per_m3()
        self.most_g_per_m3 = np.array([self.limits.get(name, np.inf) for name in LOADS])
        self.since: dict[str, float] = {}

    def operate(self) -> Iterable[Life]:
        """Have the stream looked at."""
        quality = self.simulation.quality
        if quality is not None:
            quality.watch(self.watches, self.every_h, self._look)
        return ()

    def _look(self, hours: Floats, found: Floats) -> None:
        """Compare samples with the limits, those that may begin or end to exceed one."""
        cod = np.add.reduce(found[:, :3], axis=1)
        beyond = np.logical_or.reduce(found > self.most_g_per_m3, axis=1) | (cod > self.limits.get("cod", np.inf))
        if not self.since and not np.count_nonzero(beyond):
            return
        for k in np.flatnonzero(beyond | np.append(bool(self.since), beyond[:-1])).tolist():
            self._compare(float(hours[k]), {**dict(zip(LOADS, found[k].tolist(), strict=True)), "cod": float(cod[k])})

    def _compare(self, hour: float, found: Mapping[str, float]) -> None:
        over = exceedances(found, self.limits)
        for name in sorted(over.keys() - self.since.keys()):
            self.since[name] = hour
            self.log(f"{name} exceeds", over[name], hour)
        for name in sorted(self.since.keys() - over.keys()):
            self.log(f"{name} complies", hour - self.since.pop(name), hour)
