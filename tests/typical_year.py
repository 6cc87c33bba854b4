"""The packaged climate at fine time, without the context around it."""

import numpy as np

from eipsim.physics.solar import SunPosition, sun_position
from eipsim.physics.weather import spread_over_cells
from eipsim.readers.climate_table import read_climate_table

AMATA = {"latitude_deg": 10.95, "longitude_deg": 106.85, "altitude_m": 10.0}
"""Where the reference values were worked out."""


def typical_year(per_hour: int = 6) -> tuple[SunPosition, dict[str, np.ndarray], np.ndarray]:
    """The packaged year at the park with its full irradiance, in 2022."""
    table = read_climate_table()
    hours = (np.arange(8760 * per_hour) + 0.5) / per_hour
    when = np.datetime64("2022-01-01T00:00", "s") + (3600 * hours).astype("timedelta64[s]")
    sun = sun_position((when - np.datetime64("1970-01-01T07:00", "s")).astype(np.float64), **AMATA)
    month = when.astype("datetime64[M]").astype(np.int64) % 12
    cell = 24 * month + (hours % 24).astype(np.int64)
    height = np.maximum(np.cos(np.radians(sun.zenith_deg)), 0.0)
    light = {
        "ghi_w_per_m2": spread_over_cells(np.ravel(table.ghi_w_per_m2), cell, height),
        "dni_w_per_m2": spread_over_cells(np.ravel(table.dni_w_per_m2), cell, (height > 0) * 1.0),
        "dhi_w_per_m2": spread_over_cells(np.ravel(table.dhi_w_per_m2), cell, height),
        "day_of_year": (hours // 24).astype(np.int64) + 1,
    }
    return sun, light, np.ravel(table.ambient_c)[cell]
