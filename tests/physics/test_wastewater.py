import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.physics.wastewater import (
    aeration_kwh_per_kg,
    blower_kw,
    full_tank,
    observed_yield,
    oxygen_demand_kg,
    rate_at,
    tanks_in_series_ratio,
)

LB_PER_MGD = 8.34
"""Pounds a day of 1 mg/L in a million gallons a day."""


def test_oxygen_and_sludge_of_measurs_activated_sludge_plant_are_reproduced():
    """MEASUR (ORNL), WasteWaterTreatment: 1 Mgd, BOD 200, N 35 mg/L, sludge age 29 d; 3135.09 lb O2/d."""
    decay, age_d, wanted = 0.1, 29.0, 0.6 * 8 - 0.1
    substrate = 60 * (1 + decay * age_d) / (age_d * wanted - 1)
    removed = 200 - substrate
    wasted = removed * observed_yield(0.6, decay, age_d, 0.1)
    nitrified = (35 - wasted * (0.12 - 0.001 * (age_d - 1))) * 0.989
    oxygen = float(oxygen_demand_kg(1.5 * removed, 1.42 * wasted, nitrified * 4.33 / 4.57))

    assert oxygen * LB_PER_MGD == pytest.approx(3135.09, rel=0.001)


def test_rates_follow_theta_to_the_temperature_above_20_degrees():
    assert rate_at(2.0, 1.1, [20.0, 21.0, 15.0]).tolist() == pytest.approx([2.0, 2.2, 2.0 / 1.1**5])


@pytest.mark.parametrize("tanks", [1, 2, 5])
def test_tanks_in_series_come_to_their_closed_form(tanks):
    rate_per_h, stay_h, masses = 0.4, 6.0, [0.0] * tanks
    for _ in range(2000):
        load = 100.0 * 0.1
        for k in range(tanks):
            step = full_tank(masses[k], load, 0.1 / (stay_h / tanks), rate_per_h * 0.1)
            masses[k], load = step.mass_kg, step.out_kg

    assert load / 10.0 == pytest.approx(float(tanks_in_series_ratio(rate_per_h * stay_h, tanks)), rel=1e-9)


def test_a_tank_is_exact_for_any_length_of_the_interval():
    once, twice = full_tank(5.0, 8.0, 0.6, 1.4), full_tank(5.0, 4.0, 0.3, 0.7)
    again = full_tank(twice.mass_kg, 4.0, 0.3, 0.7)

    assert again.mass_kg == pytest.approx(once.mass_kg, rel=1e-12)
    assert twice.out_kg + again.out_kg == pytest.approx(once.out_kg, rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(*[st.floats(0.0, 50.0) for _ in range(4)])
def test_no_tank_loses_or_makes_anything(mass, came, exchanges, decays):
    step = full_tank(mass, came, exchanges, decays)

    assert sum(step) == pytest.approx(mass + came, rel=1e-12, abs=1e-12)
    assert min(step) >= -1e-9


def test_a_chain_without_tanks_or_with_growth_is_refused():
    with pytest.raises(ValueError, match="tanks must be 1 or more"):
        tanks_in_series_ratio(1.0, 0)
    with pytest.raises(ValueError, match="product not negative"):
        tanks_in_series_ratio(np.array([1.0, -0.1]), 2)


def test_blowers_follow_demand_between_turndown_and_what_is_installed():
    assert [blower_kw(kw, 200.0, 0.4) for kw in (0.0, 79.0, 120.0, 999.0)] == [80.0, 80.0, 120.0, 200.0]


def test_blowers_take_the_adiabatic_work_of_their_air_over_the_oxygen_that_stays():
    """0.6 bar, a tenth of the oxygen taken up, efficiency one half, 20 °C: by hand, air at 287 J/(kg K), 23.14 % oxygen."""
    kg_air = 1 / (0.2314 * 0.1)
    work = 287 * 293.15 * 3.5316 * (1.59216**0.28315 - 1) / 0.5

    assert aeration_kwh_per_kg(0.6, 0.5, 0.1, air_c=20.0) == pytest.approx(kg_air * work / 3.6e6, rel=0.002)


def test_the_benchmark_s_blowers_lie_between_coarse_and_fine_bubbles():
    """BSM1 takes 0.69 kWh/kg of oxygen."""
    assert aeration_kwh_per_kg(0.6, 0.70, 0.20) < 0.69 < aeration_kwh_per_kg(0.6, 0.55, 0.08)
