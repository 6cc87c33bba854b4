import numpy as np
import pytest
from benches import Unlimited
from toys import User, one_account, simulate

from eipsim.components import Feeder, Meter, Substation, WaterWorks

GRID = {"substation": Substation(place="busbar", interruptions_per_yr=0.0)}


def feeder(**parameters):
    return Feeder(**{"place": "feeder_1", "to": "busbar", "interruptions_per_yr": 0.0, **parameters})


def test_a_feeder_carries_what_its_users_draw_and_no_more_than_its_rating():
    users = {"one": User({"electricity": 30.0}, place="feeder_1"), "two": User({"electricity": 50.0}, place="feeder_1")}

    free = simulate({**GRID, "feeder_1": feeder(), **users}, 10.0)
    tight = simulate({**GRID, "feeder_1": feeder(rating_kw=40.0), **users}, 10.0)

    assert free.amount(component="substation", port="supply") == pytest.approx(800.0)
    assert tight.amount(component="substation", port="supply") == pytest.approx(400.0)
    assert tight.amount(component="one", port="electricity") == pytest.approx(150.0)


def test_a_feeder_that_is_out_serves_nobody_and_leaves_the_others_alone():
    often = feeder(interruptions_per_yr=100.0, interruption_h_median=5.0)
    other = feeder(place="feeder_2")
    users = {f"user_{k}": User({"electricity": 10.0}, place=f"feeder_{k}") for k in (1, 2)}

    run = simulate({**GRID, "feeder_1": often, "feeder_2": other, **users}, 8760.0)

    out_h = sum(event.value for event in run.events if event.what == "out")
    assert 200 < out_h < 8760
    assert run.amount(component="user_1", port="electricity") == pytest.approx(10 * (8760 - out_h))
    assert run.amount(component="user_2", port="electricity") == pytest.approx(87600.0)
    assert run.residual < 1e-9


def test_interruptions_are_as_frequent_and_as_long_as_said():
    works = WaterWorks(capacity_m3_per_h=5.0, interruptions_per_yr=50.0, interruption_h_median=2.0, interruption_sigma=1.0)
    park = {"works": works, "grid": Unlimited("electricity", "utilities")}

    runs = [simulate(park, 8760.0, resolution_h=0.0, replication=k) for k in range(20)]

    lengths = [event.value for run in runs for event in run.events if event.what == "out"]
    up_h = 20 * 8760.0 - sum(lengths)
    assert len(lengths) == pytest.approx(50 * up_h / 8760, abs=3 * len(lengths) ** 0.5)
    assert np.median(lengths) == pytest.approx(2.0, rel=0.12)
    assert np.std(np.log(lengths)) == pytest.approx(1.0, rel=0.08)


def test_a_substation_that_is_out_lets_surplus_go():
    parts = {
        "substation": Substation(place="busbar", interruptions_per_yr=50.0, interruption_h_median=10.0),
        "kiln": User({}, {"electricity": 7.0}, place="busbar"),
    }

    run = simulate(parts, 2000.0)

    assert any(event.what == "out" for event in run.events)
    assert run.amount(component="substation", port="export") == pytest.approx(14000.0)


def test_water_works_pump_what_is_drawn():
    parts = {
        "works": WaterWorks(capacity_m3_per_h=50.0, pumping_kwh_per_m3=0.2, interruptions_per_yr=0.0),
        "grid": Unlimited("electricity", "utilities"),
        "user": User({"water": 30.0}, place="water_main"),
    }

    run = simulate(parts, 10.0)

    assert run.amount(component="works", port="power") == pytest.approx(60.0)


@pytest.mark.parametrize(("power_kw", "served_frac"), [(6.0, 1.0), (3.0, 0.5), (0.0, 0.0)])
def test_water_works_without_enough_power_give_less(power_kw, served_frac):
    parts = {
        "works": WaterWorks(capacity_m3_per_h=50.0, pumping_kwh_per_m3=0.2, interruptions_per_yr=0.0),
        "grid": Unlimited("electricity", "utilities", gives=power_kw),
        "user": User({"water": 30.0}, place="water_main"),
    }

    run = simulate(parts, 10.0)

    assert run.amount(component="user", port="water") == pytest.approx(300.0 * served_frac)


def site(cap_kw, **meter):
    """A site that has 100 kW too much, beside a neighbour on the same feeder that draws 30 kW."""
    return {
        **GRID,
        "feeder_1": feeder(),
        "meter": Meter(place="site", to="feeder_1", export_cap_kw=cap_kw, **meter),
        "solar": Sun(place="site"),
        "load": User({"electricity": 20.0}, place="site"),
        "neighbour": User({"electricity": 30.0}, place="feeder_1"),
    }


class Sun(Unlimited):
    def __init__(self, place):
        super().__init__("electricity", place)

    def declared_ports(self):
        from eipsim.kernel.ports import outlet

        return {"out": outlet("electricity", merit=1.0)}

    def limit(self, port):
        return 120.0


def test_surplus_behind_a_meter_without_export_is_curtailed_not_shared():
    run = simulate(site(0.0), 10.0)

    assert run.amount(component="solar") == pytest.approx(200.0)
    assert run.amount(component="meter", port="export") == 0
    assert run.amount(component="substation", port="supply") == pytest.approx(300.0)


def test_surplus_up_to_the_cap_reaches_the_neighbour():
    run = simulate(site(25.0), 10.0)

    assert run.amount(component="meter", port="export") == pytest.approx(250.0)
    assert run.amount(component="meter", port="feed") == pytest.approx(250.0)
    assert run.amount(component="substation", port="supply") == pytest.approx(50.0)


def test_surplus_beyond_the_feeders_need_reaches_the_grid():
    run = simulate(site(90.0), 10.0)

    assert run.amount(component="feeder_1", port="surplus") == pytest.approx(600.0)
    assert run.amount(component="substation", port="export") == pytest.approx(600.0)


def test_a_meter_exports_nothing_while_its_feeder_is_out():
    parts = site(90.0, feeder="feeder_1") | {"feeder_1": feeder(interruptions_per_yr=200.0, interruption_h_median=5.0)}

    run = simulate(parts, 1000.0, accounts=one_account(1000.0))

    out_h = sum(min(event.value, 1000.0 - event.hour) for event in run.events if event.what == "out")
    assert out_h > 50
    assert run.amount(component="meter", port="export") == pytest.approx(90.0 * (1000.0 - out_h))
    assert run.amount(component="load", port="electricity") == pytest.approx(20.0 * 1000.0)


def test_a_meter_imports_no_more_than_its_rating():
    parts = {**GRID, "feeder_1": feeder(), "meter": Meter(place="site", to="feeder_1", rating_kw=8.0)}

    run = simulate({**parts, "load": User({"electricity": 20.0}, place="site")}, 10.0)

    assert run.amount(component="meter", port="import_") == pytest.approx(80.0)
    assert run.amount(component="meter", port="draw") == pytest.approx(80.0)
