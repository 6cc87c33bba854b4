"""What a catalogue must meet, and where its carbon may come from."""

import pytest

from eipsim.claims import published_claims
from eipsim.config import load_plan
from eipsim.measures import DeskPrices, FuelSwitch, HeatInsulation, LightingLed
from eipsim.studies.targets import MixPrior, Reached, Target, mix_of, targets_of


def test_the_six_calibrated_figures_are_targets_in_units_of_their_kpi_on_their_basis():
    found = {target.claim: (target.published, target.basis) for target in targets_of(published_claims())}

    assert found == {
        "amata_60_money": (pytest.approx(6.6e9), "realised"),
        "amata_60_electricity": (1_871_000.0, "realised"),
        "amata_60_lpg": (5.6, "realised"),
        "amata_60_water": (27_817.0, "realised"),
        "amata_159_co2": (36_256.0, "catalogue"),
        "amata_159_money": (pytest.approx(79.2e9), "catalogue"),
    }


def test_the_other_reading_swaps_every_basis():
    bases = {target.claim: target.basis for target in targets_of(published_claims(), reversed_basis=True)}

    assert bases["amata_60_money"] == "catalogue"
    assert bases["amata_159_money"] == "realised"


@pytest.mark.parametrize(("basis", "difference"), [("realised", -0.5), ("catalogue", 0.25)])
def test_a_figure_is_compared_on_its_own_basis(basis, difference):
    reached = Reached.of(Target("c", "all_159", "co2_assessed_t", 8.0, basis), desk=10.0, realised=4.0)

    assert reached.difference_frac == pytest.approx(difference)


def test_a_mix_is_split_into_electricity_fuel_switch_and_all_else_of_the_proposed_rows():
    plan = load_plan(["experiment=catalogue_calibration"])
    prices = DeskPrices.of(plan.context)
    given = {"factory": "denim_laundry", "size": 0.5}
    lamps = LightingLed(id="a", end_use="lighting", recp_category="equipment_modification", **given)
    steam = FuelSwitch(id="b", end_use="boiler", recp_category="input_material_change", **given)
    jackets = HeatInsulation(id="c", end_use="boiler", recp_category="equipment_modification", **given)
    done = LightingLed(id="d", end_use="lighting", recp_category="equipment_modification", status="implemented", **given)
    co2_t = [measure.desk(plan.park, prices).co2_t for measure in (lamps, steam, jackets)]

    mix = mix_of([lamps, steam, jackets, done], plan.park, prices)

    assert list(mix.values()) == pytest.approx([one / sum(co2_t) for one in co2_t])


@pytest.mark.parametrize(
    ("mix", "said"),
    [
        ({"electricity": 0.7, "fuel_switch": 0.2, "other": 0.1}, ""),
        ({"electricity": 0.95, "fuel_switch": 0.05, "other": 0.0}, "mix outside its prior: electricity"),
        ({"electricity": 0.5, "fuel_switch": 0.15, "other": 0.35}, "mix outside its prior: other"),
    ],
)
def test_a_mix_outside_its_prior_is_named(mix, said):
    assert MixPrior().objection(mix) == said
