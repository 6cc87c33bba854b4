"""Loads to the river, exceedances, sludge and reuse, by hand."""

import dataclasses

import pytest
from loaded_works import cod_kg, plant, works
from small_park import scenario, small_park, week
from toys import Shifty, simulate

from eipsim.components import BufferTank, EqualisationTank, Irrigation, OnlineMonitor, Rain, River
from eipsim.components.rain import RAIN
from eipsim.errors import ResultsError
from eipsim.kernel.run import Event
from eipsim.kpis import KPIS, evaluate, wastewater
from eipsim.kpis.cost import operator_bill
from eipsim.park import Park
from eipsim.scenario import simulate as run_scenario

CONTEXT = week()


def of(name, run, parts):
    return getattr(wastewater, name)(run, Park("works", parts), CONTEXT)


def test_what_reaches_the_river_and_at_which_strength():
    parts = works()
    run = simulate(parts, 96.0)

    arrived = run.loads.booked["river"]
    assert of("cod_to_river_kg", run, parts) == pytest.approx(sum(cod_kg(kg) for kg in arrived.values()))
    assert of("nitrogen_to_river_kg", run, parts) == pytest.approx(sum(kg[5] for kg in arrived.values()))
    assert of("phosphorus_to_river_kg", run, parts) == pytest.approx(sum(kg[6] for kg in arrived.values()))
    m3 = run.amount(component="river", port="effluent")
    assert of("effluent_cod_g_per_m3", run, parts) == pytest.approx(cod_kg(arrived["effluent"]) / m3 * 1000)


def test_sludge_chemicals_and_electricity_per_cubic_metre():
    prices = {"coagulant_vnd_per_kg": 10.0, "polymer_vnd_per_kg": 100.0, "polymer_kg_per_t": 5.0, "sludge_vnd_per_t": 1000.0}
    parts = works(plant=plant(coagulant_g_per_m3=50.0, cake_frac=0.25, **prices))
    run = simulate(parts, 96.0)

    dry_t = run.loads.booked["plant"]["sludge"][4] / 1000
    m3 = run.amount(component="plant", port="inflow")
    assert of("sludge_hauled_t", run, parts) == pytest.approx(4 * dry_t)
    expected = 0.05 * m3 * 10 + dry_t * 5 * 100 + 4 * dry_t * 1000
    assert of("treatment_chemicals_sludge_vnd", run, parts) == pytest.approx(expected)
    assert of("treatment_kwh_per_m3", run, parts) == pytest.approx(run.amount(component="plant", port="power") / m3)
    bill = {item.item: item[1:] for item in operator_bill(run, Park("works", parts), CONTEXT)}
    assert bill["chemicals"] == (pytest.approx(0.05 * m3 + 5 * dry_t), "kg", pytest.approx(0.05 * m3 * 10 + dry_t * 5 * 100))
    assert bill["sludge"] == (pytest.approx(4 * dry_t), "t", pytest.approx(4 * dry_t * 1000))


def test_hours_beyond_a_limit_are_counted_once_however_many_substances():
    parts = works(monitor=OnlineMonitor(watches="river.effluent"))
    happened = [(2.0, "cod exceeds"), (3.0, "tss exceeds"), (5.0, "cod complies"), (6.0, "tss complies"), (20.0, "cod exceeds")]
    run = dataclasses.replace(
        simulate(works(), 24.0), events=tuple(Event(hour, "monitor", what, 0.1) for hour, what in happened)
    )

    assert of("exceedance_h", run, parts) == pytest.approx(4.0 + 4.0)


def test_wet_lines_stand_still_from_a_full_buffer_to_one_with_room():
    made = scenario(small_park())
    site, factory = next(iter(made.park.factories().items()))
    tank = BufferTank(place=factory.place, factory=site, capacity_m3=10.0, pump_m3_per_h=5.0)
    park = dataclasses.replace(made.park, components={**made.park.components, "buffer": tank})
    events = [(2.0, "lines stop"), (5.0, "lines go on"), (22.0, "lines stop")]
    run = dataclasses.replace(run_scenario(made, hours=24.0), events=tuple(Event(h, "buffer", w, 1.0) for h, w in events))

    # 3 h, and the 2 h that are left of the day, of each line
    assert wastewater.wet_lines_stopped_h(run, park, CONTEXT) == pytest.approx(5.0 * len(factory.lines))


def test_what_is_spilled_carries_its_cod():
    parts = works(tank=EqualisationTank(plant="plant", capacity_m3=20.0, bands=((0.0, 5.0),)))
    run = simulate(parts, 48.0)

    assert run.amount(component="river", port="spill") > 0
    assert of("spilled_cod_kg", run, parts) == pytest.approx(cod_kg(run.loads.booked["river"]["spill"]))


def test_irrigation_counts_as_reuse_of_what_was_treated():
    parts = works(
        river=River(place="plant"),
        lawns=Irrigation(place="plant", area_ha=0.4, mm_per_d=(3.0,) * 12, start_h=8.0, length_h=4.0),
    )
    parts[RAIN] = Rain(mm_of_days=(0.0, 0.0), month_of_days=(1, 1))
    run = simulate(parts, 48.0)

    # 12 m3 a day
    assert of("reclaimed_m3", run, parts) == pytest.approx(24.0)
    assert of("reuse_frac", run, parts) == pytest.approx(24.0 / run.amount(component="plant", port="inflow"))


def test_a_park_without_loads_has_none_of_it():
    park = small_park()
    run = run_scenario(scenario(park=park), hours=24.0)

    names = ("cod_to_river_kg", "effluent_cod_g_per_m3", "sludge_hauled_t", "exceedance_h", "reuse_frac")
    assert [getattr(wastewater, name)(run, park, CONTEXT) for name in names] == [0.0] * len(names)


def test_nothing_treated_divides_nothing():
    parts = works(shift=Shifty("wastewater", 0.0, place="sewer"))
    run = simulate(parts, 1.0)

    assert of("treatment_kwh_per_m3", run, parts) == 0.0
    assert of("reuse_frac", run, parts) == 0.0


def test_a_park_without_loads_has_no_kpi_of_loads_and_says_so_when_asked():
    made = scenario(small_park())
    outcome = evaluate(run_scenario(made), made.park, made.context)

    assert not {name for name, one in KPIS.items() if one.of_loads} & outcome.kpis.keys()
    assert outcome.value("reuse_frac") == 0.0
    with pytest.raises(ResultsError, match="cod_to_river_kg is not known: wastewater of this park carries no loads"):
        outcome.value("cod_to_river_kg")
