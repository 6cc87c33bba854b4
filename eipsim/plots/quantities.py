"""The resources of the savings table: their KPI, the unit they are shown in, and the published figure beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..claims import SIMULATED
from ..errors import DataError

if TYPE_CHECKING:
    from pandas import DataFrame


class Resource(NamedTuple):
    """One resource as it is shown.

    Parameters
    ----------
    key : str
        Word in claims and in the label table.
    kpi : str
        Name of the KPI whose saving is shown.
    unit : str
        Unit on the axis.
    factors : tuple of (str, float)
        Units a table may use, and what one of them is in ``unit``.
    """

    key: str
    kpi: str
    unit: str
    factors: tuple[tuple[str, float], ...]

    def shown(self, value: float, unit: str) -> float:
        """Convert a value to the unit of the axis.

        Raises
        ------
        DataError
            If the table's unit is none that this resource is given in.
        """
        factors = dict(self.factors)
        plain = unit.removesuffix("/yr").strip()
        if plain not in factors:
            raise DataError(f"{self.kpi} is given in {unit!r}: must be one of {', '.join(factors)}, each with or without /yr")
        return value * factors[plain]


RESOURCES = (
    Resource("electricity", "electricity_assessed_kwh", "GWh", (("kWh", 1e-6), ("MWh", 1e-3), ("GWh", 1.0))),
    Resource("lpg", "lpg_assessed_t", "t", (("t", 1.0), ("kg", 1e-3))),
    Resource("other_fuel", "other_fuel_assessed_gj", "TJ", (("GJ", 1e-3), ("TJ", 1.0))),
    Resource("water", "water_assessed_m3", "thousand_m3", (("m3", 1e-3),)),
    Resource("co2", "co2_assessed_t", "t_co2e", (("t", 1.0), ("t CO2e", 1.0), ("kg", 1e-3))),
    Resource("money", "money_assessed_vnd", "bn_vnd", (("VND", 1e-9), ("M VND", 1e-3), ("bn VND", 1.0))),
)


KPI_UNITS = {
    "kWh": (1e-3, "MWh"),
    "kW": (1e-3, "MW"),
    "VND": (1e-9, "bn_vnd"),
    "GJ": (1e-3, "TJ"),
    "t": (1.0, "t"),
    "m3": (1.0, "m3"),
    "h": (1.0, "h"),
    "1": (1.0, ""),
}
"""What a KPI's unit is multiplied by on a slide, and the name of its unit there."""


def shown_unit(unit: str) -> tuple[float, str]:
    """Return what a KPI of a unit is multiplied by, and the name of the unit that it has then; empty for pure numbers.

    Raises
    ------
    DataError
        If no KPI has that unit.
    """
    if unit not in KPI_UNITS:
        raise DataError(f"unit {unit!r}: must be one of {', '.join(KPI_UNITS)}")
    return KPI_UNITS[unit]


class Saving(NamedTuple):
    """What one scenario saves of one resource, in the resource's unit per year; the sums may be missing (nan)."""

    naive: float
    alone: float
    saving: float
    low: float
    high: float


class Published(NamedTuple):
    """A published figure in the resource's unit per year, half the width of its rounding, and the basis it was given on."""

    value: float
    rounding_half_width: float
    basis: str


SAVINGS_COLUMNS = ("scenario", "kpi", "unit", "naive_sum", "alone_sum", "saving", "low", "high", "replications")

CLAIMS_COLUMNS = ("claim", "basis", "unit", "published", "rounding_half_width")


def demand_columns(table: DataFrame, wanted: tuple[str, ...], name: str) -> None:
    """Raise `DataError` with every column that a table lacks."""
    missing = [column for column in wanted if column not in table.columns]
    if missing:
        raise DataError(f"{name} lacks column{'s' if len(missing) > 1 else ''} {', '.join(missing)}")


def measured(savings: DataFrame, resource: Resource, scenario: str) -> Saving | None:
    """Return the row of a scenario and resource in the unit of the axis, or None if the table has none."""
    chosen = savings[(savings["scenario"] == scenario) & (savings["kpi"] == resource.kpi)]
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    unit = str(row["unit"])
    return Saving(*(resource.shown(float(row[name]), unit) for name in ("naive_sum", "alone_sum", "saving", "low", "high")))


def measure_count(scenario: str) -> int | None:
    """Return the number of measures that a scenario's name says, for example 159 of ``all_159``."""
    found = re.search(r"(\d+)$", scenario)
    return int(found[1]) if found else None


def published(claims: DataFrame, resource: Resource, scenario: str) -> Published | None:
    """Return the published figure that is about a scenario's saving of a resource, or None if the table has none."""
    names = [name for name, simulated in SIMULATED.items() if (simulated.scenario, simulated.kpi) == (scenario, resource.kpi)]
    chosen = claims[claims["claim"].isin(names)]
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    unit = str(row["unit"])
    half_width = float(row["rounding_half_width"])
    return Published(resource.shown(float(row["published"]), unit), resource.shown(half_width, unit), str(row["basis"]))


def shown_scenarios(savings: DataFrame) -> list[str]:
    """Return the scenarios that a savings table has a shown resource of, in the order of the table."""
    known = savings[savings["kpi"].isin([resource.kpi for resource in RESOURCES])]
    return [str(name) for name in known["scenario"].drop_duplicates()]


def demand_scenarios(savings: DataFrame) -> list[str]:
    """Return what `shown_scenarios` does, or raise `DataError` if that is nothing."""
    scenarios = shown_scenarios(savings)
    if not scenarios:
        raise DataError(f"savings has no row of {', '.join(resource.kpi for resource in RESOURCES)}")
    return scenarios


def replications(savings: DataFrame) -> int:
    """Return the least number of replications behind any row."""
    return int(savings["replications"].min())
