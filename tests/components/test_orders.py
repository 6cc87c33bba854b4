import math

import numpy as np
import pytest
from benches import batch_line, bench, workshop

from eipsim.components.orders import MONTH_H, OrderBook
from eipsim.kernel.streams import Stream


def book(frac, sigma=0.8, replication=0):
    return OrderBook(Stream(1, replication, "levels"), Stream(1, replication, "days"), frac, sigma)


def test_a_full_order_book_always_has_work():
    assert book(1.0).has_orders(24.0 * np.arange(365)).all()


def test_days_with_orders_have_their_share():
    days = book(0.9, 0.0).has_orders(24.0 * np.arange(20_000))

    assert np.mean(days) == pytest.approx(0.9, abs=4 * (0.09 / 20_000) ** 0.5)


def test_months_differ_more_than_days_alone_would_make_them():
    def spread(sigma):
        shares = []
        for r in range(40):
            days = book(0.9, sigma, r).has_orders((MONTH_H * np.arange(12)[:, None] + 24.0 * np.arange(25)).ravel())
            shares.append(np.mean(days))
        return np.std(shares)

    assert spread(1.5) > 2 * spread(0.0)


def test_lines_of_a_factory_have_the_same_months():
    levels = [OrderBook(Stream(1, 0, "levels"), Stream(1, 0, f"line {k}"), 0.9, 0.8) for k in range(2)]

    for one in levels:
        one.has_orders(np.array([8000.0]))

    assert levels[0]._months == levels[1]._months


def test_a_line_without_orders_stands_idle_and_counts_the_hours():
    days = tuple(float(24 * day + hour) for day in range(80) for hour in (6, 22))

    run = bench(workshop(lines=(batch_line(ordered_frac=0.5, order_sigma=0.0, mtbf_h=math.inf),)), 2000.0, edges_h=days)

    unordered, open_h = (run.amount(component="it", port=port) for port in ("unordered_0", "open"))
    busy = sum(run.amount(component="it", port=f"{what}_0") for what in ("run", "set_up"))
    assert 0.3 < unordered / open_h < 0.7
    assert busy + unordered == pytest.approx(open_h, abs=1e-6)
