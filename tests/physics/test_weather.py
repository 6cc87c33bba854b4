"""Cooling degrees, daylight, and the spread of means over finer time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from eipsim.physics.weather import cooling_degree_k, lights_needed_frac, spread_over_cells, wet_bulb_c


def test_cool_air_needs_no_cooling() -> None:
    assert cooling_degree_k([10.0, 18.0, 30.5]).tolist() == [0.0, 0.0, 12.5]


def test_lamps_are_dimmed_in_proportion_to_the_light_from_outside() -> None:
    enough_w_per_m2 = 300.0 / (110.0 * 0.01)

    needed = lights_needed_frac(np.array([0.0, 0.5, 1.0, 2.0]) * enough_w_per_m2)

    assert needed == pytest.approx([1.0, 0.65, 0.3, 0.3])


def test_a_hall_without_roof_lights_needs_all_lamps() -> None:
    assert lights_needed_frac(1000.0, daylight_factor_frac=0.0) == 1.0


def test_a_cell_without_weight_is_spread_evenly() -> None:
    spread = spread_over_cells(np.array([4.0, 7.0]), np.array([1, 0, 1, 0]), np.array([0.0, 1.0, 0.0, 3.0]))

    assert spread.tolist() == [7.0, 2.0, 7.0, 6.0]


@given(
    means=arrays.arrays(np.float64, 3, elements=st.floats(0, 1000)),
    weight=arrays.arrays(np.float64, 12, elements=st.floats(0, 1).map(lambda w: round(w, 3))),
)
def test_the_mean_of_every_cell_is_kept(means: np.ndarray, weight: np.ndarray) -> None:
    cell = np.arange(12) % 3

    spread = spread_over_cells(means, cell, weight)

    assert [spread[cell == k].mean() for k in range(3)] == pytest.approx(means, rel=1e-12)
    assert (spread >= 0).all()


def test_the_wet_bulb_of_stull_s_worked_example() -> None:
    """Stull, J. Appl. Meteorol. Climatol. 50 (2011) 2267: 20 °C and 50 % at sea level have a wet bulb of 13.7 °C."""
    assert wet_bulb_c(np.array([20.0]), np.array([0.5])) == pytest.approx(13.75, abs=0.1)


def test_wet_bulbs_come_in_the_order_in_which_they_are_asked_for() -> None:
    air_c, humidity = np.array([30.0, 24.0, 30.0]), np.array([0.9, 1.0, 0.6])

    found = wet_bulb_c(air_c, humidity)

    assert found.tolist() == [wet_bulb_c(air_c[k : k + 1], humidity[k : k + 1])[0] for k in range(3)]
    assert found[1] == pytest.approx(24.0, abs=0.002)
    assert found[2] < found[0] < 30.0
