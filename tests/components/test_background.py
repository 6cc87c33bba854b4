import numpy as np
import pytest
from toys import Connection, Shifty, User, grid, simulate

from eipsim.components.background import recorded
from eipsim.errors import DataError
from eipsim.kernel.ports import INLET, OUTLET

UTILITIES = {"grid": grid(), "main": Connection("water"), "drain": Connection("wastewater", INLET, 1.0)}
TENANTS = {
    "mill": Shifty("electricity", 40.0, 6.0, 22.0, INLET),
    "laundry": User({"electricity": 5.0, "water": 3.0}, {"wastewater": 2.0}),
}
NONE = {"none": np.ones(48)}


def test_a_recorded_background_flows_as_the_components_did():
    whole = simulate(TENANTS | UTILITIES, 24.0, profiles=NONE, record=("*",))

    background, profiles = recorded(whole, TENANTS)
    part = simulate({"others": background} | UTILITIES, 24.0, profiles=profiles, record=("grid.*",))

    for name in UTILITIES:
        assert part.amount(component=name) == pytest.approx(whole.amount(component=name), rel=1e-12)
    np.testing.assert_allclose(part.series["grid.flow"], whole.series["grid.flow"], rtol=1e-12)


def test_flows_of_one_carrier_place_and_direction_are_joined():
    whole = simulate(TENANTS | UTILITIES, 24.0, profiles=NONE, record=("*",))

    background, _ = recorded(whole, TENANTS)

    assert background.flows == (
        ("electricity", INLET, "park"),
        ("wastewater", OUTLET, "park"),
        ("water", INLET, "park"),
    )


def test_a_port_that_was_not_recorded_is_named():
    run = simulate(TENANTS | UTILITIES, 24.0, profiles=NONE, record=("mill.*",))

    with pytest.raises(DataError, match=r"laundry\.electricity was not recorded: run again with record=\('laundry\.\*',\)"):
        recorded(run, TENANTS)


def test_a_component_that_is_not_in_the_run_is_named():
    run = simulate(TENANTS | UTILITIES, 24.0, profiles=NONE, record=("*",))

    with pytest.raises(DataError, match=r"the run has no component 'laundri': did you mean 'laundry'\?"):
        recorded(run, ["laundri"])
