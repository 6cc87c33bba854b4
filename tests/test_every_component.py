"""Every registered component, on a bench between unlimited utilities."""

import copy
import dataclasses
import inspect
import math
import pickle

import numpy as np
import pytest
from benches import bench, factory, workshop
from pydantic import TypeAdapter, ValidationError
from toys import User

from eipsim.components import COMPONENTS
from eipsim.kernel.component import Component
from eipsim.kernel.ports import OUTLET
from eipsim.kernel.run import Run

TANK = COMPONENTS["equalisation_tank"](capacity_m3=50.0, bands=((0.0, 5.0),))
FEEDER = COMPONENTS["feeder"](place="site", to="busbar", interruptions_per_yr=1000.0)
FACTORY = workshop(place="site")
WEATHER = {"weather:rain": COMPONENTS["rain"](mm_of_days=(0.0, 3.0, 0.0, 0.0, 50.0), month_of_days=(1, 1, 2, 7, 12))}
EXAMPLES = {
    "activated_sludge_plant": {
        "train_m3_per_h": 10.0,
        "mtbf_h": 30.0,
        "train_tank_m3": 80.0,
        "train_clarifier_m2": 20.0,
        "train_blower_kw": 10.0,
        "design_m3_per_h": 10.0,
        "maintenance_every_h": 40.0,
        "maintenance_h": 5.0,
    },
    "battery": {"place": "site", "capacity_kwh": 30.0, "charge_kw": 5.0, "discharge_kw": 4.0, "start_frac": 0.5},
    "boiler_house": {
        "boilers": (
            {"name": "first", "rating_t_per_h": 5.0, "fuels": ("coal",)},
            {"name": "second", "rating_t_per_h": 5.0, "fuels": ("diesel", "lpg")},
        ),
        "main_m": 300.0,
        "mtbf_h": 30.0,
    },
    "buffer_tank": {
        "place": "site",
        "factory": "other 0",
        "tank": "other 1",
        "capacity_m3": 50.0,
        "pump_m3_per_h": 5.0,
    },
    "calendar": {"edges_h": (0.0, 10.0)},
    "chiller_plant": {"chiller_kw_th": 5.0, "mtbf_h": 30.0},
    "compressor_station": {
        "compressors": (
            {"name": "first", "capacity_m3_per_min": 0.1},
            {"name": "second", "capacity_m3_per_min": 0.1, "control": "variable_speed"},
        ),
        "leak_m3_per_min": 0.02,
        "mtbf_h": 30.0,
    },
    "crew": {"size": 2},
    "equalisation_tank": {"capacity_m3": 50.0, "bands": ((0.0, 5.0), (0.5, 9.0)), "start_frac": 0.3},
    "factory": {f.name: getattr(factory(1), f.name) for f in dataclasses.fields(factory(1))} | {"calendar": "work", "crew": ""},
    "feeder": {"place": "feeder_1", "to": "busbar", "rating_kw": 50.0, "interruptions_per_yr": 500.0},
    "fuel_supply": {"carrier": "coal", "capacity_gj_per_h": 3.0},
    "irrigation": {"area_ha": 1.0},
    "meter": {"place": "site", "to": "feeder_1", "export_cap_kw": 5.0},
    "online_monitor": {"watches": "river.effluent"},
    "outfall": {"to": "mouth"},
    "polishing_pond": {"volume_m3": 500.0},
    "process_water_main": {},
    "protected_feeder": {"place": "feeder_1", "to": "busbar", "rating_kw": 5.0, "interruptions_per_yr": 500.0},
    "protected_substation": {"place": "busbar", "rating_kw": 5.0, "overload": "shed", "mtbf_h": 30.0, "transformers": 2},
    "rain": {"mm_of_days": (0.0, 12.0)},
    "reclaimed_water": {"feed_m3_per_h": 6.0, "capacity_m3": 20.0, "pump_m3_per_h": 9.0},
    "river": {"place": "plant"},
    "sewer": {"place": "upper", "travel_h": 2.0},
    "solar_array": {"place": "site", "peak_kw": 20.0, "mtbf_h": 30.0},
    "standby_generator": {"place": "site", "feeder": "other 0", "rating_kw": 5.0, "start_failure_frac": 0.3},
    "storm_basin": {"tank": "other 0", "capacity_m3": 50.0, "pump_m3_per_h": 5.0, "start_frac": 0.5},
    "storm_inflow": {"area_ha": 2.0},
    "substation": {"place": "busbar", "rating_kw": 80.0, "interruptions_per_yr": 500.0},
    "wastewater_plant": {"train_m3_per_h": 10.0, "mtbf_h": 30.0},
    "water_reservoir": {"capacity_m3": 30.0, "fill_m3_per_h": 5.0, "draw_m3_per_h": 9.0, "start_frac": 0.5},
    "water_works": {"capacity_m3_per_h": 8.0, "interruptions_per_yr": 500.0},
}
NAMES = sorted(COMPONENTS)
PROFILES = {
    "band:offpeak": np.tile([1.0] * 16 + [0.0] * 32, 5)[:200],
    "calendar:work": np.ones(200),
    "daylight": np.linspace(0.3, 1.0, 200),
    "rain_mm_per_h": np.tile([0.0, 0.0, 12.0, 1.0], 50),
    "wet_bulb_c": np.linspace(20.0, 28.0, 200),
    "solar:10:180": np.tile([0.0, 0.5], 100),
}


def make(name: str) -> Component:
    return COMPONENTS[name](**EXAMPLES[name])


def watched(name: str) -> Component:
    """The component, of a class that tries its hooks at each response and notes what they break."""
    kind = COMPONENTS[name]

    class Watched(kind):
        broken: list[str] = []  # noqa: RUF012 - shared with the run's own copy on purpose

        def respond(self):
            super().respond()
            first = [*self.activity, *(port.rate for port in self.ports)]
            super().respond()
            if first != [*self.activity, *(port.rate for port in self.ports)]:
                self.broken.append(f"respond at {self.now}")
            for port in self.ports:
                if not port.firm and not 0 <= self.limit(port) <= math.inf:
                    self.broken.append(f"limit of {port.name} at {self.now}")

    Watched.broken = []
    return Watched(**EXAMPLES[name])


def run_on_bench(name: str, it: Component, hours: float) -> Run:
    """Run it between unlimited utilities, with a user of 7 at each of its flexible ports, and what it refers to."""
    others = {"storm_basin": [TANK], "buffer_tank": [FACTORY, TANK], "standby_generator": [FEEDER]}.get(name, [])[:]
    for port in it.declared_ports().values():
        if not port.firm:
            flow = {port.carrier: 7.0}
            user = User(flow, line=None) if port.direction == OUTLET else User({}, flow, line=None)
            user.place = port.place or it.place
            others.append(user)
    return bench(it, hours, *others, profiles=PROFILES, more=WEATHER if name == "irrigation" else None)


def test_each_has_an_example():
    assert set(EXAMPLES) == set(COMPONENTS)


@pytest.mark.parametrize("name", NAMES)
def test_its_balances_close_and_its_hooks_keep_their_promise(name):
    it = watched(name)

    run = run_on_bench(name, it, 100.0)

    assert run.residual < 1e-9
    assert np.isfinite(run.amounts).all()
    assert (run.amounts >= 0).all()
    assert type(it).broken == []


@pytest.mark.parametrize("name", NAMES)
def test_a_run_leaves_it_as_it_was(name):
    it = make(name)
    before = repr(it)

    run_on_bench(name, it, 50.0)

    assert repr(it) == before
    assert not hasattr(it, "simulation")


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_copied_and_sent_to_another_process(name):
    it = make(name)

    assert repr(copy.deepcopy(it)) == repr(it)
    assert repr(pickle.loads(pickle.dumps(it))) == repr(it)


@pytest.mark.parametrize("name", NAMES)
def test_its_docstring_has_its_parameters_with_units(name):
    kind = COMPONENTS[name]
    text = inspect.getdoc(kind) or ""

    unknown = [f.name for f in dataclasses.fields(kind) if f.name not in text]

    assert unknown == []
    assert "Parameters\n---" in text
    if any(f.name.endswith(("_kw", "_h", "_m3", "_per_h", "_m3_per_h", "_h_median")) for f in dataclasses.fields(kind)):
        assert "[" in text


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"crew"}))
def test_an_unknown_parameter_is_refused(name):
    with pytest.raises(ValidationError, match="Unexpected keyword"):
        COMPONENTS[name](**EXAMPLES[name], colour="blue")


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"crew"}))
def test_no_size_may_be_negative_or_not_a_number(name):
    schema = TypeAdapter(COMPONENTS[name])
    for field in dataclasses.fields(COMPONENTS[name]):
        value = EXAMPLES[name].get(field.name, field.default)
        if not isinstance(value, float) or field.name in {"tilt_deg", "azimuth_deg"}:
            continue
        for wrong in (-1.0, math.nan):
            with pytest.raises(ValidationError, match=field.name):
                schema.validate_python({**EXAMPLES[name], field.name: wrong})
