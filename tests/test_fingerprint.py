import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from small_park import measures, scenario, small_park, week

from eipsim.fingerprint import ABOVE_KPIS, PACKAGE, canonical, code_fingerprint, commit, digest, versions
from eipsim.scenario import Scenario
from eipsim.work import described


@dataclass(frozen=True)
class Lamp:
    power_kw: float
    rooms: tuple[str, ...] = ()
    _cache: dict[str, float] = field(default_factory=dict)


def test_equal_things_have_one_hash():
    one = {"b": Lamp(1.0), "a": frozenset({date(2022, 1, 1), date(2022, 1, 2)}), ("x", "y"): [np.arange(3)]}
    other = {
        ("x", "y"): [np.arange(3)],
        "a": frozenset({date(2022, 1, 2), date(2022, 1, 1)}),
        "b": Lamp(1.0, _cache={"k": 2.0}),
    }

    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    "other", [Lamp(1.0 + 1e-15), Lamp(1.0, ("hall",)), {"power_kw": 1.0}, np.float64(1.0), "1.0", Path("1.0"), None, True]
)
def test_things_that_differ_have_other_hashes(other):
    assert digest(other) != digest(Lamp(1.0))


def test_a_number_of_numpy_counts_as_the_number():
    assert canonical(np.float64(0.1)) == canonical(0.1)
    assert canonical(np.int64(3)) == 3


def test_arrays_of_other_shape_or_kind_differ():
    assert len({digest(a) for a in (np.zeros(4), np.zeros((2, 2)), np.zeros(4, np.int64), np.ones(4))}) == 4


def test_what_can_not_be_described_is_refused():
    with pytest.raises(TypeError, match="function can't be described for a hash"):
        canonical({"call": test_what_can_not_be_described_is_refused})


def test_a_scenario_is_described_without_its_name_and_the_order_of_measures():
    chosen = measures()

    assert described(scenario("one", chosen)) == described(scenario("other", chosen[::-1]))


def test_any_parameter_changes_the_description_of_a_scenario():
    park = small_park()
    changed = [
        scenario(park=park),
        scenario(chosen=measures()[:1], park=park),
        scenario(park=park.replace("crew", size=2)),
        scenario(park=park.replace("feeder", rating_kw=900.0)),
        Scenario("", park, week().at(date(2022, 3, 8), hours=168.0)),
    ]

    assert len({digest(described(one)) for one in changed}) == len(changed)


def test_the_code_has_one_fingerprint():
    assert code_fingerprint() == code_fingerprint()
    assert len(code_fingerprint()) == 64


def test_all_that_is_left_out_of_the_fingerprint_decides_no_number():
    deciding = {"carriers.py", "timebase.py", "kernel", "physics", "data", "end_uses", "components", "park.py", "context.py"}

    assert not ABOVE_KPIS & (deciding | {"park_draw.py", "measures", "policies", "scenario.py", "kpis", "claims.py"})


def test_versions_of_the_deciding_libraries_are_told():
    assert set(versions()) == {"numpy", "scipy", "simpy", "pvlib", "iapws", "psychrolib"}


def test_a_checkout_is_told_with_its_commit(tmp_path):
    (tmp_path / "carriers.py").write_text("", encoding="utf-8")

    def git(*words):
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)

    git("init")
    git("add", "carriers.py")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-m", "one")
    clean = commit(tmp_path)
    (tmp_path / "carriers.py").write_text("changed", encoding="utf-8")

    assert len(clean[0]) == 40
    assert clean[1] is False
    assert commit(tmp_path) == (clean[0], True)


def test_without_a_checkout_there_is_no_commit(tmp_path):
    assert commit(tmp_path) == (None, None)


def test_the_package_is_looked_at_where_it_is():
    assert (PACKAGE / "carriers.py").is_file()
