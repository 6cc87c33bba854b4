"""What is left of a measure with the years, by its row or by its type."""

from dataclasses import replace

import pytest
from small_park import measure

from eipsim.errors import CatalogueError
from eipsim.readers.measure_persistence_table import MeasurePersistence
from eipsim.studies.persistence import LASTING, left_frac, persistence_of

LEAKS = measure("air_leaks", "candles", "air")
USUAL = {"air_leaks": MeasurePersistence("air_leaks", 4.0, 0.25, 0.02)}


def test_what_a_row_says_goes_before_what_is_usual_for_its_type():
    assert persistence_of(LEAKS, USUAL) == USUAL["air_leaks"]
    own = replace(LEAKS, installation_downtime_h=8.0, decay_frac_per_yr=0.0, commissioning_failure_frac=0.5)

    assert persistence_of(own, USUAL) == MeasurePersistence("air_leaks", 8.0, 0.0, 0.5)


def test_a_type_without_a_line_is_told():
    with pytest.raises(CatalogueError, match=r"column type = 'air_leaks': is not in measure_persistence\.csv; add its line"):
        persistence_of(LEAKS, {})


def test_a_year_has_what_decay_leaves_and_the_first_lacks_what_failed():
    kept = MeasurePersistence("", 0.0, 0.1, 0.2)

    assert [left_frac(kept, year) for year in (1, 2, 3)] == pytest.approx([0.8, 0.9, 0.81])
    assert left_frac(LASTING, 7) == 1.0
