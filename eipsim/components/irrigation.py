"""Green land that is watered with effluent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Life
from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.passer import Passer
from ..kernel.ports import Port, inlet
from ..kernel.traces import Floats
from .bounds import STRICT, NonNegative, Positive
from .rain import RAIN, Rain

MONTHS = 12


@dataclass(eq=False, kw_only=True, config=STRICT)
class Irrigation(Passer):
    """Waters lawns and trees in the early morning of days after dry ones.

    Parameters
    ----------
    place : str
        Where effluent is taken from.
    area_ha : float
        Green land [ha].
    mm_per_d : tuple of float
        Water that it needs on a dry day of each month, January first [mm/d] = [L/(m2·d)].
    start_h, length_h : float
        Hour of the day at which it begins, and how long it lasts [h].

    Notes
    -----
    Port: ``water`` ranks above the river and below a reclaimed-water stage. The rain of the day before is taken off what the
    month needs. What the water carries is booked as ``ground``. No events.
    """

    water = inlet("effluent", merit=2)

    place: str = "outfall"
    area_ha: Positive = field()
    mm_per_d: tuple[NonNegative, ...] = (3.0, 3.0, 3.0, 3.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 3.0)
    start_h: NonNegative = 5.0
    length_h: Positive = 4.0

    def __post_init__(self) -> None:
        if len(self.mm_per_d) != MONTHS:
            raise ValueError(f"irrigation.mm_per_d has {len(self.mm_per_d)} numbers: must have 12, January first")
        if self.start_h + self.length_h > 24:
            raise ValueError(f"irrigation.start_h + length_h = {self.start_h + self.length_h:g} h: must be at most 24")

    def start(self) -> None:
        """Start with pumps at rest."""
        rain = self.simulation.components[RAIN]
        assert isinstance(rain, Rain)
        self.weather = rain
        self.wanted_m3_per_h = 0.0

    def operate(self) -> Iterable[Life]:
        """Return the life of the pumps."""
        yield self._water()

    def _water(self) -> Life:
        day = 0
        while day < len(self.weather.mm_of_days):
            start = 24.0 * day + self.start_h
            yield self.wait_until(start)
            fallen_mm = self.weather.mm_of_days[day - 1] if day else 0.0
            need_mm = max(0.0, self.mm_per_d[self.weather.month_of_days[day] - 1] - fallen_mm)
            self.wanted_m3_per_h = need_mm * self.area_ha * 10.0 / self.length_h
            self.changed()
            yield self.wait_until(start + self.length_h)
            self.wanted_m3_per_h = 0.0
            self.changed()
            day += 1

    def limit(self, port: Port) -> float:
        """Return what the pumps are set to [m3/h]."""
        return self.wanted_m3_per_h

    def start_loads(self) -> None:
        """Nothing has been spread."""
        self.spread = nothing()

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Spread what the water carries."""
        self.spread = self.spread + came["water"].sum(axis=0)
        return {}

    def booked(self) -> Mapping[str, Amounts]:
        """Return what has gone into the ground [kg]."""
        return {"ground": self.spread}
