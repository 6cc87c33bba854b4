"""Heat that a chiller carried away preheats what a boiler heats: fuel and electricity are both saved."""

from dataclasses import replace

import pytest
from one_factory import END_USES, OPEN_H, PRICES, example, park_of, week
from pydantic import ValidationError

from eipsim.errors import CatalogueError
from eipsim.measures import MEASURES
from eipsim.measures.catalogue import check_catalogue

LINE_H = OPEN_H * 0.9


def exchanger(**changes):
    return example(MEASURES, "heat_exchange", **changes)


def test_recovered_heat_lowers_boiler_and_cooling():
    """60 kW are 60 / available heat of LPG, and 60 / 4 of the chiller's electricity, for as long as lines run."""
    park = park_of()

    before, after = week(park), week(park, exchanger())

    def saved(port):
        return before.amount(component="factory_1", port=port) - after.amount(component="factory_1", port=port)

    run_h = before.amount(component="factory_1", port="chiller_process") / (100 / 4.0)
    assert saved("chiller_process") == pytest.approx(60 / 4.0 * run_h, rel=1e-9)
    assert saved("boiler_useful") == pytest.approx(60 / END_USES["boiler"].available_heat_frac * run_h * 0.0036, rel=1e-9)
    assert saved("chiller_envelope") == saved("boiler_loss") == 0


def test_a_boiler_or_chiller_that_is_better_saves_less():
    park = park_of(chiller=replace(END_USES["chiller"], cop=6.0))

    assert exchanger().desk(park, PRICES).kwh == pytest.approx(60 * LINE_H / 6.0)
    assert exchanger().desk(park_of(), PRICES).kwh == pytest.approx(60 * LINE_H / 4.0)


def test_the_desk_counts_both_in_scheduled_hours():
    figures = exchanger().desk(park_of(), PRICES)

    assert figures.lpg_t * 47.3 == pytest.approx(60 * LINE_H / END_USES["boiler"].available_heat_frac * 0.0036)
    assert figures.vnd == pytest.approx(figures.lpg_t * 47.3 * 550e3 + figures.kwh * 1650)


def test_electric_heat_is_spared_as_electricity():
    figures = exchanger(end_use="heaters").desk(park_of(), PRICES)

    assert figures.kwh == pytest.approx(60 * LINE_H * (1 + 1 / 4.0))
    assert figures.lpg_t == 0


def test_two_exchangers_share_what_the_chiller_carries():
    with pytest.raises(CatalogueError, match=r"row m2, column size = 60: must be from 0 to 40"):
        check_catalogue([exchanger(), exchanger(id="m2")], park_of())
    with pytest.raises(CatalogueError, match=r"row m2, column size = 60: must be from 0 to 40"):
        exchanger(id="m2").apply(exchanger().apply(park_of()))


def test_upkeep_that_is_spared_belongs_to_what_is_heated():
    changed = exchanger(other_vnd_per_yr=8760.0).apply(park_of()).factory("factory_1").end_uses

    assert changed["boiler"].other_vnd_per_h == pytest.approx(-1)
    assert changed["chiller"].other_vnd_per_h == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"end_use": "boilr"}, r"row m1, column end_use = 'boilr': factory_1 has no such end use; did you mean 'boiler'"),
        ({"cooling_use": "lights"}, r"column cooling_use = 'lights': is lighting; heat_exchange needs cooling there"),
        ({"end_use": "pumps"}, r"column end_use = 'pumps': is motors; heat_exchange needs process_heat there"),
    ],
)
def test_what_is_not_there_is_named(changes, message):
    with pytest.raises(CatalogueError, match=message):
        exchanger(**changes).apply(park_of())


def test_heat_that_comes_at_other_hours_is_refused():
    park = park_of(chiller=replace(END_USES["chiller"], driver="always"))

    with pytest.raises(CatalogueError, match=r"follows always, and boiler follows lines: heat is not stored"):
        exchanger().size_bounds(park)


def test_heat_does_not_flow_uphill():
    with pytest.raises(ValidationError, match=r"source_c = 40: must be at least 5 K above sink_c = 38"):
        exchanger(source_c=40.0, sink_c=38.0)
