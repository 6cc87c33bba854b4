"""The queue M/M/1 by Lindley's recursion, for tests of what is estimated from replications."""

from eipsim.kernel.streams import Stream


def mean_wait_h(utilisation: float, seed: int, replication: int, customers: int = 400, warm_up: int = 100) -> float:
    """Return the mean wait in the queue of customers after a warm-up; one customer an hour is served [h]."""
    arrivals, services = (Stream(seed, replication, "mm1", purpose) for purpose in ("arrival", "service"))
    wait_h, total_h = 0.0, 0.0
    for k in range(warm_up + customers):
        if k >= warm_up:
            total_h += wait_h
        wait_h = max(0.0, wait_h + services.exponential(1.0) - arrivals.exponential(1.0 / utilisation))
    return total_h / customers
