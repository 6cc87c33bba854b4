import math

import numpy as np
import pytest
from pydantic import ValidationError

from eipsim.kernel.streams import Stream
from eipsim.kpis import Selecting, select

RULE = Selecting(indifference=1.0, first=10, most=2000)


def savings(means, sd, replications, seed, common_sd=0.0):
    """Normal savings, with a part that all scenarios share."""
    shared = Stream(seed, 0, "shared")
    luck = [common_sd * shared.normal() for _ in range(replications)]
    return {
        name: [mean + x + sd * own.normal() for x in luck]
        for name, mean in means.items()
        for own in [Stream(seed, 0, "own", name)]
    }


def test_a_scenario_that_is_clearly_best_is_selected_at_the_first_look():
    found = select(savings({"a": 0.0, "b": 50.0, "c": 10.0}, 1.0, 10, seed=1), RULE)

    assert (found.best, found.replications, found.ended_by) == ("b", 10, "alone")
    assert found.left_out_at == {"a": 10, "c": 10}
    assert found.means["b"] == pytest.approx(50.0, abs=1.5)


def test_a_scenario_is_left_out_exactly_beyond_the_reach_of_kim_and_nelson():
    noise = [3.0, -3.0] * 5
    variance, h2 = 10.0, (0.1 ** (-2 / 9) - 1) * 9
    reach = (h2 * variance - 10) / 20

    inside = select({"a": noise, "b": [reach - 0.01] * 10}, RULE)
    beyond = select({"a": noise, "b": [reach + 0.01] * 10}, RULE)

    assert reach == pytest.approx(2.506, abs=1e-3)
    assert inside is None
    assert (beyond.best, beyond.left_out_at) == ("b", {"a": 10})


@pytest.mark.parametrize("common_sd", [0.0, 5.0])
def test_the_best_is_selected_as_often_as_promised(common_sd):
    means = {"a": 0.0, "b": 0.0, "c": 0.0, "best": 1.0}

    found = [select(savings(means, 1.0, 120, seed, common_sd), RULE) for seed in range(150)]

    assert np.mean([one.best == "best" for one in found]) >= 0.95


def test_what_all_scenarios_share_costs_no_replications():
    means = {"a": 0.0, "best": 1.0}

    alone, shared = (select(savings(means, 1.0, 200, 3, common_sd), RULE) for common_sd in (0.0, 50.0))

    assert shared.replications == alone.replications


def test_scenarios_that_are_alike_are_ended_by_the_bound():
    alike = {"a": [3.0, -3.0] * 60, "b": [-3.0, 3.0] * 60}
    variance, h2 = 40.0, (0.1 ** (-2 / 9) - 1) * 9

    found = select({name: values[:] for name, values in alike.items()}, Selecting(indifference=2.0, first=10, most=500))

    assert found.replications <= math.floor(h2 * variance / 4.0) + 1 == 61
    assert found.ended_by in {"alone", "bound"}


def test_scenarios_without_any_difference_end_at_the_first_look():
    found = select({"a": [3.0] * 10, "b": [3.0] * 10}, RULE)

    assert (found.replications, found.ended_by) == (10, "bound")


def test_more_replications_are_asked_for_and_do_not_change_the_answer():
    given = savings({"a": 0.0, "b": 0.6}, 2.0, 300, seed=4)
    found = select(given, RULE)

    assert select({name: values[: found.replications - 1] for name, values in given.items()}, RULE) is None
    assert select({name: values[:5] for name, values in given.items()}, RULE) is None
    assert select({name: values[: found.replications] for name, values in given.items()}, RULE) == found


def test_the_greatest_number_ends_a_selection_without_a_promise():
    rule = Selecting(indifference=1e-3, first=10, most=12)

    found = select(savings({"a": 0.0, "b": 0.1}, 5.0, 12, seed=1), rule)

    assert (found.replications, found.ended_by) == (12, "most")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"indifference": 0.0}, "indifference\n.*greater than 0"),
        ({"kpi": "co2_assesed_t"}, "did you mean 'co2_assessed_t'"),
        ({"confidence_frac": 0.5}, "confidence_frac\n.*greater than 0.5"),
        ({"first": 1}, "first\n.*greater than or equal to 2"),
        ({"first": 20, "most": 10}, "most = 10: must be first = 20 or more"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        Selecting(**({"indifference": 1.0} | changes))
