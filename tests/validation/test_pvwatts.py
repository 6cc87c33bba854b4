"""The sun on the park's roofs against numbers recorded from NREL's PVWatts 8 (see record_pvwatts.py)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typical_year import typical_year

from eipsim.physics.solar import array_power_kw_per_kwp, plane_of_array_w_per_m2

RECORD = pd.read_csv(Path(__file__).with_name("pvwatts_hcmc.csv"))
MONTHS = np.repeat(np.arange(12), np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24 * 6)


@pytest.fixture(scope="module")
def year() -> tuple:
    return typical_year(per_hour=6)


@pytest.mark.slow
@pytest.mark.parametrize(("tilt", "azimuth"), sorted(set(zip(RECORD.tilt_deg, RECORD.azimuth_deg, strict=True))))
def test_a_roof_yields_what_pvwatts_gives_in_the_year_and_in_every_month(year: tuple, tilt: int, azimuth: int) -> None:
    """The sky of PVWatts is that of Perez, ours that of Hay and Davies, and it has reflection losses: 1.5 and 2 %."""
    sun, light, ambient = year
    record = RECORD[(RECORD.tilt_deg == tilt) & (RECORD.azimuth_deg == azimuth)]

    plane = plane_of_array_w_per_m2(sun, **light, tilt_deg=tilt, azimuth_deg=azimuth)
    power = array_power_kw_per_kwp(plane, ambient, system_loss_frac=0.140757)
    by_month = np.bincount(MONTHS, power) / 6

    assert plane.sum() / 6000 == pytest.approx(record.plane_kwh_per_m2.sum(), rel=0.015)
    assert by_month.sum() == pytest.approx(record.ac_kwh_per_kwp.sum(), rel=0.02)
    assert by_month == pytest.approx(record.ac_kwh_per_kwp.to_numpy(), rel=0.035)
