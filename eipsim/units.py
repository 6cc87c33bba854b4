"""Which unit a name ends in: the suffixes that are allowed, and how tables and axes write them."""

from __future__ import annotations

import re

UNITS: dict[str, str] = {
    # energy, power, electricity
    "kwh": "kWh",
    "mwh": "MWh",
    "gwh": "GWh",
    "kwh_th": "kWh th",
    "kw": "kW",
    "mw": "MW",
    "kw_th": "kW th",
    "kwp": "kWp",
    "w": "W",
    "wh": "Wh",
    "mj": "MJ",
    "gj": "GJ",
    "kj": "kJ",
    "v": "V",
    "a": "A",
    "kva": "kVA",
    "mva": "MVA",
    "kvar": "kvar",
    "hz": "Hz",
    "lux": "lux",
    "lm": "lm",
    # matter
    "m3": "m3",
    "nm3": "m3 (0 °C)",
    "l": "L",
    "t": "t",
    "kg": "kg",
    "g": "g",
    "mg": "mg",
    "kgco2": "kg CO2e",
    "tco2": "t CO2e",
    # space, state
    "m": "m",
    "mm": "mm",
    "in": "in",
    "m2": "m2",
    "ha": "ha",
    "deg": "°",
    "c": "°C",
    "k": "K",
    "bar": "bar",
    "bar_g": "bar(g)",
    "bar_a": "bar(a)",
    "kpa": "kPa",
    "pa": "Pa",
    "m2_k": "(m2·K)",
    "m_k": "(m·K)",
    "kg_k": "(kg·K)",
    "m3_k": "(m3·K)",
    "rpm": "1/min",
    # time
    "s": "s",
    "min": "min",
    "h": "h",
    "hours": "h",
    "shifts": "h",
    "d": "d",
    "days": "d",
    "week": "week",
    "month": "month",
    "yr": "yr",
    "kw_month": "(kW·month)",
    # money, counts, shares
    "vnd": "VND",
    "usd": "USD",
    "units": "units",
    "unit": "unit",
    "worker": "worker",
    "worker_yr": "(worker·yr)",
    "m2_yr": "(m2·yr)",
    "frac": "1",
}
"""Words that end a name, and the symbol of each."""

DIMENSIONLESS: frozenset[str] = frozenset(
    {
        "cop", "size", "seed", "replication", "replications", "workers", "merit", "priority", "count", "stages", "trains",
        "blowers", "days_per_week", "crews", "lines", "line", "sigma", "index", "settlements", "poles", "emissivity", "albedo",
        "account", "activity", "rest", "run", "ratio", "exponent", "cycles", "direction", "column", "day", "month", "year",
        "hour", "tenants", "transformers", "sets",
    }
)  # fmt: skip
"""Last words of names that need no unit: counts, ranks, ratios and the field's own pure numbers."""

STATISTICS = ("median", "mean", "low", "high")
"""Words that may follow the unit."""

_ONE = "(?:" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")"
_TAIL = re.compile(rf"(?:^|_)({_ONE}(?:_per_{_ONE})*)(?:_(?:{'|'.join(STATISTICS)}))?$")


def unit_of(name: str) -> str | None:
    """Return the unit that a name ends in.

    Parameters
    ----------
    name : str
        A field, column or key in snake case, for example ``capacity_m3_per_h``.

    Returns
    -------
    str or None
        The unit as a table writes it; ``"1"`` for fractions and the listed pure numbers; None where the name says none.

    Examples
    --------
    >>> unit_of("specific_power_kw_per_m3_per_min")
    'kW/m3/min'
    >>> unit_of("leak_frac"), unit_of("rinse_stages"), unit_of("power")
    ('1', '1', None)
    >>> unit_of("temperature_coefficient_per_k")
    '1/K'
    """
    if found := _TAIL.search(name):
        symbols = [UNITS[word] for word in found.group(1).split("_per_")]
        counted = name[: found.start()].endswith("_per")
        return "/".join(["1", *symbols] if counted else symbols)
    if any(name == word or name.endswith("_" + word) for word in DIMENSIONLESS):
        return "1"
    return None
