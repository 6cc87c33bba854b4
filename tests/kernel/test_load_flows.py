"""Rates noted at settlements become volumes of bins."""

from struct import pack

import pytest

from eipsim.carriers import LOADS
from eipsim.kernel.load_flows import Flows
from eipsim.kernel.load_users import Users
from eipsim.kernel.ports import inlet, outlet

TANK_IN, POWER, TANK_OUT = inlet("sewage"), inlet("electricity"), outlet("sewage")


def brought(volume):
    """What users of one group bring, half a kilogram of each load with a cubic metre, and the 0 that sums end with."""
    return pack(f"{len(LOADS) + 2}d", *[0.5 * volume] * len(LOADS), volume, 0.0)


def flows_of(rows, user_rates=(), **settings):
    """Bins of 1 h of a tank that takes and gives, and one group of users; rows of hour and rates, volumes that users bring."""
    users = Users([], [(0, "north")], {})
    prompt = [TANK_IN, POWER, TANK_OUT]
    flows = Flows(prompt, [TANK_IN, TANK_OUT], users, bin_h=1.0, turning=[(0, 1), (1, 0)], **settings)
    for k, (hour, *rates) in enumerate(rows):
        volume = user_rates[k] if user_rates else 0.0
        flows.note(hour, pack("3d", *rates), brought(volume))
    return flows


def test_a_bin_has_the_volume_of_each_rate_for_as_long_as_it_held():
    flows = flows_of(
        [(0.0, 1, 9, 0), (0.25, 3, 9, 0), (1.5, 5, 9, 0)],
        [6, 6, 8],
    )

    bins, moved, found = flows.fold(2.0)

    assert (bins.hours.tolist(), bins.ends_h.tolist()) == ([1, 1], [1, 2])
    assert moved.tolist() == [[0.25 * 1 + 0.75 * 3, 0.5 * 3 + 0.5 * 5], [0, 0]]
    assert found[0, :, -1].tolist() == [6, 7]
    assert found[0, :, 0].tolist() == [0.5 * 6, 0.5 * 7]


def test_the_last_rates_of_an_instant_count():
    flows = flows_of([(0.0, 1, 0, 0), (0.5, 100, 0, 0), (0.5, 3, 0, 0)])

    _, moved, _ = flows.fold(1.0)

    assert moved[0].tolist() == [2.0]


def test_it_is_time_to_fold_when_a_block_of_bins_is_complete():
    flows = flows_of([(0.0, 1, 0, 0), (1.5, 2, 0, 0)], block_h=48.0)

    assert (flows.is_full(48.75), flows.is_full(49.0)) == (False, True)
    flows.fold(49.25)
    assert (flows.is_full(97.75), flows.is_full(98.0)) == (False, True)


def test_it_is_time_to_fold_when_much_was_noted():
    rows = [(k / 1024, 1, 0, 0) for k in range(1024)]

    assert (flows_of(rows[:-1]).is_full(1.0), flows_of(rows).is_full(1.0)) == (False, True)


def test_what_a_bin_that_is_not_over_has_is_kept():
    flows = flows_of([(0.0, 1, 0, 0), (1.5, 2, 0, 0), (1.75, 4, 0, 0)])
    assert flows.fold(1.9)[0].ends_h.tolist() == [1.0]
    assert flows.fold(1.95) is None

    flows.note(2.5, pack("3d", 9, 9, 9), brought(0.0))
    bins, moved, _ = flows.fold(2.5, last=True)

    assert bins.ends_h.tolist() == [2.0, 2.5]
    assert moved[0].tolist() == pytest.approx([0.5 * 1 + 0.25 * 2 + 0.25 * 4, 0.5 * 4])


@pytest.mark.parametrize(
    ("rows", "ends"),
    [
        ([(0.0, 1, 0, 0), (0.5, 0, 0, 2)], [0.5, 1, 2]),
        ([(0.0, 1, 0, 0), (1.5, 0, 0, 0), (1.75, 0, 0, 2)], [1, 1.75, 2]),
        ([(0.0, 1, 0, 0), (1.0, 0, 0, 2)], [1, 2]),
        ([(0.0, 0, 1, 0), (0.25, 1, 0, 0), (0.5, 0, 1, 0), (1.25, 0, 0, 2)], [1, 2]),
        ([(0.0, 1, 0, 0), (0.25, 0, 0, 2), (0.5, 0, 1, 0), (0.75, 1, 0, 0)], [0.25, 0.75, 1, 2]),
    ],
    ids=["in one bin", "from the bin before", "as the bin ends", "not in the next bin", "and back again"],
)
def test_a_bin_ends_when_what_was_taken_in_it_is_given_back(rows, ends):
    assert flows_of(rows).fold(2.0)[0].ends_h.tolist() == ends
