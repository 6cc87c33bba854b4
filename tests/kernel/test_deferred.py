"""Buses that are cleared later: the same rates to the last digit, and never while anyone may be short."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_park import accounts, calendars, measured_park, profiles

from eipsim.kernel import deferred
from eipsim.kernel.simulation import Simulation

HOURS = 36.0


def simulation(park, hours=HOURS) -> Simulation:
    return Simulation(
        {**park.components, **calendars(hours)},
        hours=hours,
        accounts=accounts(hours),
        profiles=profiles(hours),
        parents=park.parents,
        record=("feeder_1.*",),
    )


def park(rating_kw: float, export_cap_kw: float = 0.0, outages: float = 4.0):
    whole = measured_park(7, detailed=3)
    small = {
        f"feeder_{k}": replace(whole.components[f"feeder_{k}"], rating_kw=rating_kw, interruptions_per_yr=outages)
        for k in range(1, 7)
    }
    meters = {
        name: replace(meter, export_cap_kw=export_cap_kw)
        for name, meter in whole.components.items()
        if type(meter).__name__ == "Meter"
    }
    assert meters
    return replace(whole, components={**whole.components, **small, **meters})


@pytest.mark.slow
@given(
    rating_kw=st.floats(20.0, 1500.0), export_cap_kw=st.sampled_from([0.0, 100.0, 1e4]), outages=st.sampled_from([0.0, 400.0])
)
@settings(max_examples=4, deadline=None)
def test_what_is_cleared_later_equals_what_is_cleared_at_once(rating_kw, export_cap_kw, outages):
    made = park(rating_kw, export_cap_kw, outages)

    later = simulation(made).run()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deferred, "deferrable", lambda *_: [])
        at_once = simulation(made).run()

    np.testing.assert_array_equal(later.amounts, at_once.amounts)
    assert later.events == at_once.events
    for port, series in at_once.series.items():
        np.testing.assert_array_equal(later.series[port], series)


def test_electricity_can_wait_but_the_sewer_of_a_tank_can_not():
    made = simulation(park(4000.0))

    waiting = {bus.name for bus in made.deferred.buses}

    assert {"electricity@feeder_1", "electricity@substation", "electricity@factory_0000"} <= waiting
    assert {"water@water_main", "equalised@plant", "effluent@plant"} <= waiting
    assert "wastewater@sewer" not in waiting


def test_nothing_waits_while_a_feeder_may_be_short():
    made = simulation(park(100.0, outages=0.0))

    made.run()

    assert made.shortage.shown
    assert not made.waits
