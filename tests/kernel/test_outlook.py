"""Sums that were worked out for rows ahead are those that a settlement would find, digit by digit."""

from dataclasses import dataclass

import pytest
from small_park import small_park, week
from toys import Foreman, Shifty, User

from eipsim.kernel import outlook
from eipsim.kernel.crew import Crew
from eipsim.kernel.ledger import Ledger
from eipsim.kernel.outlook import sight_of
from eipsim.kernel.ports import INLET
from eipsim.scenario import Scenario, prepare


@pytest.fixture
def seen(monkeypatch):
    """Find all sums anew at each settlement where nothing is cut; keep whether they are the same, and were ahead."""
    found, sum_up = [], Ledger.sum_up

    def checked(ledger, cut):
        totals = sum_up(ledger, cut)
        if not cut:
            anew = sight_of(*(s.now(ledger.activities, ledger.table[ledger.step]) for s in (ledger.sums, ledger.weighted)))
            found.append((ledger.sight == anew and totals == anew[1], ledger.sight is ledger.ahead))
        return totals

    monkeypatch.setattr(Ledger, "sum_up", checked)
    return found


def run(**more):
    prepare(Scenario("baseline", small_park(crew=Crew(1), **more), week(), ())).run()


@pytest.mark.parametrize("rows", [7, outlook.ROWS])
def test_sums_of_a_park_that_is_foreseen_are_all_known_ahead(monkeypatch, seen, rows):
    monkeypatch.setattr(outlook, "ROWS", rows)

    run()

    assert len(seen) > 400
    assert all(same and ahead for same, ahead in seen)


@pytest.mark.parametrize("rows", [7, outlook.ROWS])
def test_while_orders_hide_what_was_foreseen_sums_are_found_anew(monkeypatch, seen, rows):
    monkeypatch.setattr(outlook, "ROWS", rows)

    run(foreman=Foreman("denim"))

    assert all(same for same, _ in seen)
    assert 0.2 < sum(ahead for _, ahead in seen) / len(seen) < 0.9


def test_what_was_not_foreseen_is_doubted_until_it_is_as_it_was(seen):
    run(shifty=Shifty("electricity", 40.0, 9.0, 14.0, direction=INLET, place="site_1"))

    ahead = [known for _, known in seen]
    assert all(same for same, _ in seen)
    assert 0.2 < ahead.count(False) / len(ahead) < 0.5
    assert ahead[0]
    assert ahead[-1]


def test_a_user_that_posts_what_it_posted_before_is_believed(seen):
    @dataclass
    class Restless(User):
        def operate(self):
            yield self._fidget()

        def _fidget(self):
            while True:
                yield self.wait(0.7)
                self.changed()

    run(restless=Restless({}, {"electricity": 3.0}, place="site_1"))

    assert all(same and ahead for same, ahead in seen)
