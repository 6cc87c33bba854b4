import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.carriers import LOADS
from eipsim.physics.wastewater_sludge import Biology, Dissolved, Loads, Sludge, treat

SLUDGE = Sludge(1400.0, 50.0, 900.0, 90.0, 1900.0, 190.0, 35.0)
TANKS = (Dissolved(20.0, 1.0, 1.0, 2.0, 6.0, 3.0, 300.0), Dissolved(20.0, 1.0, 1.0, 1.0, 7.0, 3.0, 300.0))
CAME = Loads(10.0, 60.0, 60.0, 55.0, 50.0, 9.0, 1.5, 200.0)


def step(tanks=TANKS, sludge=SLUDGE, came=CAME, temperature_c=25.0, **changed):
    biology = Biology()
    given = {"hours": 0.5, "flow_m3": 180.0, "volume_m3": 2000.0, "rates": biology.at(temperature_c), "biology": biology}
    return treat(tanks, sludge, came, **{**given, **changed})


def in_plant(tanks, sludge):
    """What is in tanks and sludge, by load; BOD5 of solids is not kept."""
    sums = [sum(column) for column in zip(*tanks, strict=True)]
    inert, easy, bod5, ammonia, nitrate, p, salts = sums
    n, solids = ammonia + nitrate + sludge.n_kg, sludge.cod_kg
    return np.array([inert, easy, solids, bod5, sludge.tss_kg, n, p + sludge.p_kg, salts])


def test_loads_are_in_the_order_in_which_they_travel():
    assert tuple(name.removesuffix("_kg") for name in Loads._fields) == LOADS


@settings(max_examples=60, deadline=None)
@given(
    came=st.tuples(*[st.floats(0.0, 300.0) for _ in LOADS]),
    flow_m3=st.floats(0.0, 1500.0),
    hours=st.floats(0.05, 1.0),
    aerated_frac=st.floats(0.0, 1.0),
)
def test_what_came_is_found_again_in_every_load(came, flow_m3, hours, aerated_frac):
    done = step(came=Loads(*came), flow_m3=flow_m3, hours=hours, aerated_frac=aerated_frac)

    before = in_plant(TANKS, SLUDGE) + came
    after = in_plant(done.tanks, done.sludge) + np.array(done.effluent) + done.wasted + done.converted
    assert after == pytest.approx(before, rel=1e-12, abs=1e-9)
    assert min(*done.effluent, *done.wasted, *done.tanks[0], *done.tanks[1]) >= -1e-9


def test_oxygen_is_the_cod_that_is_burnt_and_the_nitrogen_that_is_nitrified_but_not_denitrified():
    done = step()

    burnt = done.converted.cod_biodegradable_kg + done.converted.cod_particulate_kg
    nitrogen = done.oxygen_kg - burnt
    assert burnt > 0
    assert 0 < nitrogen < 4.57 * CAME.total_n_kg


def run(days, temperature_c=25.0, came=CAME, **changed):
    tanks, sludge = TANKS, SLUDGE
    for _ in range(round(days * 48)):
        done = step(tanks, sludge, came, temperature_c, **changed)
        tanks, sludge = done.tanks, done.sludge
    return done


def test_without_air_nothing_is_burnt_and_ammonia_passes():
    with_air, without = run(1.0), run(1.0, aerated_frac=0.0)

    assert without.oxygen_kg == pytest.approx(0.0, abs=1e-9)
    assert without.ammonia_kg > 3 * with_air.ammonia_kg


def test_cold_water_and_young_sludge_wash_the_nitrifiers_out():
    warm, cold = run(60.0, 25.0), run(60.0, 8.0, sludge_age_d=4.0)

    assert warm.ammonia_kg < 0.1 * CAME.total_n_kg
    assert cold.ammonia_kg > 0.5 * CAME.total_n_kg


def test_half_the_interval_changes_the_effluent_of_a_day_by_less_than_one_percent():
    coarse, fine = run(1.0), None
    tanks, sludge = TANKS, SLUDGE
    halved = Loads(*(kg / 2 for kg in CAME))
    for _ in range(96):
        fine = step(tanks, sludge, halved, hours=0.25, flow_m3=90.0)
        tanks, sludge = fine.tanks, fine.sludge

    assert np.array(coarse.effluent) == pytest.approx(2 * np.array(fine.effluent), rel=0.01)
