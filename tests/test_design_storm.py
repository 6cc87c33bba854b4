"""A storm on top of all other rain."""

from datetime import date

import pytest
import weather_files
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from toys import simulate

from eipsim.assembly import context
from eipsim.components import River, StormInflow
from eipsim.config import read
from eipsim.context import Context
from eipsim.design_storm import DesignStorm
from eipsim.errors import ConfigError
from eipsim.readers.weather_file import read_weather
from eipsim.timebase import Horizon

OCTOBER = date(2022, 10, 1)


def storm(**changes):
    return DesignStorm(**{"depth_mm": 120.0, "duration_h": 4.0, "date": date(2022, 10, 12), **changes})


def of_october(**settings_of):
    return Context.at(OCTOBER, hours=744, **settings_of)


@given(st.floats(0.1, 500), st.floats(0.1, 48), st.floats(0, 23.9), st.floats(0, 1), st.sampled_from([0.25, 0.5, 1.0]))
@settings(max_examples=30, deadline=None)
def test_all_of_it_falls_whatever_the_steps_are(depth_mm, duration_h, start_h, peak_frac, step_h):
    one = storm(depth_mm=depth_mm, duration_h=duration_h, start_h=start_h, peak_frac=peak_frac)

    mm_per_h = one.mm_per_h(Horizon(OCTOBER, 744), step_h)

    assert mm_per_h.sum() * step_h == pytest.approx(depth_mm)
    assert mm_per_h.min() >= 0
    assert mm_per_h.max() <= one.peak_mm_per_h * (1 + 1e-9)


def test_a_triangle_by_hand():
    """120 mm in four hours from 14:00, peak after one: x²/p, so a quarter of the rain in the first hour."""
    mm_per_h = storm(peak_frac=0.25).mm_per_h(Horizon(date(2022, 10, 12), 24), 1.0)

    assert mm_per_h[13:19].tolist() == pytest.approx([0, 30, 50, 30, 10, 0])
    assert storm().peak_mm_per_h == 60


def test_uniform_and_own_shapes_by_hand():
    day = Horizon(date(2022, 10, 12), 24)

    assert storm(shape="uniform").mm_per_h(day, 1.0)[13:19].tolist() == pytest.approx([0, 30, 30, 30, 30, 0])
    own = storm(shape="blocks", blocks_frac=(0.25, 0.75))
    assert own.mm_per_h(day, 1.0)[13:19].tolist() == pytest.approx([0, 15, 15, 45, 45, 0])
    assert (own.peak_mm_per_h, storm(shape="uniform").peak_mm_per_h) == (45, 30)


def test_it_is_added_to_the_rain_that_a_replication_draws_and_to_nothing_else():
    without, drenched = of_october(stochastic=True), of_october(stochastic=True, storm=storm())

    one, other = without.drawn(7, 3), drenched.drawn(7, 3)

    more = other.profile("rain_mm_per_h") - one.profile("rain_mm_per_h")
    assert more == pytest.approx(storm().mm_per_h(without.horizon, 0.5))
    assert other.profile("ghi_w_per_m2").tolist() == one.profile("ghi_w_per_m2").tolist()


@pytest.mark.slow
def test_it_is_added_to_the_rain_of_a_file(tmp_path):
    year = read_weather(weather_files.epw(tmp_path / "year.epw", weather_files.year()), 10.95, 106.87)

    drenched = of_october(weather=year, storm=storm())

    dry = of_october(weather=year).profile("rain_mm_per_h")
    assert (drenched.profile("rain_mm_per_h") - dry).sum() * 0.5 == pytest.approx(120)
    assert not drenched.is_drawn("rain_mm_per_h")


def test_what_runs_off_is_area_times_runoff_times_depth():
    """4 ha, 0.8: 32 m3 per millimetre."""
    rain = storm().mm_per_h(Horizon(date(2022, 10, 12), 24), 0.5)
    parts = {"storm": StormInflow(place="sewer", area_ha=4), "river": River(place="sewer", sewer_place="sewer")}

    run = simulate(parts, 24.0, profiles={"rain_mm_per_h": rain})

    assert run.amount(component="storm", port="runoff") == pytest.approx(32 * 120)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depth_mm": 0}, "depth_mm"),
        ({"duration_h": 241}, "duration_h"),
        ({"start_h": 24}, "start_h"),
        ({"shape": "blocks"}, "must add up to 1 for the shape 'blocks', and add up to 0"),
        ({"shape": "blocks", "blocks_frac": (0.5, 0.2)}, "must add up to 1 for the shape 'blocks', and add up to 0.7"),
        ({"shape": "blocks", "blocks_frac": (1.5, -0.5)}, "blocks_frac"),
        ({"blocks_frac": (0.5, 0.5)}, "belongs to the shape 'blocks', not to 'triangle': leave it out"),
    ],
)
def test_a_storm_that_can_not_be_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        storm(**changes)


@pytest.mark.parametrize(("day", "start_h"), [(date(2022, 9, 30), 14), (date(2022, 11, 1), 0), (date(2022, 10, 31), 21)])
def test_a_storm_outside_the_horizon_is_refused(day, start_h):
    with pytest.raises(ConfigError, match=r"weather\.storm from .*: must lie within the horizon, 2022-10-01 00:00 to"):
        of_october(storm=storm(date=day, start_h=start_h))


@pytest.mark.slow
def test_a_planner_asks_for_it_in_a_configuration():
    given_mm = composed("context=october_storm")
    asked = composed("context=october_2022", "context.weather.storm={depth_mm: 80, duration_h: 2, date: 2022-10-20}")

    assert (given_mm.depth_mm, given_mm.duration_h, given_mm.date) == (150, 6, date(2022, 10, 12))
    assert (asked.depth_mm, asked.shape, asked.begins.hour) == (80, "triangle", 14)


def test_all_that_is_wrong_with_a_storm_is_said_at_once():
    with pytest.raises(ConfigError) as raised:
        composed("context=october_2022", "context.weather.storm={depth_mm: -1, shap: uniform, date: 2022-10-20}")

    told = str(raised.value)
    assert "context.weather.storm.depth_mm = -1: must be greater than 0" in told
    assert "context.weather.storm.shap is unknown: did you mean 'shape'" in told
    assert "context.weather.storm.duration_h is missing" in told


def composed(*overrides):
    """Return the storm of a composed context."""
    asked = read(overrides)
    found = context(asked.values["context"], "context", asked.problems)
    asked.problems.raise_if_any()
    return found.storm
