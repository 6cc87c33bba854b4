"""The sun on a roof, against NREL's solar position algorithm, PVWatts and pvlib."""

import csv
import datetime as dt
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typical_year import AMATA, typical_year

from eipsim.physics.solar import (
    MOUNTS,
    SunPosition,
    array_power_kw_per_kwp,
    cell_temperature_c,
    dc_power_kw_per_kwp,
    inverter_power_kw_per_kwp,
    plane_of_array_w_per_m2,
    sun_position,
)

SPA = [
    # local time (UTC+7), apparent zenith, zenith, azimuth: NREL SPA at the park
    ("2023-03-21T12:00:00", 10.82232538441201, 10.825522512165549, 180.11592418679822),
    ("2023-06-21T09:30:00", 36.50980120747254, 36.52224759719273, 65.19802299196311),
    ("2023-06-21T12:00:00", 12.557979073462874, 12.56170949937922, 353.9898154934706),
    ("2023-09-23T15:15:00", 53.25379811308766, 53.27627952996397, 261.67099605406423),
    ("2023-12-21T07:00:00", 78.71978837245938, 78.80053741666123, 116.82312418155811),
    ("2023-12-21T12:00:00", 34.45507433535941, 34.46661153463007, 183.89715990134292),
    ("2023-04-18T11:48:00", 1.0205305747629296, 1.0207996414859508, 102.43757500207744),
    ("2023-08-25T11:54:00", 0.2351254422643052, 0.23516281700646656, 115.83162248690059),
]


def unix_s(local: str, utc_offset_h: float = 7.0) -> np.ndarray:
    return np.array([dt.datetime.fromisoformat(local + "+00:00").timestamp() - 3600 * utc_offset_h])


@pytest.mark.parametrize(("local", "apparent", "zenith", "azimuth"), SPA)
def test_the_sun_stands_where_the_solar_position_algorithm_says(
    local: str, apparent: float, zenith: float, azimuth: float
) -> None:
    sun = sun_position(unix_s(local), **AMATA)

    assert sun.apparent_zenith_deg[0] == pytest.approx(apparent, abs=0.02)
    assert sun.zenith_deg[0] == pytest.approx(zenith, abs=0.02)
    # close to the zenith a small arc is a wide azimuth
    assert np.sin(np.radians(zenith)) * (sun.azimuth_deg[0] - azimuth) == pytest.approx(0, abs=0.02)


def test_the_noon_sun_of_june_stands_in_the_north() -> None:
    azimuth = sun_position(unix_s("2022-06-21T11:54:00"), **AMATA).azimuth_deg[0]

    assert azimuth < 10 or azimuth > 350


@pytest.mark.parametrize(
    "local", ["2023-02-15T18:00:11", "2023-06-15T18:15:54", "2023-09-15T17:53:40", "2023-12-15T17:32:11", "2024-01-15T17:48:16"]
)
def test_the_sun_sets_when_its_upper_limb_meets_the_horizon(local: str) -> None:
    assert sun_position(unix_s(local), **AMATA).zenith_deg[0] == pytest.approx(90.8333, abs=0.02)


def overhead(n: int, zenith_deg: float = 40.0, azimuth_deg: float = 180.0) -> SunPosition:
    return SunPosition(np.full(n, zenith_deg), np.full(n, zenith_deg), np.full(n, azimuth_deg))


def test_a_plane_that_faces_the_sun_takes_the_whole_beam() -> None:
    dark_ground = {"tilt_deg": 40.0, "azimuth_deg": 180.0, "albedo": 0.0}
    beam = np.array([800.0])

    plane = plane_of_array_w_per_m2(
        overhead(1), beam * np.cos(np.radians(40)), beam, np.zeros(1), np.array([80]), **dark_ground
    )

    assert plane == pytest.approx(beam)


def test_a_flat_plane_takes_what_falls_on_the_ground() -> None:
    dni, dhi = np.array([600.0]), np.array([200.0])
    ghi = dni * np.cos(np.radians(40.0)) + dhi

    plane = plane_of_array_w_per_m2(overhead(1), ghi, dni, dhi, np.array([80]), tilt_deg=0.0, azimuth_deg=180.0)

    assert plane == pytest.approx(ghi)


def test_a_beam_from_below_the_horizon_is_no_light() -> None:
    nothing = np.zeros(1)

    plane = plane_of_array_w_per_m2(
        overhead(1, 91.0), nothing, np.ones(1), nothing, np.array([80]), tilt_deg=90.0, azimuth_deg=180.0
    )

    assert plane.tolist() == [0.0]


def test_pvwatts_gives_724_8_w_at_800_w_per_m2_and_45_degrees() -> None:
    assert dc_power_kw_per_kwp(800.0, 45.0, -0.0047) == pytest.approx(0.7248, rel=1e-12)


def test_an_inverter_of_1000_w_gives_the_published_values_of_pvwatts() -> None:
    """The reference in pvlib has a direct-current rating of 1 kW: 960, 481.096 and 92.163 W from 1000, 500 and 100 W."""
    ratio = 1.0 / 0.96

    ac = inverter_power_kw_per_kwp(np.array([1.0, 0.5, 0.1, 0.0]), dc_ac_ratio=ratio)

    assert ac == pytest.approx([0.960, 0.481096, 0.092163, 0.0], rel=1e-4)


def test_an_inverter_cuts_what_is_above_its_rating() -> None:
    assert inverter_power_kw_per_kwp(np.array([1.1, 2.0]), dc_ac_ratio=1.25) == pytest.approx([0.8, 0.8])


def test_cells_on_a_close_roof_are_hotter_than_on_a_rack_and_wind_cools_them() -> None:
    irradiance = np.array([800.0])
    rack, roof = (cell_temperature_c(irradiance, 30.0, mount=mount)[0] for mount in ("open_rack", "close_roof"))

    assert 30.0 < rack < roof
    assert cell_temperature_c(irradiance, 30.0, wind_m_per_s=5.0)[0] < roof


def test_the_inverter_agrees_with_pvlib() -> None:
    from pvlib import inverter

    dc = np.linspace(0.0, 1.1, 23)

    assert inverter_power_kw_per_kwp(dc) == pytest.approx(inverter.pvwatts(dc, 1 / 1.2 / 0.96, 0.96), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("mount", MOUNTS)
def test_cell_temperature_agrees_with_pvlib(mount: str) -> None:
    from pvlib import temperature

    names = {
        "open_rack": "open_rack_glass_glass",
        "close_roof": "close_mount_glass_glass",
        "insulated_back": "insulated_back_glass_polymer",
    }
    irradiance = np.linspace(0, 1200, 7)
    expected = temperature.sapm_cell(irradiance, 31.0, 2.0, **temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"][names[mount]])

    assert cell_temperature_c(irradiance, 31.0, 2.0, mount) == pytest.approx(expected, rel=1e-12)


def test_an_unknown_mount_is_refused() -> None:
    with pytest.raises(KeyError, match="tracker"):
        cell_temperature_c(np.zeros(1), 20.0, mount="tracker")


@given(irradiance=st.floats(0, 1400), ambient=st.floats(-10, 50), loss=st.floats(0, 0.5))
def test_array_power_lies_between_nothing_and_the_inverter(irradiance: float, ambient: float, loss: float) -> None:
    power = array_power_kw_per_kwp(np.array([irradiance]), np.array([ambient]), loss)[0]

    assert 0.0 <= power <= 1 / 1.2 + 1e-12


@pytest.fixture(scope="module")
def year() -> tuple[SunPosition, dict[str, np.ndarray], np.ndarray]:
    return typical_year()


@pytest.mark.parametrize(
    ("tilt", "azimuth", "plane_kwh_per_m2", "ac_kwh_per_kwp"),
    [
        # pvlib 0.16.1 on the same year, Hay-Davies, close mount, -0.35 %/K, losses 14.08 %, DC/AC 1.2
        (0, 180, 1998.116, 1447.973),
        (10, 180, 2030.206, 1468.572),
        (10, 90, 1980.613, 1436.467),
        (10, 270, 1971.571, 1428.719),
        (10, 0, 1921.179, 1397.631),
        (15, 180, 2029.068, 1467.647),
    ],
)
def test_the_typical_year_yields_what_pvlib_gives(
    year: tuple[SunPosition, dict[str, np.ndarray], np.ndarray],
    tilt: float,
    azimuth: float,
    plane_kwh_per_m2: float,
    ac_kwh_per_kwp: float,
) -> None:
    """Means of a day are spread with the sun's height here, held over the hour there: 1 %; 4 % is the case's own tolerance."""
    sun, light, ambient = year

    plane = plane_of_array_w_per_m2(sun, **light, tilt_deg=tilt, azimuth_deg=azimuth)
    power = array_power_kw_per_kwp(plane, ambient, system_loss_frac=0.140757)

    assert plane.mean() * 8.76 == pytest.approx(plane_kwh_per_m2, rel=0.01)
    assert power.mean() * 8760 == pytest.approx(ac_kwh_per_kwp, rel=0.01)


def test_beam_and_diffuse_light_close_to_the_global(year: tuple[SunPosition, dict[str, np.ndarray], np.ndarray]) -> None:
    sun, light, _ = year
    beam = light["dni_w_per_m2"] * np.maximum(np.cos(np.radians(sun.zenith_deg)), 0.0)

    assert (beam + light["dhi_w_per_m2"]).sum() == pytest.approx(light["ghi_w_per_m2"].sum(), rel=3e-3)


@pytest.fixture(scope="module")
def pvwatts() -> dict[str, np.ndarray]:
    folder = os.environ.get("EIPSIM_VALIDATION_DATA")
    if not folder:
        pytest.skip("EIPSIM_VALIDATION_DATA names no folder of reference data")
    with (Path(folder) / "pvwatts_8760_rackmount.csv").open(encoding="utf-8") as file:
        lines = list(csv.reader(file))
    header = next(k for k, line in enumerate(lines) if line and line[0] == "Month")
    rows = [line for line in lines[header + 1 :] if line and line[0].isdigit()]
    return {name: np.array([float(row[k]) for row in rows]) for k, name in enumerate(lines[header]) if name}


def test_a_year_of_denver_yields_what_pvwatts_gives(pvwatts: dict[str, np.ndarray]) -> None:
    hours = np.arange(8760)
    middle = np.datetime64("2021-01-01T00:30", "s") + (3600 * hours).astype("timedelta64[s]")
    unix = (middle - np.datetime64("1970-01-01T00:00", "s")).astype(np.float64) + 7 * 3600
    sun = sun_position(unix, 39.73, -105.18, altitude_m=1820.0, ambient_c=10.0)
    dni, dhi = pvwatts["Beam Irradiance (W/m^2)"], pvwatts["Diffuse Irradiance (W/m^2)"]
    ghi = dni * np.maximum(np.cos(np.radians(sun.zenith_deg)), 0.0) + dhi

    plane = plane_of_array_w_per_m2(sun, ghi, dni, dhi, hours // 24 + 1, tilt_deg=20.0, azimuth_deg=180.0)
    cells = cell_temperature_c(plane, pvwatts["Ambient Temperature (C)"], pvwatts["Wind Speed (m/s)"], "open_rack")
    dc = dc_power_kw_per_kwp(plane, cells, -0.0047) * (1 - 0.1408)
    ac_wh = 4000 * inverter_power_kw_per_kwp(dc)

    assert plane.sum() == pytest.approx(1_930_893.6, rel=0.01)
    assert ac_wh.sum() == pytest.approx(6_023_671, rel=0.03)
    assert np.corrcoef(ac_wh, pvwatts["AC System Output (W)"])[0, 1] > 0.995
