import pytest
from toys import Connection, Pump, User, grid, simulate

from eipsim.errors import FlowLoopError, ParkError


def test_a_port_without_a_bus_goes_up_to_the_parent_place():
    park = {"factory": User({"water": 2.0}, place="hall"), "main": Connection("water", place="street")}
    parents = {("water", "hall"): "site", ("water", "site"): "street"}

    run = simulate(park, 1.0, parents=parents)

    assert {c.component: c.place for c in run.columns if c.carrier == "water"} == {"factory": "street", "main": "street"}


def test_all_ports_that_nobody_serves_are_named_at_once():
    park = {"a": User({"water": 1.0}), "b": User({"lpg": 1.0}), "grid": grid()}

    with pytest.raises(ParkError) as error:
        simulate(park, 1.0)

    assert str(error.value) == (
        "The park has 2 problems:\n"
        "  lpg@park is used by 1 ports (b.lpg) and nothing there is flexible: "
        "add a supplier, a taker or a meter, or a parent place that has one\n"
        "  water@park is used by 1 ports (a.water) and nothing there is flexible: "
        "add a supplier, a taker or a meter, or a parent place that has one"
    )


def test_an_unknown_carrier_is_named_with_the_nearest_one():
    with pytest.raises(ParkError, match=r"a\.watr has the carrier 'watr', which is unknown: did you mean 'water'\?"):
        simulate({"a": User({"watr": 1.0}), "main": Connection("water")}, 1.0)


def test_a_loop_of_buses_is_refused_with_its_path():
    park = {
        "there": Pump("water", "effluent", 0.0),
        "back": Pump("effluent", "water", 0.0),
        "grid": grid(),
    }

    with pytest.raises(
        FlowLoopError, match=r"effluent@park -> water@park -> effluent@park|water@park -> effluent@park -> water@park"
    ):
        simulate(park, 1.0)


def test_an_unknown_profile_is_named_with_the_nearest_one():
    park = {"factory": User({"electricity": 1.0}, factors=("coling",)), "grid": grid()}

    with pytest.raises(
        ParkError, match=r"factory\.electricity follows the profile 'coling', which is unknown: did you mean 'cooling'"
    ):
        simulate(park, 1.0, profiles={"cooling": [1.0, 1.0]})
