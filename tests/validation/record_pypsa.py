"""Records the cheapest supply of one factory as an hourly linear program; run with PyPSA 1.4 and HiGHS from PyPI.

python tests/validation/record_pypsa.py > tests/validation/pypsa.json

The factory draws 150 kW at all hours and 900 kW more from 6 to 22 h, Monday to Saturday. Its roof carries 1,500 kWp that
give 97 % of half a sine between 6 and 18 h. It buys at the three prices of the tariff and sells what the roof gives, up to a
share of the peak power. What is bought may not be sold on: off-peak hours are cheaper than the price of a sale.
"""

import json
import sys
from datetime import datetime, timedelta
from importlib.metadata import version

import numpy as np
import pandas as pd
import pypsa

HOURS = 8760
REST_KW, WORK_KW, PEAK_KWP, CLEAN_FRAC = 150.0, 900.0, 1500.0, 0.97
CASES = {
    "zero_export_2022": {
        "start": "2022-01-01",
        "prices_vnd_per_kwh": {"peak": 2871, "normal": 1555, "offpeak": 1007},
        "sale_cap_frac": 0.0,
        "sale_vnd_per_kwh": 0.0,
    },
    "a_fifth_sold_2025": {
        "start": "2025-06-01",
        "prices_vnd_per_kwh": {"peak": 3398, "normal": 1833, "offpeak": 1190},
        "sale_cap_frac": 0.2,
        "sale_vnd_per_kwh": 1426.6,
    },
}


def band(when: datetime) -> str:
    """Return the band of Circular 16/2014: peak 9:30-11:30 and 17-20 h but on Sundays, off-peak 22-4 h."""
    clock = when.hour + when.minute / 60
    if clock < 4 or clock >= 22:
        return "offpeak"
    return "peak" if when.weekday() < 6 and (9.5 <= clock < 11.5 or 17 <= clock < 20) else "normal"


def solved(case: dict) -> dict[str, float]:
    """Return what the program buys, takes from the roof, sells and pays."""
    start = datetime.fromisoformat(case["start"])
    hours = [start + timedelta(hours=h) for h in range(HOURS)]
    prices, half = case["prices_vnd_per_kwh"], timedelta(minutes=30)
    price = np.array([(prices[band(hour)] + prices[band(hour + half)]) / 2 for hour in hours])
    load = np.array([REST_KW + WORK_KW * (6 <= hour.hour < 22 and hour.weekday() < 6) for hour in hours])
    sun = np.array([max(0.0, np.sin(np.pi * (hour.hour + 0.5 - 6) / 12)) for hour in hours])

    network = pypsa.Network()
    network.set_snapshots(pd.DatetimeIndex(hours))
    network.add("Bus", "site")
    network.add("Bus", "roof")
    network.add("Load", "factory", bus="site", p_set=load)
    network.add("Generator", "grid", bus="site", p_nom=1e5, marginal_cost=price)
    network.add("Generator", "sun", bus="roof", p_nom=PEAK_KWP * CLEAN_FRAC, p_max_pu=sun)
    cap = case["sale_cap_frac"] * PEAK_KWP
    network.add("Link", "own use", bus0="roof", bus1="site", p_nom=1e5)
    network.add("Generator", "sale", bus="roof", sign=-1, p_nom=cap, marginal_cost=-case["sale_vnd_per_kwh"])
    status, condition = network.optimize(solver_name="highs", log_to_console=False)
    assert (status, condition) == ("ok", "optimal"), (status, condition)
    power = network.generators_t.p
    available = PEAK_KWP * CLEAN_FRAC * sun.sum()
    return {
        "import_kwh": float(power["grid"].sum()),
        "import_vnd": float((power["grid"] * price).sum()),
        "export_kwh": float(abs(power["sale"]).sum()) if cap else 0.0,
        "solar_kwh": float(power["sun"].sum()),
        "curtailed_kwh": float(available - power["sun"].sum()),
        "cost_vnd": float(network.objective),
    }


def main() -> None:
    """Write inputs and optimum of each case."""
    record = {name: {**case, "optimum": solved(case)} for name, case in CASES.items()}
    source = f"PyPSA {version('pypsa')}, HiGHS {version('highspy')}"
    json.dump({"source": source, **record}, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
