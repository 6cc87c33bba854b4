"""What flows in a park, and the units in which it is metered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    """A thing that flows, or is counted, at one rate and summed to one amount.

    Parameters
    ----------
    name : str
        The word used in ports, configurations and result tables.
    rate_unit : str
        Unit of a port's rate, for example ``kW``.
    amount_unit : str
        Unit of the integral of the rate over hours, for example ``kWh``.
    balanced : bool
        Whether what flows in must flow out on each bus. Counts, money and states are not balanced.
    loaded : bool
        Whether it carries `LOADS` with it.
    """

    name: str
    rate_unit: str
    amount_unit: str
    balanced: bool = True
    loaded: bool = False


CARRIERS: dict[str, Carrier] = {
    carrier.name: carrier
    for carrier in (
        Carrier("electricity", "kW", "kWh"),
        Carrier("water", "m3/h", "m3"),
        Carrier("wastewater", "m3/h", "m3", loaded=True),
        Carrier("equalised", "m3/h", "m3", loaded=True),
        Carrier("effluent", "m3/h", "m3", loaded=True),
        Carrier("process_water", "m3/h", "m3", loaded=True),
        Carrier("steam", "t/h", "t"),
        Carrier("compressed_air", "m3/h", "m3"),
        Carrier("chilled_water", "kW th", "kWh th"),
        Carrier("lpg", "GJ/h", "GJ"),
        Carrier("natural_gas", "GJ/h", "GJ"),
        Carrier("diesel", "GJ/h", "GJ"),
        Carrier("fuel_oil", "GJ/h", "GJ"),
        Carrier("coal", "GJ/h", "GJ"),
        Carrier("biomass", "GJ/h", "GJ"),
        Carrier("materials", "VND/h", "VND", balanced=False),
        Carrier("output", "units/h", "units", balanced=False),
        Carrier("state", "1", "h", balanced=False),
        Carrier("available", "kW", "kWh", balanced=False),
    )
}

FUELS = ("lpg", "natural_gas", "diesel", "fuel_oil", "coal", "biomass")

LOADS = (
    "cod_inert",
    "cod_biodegradable",
    "cod_particulate",
    "bod5",
    "tss",
    "total_n",
    "total_p",
    "dissolved_solids",
)
"""What water carries, in the order in which it is written [kg]: COD in three parts that add up (dissolved inert, dissolved
biodegradable, particulate), and what is measured beside it."""
