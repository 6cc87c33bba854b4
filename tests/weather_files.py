"""A drawn year written as EPW, TMY3, PVGIS and plain CSV, so that what is read can be compared with what was written."""

import datetime as dt
import json
from functools import cache
from pathlib import Path

import numpy as np

from eipsim.context import Context
from eipsim.readers.hourly_weather import HourlyWeather
from eipsim.timebase import Horizon
from eipsim.weather import Site
from eipsim.weather_draw import draw_weather

PLACE = {"latitude_deg": 10.95, "longitude_deg": 106.87}
MONTHS = [(dt.date(2023, 1, 1) + dt.timedelta(days=day)) for day in range(365)]


@cache
def year() -> HourlyWeather:
    """A year of 8,760 hours, rounded to what files carry."""
    climate = Context.at().climate
    drawn = draw_weather(Site(climate, 10.95, 106.87), Horizon(dt.date(2023, 1, 1)), 9, 0)
    return HourlyWeather(
        "drawn",
        drawn.first,
        *(np.round(values) for values in (drawn.ghi_w_per_m2, drawn.dni_w_per_m2, drawn.dhi_w_per_m2)),
        ambient_c=np.round(drawn.ambient_c, 1),
        humidity_frac=np.round(drawn.humidity_frac, 2),
        rain_mm_per_h=np.round(drawn.rain_mm_per_h, 1),
    )


def epw(path: Path, weather: HourlyWeather, utc_offset_h: float = 7.0, first_line: str = "") -> Path:
    head = [first_line or f"LOCATION,Bien Hoa,-,VNM,drawn,000000,10.95,106.87,{utc_offset_h:g},10.0", *("COMMENTS 1,x",) * 7]
    rows = []
    for k, (day, hour) in enumerate((day, hour) for day in MONTHS for hour in range(1, 25)):
        cells = ["0"] * 35
        cells[:6] = [str(2001 + day.month % 3), str(day.month), str(day.day), str(hour), "60", "?"]
        cells[6], cells[8] = f"{weather.ambient_c[k]:.1f}", f"{100 * weather.humidity_frac[k]:.0f}"
        cells[13:16] = [f"{values[k]:.0f}" for values in (weather.ghi_w_per_m2, weather.dni_w_per_m2, weather.dhi_w_per_m2)]
        cells[21], cells[33] = "2.5", f"{weather.rain_mm_per_h[k]:.1f}"
        rows.append(",".join(cells))
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return path


def tmy3(path: Path, weather: HourlyWeather) -> Path:
    names = "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),RHum (%),Wspd (m/s)"
    rows = []
    for k, (day, hour) in enumerate((day, hour) for day in MONTHS for hour in range(1, 25)):
        light = ",".join(f"{v[k]:.0f}" for v in (weather.ghi_w_per_m2, weather.dni_w_per_m2, weather.dhi_w_per_m2))
        year = 2001 + day.month % 3
        air = f"{weather.ambient_c[k]:.1f},{100 * weather.humidity_frac[k]:.0f},2.5"
        rows.append(f"{day.month:02d}/{day.day:02d}/{year},{hour:02d}:00,{light},{air}")
    path.write_text("\n".join(["486000,BIEN HOA,VN,7.0,10.950,106.870,10", names, *rows]) + "\n", encoding="utf-8")
    return path


def in_utc(values: np.ndarray) -> np.ndarray:
    return np.roll(values, -7)


def pvgis_rows(weather: HourlyWeather) -> list[dict[str, object]]:
    """Hours of UTC; the sun of an instant half an hour into each."""
    ghi, dni, dhi, ambient_c, humidity = (
        in_utc(v)
        for v in (weather.ghi_w_per_m2, weather.dni_w_per_m2, weather.dhi_w_per_m2, weather.ambient_c, weather.humidity_frac)
    )
    return [
        {
            "time(UTC)": f"{2005 + day.month}{day.month:02d}{day.day:02d}:{hour:02d}00",
            "T2m": float(ambient_c[k]),
            "RH": round(100.0 * float(humidity[k]), 2),
            "G(h)": float(ghi[k]),
            "Gb(n)": float(dni[k]),
            "Gd(h)": float(dhi[k]),
            "IR(h)": 400.0,
            "WS10m": 2.5,
            "WD10m": 120.0,
            "SP": 101000.0,
        }
        for k, (day, hour) in enumerate((day, hour) for day in MONTHS for hour in range(24))
    ]


def pvgis_csv(path: Path, weather: HourlyWeather) -> Path:
    rows = pvgis_rows(weather)
    head = ["Latitude (decimal degrees): 10.950", "Longitude (decimal degrees): 106.870", "Elevation (m): 10.0"]
    head += ["Irradiance Time Offset (h): 0.5", "month,year", *(f"{month},{2005 + month}" for month in range(1, 13))]
    body = [
        ",".join(rows[0]),
        *(",".join(str(value) for value in row.values()) for row in rows),
        "",
        "T2m: 2-m air temperature",
    ]
    path.write_text("\r\n".join([*head, *body]) + "\r\n", encoding="utf-8")
    return path


def pvgis_json(path: Path, weather: HourlyWeather) -> Path:
    months = [{"month": month, "year": 2005 + month} for month in range(1, 13)]
    content = {
        "inputs": {"location": {"latitude": 10.95, "longitude": 106.87, "irradiance_time_offset": 0.5}},
        "outputs": {"months_selected": months, "tmy_hourly": pvgis_rows(weather)},
        "meta": {"inputs": {}, "outputs": {}},
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@cache
def stamps(ends: bool) -> list[str]:
    """When each hour of 2023 begins or ends."""
    return [f"{dt.datetime(2023, 1, 1) + dt.timedelta(hours=k + ends):%Y-%m-%d %H:%M}" for k in range(8760)]


def plain(path: Path, weather: HourlyWeather, *, stamp: str = "start", zone: str = "", parts: bool = True) -> Path:
    names = [stamp, "ghi_w_per_m2", *(["dni_w_per_m2", "dhi_w_per_m2"] if parts else []), "ambient_c", "humidity_frac"]
    cells = [[f"{text}{zone}" for text in stamps(stamp == "end")]]
    cells += [[f"{value:g}" for value in getattr(weather, name).tolist()] for name in names[1:]]
    rows = [",".join(row) for row in zip(*cells, strict=True)]
    path.write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")
    return path
