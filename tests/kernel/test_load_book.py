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
    return simulate(parts, 24.0 * DAYS, counted_from_h=48.0).loads


def test_the_loads_after_a_midnight_close_by_themselves(book):
    later = book.counted()

    assert later.residual() < 1e-9
    assert later.by_day.shape == (DAYS - 2, *book.by_day.shape[1:])
    assert later.at_end == book.at_end
    assert later.at_start == book.then.held


def test_what_was_booked_before_is_left_out(book):
    first, later = book.then.booked, book.counted().booked

    for name, sinks in book.booked.items():
        for where, kg in sinks.items():
            assert np.add(first[name][where], later[name][where]) == pytest.approx(kg)
    assert 0 < later["river"]["effluent"][0] < book.booked["river"]["effluent"][0]


def test_samples_are_told_by_the_hours_since_that_midnight(book):
    samples, later = book.samples["river.effluent"], book.counted().samples["river.effluent"]

    assert later[0, 0] == 1.0
    assert np.array_equal(later[:, 1:], samples[samples[:, 0] > 48.0, 1:])
    assert samples[-1, 0] <= 24.0 * DAYS


def test_nothing_is_left_out_of_a_run_that_counts_from_its_first_hour_or_from_no_midnight():
    for hour in (0.0, 13.0):
        book = simulate(works(), 24.0, counted_from_h=hour).loads

        assert book.counted() is book


def test_what_is_there_when_a_run_begins_to_count_is_what_a_shorter_run_ends_with(book):
    parts = works(
        pond=PolishingPond(volume_m3=300.0, to="outfall"),
        river=River(place="outfall"),
        monitor=OnlineMonitor(watches="river.effluent"),
    )

    shorter = simulate(parts, 48.0).loads

    assert book.then.day == 2
    assert book.then.held.keys() == shorter.at_end.keys()
    for name, kg in shorter.at_end.items():
        assert book.then.held[name] == pytest.approx(kg, rel=1e-9, abs=1e-9)
