"""Weather from files: formats, clocks, leap days, and everything that is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import weather_files
from weather_files import PLACE, epw, plain, pvgis_csv, pvgis_json, tmy3

from eipsim.errors import DataError
from eipsim.readers.hourly_weather import HourlyWeather
from eipsim.readers.weather_file import read_weather

LIGHT = ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")


@pytest.fixture(scope="module")
def year() -> HourlyWeather:
    return weather_files.year()


@pytest.fixture(scope="module")
def text(year: HourlyWeather, tmp_path_factory: pytest.TempPathFactory) -> str:
    return plain(tmp_path_factory.mktemp("weather") / "year.csv", year).read_text(encoding="utf-8")


def without_leap_day(values: np.ndarray) -> np.ndarray:
    return np.delete(values, slice(24 * 59, 24 * 60))


@pytest.mark.slow
@pytest.mark.parametrize("write", [epw, tmy3, pvgis_csv, pvgis_json, plain])
def test_every_format_gives_back_the_hours_that_were_written(
    tmp_path: Path, year: HourlyWeather, write: Callable[[Path, HourlyWeather], Path]
) -> None:
    path = write(tmp_path / f"year.{'json' if write is pvgis_json else 'csv'}", year)

    found = read_weather(path, **PLACE)

    for name in (*LIGHT, "ambient_c", "humidity_frac"):
        np.testing.assert_allclose(without_leap_day(getattr(found, name)), getattr(year, name), atol=1e-9, err_msg=name)
    assert (found.wind_m_per_s is None) == (write is plain)


@pytest.mark.parametrize(
    ("name", "latitude_deg", "longitude_deg", "kwh_per_m2"),
    [("723170TYA.CSV", 36.1, -79.95, 1570.3), ("703165TY.csv", 55.317, -160.517, 830.9)],
)
def test_tmy3_files_of_other_latitudes_and_zones_pass_all_checks(
    name: str, latitude_deg: float, longitude_deg: float, kwh_per_m2: float
) -> None:
    """Greensboro and Sand Point, as pvlib carries them; the sums hold 28 February twice."""
    import pvlib

    found = read_weather(Path(pvlib.__file__).parent / "data" / name, latitude_deg, longitude_deg)

    assert found.ghi_w_per_m2.sum() / 1000 == pytest.approx(kwh_per_m2, abs=0.1)
    assert found.rain_mm_per_h is None


@pytest.mark.slow
def test_rain_is_read_from_an_epw_file_and_left_to_chance_where_it_is_marked_as_missing(
    tmp_path: Path, year: HourlyWeather
) -> None:
    path = epw(tmp_path / "wet.epw", year)
    dry = tmp_path / "dry.epw"
    dry.write_text(path.read_text(encoding="utf-8").replace(",0.0,0\n", ",999,0\n"), encoding="utf-8")

    assert read_weather(path, **PLACE).rain_mm_per_h.sum() == pytest.approx(year.rain_mm_per_h.sum(), rel=0.05)
    assert read_weather(dry, **PLACE).rain_mm_per_h is None


def test_a_file_in_another_zone_is_brought_to_park_time(tmp_path: Path, year: HourlyWeather) -> None:
    shifted = HourlyWeather(
        "utc", year.first, *(np.roll(getattr(year, name), -7) for name in (*LIGHT, "ambient_c", "humidity_frac"))
    )

    found = read_weather(plain(tmp_path / "utc.csv", shifted, zone="+00:00"), **PLACE)

    np.testing.assert_allclose(without_leap_day(found.ghi_w_per_m2)[24:1400], year.ghi_w_per_m2[24:1400])


def test_a_quarter_of_an_hour_of_difference_is_shared_by_two_hours(tmp_path: Path, year: HourlyWeather) -> None:
    found = read_weather(plain(tmp_path / "year.csv", year, zone="+06:45"), **PLACE)

    expected = 0.75 * year.ghi_w_per_m2[106] + 0.25 * year.ghi_w_per_m2[105]
    assert found.ghi_w_per_m2[106] == pytest.approx(expected)


def test_hours_that_are_named_by_their_end_are_those_before(tmp_path: Path, year: HourlyWeather) -> None:
    found = read_weather(plain(tmp_path / "year.csv", year, stamp="end"), **PLACE)

    np.testing.assert_allclose(without_leap_day(found.ghi_w_per_m2), year.ghi_w_per_m2)


def test_a_year_without_a_leap_day_has_the_28th_of_february_twice(tmp_path: Path, year: HourlyWeather) -> None:
    found = read_weather(plain(tmp_path / "year.csv", year), **PLACE)

    assert found.ambient_c.size == 8784
    assert (found.of_month(2024, 2).ambient_c[-24:] == found.of_month(2024, 2).ambient_c[-48:-24]).all()
    assert found.of_month(2023, 2).ambient_c.size == 24 * 28
    assert (found.of_month(2023, 3).ambient_c == found.of_month(2024, 3).ambient_c).all()


def test_light_that_is_not_split_is_split_by_the_clearness(tmp_path: Path, year: HourlyWeather) -> None:
    found = read_weather(plain(tmp_path / "year.csv", year, parts=False), **PLACE)

    assert (found.dhi_w_per_m2 <= found.ghi_w_per_m2 + 1e-9).all()
    assert found.dhi_w_per_m2.sum() == pytest.approx(year.dhi_w_per_m2.sum(), rel=0.15)


def refused(tmp_path: Path, text: str, name: str = "year.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        read_weather(path, **PLACE)
    return str(raised.value)


def test_missing_hours_are_named_by_the_line_before_them(tmp_path: Path, text: str) -> None:
    lines = text.splitlines()

    told = refused(tmp_path, "\n".join(lines[:100] + lines[105:]))

    assert "after line 100 5 h missing, from 05 January 03:00 to 05 January 08:00" in told


def test_an_hour_that_stands_there_twice_is_named_with_both_lines(tmp_path: Path, text: str) -> None:
    lines = text.splitlines()

    told = refused(tmp_path, "\n".join([*lines[:100], lines[99], *lines[101:]]))

    assert "line 101 05 January 02:00 stands there a second time, first in line 100" in told
    assert "after line 100 1 h missing" in told


def test_a_clock_that_jumps_in_spring_and_autumn_is_recognised(tmp_path: Path, text: str) -> None:
    lines = text.splitlines()
    spring = 1 + 24 * 85 + 2
    autumn = 1 + 24 * 300 + 2

    told = refused(tmp_path, "\n".join([*lines[:spring], *lines[spring + 1 : autumn], lines[autumn], *lines[autumn:]]))

    assert "file changes to daylight saving time: write it in standard time" in told


def test_several_years_are_refused(tmp_path: Path, text: str) -> None:
    lines = text.splitlines()

    assert "has 9760 hours: keep those of one year" in refused(tmp_path, "\n".join([*lines, *lines[1:1001]]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("start,", "time,", "header must have one column start or end"),
        ("humidity_frac", "humidity", "header has column 'humidity', which is not used here: did you mean 'humidity_frac'?"),
        (",dhi_w_per_m2", ",wind_m_per_s", "header has only one of dni_w_per_m2 and dhi_w_per_m2: give both or none"),
        ("2023-01-01 07:00", "7 o'clock", 'line 9 start = "7 o\'clock": must be like 2022-01-31 07:00'),
        ("2023-01-01 07:00", "2023-01-01 07:30", "line 9 begins at 07:30: hours must begin at a full hour"),
        ("2023-01-01 07:00", "2023-01-01 07:00+07:00", "some hours are with and some without a time zone"),
    ],
)
def test_a_wrong_cell_or_header_is_named(tmp_path: Path, text: str, old: str, new: str, message: str) -> None:
    assert old in text

    assert message in refused(tmp_path, text.replace(old, new, 1))


def rewritten(year: HourlyWeather, path: Path, **changed: np.ndarray) -> str:
    values = {name: getattr(year, name) for name in (*LIGHT, "ambient_c", "humidity_frac")} | changed
    return plain(path, HourlyWeather("changed", year.first, **values)).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("ambient_c", lambda v: v + 273.15, "looks like kelvin; give °C"),
        ("ambient_c", lambda v: 1.8 * v + 32, "looks like °F; give °C"),
        ("humidity_frac", lambda v: 100 * v, "looks like per cent; give a fraction from 0 to 1"),
        ("humidity_frac", lambda v: v / 100, "looks like a fraction where the format has per cent"),
        ("ghi_w_per_m2", lambda v: v / 1000, "looks like kW/m2 or MJ/m2; give W/m2"),
        ("ghi_w_per_m2", lambda v: v / 5, "global irradiance sums to 3"),
        (
            "ghi_w_per_m2",
            lambda v: np.where(np.arange(8760) == 12, -5.0, v),
            "line 14, ghi_w_per_m2 = -5: must be from 0 to 1500",
        ),
        ("ghi_w_per_m2", lambda v: np.where(np.arange(8760) % 1000 == 12, 9999.0, v), "ghi_w_per_m2 has 4 more such values"),
        ("ghi_w_per_m2", lambda v: np.roll(v, 1), "its sun stands highest at"),
        ("ghi_w_per_m2", lambda v: np.roll(v, -7), "its time is UTC+0 and not UTC+7; set context.weather.utc_offset_h"),
        ("dni_w_per_m2", lambda v: 0.5 * v, "% off the global light of the year"),
    ],
)
def test_values_of_another_unit_range_or_clock_are_refused(
    tmp_path: Path, year: HourlyWeather, name: str, change: Callable[[np.ndarray], np.ndarray], message: str
) -> None:
    text = rewritten(year, tmp_path / "wrong.csv", **{name: change(getattr(year, name))})

    assert message in refused(tmp_path, text)


def test_a_file_whose_zone_is_wrong_can_be_told_the_right_one(tmp_path: Path, year: HourlyWeather) -> None:
    path = epw(tmp_path / "wrong.epw", year, utc_offset_h=0.0)

    with pytest.raises(DataError, match=r"its time is UTC\+7 and not UTC\+0"):
        read_weather(path, **PLACE)
    assert (without_leap_day(read_weather(path, **PLACE, utc_offset_h=7.0).ghi_w_per_m2) == year.ghi_w_per_m2).all()


def test_a_gap_in_a_standard_format_is_named_by_its_line(tmp_path: Path, year: HourlyWeather) -> None:
    lines = epw(tmp_path / "year.epw", year).read_text(encoding="utf-8").splitlines()

    assert "line 20, ambient_c is missing" in refused(
        tmp_path, "\n".join([*lines[:19], lines[19].replace(lines[19].split(",")[6], "", 1), *lines[20:]]), "gap.epw"
    )


def test_a_broken_standard_file_is_no_traceback(tmp_path: Path, year: HourlyWeather) -> None:
    text = epw(tmp_path / "year.epw", year).read_text(encoding="utf-8")

    assert "is not a whole EPW file" in refused(tmp_path, text.replace("LOCATION,Bien Hoa", "LOCATION", 1), "broken.epw")


def test_an_hourly_series_of_pvgis_is_no_typical_year(tmp_path: Path) -> None:
    text = "Latitude (decimal degrees):\t10.95\nLongitude (decimal degrees):\t106.87\ntime,G(i)\n20200101:0010,0\n"

    assert "download that and not the hourly series" in refused(tmp_path, text)
    assert "download that and not the hourly series" in refused(tmp_path, '{"outputs": {"hourly": []}}', "series.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read_weather(tmp_path / "none.epw", **PLACE)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read"):
        read_weather(tmp_path, **PLACE)


@pytest.mark.slow
def test_a_file_that_has_been_mended_is_read_again(tmp_path: Path, year: HourlyWeather) -> None:
    path = plain(tmp_path / "year.csv", year)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("2023-01-01 05:00", "2023-01-01 04:00", 1), encoding="utf-8")
    with pytest.raises(DataError, match="stands there a second time"):
        read_weather(path, **PLACE)

    path.write_text(whole.replace(",25.", ",26.", 1), encoding="utf-8")
    warm = read_weather(path, **PLACE)
    path.write_text(whole + "\n", encoding="utf-8")

    assert read_weather(path, **PLACE).ambient_c.sum() < warm.ambient_c.sum()
