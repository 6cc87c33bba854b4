"""What to adopt next: knapsacks whose best sets are known, and the response model worked out by hand."""

import math
from dataclasses import replace

import pytest
import small_park
from one_factory import OPEN_H, PRICES, example, park_of
from pydantic import ValidationError

from eipsim.errors import ConfigError
from eipsim.measures import MEASURES
from eipsim.studies.choice import (
    Candidate,
    ChoiceSettings,
    Loss,
    by_payback,
    choose,
    predicted,
    response_model,
    value_of,
    worth_of,
)
from eipsim.studies.interaction import Overlap, nameplate, overlaps

RATE = 0.1
LIFE_YR = 10.0
ANNUITY_YR = (1 - 1.1**-10) / 0.1


def four():
    """Net present values of 60, 100, 120 and 50 M VND for 10, 20, 30 and 25 M VND."""
    worth = {"A": (10e6, 60e6), "B": (20e6, 100e6), "C": (30e6, 120e6), "D": (25e6, 50e6)}
    return [Candidate(name, k, 0.0, (k + npv) / ANNUITY_YR, 1.0, LIFE_YR) for name, (k, npv) in worth.items()]


def asked(**changes):
    return ChoiceSettings(**{"years_count": 1, "budget_vnd": 50e6, "savings": "desk", "gap_frac": 0.0, **changes})


def test_the_knapsack_of_four_has_its_known_optimum():
    # A + B = 160 for 30, A + C = 180 for 40, B + C = 220 for 50 M VND; A + B + C need 60
    found = choose(four(), [], asked(), RATE)

    assert set(found.year_of) == {"B", "C"}
    assert found.value == pytest.approx(220e6)
    assert found.bound == pytest.approx(220e6, rel=1e-6)


def test_the_rule_of_thumb_misses_it():
    # paybacks in this order: A, B, C (does not fit any more), D (neither); then 20 M VND are left
    thumb = by_payback(four(), [], asked(), RATE)

    assert set(thumb.year_of) == {"A", "B"}
    assert thumb.value == pytest.approx(160e6)


def test_two_measures_that_take_from_each_other_are_not_both_chosen():
    # B and C together lose 50 M VND of present value: 170; A and C stay at 180
    losses = [Loss("B", "C", 50e6 / ANNUITY_YR, 0.0)]

    found = choose(four(), losses, asked(), RATE)

    assert set(found.year_of) == {"A", "C"}
    assert found.value == pytest.approx(180e6)


def test_two_measures_that_help_each_other_are():
    # A and D for 35 M VND: 60 + 50 + 120
    losses = [Loss("A", "D", -120e6 / ANNUITY_YR, 0.0)]

    found = choose(four(), losses, asked(), RATE)

    assert set(found.year_of) == {"A", "D"}
    assert found.value == pytest.approx(230e6)


def test_a_capacity_of_one_a_year_takes_the_best_first_and_discounts_the_next():
    found = choose(four(), [], asked(years_count=2, yearly_count=1, budget_vnd=None), RATE)

    assert found.year_of == {"C": 0, "B": 1}
    assert found.value == pytest.approx(120e6 + 100e6 / 1.1)


def test_a_loss_counts_from_the_year_of_the_later_measure():
    losses = [Loss("B", "C", 30e6 / ANNUITY_YR, 0.0)]
    two = asked(years_count=2, yearly_count=1, budget_vnd=None)

    found = choose(four(), losses, two, RATE)

    assert found.year_of == {"C": 0, "B": 1}
    assert found.value == pytest.approx(120e6 + (100e6 - 30e6) / 1.1)
    assert worth_of(found.year_of, four(), losses, two, RATE) == pytest.approx(found.value)


def test_a_budget_for_each_year_binds_each_year():
    found = choose(four(), [], asked(years_count=2, budget_vnd=None, yearly_budget_vnd=30e6), RATE)

    # 30 M VND a year: A and B (160) first and C (120) next, not C first and A and B next
    assert found.year_of == {"A": 0, "B": 0, "C": 1}
    assert found.value == pytest.approx(160e6 + 120e6 / 1.1)


def test_carbon_counts_to_the_end_of_the_life_or_of_the_horizon():
    settings = asked(objective="co2", horizon_yr=6.0)
    short, long = (Candidate("A", 1.0, 0.0, 1.0, 2.0, life) for life in (3.0, 20.0))

    assert value_of(short, 0, settings, RATE) == 6.0
    assert value_of(long, 1, settings, RATE) == 10.0
    assert value_of(long, 8, settings, RATE) == 0.0


def test_measures_that_lose_money_are_left_alone():
    poor = [Candidate("A", 1e6, 0.0, 1.0, 1.0, LIFE_YR), Candidate("B", 0.0, 5.0, 1.0, 1.0, LIFE_YR)]

    found = choose(poor, [], asked(), RATE)

    assert (found.year_of, found.value) == ({}, 0.0)
    assert by_payback(poor[1:], [], asked(), RATE).year_of == {}


def test_a_budget_that_buys_nothing_is_told():
    with pytest.raises(
        ConfigError, match=r"budget_vnd = 9,000,000: buys nothing, the cheapest of 4 measures is A for 10,000,000"
    ):
        choose(four(), [], asked(budget_vnd=9e6), RATE)
    with pytest.raises(ConfigError, match=r"yearly_budget_vnd = 1: buys nothing"):
        choose(four(), [], asked(yearly_budget_vnd=1.0), RATE)
    with pytest.raises(ConfigError, match="all_159 has no measure that implemented_60 has not: nothing can be chosen"):
        choose([], [], asked(), RATE)


@pytest.mark.parametrize("changes", [{"budget_vnd": 0.0}, {"yearly_count": 0}, {"rate_frac": 12.0}, {"objective": "profit"}])
def test_limits_that_make_no_sense_are_refused(changes):
    with pytest.raises(ValidationError):
        asked(**changes)


def test_the_response_model_is_that_worked_out_by_hand():
    measures = [
        small_park.measure("air_leaks", "candles", "air"),
        small_park.measure("air_pressure", "candles", "air", 1.0),
        small_park.measure("water_fixtures", "candles", "water"),
    ]
    leaks, pressure, water = (one.id for one in measures)
    saved = {
        name: {"money_assessed_vnd": vnd, "co2_assessed_t": t}
        for name, vnd, t in ((leaks, 10.0, 4.0), (pressure, 30.0, 6.0), (water, 7.0, 0.0))
    }
    pairs = [Overlap(leaks, pressure, 0.1, 0.2), Overlap(pressure, water, 0.5, 0.0)]

    beside, losses = response_model(measures, [pressure], saved, pairs)
    candidates, both = response_model(measures, [], saved, pairs)

    # beside the pressure: 10 - 0.1 * 40 and 4 - 0.2 * 10; 7 - 0.5 * 37
    assert [(one.name, one.saving_vnd, one.saving_co2_t) for one in beside] == [(leaks, 6.0, 2.0), (water, -11.5, 0.0)]
    assert losses == []
    assert both == [Loss(leaks, pressure, 4.0, 2.0), Loss(pressure, water, 18.5, 0.0)]
    assert predicted([leaks, pressure], candidates, both) == {"money_assessed_vnd": 36.0, "co2_assessed_t": 8.0}


def test_a_nameplate_is_rate_times_hours_times_price():
    park = park_of()
    bare = replace(park.factory("factory_1"), end_uses={"lights": park.end_use("factory_1", "lights")})
    alone = replace(park, components={**park.components, "factory_1": bare})

    # 100 kW of lamps: a tenth always, the rest for 16 hours on 313 days
    kwh = 10 * 8760 + 90 * OPEN_H

    assert nameplate(alone, "factory_1", PRICES).vnd == pytest.approx(kwh * 1650)
    assert nameplate(alone, "factory_1", PRICES).co2_t == pytest.approx(kwh * 0.8458 / 1000)


def test_two_fractions_of_one_end_use_overlap_by_their_product():
    leds = example(MEASURES, "lighting_led", id="led", size=0.8)
    off = example(MEASURES, "idle_switch_off", id="off", size=0.5)
    material = example(MEASURES, "material_saving", id="material")
    park = park_of()
    lights = park.end_use("factory_1", "lights")
    alone = replace(park.factory("factory_1"), end_uses={"lights": lights, "materials": park.end_use("factory_1", "materials")})
    small = replace(park, components={**park.components, "factory_1": alone})

    def saves(*chosen):
        after = small
        for one in chosen:
            after = one.apply(after)
        return nameplate(small, "factory_1", PRICES).vnd - nameplate(after, "factory_1", PRICES).vnd

    (pair,) = overlaps([leds, material, off], small, PRICES)

    assert (pair.first, pair.second) == ("led", "off")
    assert pair.vnd_frac == pytest.approx(1 - saves(leds, off) / (saves(leds) + saves(off)))
    assert pair.vnd_frac > 0.01
    assert pair.co2_frac == pytest.approx(pair.vnd_frac)


def test_solar_overlaps_with_nothing():
    assert overlaps([example(MEASURES, "rooftop_solar")], park_of(), PRICES) == []
    assert math.isfinite(nameplate(park_of(), "factory_1", PRICES).vnd)


def test_two_measures_that_do_not_fit_together_count_as_the_larger_one():
    first = example(MEASURES, "fuel_switch", id="a", size=1.0)
    second = example(MEASURES, "fuel_switch", id="b", size=1.0)

    pairs = overlaps([first, second], park_of(), PRICES)

    assert [pair.vnd_frac for pair in pairs] == [pytest.approx(0.5)]
