"""Batteries: energy balance with the round trip, peak shaving, back-up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from toys import Shifty, User, one_account, simulate

from eipsim.components import Battery, Feeder, Meter, Substation
from eipsim.kernel.ports import INLET

DAY = np.array([1.0] * 12 + [0.0] * 36)
"""Off-peak from 0 to 6 h, in half hours."""


def battery(**parameters):
    given = {"place": "site", "feeder": "feeder_1", "capacity_kwh": 100.0, "charge_kw": 25.0, "discharge_kw": 50.0}
    return Battery(**{**given, "round_trip_frac": 0.81, **parameters})


def park(it, *, threshold_kw=100.0, outages=(), base_kw=60.0, peak=(80.0, 8.0, 9.0)):
    return {
        "substation": Substation(place="busbar", interruptions_per_yr=0.0),
        "feeder_1": Feeder(place="feeder_1", to="busbar", interruptions_per_yr=0.0, planned_outages_h=outages),
        "meter": Meter(place="site", to="feeder_1", feeder="feeder_1", threshold_kw=threshold_kw),
        "base": User({"electricity": base_kw}, place="site", line=None),
        "peak": Shifty("electricity", *peak, direction=INLET, place="site"),
        **({"battery": it} if it else {}),
    }


def run_of(parts, days=1, **more):
    profiles = {"band:offpeak": np.tile(DAY, days)}
    hours = 24.0 * days
    return simulate(parts, hours, profiles=profiles, record=["meter.*"], accounts=one_account(hours), **more)


def happened(run, what):
    return [(round(event.hour, 6), round(event.value, 6)) for event in run.events if event.what == what]


def test_it_holds_the_threshold_and_is_charged_off_peak_with_the_losses_of_the_round_trip():
    run = run_of(park(battery()), days=3)

    # each day 40 kWh out at 0.9 takes 44.4 kWh from the cells, and 44.4 / 0.9 kWh at 25 kW put them back
    assert run.amount(component="battery", port="discharge") == pytest.approx(3 * 40.0)
    assert run.amount(component="battery", port="charge") == pytest.approx(2 * 40.0 / 0.81)
    assert run.amount(component="meter", port="above") == 0
    assert run.series["meter.import_"].max() == pytest.approx(100.0)
    assert happened(run, "full") == [(pytest.approx(24 + 40 / 0.81 / 25), 100.0), (pytest.approx(48 + 40 / 0.81 / 25), 100.0)]
    assert run.levels["battery"][1, -1] == pytest.approx(100 - 40 / 0.9)


def test_what_went_in_is_what_came_out_and_what_was_lost():
    run = run_of(park(battery(start_frac=0.3)), days=3)

    charged, given_ = (run.amount(component="battery", port=port) for port in ("charge", "discharge"))
    held = run.levels["battery"][1, -1] - run.levels["battery"][1, 0]
    assert 0.9 * charged - given_ / 0.9 == pytest.approx(held)


def test_it_says_when_it_is_empty_and_the_threshold_breaks():
    run = run_of(park(battery(capacity_kwh=20.0)))

    assert happened(run, "empty") == [(pytest.approx(8.0 + 18.0 / 40.0), 0.0)]
    assert run.amount(component="meter", port="above") == pytest.approx(40.0 - 18.0)
    assert run.series["meter.above"].max() > 0


def test_a_load_beyond_its_power_breaks_the_threshold_by_the_rest():
    run = run_of(park(battery(discharge_kw=30.0)))

    assert run.amount(component="meter", port="above") == pytest.approx(10.0)


def test_charging_never_lifts_the_import_above_the_threshold():
    run = run_of(park(battery(start_frac=0.0), base_kw=90.0, peak=(5.0, 8.0, 9.0)))

    assert run.series["meter.import_"].max() == pytest.approx(100.0)
    assert run.amount(component="battery", port="charge") == pytest.approx(10.0 * 6)


def test_without_a_battery_a_threshold_only_splits_the_import():
    plain, split = run_of(park(None, threshold_kw=np.inf)), run_of(park(None))

    both = [sum(run.amount(component="meter", port=port) for port in ("import_", "above")) for run in (plain, split)]
    assert both[0] == pytest.approx(both[1])
    assert split.amount(component="meter", port="above") == pytest.approx(40.0)


def test_the_reserve_is_for_outages():
    parts = park(battery(reserve_frac=0.8), base_kw=50.0, outages=((12.0, 14.0),), peak=(90.0, 8.0, 9.0))

    run = run_of(parts)

    # 20 kWh of cells shave 18 kWh of the peak's 40; the other 80 kWh carry 50 kW for 72/50 h
    assert happened(run, "empty") == [(pytest.approx(8 + 18 / 40), 80.0), (pytest.approx(12 + 72 / 50), 0.0)]
    assert run.amount(component="base", port="electricity") == pytest.approx(50 * 24 - (2 * 50 - 72))
    assert run.unserved_amount("electricity@site") == pytest.approx(2 * 50 - 72)
    assert run.residual < 1e-9


def test_it_is_not_charged_in_an_outage():
    run = run_of(park(battery(start_frac=0.0), outages=((0.0, 6.0),)))

    assert run.amount(component="battery", port="charge") == 0


@settings(max_examples=20, deadline=None)
@given(
    given_values=st.fixed_dictionaries(
        {
            "capacity_kwh": st.floats(5.0, 200.0),
            "charge_kw": st.floats(5.0, 80.0),
            "discharge_kw": st.floats(5.0, 80.0),
            "round_trip_frac": st.floats(0.5, 1.0),
            "reserve_frac": st.just(0.0) | st.floats(0.01, 0.9),
            "start_frac": st.just(0.0) | st.floats(0.01, 1.0),
        }
    ),
    outage_h=st.floats(0.5, 10.0),
)
def test_the_charge_stays_within_its_bounds_and_the_books_close(given_values, outage_h):
    it = battery(**given_values)
    parts = park(it, outages=((30.0, 30.0 + outage_h),))

    runs = [run_of(dict(order), days=2) for order in (list(parts.items()), list(parts.items())[::-1])]

    run, eta = runs[0], it.one_way_frac
    _, levels = run.levels["battery"]
    charged, given_ = (run.amount(component="battery", port=port) for port in ("charge", "discharge"))
    assert levels.min() >= 0
    assert levels.max() <= it.capacity_kwh
    assert eta * charged - given_ / eta == pytest.approx(levels[-1] - levels[0], abs=1e-6)
    assert run.residual < 1e-9
    assert np.array_equal(run.amounts, runs[1].amounts)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"round_trip_frac": 0.0}, "round_trip_frac"),
        ({"round_trip_frac": 1.1}, "round_trip_frac"),
        ({"reserve_frac": 1.0}, "reserve_frac"),
        ({"reserve_frac": 1e-9}, "battery.reserve_frac = 1e-09: must be 0 or from 0.001 up"),
        ({"charge_band": "night"}, "charge_band"),
        ({"capacity_kwh": 0.0}, "capacity_kwh"),
    ],
)
def test_wrong_values_are_refused(wrong, field):
    with pytest.raises(ValidationError, match=field):
        battery(**wrong)
