import numpy as np
import pytest
from loaded_works import works
from toys import simulate

from eipsim.components import OnlineMonitor, PolishingPond, River

DAYS = 6


@pytest.fixture(scope="module")
def book():
    """Six days of a plant with a pond and a monitor."""
    parts = works(
        pond=PolishingPond(volume_m3=300.0, to="outfall"),
        river=River(place="outfall"),
        monitor=OnlineMonitor(watches="river.effluent"),
    )
    return simulate(parts, 24.0 * DAYS).loads


def test_the_loads_after_a_midnight_close_by_themselves(book):
    later = book.after(2)

    assert later.residual() < 1e-9
    assert later.by_day.shape == (DAYS - 2, *book.by_day.shape[1:])
    assert later.at_end == book.at_end
    assert later.at_start == book.midnights[1].held


def test_what_was_booked_before_is_left_out(book):
    first, later = book.midnights[1].booked, book.after(2).booked

    for name, sinks in book.booked.items():
        for where, kg in sinks.items():
            assert np.add(first[name][where], later[name][where]) == pytest.approx(kg)
    assert 0 < later["river"]["effluent"][0] < book.booked["river"]["effluent"][0]


def test_samples_are_told_by_the_hours_since_that_midnight(book):
    samples, later = book.samples["river.effluent"], book.after(2).samples["river.effluent"]

    assert later[0, 0] == 1.0
    assert np.array_equal(later[:, 1:], samples[samples[:, 0] > 48.0, 1:])
    assert samples[-1, 0] <= 24.0 * DAYS


def test_nothing_is_left_out_of_no_days(book):
    assert book.after(0) is book
