"""What holds in every park, tried on random ones."""

from __future__ import annotations

import copy
import dataclasses
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benches import MONDAY, MadeUpContext, batch_line
from benches import factory as ordinary_factory
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import parks, scaled, without_storage_bands
from toys import daily_accounts, one_account

from eipsim.kernel.ports import GAUGE
from eipsim.kernel.run import Run
from eipsim.kpis.bottlenecks import UNEXPLAINED, lost_hours
from eipsim.kpis.production import line_hours
from eipsim.park import Park, site_parents
from eipsim.scenario import Prepared, Scenario, prepare
from eipsim.timebase import Horizon

pytestmark = pytest.mark.slow

HOURS = 72.0
SEED = 5
few = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate))


def prepared(park: Park, hours: float = HOURS, sale_cap_frac: float = 0.0) -> Prepared:
    """Return a few days from a Monday."""
    return prepare(Scenario("any", park, MadeUpContext(Horizon(MONDAY, hours), share_frac=sale_cap_frac)))


def run_of(park: Park, hours: float = HOURS, replication: int = 0) -> Run:
    return prepared(park, hours).run(replication, SEED)


def amounts(run: Run, carrier: str | None = None) -> dict[str, float]:
    """Return the total of each port, of one carrier or of all."""
    totals = run.amounts.sum(axis=0)
    return {
        f"{column.component}.{column.port}": float(total)
        for column, total in zip(run.columns, totals, strict=True)
        if carrier in (None, column.carrier)
    }


def magnitude(run: Run) -> float:
    return float(np.abs(run.amounts).sum()) or 1.0


@given(parks(), st.sampled_from([0.0, 0.3]))
@few
def test_every_balance_closes_and_nothing_flows_backwards(park, sale_cap_frac):
    run = prepared(park, sale_cap_frac=sale_cap_frac).run(0, SEED)

    assert run.residual <= 1e-9
    assert run.amounts.min() >= -1e-9 * magnitude(run)
    assert np.isfinite(run.amounts).all()
    for name in ("tank", "basin"):
        level = run.levels[name][1]
        capacity = park.components[name].capacity_m3
        fill, draw = (run.amount(component=name, port=port) for port in ("fill", "draw"))
        assert level.min() >= 0.0
        assert level.max() <= capacity
        assert level[-1] - level[0] == pytest.approx(fill - draw, abs=1e-9 * (capacity + fill))


@given(parks(), st.randoms(use_true_random=False))
@few
def test_declaration_order_decides_nothing(park, random):
    names = list(park.components)
    random.shuffle(names)
    shuffled = dataclasses.replace(
        park,
        components={name: park.components[name] for name in names},
        calendars=dict(reversed(park.calendars.items())),
        parents=dict(reversed(park.parents.items())),
    )

    one, other = run_of(park), run_of(shuffled)

    assert one.columns == other.columns
    assert one.amounts.tobytes() == other.amounts.tobytes()
    assert one.events == other.events


@given(parks())
@few
def test_the_width_of_steps_and_accounts_changes_no_total(park):
    wide = prepared(park)
    narrow = dataclasses.replace(
        wide, step_h=wide.step_h / 2, profiles={name: np.repeat(values, 2) for name, values in wide.profiles.items()}
    )

    runs = [
        wide.run(0, SEED),
        narrow.run(0, SEED),
        dataclasses.replace(wide, accounts=one_account(HOURS)).run(0, SEED),
        dataclasses.replace(narrow, accounts=daily_accounts(HOURS)).run(0, SEED, ("*.*",)),
    ]

    for other in runs[1:]:
        np.testing.assert_allclose(runs[0].amounts.sum(0), other.amounts.sum(0), rtol=1e-9, atol=1e-9)
        assert runs[0].events == other.events


@given(parks())
@few
def test_a_run_leaves_its_park_as_it_was_and_repeats_to_the_byte(park):
    before = {name: copy.deepcopy(vars(one)) for name, one in park.components.items()}

    one, other = run_of(park), run_of(park)

    assert {name: repr(vars(c)) for name, c in park.components.items()} == {name: repr(v) for name, v in before.items()}
    assert one.amounts.tobytes() == other.amounts.tobytes()
    assert one.events == other.events


@given(parks())
@few
def test_a_connected_new_component_changes_nobodys_draws(park):
    new = ordinary_factory(7, place="site_new", calendar="continuous", crew="", lines=(batch_line(mtbf_h=5.0),))
    grown = dataclasses.replace(park.add("a_new_one", new), parents={**park.parents, **site_parents("site_new", "feeder")})

    before, after = run_of(park), run_of(grown)

    def told(run):
        """Everything that chance alone decides; tank and shortage also depend on who else is there."""
        mine = park.components.keys() - {"tank", "basin"}
        return [e for e in run.events if e.component in mine and e.what not in ("short", "short_end", "full")]

    chances = {"breakdown", "repaired", "out", "back", "train_down", "train_up", "inverter_down", "inverter_up"}
    assert [e for e in told(before) if e.what in chances] == [e for e in told(after) if e.what in chances]
    spent = amounts(before, "state")
    assert spent == {port: hours for port, hours in amounts(after, "state").items() if port in spent}
    assert any(event.component == "a_new_one" for event in after.events)


@given(parks())
@few
def test_twice_the_size_is_twice_the_amount(park):
    one, two = run_of(park), run_of(scaled(park, 2.0))

    assert one.columns == two.columns
    assert [e[:3] for e in one.events] == [e[:3] for e in two.events]
    for column, single, double in zip(one.columns, one.amounts.sum(0), two.amounts.sum(0), strict=True):
        expected = single if column.carrier == "state" else 2 * single
        assert double == pytest.approx(expected, rel=1e-9, abs=1e-9 * magnitude(one)), column


@given(parks(), st.floats(1.0, 4.0), st.floats(1.0, 4.0))
@few
def test_a_larger_tank_or_basin_never_spills_more(park, tank, basin):
    """With one set flow at all levels. With bands a larger tank steps up later, which may cost it its advantage."""
    park = without_storage_bands(park).replace("substation", rating_kw=1e6).replace("feeder", interruptions_per_yr=0.0)
    larger = park.replace("tank", capacity_m3=park.components["tank"].capacity_m3 * tank, start_frac=0.3 / tank)
    both = larger.replace("basin", capacity_m3=larger.components["basin"].capacity_m3 * basin)

    spills = [run_of(one).amount(component="river", port="spill") for one in (park, larger, both)]

    assert spills[1] <= spills[0] + 1e-6
    assert spills[2] <= spills[1] + 1e-6


@given(parks(), st.floats(1.0, 3.0))
@few
def test_more_grid_never_serves_less(park, more):
    def served(one):
        run = run_of(one)
        return [run.amount(component=name, carrier="electricity") for name in one.factories()]

    larger = park.replace("substation", rating_kw=park.components["substation"].rating_kw * more)

    assert sum(served(larger)) >= sum(served(park)) * (1 - 1e-9)


@given(parks(), st.floats(0.01, 1.0))
@few
def test_every_shortage_comes_to_rest_and_each_hour_that_it_costs_has_a_cause(park, left):
    rating_kw = park.components["substation"].rating_kw
    tight = park.replace("substation", rating_kw=left * rating_kw).replace("tank", start_frac=0.0)

    run = run_of(tight)

    assert run.residual <= 1e-9
    rows = lost_hours(run, tight)
    lines = [line for name, one in tight.factories().items() for line in line_hours(run, name, one)]
    assert math.fsum(row.lost_h for row in rows) == pytest.approx(
        math.fsum(h.stopped_h + h.unserved_h for h in lines), rel=1e-9
    )
    assert not [row for row in rows if row.cause == UNEXPLAINED]


@given(parks())
@few
def test_lines_spend_every_hour_in_one_state_and_make_what_they_ran(park):
    run = run_of(park)

    for name, one in park.factories().items():
        for k, line in enumerate(one.lines):
            spent = {what: run.amount(component=name, port=f"{what}_{k}") for what in ("run", "set_up", "down", "waiting")}
            assert sum(spent.values()) <= HOURS * (1 + 1e-9)
            assert run.amount(component=name, port=f"output_{k}") <= line.units_per_h * spent["run"] * (1 + 1e-9)


PROBE = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from benches import small_park
from test_properties import prepared
park = small_park().add_solar("factory_0", 300.0)
run = prepared(park, 96.0).run(1, 3, ("*.*",))
parts = [run.amounts.tobytes(), run.variable.tobytes(), repr(run.events).encode(), repr(run.columns).encode()]
parts += [series.tobytes() for _, series in sorted(run.series.items())]
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""


def test_the_seed_of_pythons_hashes_changes_no_byte():
    here = Path(__file__).parent
    paths = [str(here), str(here.parent)]

    digests = {
        subprocess.run(
            [sys.executable, "-c", PROBE, *paths],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64


def test_random_parks_reach_what_they_are_meant_to_try():
    """Guards the strategy: over some parks there are breakdowns, curtailment, spill and shortage."""
    seen = dict.fromkeys(("breakdown", "curtailed", "spilled", "short"), False)

    @given(parks())
    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    def look(park):
        run = run_of(park)
        seen["breakdown"] |= any(e.what == "breakdown" for e in run.events)
        seen["spilled"] |= run.amount(component="river", port="spill") > 0
        made = [c.component for c in run.columns if c.port == "available"]
        seen["curtailed"] |= any(
            run.amount(component=c, port="available") > run.amount(component=c, port="power") + 1 for c in made
        )
        full = sum(
            line.units_per_h * run.amount(component=name, port=f"run_{k}")
            for name, one in park.factories().items()
            for k, line in enumerate(one.lines)
        )
        seen["short"] |= run.amount(carrier="output", direction=GAUGE) < 0.99 * full

    look()

    assert all(seen.values()), seen
