"""A factory that carries a measured load: metered and billed as one would by hand."""

import csv
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from eipsim.assembly import park as assembled
from eipsim.components import Factory, Feeder, Line, Substation
from eipsim.context import Context
from eipsim.end_uses import MeasuredLoad
from eipsim.errors import ConfigError, ParkError, Problems
from eipsim.kpis import bills, evaluate
from eipsim.kpis.metering import metered_months
from eipsim.kpis.peaks import metered_ports, peak_by_day_kw
from eipsim.park import Park, site_parents
from eipsim.readers.load_profile import read_load_profile
from eipsim.scenario import Scenario, simulate
from eipsim.timebase import WorkCalendar

HOURS = 24.0 * (31 + 30 + 31)
MARCH = date(2022, 3, 1)


def write_load(path: Path, minutes: int, hours: float = HOURS) -> Path:
    """A load without any pattern that could hide a shift."""
    count = round(60 * hours / minutes)
    noise = np.abs(np.sin(np.arange(count) * 12.9898) * 43758.5453) % 1.0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["end", "kwh"])
        for k in range(count):
            stamp = datetime(2022, 3, 1) + (k + 1) * timedelta(minutes=minutes)
            writer.writerow([f"{stamp:%Y-%m-%d %H:%M}", f"{50.0 + 100.0 * noise[k]:.4f}"])
    return path


def park_of(path: Path, voltage_class: str = "22_110") -> Park:
    mill = Factory(
        place="site",
        calendar="always",
        lines=(Line(units_per_h=1.0),),
        end_uses={"metered": MeasuredLoad(measured_load="mill")},
        assessed=True,
        voltage_class=voltage_class,
    )
    components = {
        "mill": mill,
        "feeder": Feeder(place="feeder", to="busbar", interruptions_per_yr=0.0),
        "substation": Substation(place="busbar", interruptions_per_yr=0.0),
    }
    calendars = {"always": WorkCalendar(shifts=((0, 24),), days_per_week=7)}
    return Park("mill", components, calendars, site_parents("site", "feeder"), {"mill": read_load_profile(path)})


def by_hand(path: Path, bands: str) -> tuple[dict[int, dict[str, float]], dict[int, float]]:
    """Monthly kWh by band, and the greatest half hour, from the lines of the file and the words of the law."""
    kwh: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    halves: dict[datetime, float] = defaultdict(float)
    with path.open(encoding="utf-8") as file:
        rows = [(datetime.fromisoformat(row["end"]), float(row["kwh"])) for row in csv.DictReader(file)]
    width = rows[1][0] - rows[0][0]
    quarter = timedelta(minutes=15)
    for end, energy in rows:
        parts = round(width / quarter)
        for k in range(parts):
            at = end - width + k * quarter
            kwh[at.month][band_of(at, bands)] += energy / parts
            halves[at.replace(minute=at.minute // 30 * 30)] += energy / parts
    peaks = {month: max(2 * e for at, e in halves.items() if at.month == month) for month in kwh}
    return {month: dict(found) for month, found in kwh.items()}, peaks


def band_of(at: datetime, bands: str) -> str:
    hour, sunday = at.hour + at.minute / 60, at.weekday() == 6
    if bands == "2014":
        peak, off = 9.5 <= hour < 11.5 or 17 <= hour < 20, hour >= 22 or hour < 4
    else:
        peak, off = 17.5 <= hour < 22.5, hour < 6
    return "peak" if peak and not sunday else "offpeak" if off else "normal"


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_monthly_energy_peaks_and_bill_are_those_of_the_file(tmp_path: Path, minutes: int) -> None:
    path = write_load(tmp_path / "mill.csv", minutes)
    park, context = park_of(path), Context.at(MARCH, hours=HOURS)
    kwh, peaks = by_hand(path, "2014")

    run = simulate(Scenario("mill", park, context), record=metered_ports(park, "mill"))
    months = metered_months(run, park, context, "mill")

    assert [month.month for month in months] == [3, 4, 5]
    for month in months:
        assert month.electricity_kwh == pytest.approx(kwh[month.month], rel=1e-9)
        assert month.peak_kw == pytest.approx(peaks[month.month], rel=1e-9)
    price = {"normal": 1555.0, "offpeak": 1007.0, "peak": 2871.0}
    paid = sum(energy * price[band] for month in kwh.values() for band, energy in month.items())
    assert sum(item.amount_vnd for item in bills(run, park, context)["mill"]) == pytest.approx(paid, rel=1e-9)
    assert evaluate(run, park, context).kpis["money_assessed_vnd"] == pytest.approx(paid, rel=1e-9)


@pytest.mark.parametrize(("voltage_class", "price"), [("ge110", (1811, 1146, 3266)), ("lt6", (1987, 1300, 3640))])
def test_the_same_load_is_billed_by_the_hours_of_2026_exact_at_half_past(
    tmp_path: Path, voltage_class: str, price: tuple[float, float, float]
) -> None:
    text = write_load(tmp_path / "mill.csv", 15, 480.0).read_text(encoding="utf-8")
    later = tmp_path / "mill_2026.csv"
    later.write_text(text.replace("2022-03-", "2026-06-"), encoding="utf-8")
    park, context = park_of(later, voltage_class), Context.at(date(2026, 6, 1), hours=480.0)
    kwh, _ = by_hand(later, "2026")

    run = simulate(Scenario("mill", park, context))

    prices = dict(zip(("normal", "offpeak", "peak"), price, strict=True))
    paid = sum(energy * prices[band] for band, energy in kwh[6].items())
    assert sum(item.amount_vnd for item in bills(run, park, context)["mill"]) == pytest.approx(paid, rel=1e-9)


def test_a_peak_that_was_not_recorded_is_not_known(tmp_path: Path) -> None:
    park, context = park_of(write_load(tmp_path / "mill.csv", 60, 48.0)), Context.at(MARCH, hours=48.0)

    run = simulate(Scenario("mill", park, context))

    assert np.isnan(metered_months(run, park, context, "mill")[0].peak_kw)
    assert peak_by_day_kw(run, ("mill.metered_electricity",)) is None


def test_quarters_of_an_hour_are_joined_to_the_half_hours_of_the_law(tmp_path: Path) -> None:
    path = write_load(tmp_path / "mill.csv", 15, 48.0)
    park, context = park_of(path), Context.at(MARCH, hours=48.0, step_h=0.25)

    run = simulate(Scenario("mill", park, context), record=metered_ports(park, "mill"))

    assert metered_months(run, park, context, "mill")[0].peak_kw == pytest.approx(by_hand(path, "2014")[1][3], rel=1e-9)


def test_a_factory_behind_a_meter_is_read_there(tmp_path: Path) -> None:
    park = park_of(write_load(tmp_path / "mill.csv", 60, 48.0)).add_solar("mill", 10.0)

    assert metered_ports(park, "mill") == ("meter_mill.import_",)


def test_a_load_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    park = park_of(write_load(tmp_path / "mill.csv", 60, 48.0))
    park = park.replace_end_use("mill", "metered", MeasuredLoad(measured_load="mil"))

    with pytest.raises(ParkError, match=r"measured_load = 'mil' is no measured load of this park: did you mean 'mill'\?"):
        park.check()


def test_a_load_of_another_year_is_a_problem(tmp_path: Path) -> None:
    park = park_of(write_load(tmp_path / "mill.csv", 60, 48.0))

    with pytest.raises(ConfigError, match="load mill: covers 2022-03-01 00:00 to 2022-03-03 00:00, and not the horizon"):
        Scenario("mill", park, Context.at(date(2023, 3, 1), hours=24.0)).build()


def configured(path: Path) -> dict[str, object]:
    mill = {
        "type": "factory",
        "place": "site",
        "feeder": "feeder",
        "calendar": "always",
        "lines": [{"units_per_h": 1}],
        "end_uses": {"metered": {"type": "measured_load", "measured_load": "mill"}},
    }
    grid = {
        "feeder": {"type": "feeder", "place": "feeder", "to": "busbar"},
        "substation": {"type": "substation", "place": "busbar"},
    }
    return {
        "name": "mine",
        "calendars": {"always": {"shifts": [[0, 24]], "days_per_week": 7, "holidays": False}},
        "components": {"mill": mill, **grid},
        "measured_loads": {"mill": str(path)},
    }


def test_a_measured_load_is_configured_in_the_park(tmp_path: Path) -> None:
    with Problems("park", ConfigError) as problems:
        park = assembled(configured(write_load(tmp_path / "mill.csv", 30, 48.0)), "park", problems)

    assert park is not None
    park.check()
    assert park.measured_loads["mill"].interval_h == 0.5


def test_a_wrong_line_of_a_measured_load_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "mill.csv"
    path.write_text("start,kwh\n2022-03-01 00:00,1\n2022-03-01 00:15,x\n", encoding="utf-8")

    with (
        pytest.raises(ConfigError, match=r"park\.measured_loads\.mill: line 3 = 'x': must be a number"),
        Problems("park", ConfigError) as problems,
    ):
        assembled(configured(path), "park", problems)
