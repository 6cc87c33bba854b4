import pytest
from toys import User, simulate

from eipsim.components import FuelSupply


def test_a_fuel_is_brought_as_it_is_burnt():
    parts = {"lpg": FuelSupply(carrier="lpg"), "oven": User({"lpg": 2.0}, place="fuel_depot")}

    assert simulate(parts, 10.0).amount(component="lpg", port="supply") == pytest.approx(20.0)


def test_what_is_no_fuel_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match="'oil' is no fuel"):
        FuelSupply(carrier="oil")
