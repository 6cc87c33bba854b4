"""Reads a year of weather from EPW, TMY3, PVGIS or plain CSV files, and brings it to park time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..errors import DataError, Problems, nearest
from .hourly_weather import LEAP_YEAR, Floats, HourlyWeather
from .tables import LINES_SHOWN, parse_number, read_lines
from .weather_checks import (
    check_closure,
    check_light,
    check_noon,
    check_values,
    ordered_year,
    parts_of,
    zenith_by_hour,
)

if TYPE_CHECKING:
    import pandas as pd

PARK_UTC_OFFSET_H = 7.0
"""Local time of the park less UTC [h]."""

COLUMNS = {
    "ghi": "ghi_w_per_m2",
    "dni": "dni_w_per_m2",
    "dhi": "dhi_w_per_m2",
    "temp_air": "ambient_c",
    "relative_humidity": "humidity_frac",
    "wind_speed": "wind_m_per_s",
    "liquid_precipitation_depth": "rain_mm_per_h",
    "Lprecip depth (mm)": "rain_mm_per_h",
}
"""Names of pvlib, of EPW and of TMY3, and ours."""

NEEDED = ("ghi_w_per_m2", "ambient_c", "humidity_frac")
PARTS = ("dni_w_per_m2", "dhi_w_per_m2")

NO_RAIN_MM = 99.0
"""Rain of an hour from which a file's number is its sign for a missing value [mm]."""


class RawYear(NamedTuple):
    """What stands in a file, before anything is checked.

    Parameters
    ----------
    begins : list of datetime
        When the hour of each row begins, in the file's own time without zone.
    columns : dict of str to ndarray of shape (rows,)
        By our names, in our units.
    places : list of str
        Where each row stands, for messages.
    utc_offset_h : float
        The file's time less UTC [h].
    late_h : float
        How much later than ``begins`` the hours that the light stands for begin [h].
    """

    begins: list[datetime]
    columns: dict[str, Floats]
    places: list[str]
    utc_offset_h: float
    late_h: float = 0.0


def read_weather(path: Path, latitude_deg: float, longitude_deg: float, utc_offset_h: float | None = None) -> HourlyWeather:
    """Read a year of hourly weather and bring it to park time (UTC+7).

    Parameters
    ----------
    path : Path
        By its content: an EPW file; a TMY3 file; a typical meteorological year of PVGIS as CSV or JSON; or a CSV file with a
        header line and the columns ``start`` or ``end`` (of each hour, like 2022-01-31 07:00, or with +07:00 behind it),
        ``ghi_w_per_m2``, ``ambient_c``, ``humidity_frac``, and if they are known ``dni_w_per_m2`` and ``dhi_w_per_m2`` (else
        they follow from the clearness by Erbs), ``wind_m_per_s`` and ``rain_mm_per_h``.
    latitude_deg, longitude_deg : float
        Where the park is: the sun of the file is checked against it [°].
    utc_offset_h : float, optional
        The file's time less UTC, if not what it says itself; a plain file without one is in park time [h].

    Returns
    -------
    HourlyWeather
        A typical year: years that differ from month to month are one year. Without 29 February the 28th stands for it.

    Raises
    ------
    DataError
        If the file can't be read, hours are missing or there twice, a value is out of range or in another unit, or the sun of
        the file stands elsewhere than at the park.
    """
    try:
        state = path.stat()
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    return _read_as_it_is(path, latitude_deg, longitude_deg, utc_offset_h, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=8)
def _read_as_it_is(
    path: Path, latitude_deg: float, longitude_deg: float, utc_offset_h: float | None, state: tuple[int, int]
) -> HourlyWeather:
    """Read a file once as long as its state, the time of its last change and its size, is the same."""
    raw = _read(path)
    offset_h = raw.utc_offset_h if utc_offset_h is None else utc_offset_h
    with Problems(path.name, DataError) as problems:
        for name in NEEDED:
            if name not in raw.columns:
                problems.add("header", f"has no {name}")
        if len(raw.columns.keys() & set(PARTS)) == 1:
            problems.add("header", f"has only one of {' and '.join(PARTS)}: give both or none")
    check_values(path.name, raw.columns, raw.places)
    order = ordered_year(path.name, raw.begins, raw.places)
    late_h = PARK_UTC_OFFSET_H - offset_h + raw.late_h
    year = {name: _shifted(_with_leap_day(values[order]), late_h) for name, values in raw.columns.items()}
    check_light(path.name, year["ghi_w_per_m2"])
    zenith_deg = zenith_by_hour(latitude_deg, longitude_deg, PARK_UTC_OFFSET_H)
    check_noon(path.name, year["ghi_w_per_m2"], zenith_deg, offset_h)
    if PARTS[0] in year:
        check_closure(path.name, year["ghi_w_per_m2"], year["dni_w_per_m2"], year["dhi_w_per_m2"], zenith_deg)
    else:
        year |= dict(zip(PARTS, parts_of(year["ghi_w_per_m2"], zenith_deg), strict=True))
    return HourlyWeather(
        name=path.name,
        first=datetime(LEAP_YEAR, 1, 1).date(),
        ghi_w_per_m2=year["ghi_w_per_m2"],
        dni_w_per_m2=year["dni_w_per_m2"],
        dhi_w_per_m2=year["dhi_w_per_m2"],
        ambient_c=year["ambient_c"],
        humidity_frac=year["humidity_frac"],
        wind_m_per_s=year.get("wind_m_per_s"),
        rain_mm_per_h=year.get("rain_mm_per_h"),
        typical=True,
    )


def _read(path: Path) -> RawYear:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise DataError(f"{path}: can't be read: {error}") from None
    lines = text.splitlines()
    kind, reader = _kind_of(path, lines)
    try:
        return reader(path, lines)
    except DataError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise DataError(f"{path.name}: is not a whole {kind} file: {' '.join(str(error).split())[:120]}") from None


def _kind_of(path: Path, lines: list[str]) -> tuple[str, Callable[[Path, list[str]], RawYear]]:
    first, second = [*lines, "", ""][:2]
    if first.startswith("LOCATION,"):
        return "EPW", _epw
    if "Date (MM/DD/YYYY)" in second:
        return "TMY3", _tmy3
    if path.suffix.lower() == ".json":
        return "PVGIS JSON", _pvgis_json
    if first.startswith("Latitude (decimal degrees)"):
        return "PVGIS CSV", _pvgis_csv
    return "CSV", _plain


def _epw(path: Path, lines: list[str]) -> RawYear:
    from pvlib import iotools

    data, meta = iotools.read_epw(path, coerce_year=LEAP_YEAR)
    return _of_pvlib(data, [f"line {9 + k}" for k in range(len(data))], float(meta["TZ"]))


def _tmy3(path: Path, lines: list[str]) -> RawYear:
    from pvlib import iotools

    data, meta = iotools.read_tmy3(path, coerce_year=LEAP_YEAR + 1)
    data.index = data.index - timedelta(hours=1)
    return _of_pvlib(data, [f"line {3 + k}" for k in range(len(data))], float(meta["TZ"]))


def _pvgis_csv(path: Path, lines: list[str]) -> RawYear:
    from pvlib import iotools

    header = next((k for k, line in enumerate(lines) if line.startswith("time(UTC),")), None)
    if header is None:
        raise _no_typical_year(path)
    data, meta = iotools.read_pvgis_tmy(path, pvgis_format="csv")
    return _of_pvgis(data, meta, [f"line {header + 2 + k}" for k in range(len(data))])


def _pvgis_json(path: Path, lines: list[str]) -> RawYear:
    from pvlib import iotools

    if "tmy_hourly" not in json.loads("\n".join(lines)).get("outputs", {}):
        raise _no_typical_year(path)
    data, meta = iotools.read_pvgis_tmy(path, pvgis_format="json")
    return _of_pvgis(data, meta, [f"entry {1 + k}" for k in range(len(data))])


def _no_typical_year(path: Path) -> DataError:
    return DataError(f"{path.name}: holds no typical meteorological year of PVGIS: download that and not the hourly series")


def _of_pvgis(data: pd.DataFrame, meta: dict[str, Any], places: list[str]) -> RawYear:
    """Light is that of an instant, which stands for the hour about it."""
    inputs = meta.get("inputs", {})
    in_json = inputs.get("location", {}).get("irradiance_time_offset", 0.0)
    instant_h = float(inputs.get("irradiance time offset", in_json))
    return _of_pvlib(data, places, 0.0, late_h=instant_h - 0.5)


def _of_pvlib(data: pd.DataFrame, places: list[str], utc_offset_h: float, late_h: float = 0.0) -> RawYear:
    columns = {ours: data[name].to_numpy(dtype=np.float64) for name, ours in COLUMNS.items() if name in data}
    if "humidity_frac" in columns:
        columns["humidity_frac"] = columns["humidity_frac"] / 100.0
    rain = columns.get("rain_mm_per_h")
    if rain is not None and not ((rain >= 0) & (rain < NO_RAIN_MM)).all():
        del columns["rain_mm_per_h"]
    begins = [stamp.to_pydatetime().replace(year=LEAP_YEAR, tzinfo=None) for stamp in data.index]
    return RawYear(begins, columns, places, utc_offset_h, late_h)


def _plain(path: Path, lines: list[str]) -> RawYear:
    rows = read_lines(path)
    known = ("start", "end", *dict.fromkeys(COLUMNS.values()))
    columns: dict[str, list[float]] = {}
    stamps: list[datetime] = []
    with Problems(path.name, DataError, LINES_SHOWN) as problems:
        header = list(rows[0].cells) if rows else []
        stamp = next((name for name in ("start", "end") if name in header), None)
        if stamp is None or ("start" in header and "end" in header):
            problems.add("header", "must have one column start or end: when each hour begins, or when it ends")
        for name in header:
            if name not in known:
                problems.add("header", f"has column {name!r}, which is not used here: {nearest(name, known)}")
        problems.raise_if_any()
        for row in rows:
            try:
                stamps.append(datetime.fromisoformat(row.cells[stamp or ""]))
            except ValueError:
                problems.add(f"line {row.number}", f"{stamp} = {row.cells[stamp or '']!r}: must be like 2022-01-31 07:00")
            for name in (name for name in header if name != stamp):
                try:
                    columns.setdefault(name, []).append(parse_number(row.cells[name]))
                except ValueError:
                    problems.add(
                        f"line {row.number}, column {name!r}", f"= {row.cells[name]!r}: must be a number with a decimal point"
                    )
    offsets = {one.utcoffset() for one in stamps}
    if len(offsets) != 1:
        raise DataError(f"{path.name}: some hours are with and some without a time zone, or in several: write all in one")
    offset = next(iter(offsets))
    back = timedelta(hours=1 if stamp == "end" else 0)
    begins = [(one - back).replace(year=LEAP_YEAR, tzinfo=None) for one in stamps]
    arrays = {name: np.array(values) for name, values in columns.items()}
    zone_h = PARK_UTC_OFFSET_H if offset is None else offset.total_seconds() / 3600.0
    return RawYear(begins, arrays, [f"line {row.number}" for row in rows], zone_h)


def _with_leap_day(values: Floats) -> Floats:
    """Return 366 days: without a 29 February the 28th stands for it."""
    if values.size == 8784:
        return values
    end = 24 * 59
    return np.concatenate([values[:end], values[end - 24 : end], values[end:]])


def _shifted(values: Floats, late_h: float) -> Floats:
    """Return the means of the hours of another clock, which shows ``late_h`` more; the year is taken as a ring."""
    whole = int(np.floor(late_h))
    part = late_h - whole
    moved = np.roll(values, whole)
    return moved if part < 1e-9 else (1.0 - part) * moved + part * np.roll(values, whole + 1)
