import dataclasses

import pytest
from benches import small_park, utilities

from eipsim.components import Battery, Crew, Factory, FuelSupply, Meter, River, SolarArray, StandbyGenerator
from eipsim.end_uses import Lighting, Motors
from eipsim.errors import FlowLoopError, ParkError
from eipsim.kernel.component import Component
from eipsim.kernel.ports import inlet, outlet
from eipsim.park import Park, site_parents


def problems_of(park: Park) -> str:
    with pytest.raises(ParkError) as caught:
        park.check()
    return str(caught.value)


def test_a_park_that_can_run_has_no_problems():
    small_park().check()


def test_factories_come_by_name_and_assessed_ones_apart():
    park = small_park(4)

    assert list(park.factories()) == ["factory_0", "factory_1", "factory_2", "factory_3"]
    assert list(park.assessed()) == ["factory_0", "factory_1"]
    assert isinstance(park.factory("factory_0"), Factory)


def test_a_change_gives_a_new_park_and_leaves_the_old_one():
    park = small_park()
    before = repr(park)

    changed = park.replace_end_use("factory_0", "lighting", Lighting(installed_kw=1.0))

    assert changed.end_use("factory_0", "lighting") == Lighting(installed_kw=1.0)
    assert repr(park) == before
    assert changed.components["factory_1"] is park.components["factory_1"]


def test_components_are_added_replaced_and_removed():
    park = small_park().add("second_crew", Crew(size=2)).replace("plant", trains=5)

    assert park.component("second_crew").size == 2
    assert park.component("plant").trains == 5
    assert "second_crew" not in park.remove("second_crew").components


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda p: p.factory("factory_9"), "no factory 'factory_9': did you mean 'factory_"),
        (lambda p: p.factory("plant"), "no factory 'plant'"),
        (lambda p: p.component("plan"), "no component 'plan': did you mean 'plant'"),
        (lambda p: p.remove("plan"), "no component 'plan'"),
        (lambda p: p.end_use("factory_0", "lightning"), "no end use 'lightning': did you mean 'lighting'"),
        (lambda p: p.replace_end_use("factory_0", "motor", Motors(shaft_kw=1.0)), "no end use 'motor'"),
        (lambda p: p.replace("plant", train=3), "no parameter 'train': did you mean 'trains'"),
        (lambda p: p.add("plant", Crew()), "already has a component 'plant'"),
        (lambda p: p.add_solar("factory_0", -1.0), r"solar_factory_0.peak_kw = -1: must be 0 or more"),
        (lambda p: p.add_solar("factory_0", float("nan")), "must be 0 or more"),
        (lambda p: dataclasses.replace(p, parents={}).add_solar("factory_0", 1.0), "hangs on no feeder"),
    ],
)
def test_what_is_not_there_is_named(do, message):
    with pytest.raises(ParkError, match=message):
        do(small_park())


def test_all_problems_are_told_at_once():
    park = small_park()
    park = park.replace("factory_0", crew="crews", calendar="two_shift").replace("tank", plant="river")
    park = park.remove("water_works").add("bad.name", Crew())

    told = problems_of(park)

    assert 'Park "small" has 5 problems' in told
    assert "factory_0.crew = 'crews' is no Crew of this park: did you mean 'crew'?" in told
    assert "factory_0.calendar = 'two_shift' is no calendar of this park: did you mean 'two_shifts'?" in told
    assert "tank.plant = 'river' is no WastewaterPlant of this park" in told
    assert "'bad.name' is no name for a component" in told
    assert (
        'carrier "water" is drawn by 4 components (factory_0, factory_1, factory_2, …) and supplied by none: add a WaterWorks'
        in told
    )


def test_a_carrier_that_nobody_supplies_is_named_with_its_users():
    told = problems_of(small_park(2, simple=0).remove("lpg"))

    assert 'carrier "lpg" is drawn by 2 components (factory_0, factory_1) and supplied by none: add a FuelSupply' in told


def test_a_place_that_hangs_on_nothing_is_named():
    park = small_park()
    parents = {key: place for key, place in park.parents.items() if key != ("water", "site_1")}

    told = problems_of(dataclasses.replace(park, parents=parents))

    assert "water@site_1 is used by 3 ports (factory_1.washing_leak" in told


def test_wastewater_that_nobody_takes_is_named_with_a_remedy():
    parts = {name: c for name, c in utilities().items() if name not in {"tank", "river", "plant", "storm_basin"}}

    class Pump(Component):
        place = "sewer"

        def declared_ports(self):
            return {"give": outlet("wastewater", merit=1.0)}

    nowhere = problems_of(Park("p", {**parts, "f": sewage()}))
    elsewhere = problems_of(
        Park("p", {**parts, "f": sewage(), "pump": Pump(), "river": River(place="plant", sewer_place="far")})
    )

    remedy = "is given by 1 component (f) and taken by none: add an EqualisationTank or a River"
    assert f'carrier "wastewater" {remedy}' in nowhere
    assert f"wastewater@sewer {remedy}" in elsewhere


def sewage():
    class Kitchen(Component):
        place = "sewer"

        def declared_ports(self):
            return {"give": outlet("wastewater")}

    return Kitchen()


def test_a_site_with_solar_and_no_meter_is_told_to_have_one():
    park = small_park().add("roof", SolarArray(place="site_0", peak_kw=10.0))

    assert (
        "electricity@site_0 is drawn by 1 component (factory_0) and supplied by none but the sun: add a Meter"
        in problems_of(park)
    )


def test_a_site_that_would_live_on_standby_power_is_told_to_have_a_meter():
    parts = {
        "battery": Battery(place="site_0", capacity_kwh=10.0, charge_kw=5.0, discharge_kw=5.0),
        "genset": StandbyGenerator(place="site_1", feeder="feeder_x", rating_kw=10.0),
        "oil": FuelSupply(carrier="diesel"),
    }
    park = small_park()
    for name, part in parts.items():
        park = park.add(name, part)

    told = problems_of(park)

    assert "genset.feeder = 'feeder_x' is no Feeder or Substation of this park: " in told
    for k in (0, 1):
        lives_on = (
            f"electricity@site_{k} is drawn by 1 component (factory_{k}) and supplied by none but standby power: add a Meter"
        )
        assert lives_on in told


def test_a_drawn_carrier_with_a_taker_only_is_told_to_have_a_supplier():
    class Drain(Component):
        place = "water_main"

        def declared_ports(self):
            return {"take": inlet("water", merit=0.0)}

    told = problems_of(small_park().replace("water_works", place="far").add("drain", Drain()))

    assert "water@water_main is drawn by 4 components (factory_0, factory_1, factory_2, …)" in told
    assert "supplied by none: add a WaterWorks" in told


def test_a_driver_that_no_line_has_and_a_reserved_name_are_told():
    park = small_park()
    park = park.replace("factory_0", end_uses={"m": Motors(shaft_kw=1.0, driver="line:7")})
    park = park.replace("factory_1", end_uses={**park.factory("factory_1").end_uses, "follows": CalendarUse()})

    told = problems_of(park)

    assert "factory_0 driver = 'line:7'" in told
    assert "give a port 'follows_calendar', which is reserved" in told


class CalendarUse(Motors):
    """A use whose flow makes a port that a factory already means something by."""

    def __init__(self):
        super().__init__(shaft_kw=1.0)

    def own_flows(self, others):
        return tuple(flow._replace(name="calendar") for flow in super().own_flows(others))


def test_a_loop_is_told_with_its_path():
    class Boiler(Component):
        def declared_ports(self):
            return {"out": outlet("water", merit=1.0), "in": inlet("electricity")}

    class Turbine(Component):
        def declared_ports(self):
            return {"out": outlet("electricity", merit=1.0), "in": inlet("water")}

    told = problems_of(Park("loop", {"boiler": Boiler(), "turbine": Turbine()}))

    assert "buses wait for each other" in told
    assert issubclass(FlowLoopError, ParkError)


def test_solar_brings_a_meter_to_its_site():
    park = small_park().add_solar("factory_0", 100.0)

    meter, array = park.component("meter_factory_0"), park.component("solar_factory_0")
    assert isinstance(meter, Meter)
    assert (meter.place, meter.to, meter.feeder) == ("site_0", "feeder_1", "feeder_1")
    assert (array.place, array.peak_kw) == ("site_0", 100.0)
    park.check()


def test_more_solar_enlarges_the_array_and_another_orientation_is_another_array():
    park = (
        small_park().add_solar("factory_0", 100.0).add_solar("factory_0", 50.0).add_solar("factory_0", 30.0, azimuth_deg=90.0)
    )

    arrays = {name: c.peak_kw for name, c in park.components.items() if isinstance(c, SolarArray)}
    assert arrays == {"solar_factory_0": 150.0, "solar_factory_0_10_90": 30.0}
    assert sum(isinstance(c, Meter) for c in park.components.values()) == 1
    assert park.add_solar("factory_0", 5.0, azimuth_deg=90.0).component("solar_factory_0_10_90").peak_kw == 35.0


def test_no_solar_changes_nothing():
    park = small_park()

    assert park.add_solar("factory_0", 0.0) is park


def test_export_caps_follow_the_power_behind_each_meter():
    park = small_park().add_solar("factory_0", 100.0).add_solar("factory_0", 20.0, azimuth_deg=0.0).add_solar("factory_1", 40.0)

    capped = park.with_export_caps(0.2)

    assert capped.component("meter_factory_0").export_cap_kw == pytest.approx(24.0)
    assert capped.component("meter_factory_1").export_cap_kw == pytest.approx(8.0)
    assert capped.with_export_caps(0.0).component("meter_factory_0").export_cap_kw == 0.0


def test_connections_say_what_a_site_hangs_on():
    up = small_park().connections("factory_1")

    assert up["electricity"] == "feeder_2"
    assert up["wastewater"] == "sewer"
    assert up["lpg"] == "fuel_depot"


def test_a_site_hangs_on_the_places_that_are_named():
    parents = site_parents("here", "f", water="w", sewer="s", fuels="d")

    assert {place for (_, site), place in parents.items() if site == "here"} == {"f", "w", "s", "d"}
