import numpy as np
import pytest
from benches import Unlimited, bench
from toys import User, one_account, simulate

from eipsim.components import SolarArray

SUN = {"solar:10:180": np.array([0.0, 0.25, 0.8, 0.5])}


def array(**parameters):
    return SolarArray(**{"place": "site", "peak_kw": 100.0, "soiling_frac": 0.0, "mtbf_h": float("inf"), **parameters})


def test_an_array_gives_what_is_needed_and_counts_what_it_could():
    parts = {"it": array(), "grid": Unlimited("electricity", "site"), "load": User({"electricity": 40.0}, place="site")}

    run = simulate(parts, 2.0, profiles=SUN, record=("it.*",))

    # the unlimited inlet of the test's grid ranks below the sun and takes nothing
    assert run.series["it.power"].tolist() == pytest.approx([0.0, 25.0, 40.0, 40.0])
    assert run.series["it.available"].tolist() == pytest.approx([0.0, 25.0, 80.0, 50.0])


def test_soiling_and_orientation_change_what_is_available():
    run = bench(array(soiling_frac=0.1, tilt_deg=5.0, azimuth_deg=90.0), 2.0, profiles={"solar:5:90": np.full(4, 0.5)})

    assert run.amount(component="it", port="available") == pytest.approx(90.0)


def test_inverters_that_fail_take_their_share():
    it = array(inverter_kw=25.0, mtbf_h=100.0, repair_h_median=50.0, repair_sigma=0.0)

    run = bench(it, 5000.0, profiles={"solar:10:180": np.ones(10000)}, accounts=one_account(5000.0))

    # alternating renewal: 100 of 150 h up
    assert run.amount(component="it", port="available") / 5e5 == pytest.approx(2 / 3, abs=0.05)
    assert {event.what for event in run.events} == {"inverter_down", "inverter_up"}
