"""Measured loads: what is read, and every line that is refused."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.errors import ConfigError, DataError
from eipsim.readers.load_profile import LoadProfile, read_load_profile
from eipsim.timebase import Horizon

START = datetime(2022, 3, 1)


def written(tmp_path: Path, *lines: str, header: str = "start,kwh") -> Path:
    path = tmp_path / "mill.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def stamps(minutes: int, count: int, first: datetime = START) -> list[str]:
    return [f"{first + k * timedelta(minutes=minutes):%Y-%m-%d %H:%M}" for k in range(count)]


def quarters(*values: object, first: datetime = START) -> list[str]:
    return [f"{stamp},{value}" for stamp, value in zip(stamps(15, len(values), first), values, strict=True)]


@pytest.mark.parametrize(("minutes", "unit", "factor"), [(15, "kwh", 4.0), (30, "kwh", 2.0), (60, "kwh", 1.0), (15, "kw", 1.0)])
def test_energy_of_an_interval_becomes_its_mean_power(tmp_path: Path, minutes: int, unit: str, factor: float) -> None:
    lines = [f"{stamp},{value}" for stamp, value in zip(stamps(minutes, 3), (10, 20.5, 0), strict=True)]

    load = read_load_profile(written(tmp_path, *lines, header=f"start,{unit}"))

    assert load.mean_kw.tolist() == [10 * factor, 20.5 * factor, 0.0]
    assert (load.name, load.interval_h, load.first) == ("mill", minutes / 60, START)


def test_intervals_that_are_named_by_their_end_begin_one_earlier(tmp_path: Path) -> None:
    lines = quarters(1, 2, 3, first=START + timedelta(minutes=15))

    load = read_load_profile(written(tmp_path, *lines, header="end,kwh"))

    assert (load.first, load.last) == (START, START + timedelta(minutes=45))


def test_stamps_with_a_zone_are_brought_to_park_time(tmp_path: Path) -> None:
    load = read_load_profile(written(tmp_path, "2022-02-28T17:00+00:00,1", "2022-02-28T18:00+00:00,2"))

    assert load.first == START


def test_totals_that_agree_are_no_part_of_the_load(tmp_path: Path) -> None:
    first = datetime(2022, 3, 31, 23, 30)

    load = read_load_profile(written(tmp_path, *quarters(1.5, 2, 3, 4, first=first), "total,10.5", "total 2022-03,3.5"))

    assert load.mean_kw.size == 4


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (quarters(1, 2, 3)[:1] + quarters(1, 2, 3, 4)[3:], "line 3 comes 45 min after line 2: must be 15, 30 or 60 min"),
        (quarters(1, 2, 3, 4, 5)[:2] + quarters(1, 2, 3, 4, 5)[3:], "line 4 2022-03-01 00:45 leaves a gap of 15 min before it"),
        (quarters(1, 2, 3) + quarters(1, 2, 3)[2:], "line 5 2022-03-01 00:30 stands there twice, first in line 4"),
        (["2022-03-01 23:45,1", "2022-03-01 24:00,1"], "line 3 = '2022-03-01 24:00': write 00:00 of the next day for 24:00"),
        (quarters(1, "12,5", 3), "line 3 has a decimal comma: write 12.5"),
        (quarters(1, '"12,5"', 3), "line 3 = '12,5': write 12.5"),
        (quarters(1, "n/a", 3), "line 3 = 'n/a': must be a number"),
        (quarters(1, "nan", 3), "line 3 = 'nan': must be a number"),
        (quarters(1, "", 3), "line 3 = '': must be a number"),
        (quarters(1, -2, 3), "line 3 = -2: must be 0 or more; what a site gives back is its solar array's"),
        (["01/03/2022 00:00,1", "2022-03-01 00:15,2"], "line 2 = '01/03/2022 00:00': must be a time like 2022-01-31 07:15"),
        (["2022-03-01 00:00,1,2,3"], "line 2 has 4 cells, not 2"),
        (["2022-03-01 00:00,1"], "has fewer than two lines"),
        (["2022-03-01 00:05,1", "2022-03-01 00:20,1"], "line 2 00:05 is no multiple of 15 min"),
        ([*quarters(1, 2, 3), "2022-03-01 00:10,1"], "line 5 2022-03-01 00:10 does not follow 2022-03-01 00:30 by 15 min"),
        ([*quarters(1, 2, 3), "total,6.2"], "line 5 total = 6.2 kWh: the lines add up to 6.0 kWh"),
        ([*quarters(1, 2, 3), "total 2022-04,6"], "line 5 total 2022-04 = 6 kWh: the lines add up to 0.0 kWh"),
        ([*quarters(1, 2, 3), "total March,6"], "line 5 = 'total March': must be total, or total and a month like 2022-01"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(DataError) as raised:
        read_load_profile(written(tmp_path, *lines))

    assert message in str(raised.value)


def test_the_clock_of_spring_and_autumn_is_recognised(tmp_path: Path) -> None:
    spring = [*quarters(1, 2, 3, 4), *quarters(5, 6, first=START + timedelta(hours=2))]
    autumn = [*quarters(1, 2, 3, 4), *quarters(5, 6, first=START)]
    hint = "as a clock that changes to daylight saving time does: write park time"

    with pytest.raises(DataError, match=f"line 6 2022-03-01 02:00 leaves a gap of 60 min before it, {hint}"):
        read_load_profile(written(tmp_path, *spring))
    with pytest.raises(DataError, match=f"line 6 2022-03-01 00:00 goes back, first in line 2, {hint}"):
        read_load_profile(written(tmp_path, *autumn))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("time,kwh", "line 1 must be start or end, then kw or kwh, and nothing else: for example start,kwh"),
        ("start,mwh", "for example start,kwh"),
        ("start;kwh", "columns are parted by commas, numbers have points"),
        ("start,kwh,note", "and nothing else"),
    ],
)
def test_the_header_declares_stamp_and_unit(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_load_profile(written(tmp_path, *quarters(1, 2), header=header))


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read_load_profile(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="can't be read as a UTF-8 table"):
        read_load_profile(tmp_path / "binary.csv")


@settings(max_examples=25, deadline=None)
@given(
    interval_h=st.sampled_from([0.25, 0.5, 1.0]),
    step_h=st.sampled_from([0.25, 0.5, 1.0]),
    hours=st.integers(1, 40),
    late_d=st.integers(0, 1),
)
def test_steps_hold_the_energy_of_the_intervals(interval_h: float, step_h: float, hours: int, late_d: int) -> None:
    mean_kw = np.arange(round(72 / interval_h)) % 7 * 1.5
    load = LoadProfile("any", START, interval_h, mean_kw)
    horizon = Horizon(date(2022, 3, 1 + late_d), float(hours))

    steps = load.profile(horizon, step_h)

    first = round(24 * late_d / interval_h)
    measured_kwh = mean_kw[first : first + round(hours / interval_h)].sum() * interval_h
    assert steps.sum() * step_h == pytest.approx(measured_kwh, rel=1e-12)


@pytest.mark.parametrize(("start", "hours"), [(date(2022, 2, 28), 24.0), (date(2022, 3, 1), 24.5)])
def test_a_load_that_does_not_cover_the_horizon_is_refused(start: date, hours: float) -> None:
    load = LoadProfile("mill", START, 1.0, np.ones(24))

    with pytest.raises(ConfigError, match=r"load mill: covers 2022-03-01 00:00 to 2022-03-02 00:00, and not the horizon of"):
        load.profile(Horizon(start, hours), 0.5)


def test_of_many_wrong_lines_the_first_twenty_are_told_and_the_last(tmp_path: Path) -> None:
    rows = [f"{datetime(2022, 3, 1) + timedelta(minutes=15 * k):%Y-%m-%d %H:%M},30,5" for k in range(96)]
    path = tmp_path / "load.csv"
    path.write_text("\n".join(["start,kwh", *rows]), encoding="utf-8")

    with pytest.raises(DataError) as raised:
        read_load_profile(path)

    told = str(raised.value).splitlines()
    assert told[0] == "load.csv has 96 problems:"
    assert told[1] == "  line 2 has a decimal comma: write 30.5"
    assert told[21:] == ["  and 76 more, the last: line 97 has a decimal comma: write 30.5"]
