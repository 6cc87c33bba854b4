"""Records what NREL's PVWatts 8 gives for the packaged climate; run with NREL-PySAM 7.1.1 from PyPI beside eipsim.

python tests/validation/record_pvwatts.py > tests/validation/pvwatts_hcmc.csv
"""

import csv
import sys
from pathlib import Path

from PySAM.Pvwattsv8 import new

TABLE = Path(__file__).parents[2] / "eipsim" / "data" / "climate_hcmc_tmyx_month_hour.csv"
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ROOFS = ((0, 180), (10, 180), (10, 90), (10, 270), (10, 0), (15, 180))


def weather() -> dict[str, object]:
    """Return the mean day of each month for every day of 2022, at the middle of the hours, with a wind of 1 m/s."""
    with TABLE.open(encoding="utf-8") as file:
        rows = {(int(row["month"]), int(row["hour"]) - 1): row for row in csv.DictReader(file)}
    hours = [(month, day, hour) for month in range(1, 13) for day in range(1, DAYS[month - 1] + 1) for hour in range(24)]
    here = [rows[month, hour] for month, _, hour in hours]
    return {
        "lat": 10.95,
        "lon": 106.85,
        "tz": 7,
        "elev": 10,
        "year": [2022] * len(hours),
        "month": [month for month, _, _ in hours],
        "day": [day for _, day, _ in hours],
        "hour": [hour for _, _, hour in hours],
        "minute": [30] * len(hours),
        "dn": [float(row["dni_w_per_m2"]) for row in here],
        "df": [float(row["dhi_w_per_m2"]) for row in here],
        "tdry": [float(row["ambient_c"]) for row in here],
        "wspd": [1.0] * len(hours),
    }


def main() -> None:
    """Write one line per roof and month."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["tilt_deg", "azimuth_deg", "month", "plane_kwh_per_m2", "ac_kwh_per_kwp"])
    for tilt, azimuth in ROOFS:
        model = new()
        model.SolarResource.solar_resource_data = weather()
        model.SolarResource.albedo = [0.2] * 12
        model.Lifetime.system_use_lifetime_output = 0
        design = {
            "system_capacity": 100,
            "module_type": 0,
            "array_type": 1,
            "dc_ac_ratio": 1.2,
            "inv_eff": 96,
            "losses": 14.0757,
            "tilt": tilt,
            "azimuth": azimuth,
            "gcr": 0.4,
            "xfmr_nll": 0,
            "xfmr_ll": 0,
        }
        for name, value in design.items():
            setattr(model.SystemDesign, name, value)
        model.execute(0)
        for month, (plane, ac) in enumerate(zip(model.Outputs.poa_monthly, model.Outputs.ac_monthly, strict=True), start=1):
            out.writerow([tilt, azimuth, month, round(plane, 3), round(ac / 100, 4)])


if __name__ == "__main__":
    main()
