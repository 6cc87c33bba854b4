"""Which measures can act on each other: what flows and sources say before any run."""

from dataclasses import replace

import pytest
from small_park import measure, small_park, week

from eipsim.end_uses import Cooling
from eipsim.readers.tariff_table import read_tariff
from eipsim.studies.interplay import Interplay

LEAKS, PRESSURE = measure("air_leaks", "candles", "air"), measure("air_pressure", "candles", "air", 1.0)
LAMPS = measure("lighting_led", "candles", "lights", existing_lm_per_w=60.0, led_lm_per_w=120.0)
FIXTURES = measure("water_fixtures", "candles", "water")
SOLAR = measure("rooftop_solar", "candles", size=300.0, roof_m2=5000.0)
CHILLER = measure("chiller_set_point", "candles", "chiller", 1.5)


def interplay(*measures, park=None, context=None):
    return Interplay.of({one.id: one for one in measures}, park or small_park(), context or week())


def parts(*measures, of=None, **more):
    """Return the parts of a coalition as sets of types."""
    kinds = {one.id: one.kind for one in measures}
    members = frozenset(one.id for one in (of or measures))
    return [{kinds[key] for key in part} for part in interplay(*measures, **more).parts(members)]


def test_two_on_one_compressor_act_on_each_other_and_others_stand_alone():
    assert parts(LEAKS, PRESSURE, LAMPS, FIXTURES) == [{"air_leaks", "air_pressure"}, {"lighting_led"}, {"water_fixtures"}]


def test_lamps_act_on_a_chiller_only_where_it_cools_their_heat():
    park = small_park()
    chiller = Cooling(envelope_kw_th=100, cop=4.0)
    rooms = {
        cooled: park.replace(
            "candles",
            end_uses={
                **park.factory("candles").end_uses,
                "chiller": chiller,
                "lights": replace(park.end_use("candles", "lights"), cooled_frac=cooled),
            },
        )
        for cooled in (0.0, 0.8)
    }

    assert parts(LAMPS, CHILLER, park=rooms[0.8]) == [{"lighting_led", "chiller_set_point"}]
    assert len(parts(LAMPS, CHILLER, park=rooms[0.0])) == 2


def test_the_sun_links_what_is_electric_while_it_is_there_itself():
    everything = (LEAKS, LAMPS, FIXTURES, SOLAR)

    assert parts(*everything) == [{"air_leaks", "lighting_led", "rooftop_solar"}, {"water_fixtures"}]
    assert parts(*everything, of=(LEAKS, LAMPS, FIXTURES)) == [{"air_leaks"}, {"lighting_led"}, {"water_fixtures"}]


def test_a_site_that_has_modules_already_links_what_is_electric():
    park = SOLAR.apply(small_park())

    assert parts(LEAKS, LAMPS, park=park) == [{"air_leaks", "lighting_led"}]


def test_where_power_is_paid_for_all_that_is_electric_is_linked():
    context = replace(week(), tariff=read_tariff(week().date.replace(year=2026, month=8), two_part=True))

    assert parts(LEAKS, LAMPS, FIXTURES, context=context) == [{"air_leaks", "lighting_led"}, {"water_fixtures"}]


def test_a_measure_that_stops_the_lines_acts_on_all():
    slow = replace(FIXTURES, installation_downtime_h=8.0)

    assert parts(LEAKS, LAMPS, slow) == [{"air_leaks", "lighting_led", "water_fixtures"}]


def test_a_whole_has_one_part():
    whole = Interplay.whole(("a", "b", "c"))

    assert whole.parts(frozenset("abc")) == (frozenset("abc"),)
    assert whole.parts(frozenset("ac")) == (frozenset("ac"),)
    assert whole.parts(frozenset()) == ()


@pytest.mark.parametrize("shuffled", [(LEAKS, PRESSURE, LAMPS), (LAMPS, PRESSURE, LEAKS)])
def test_the_order_of_measures_is_no_matter(shuffled):
    assert interplay(*shuffled) == interplay(LEAKS, LAMPS, PRESSURE)
