"""The catalogue of the reference park can be had as a whole in every park of configs/park."""

from pathlib import Path

import pytest

from eipsim.config import load_plan
from eipsim.end_uses import CompressedAir, Cooling, ProcessHeat

PARKS = sorted(path.stem for path in (Path(__file__).parents[1] / "configs" / "park").glob("*.yaml"))
SERVED = {
    "compressed_air": {("electronic_components", "compressed_air"), ("electronics", "compressed_air")},
    "cooling": {("machining", "cooling"), ("motors", "cooling")},
    "process_heat": {("food", "boiler"), ("footwear", "steam_boiler"), ("garment", "steam_boiler")},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PARKS)
def test_all_159_measures_apply_in_a_park(name):
    scenario = load_plan([f"park={name}", "park.tenants=null", "context.hours=24"]).scenarios["all_159"]

    built = scenario.build()

    drawing = {kind: set() for kind in SERVED}
    for factory, parts in built.factories().items():
        for key, use in parts.end_uses.items():
            if (isinstance(use, ProcessHeat) and use.carrier == "steam") or (
                isinstance(use, CompressedAir | Cooling) and use.served
            ):
                drawing[use.kind].add((factory, key))
    assert len(scenario.measures) == 159
    assert min(measure.size for measure in scenario.measures) > 0
    assert drawing == (SERVED if name.startswith("amata_full") else {kind: set() for kind in SERVED})


@pytest.mark.slow
def test_the_operator_s_ten_measures_apply_in_the_full_park():
    taken = "+measures@experiment.scenarios.operator.measures=operator_10"
    scenario = load_plan(["park=amata_full", "park.tenants=null", "context.hours=24", taken]).scenarios["operator"]

    built = scenario.build()

    assert {one.factory for one in scenario.measures} == {"boiler_house", "air_station", "chillers", "plant"}
    assert built.components["boiler_house"].condensate_frac == pytest.approx(0.8)
