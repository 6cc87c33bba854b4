"""One factory with solar and three prices against the cheapest supply that PyPSA finds (see record_pypsa.py)."""

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from eipsim.components import Factory, Feeder, Line, Meter, SolarArray, Substation
from eipsim.context import Context
from eipsim.end_uses import PlugLoad
from eipsim.kpis import evaluate
from eipsim.park import Park
from eipsim.scenario import Scenario, simulate
from eipsim.timebase import WorkCalendar

RECORD = json.loads(Path(__file__).with_name("pypsa.json").read_text(encoding="utf-8"))
CASES = ("a_fifth_sold_2025", "zero_export_2022")


@dataclass(frozen=True)
class HalfSine(Context):
    """A context in which the sun is the same every day."""

    def profile(self, name):
        hour = np.arange(self.horizon.steps(self.step_h)) * self.step_h
        if name.startswith("solar:"):
            return np.maximum(0.0, np.sin(np.pi * (hour // 1 % 24 + 0.5 - 6) / 12))
        return super().profile(name)


def context(start):
    """Return the context of a day; the linear program caps power, whatever the rule of that day caps."""
    real = Context.at(date.fromisoformat(start))
    real = replace(real, solar_regime=replace(real.solar_regime, sale_cap_of="installed_capacity"))
    return HalfSine(**{f.name: getattr(real, f.name) for f in fields(Context)})


def park():
    """The factory of the record: 150 kW at all hours, 900 kW more in two shifts of six days."""
    factory = Factory(
        place="site",
        calendar="two_shifts",
        lines=(Line(units_per_h=1.0),),
        end_uses={"machines": PlugLoad(nameplate_kw=1050.0, standby_frac=1 / 7)},
        assessed=True,
    )
    components = {
        "factory": factory,
        "roof": SolarArray(place="site", peak_kw=1500.0, soiling_frac=0.03, mtbf_h=np.inf),
        "meter": Meter(place="site", to="feeder"),
        "feeder": Feeder(place="feeder", to="busbar", interruptions_per_yr=0.0),
        "substation": Substation(place="busbar", interruptions_per_yr=0.0),
    }
    return Park("one factory", components, {"two_shifts": WorkCalendar(shifts=((6, 14), (14, 22)))})


@pytest.mark.parametrize("name", CASES)
def test_import_sale_and_cost_of_a_year_are_those_of_the_linear_program(name):
    case, around = RECORD[name], context(RECORD[name]["start"])
    scenario = Scenario(name, park(), around)
    assert around.tariff.price_vnd_per_kwh("22_110") == case["prices_vnd_per_kwh"]
    assert around.solar_regime.sale_cap_frac == case["sale_cap_frac"]

    run = simulate(scenario)
    kpis = evaluate(run, scenario.build(), around).kpis

    found = {
        "import_kwh": kpis["electricity_assessed_kwh"],
        "export_kwh": run.amount(component="meter", port="export"),
        "solar_kwh": kpis["solar_kwh"],
        "curtailed_kwh": kpis["curtailed_kwh"],
        "cost_vnd": kpis["money_assessed_vnd"],
    }
    assert set(found) < set(case["optimum"])
    assert found == pytest.approx({name: case["optimum"][name] for name in found}, rel=1e-6, abs=1e-3)
    assert kpis["electricity_park_kwh"] == pytest.approx(case["optimum"]["import_kwh"], rel=1e-6)
