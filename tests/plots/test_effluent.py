import numpy as np
import pytest
from made_up import LIMITS_G_PER_M3, draw_monitored, drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.effluent import draw_effluent, spells_of


def test_the_title_names_the_substance_that_is_beyond_its_limit_for_longest():
    assert title(drawn("effluent")).startswith("Total nitrogen is beyond its limit for 2,813 h;")
    assert title(drawn("effluent")).endswith("2 of 5")


def test_without_an_exceedance_the_title_names_what_comes_nearest():
    clean = {"cod": np.full(8760, 30.0), "tss": np.full(8760, 36.45)}

    assert title(draw_monitored(found_g_per_m3=clean)) == (
        "The effluent keeps all limits; Suspended solids comes nearest, with 90 % of its limit"
    )


def test_hours_and_number_of_spells_stand_beside_their_curve():
    words = texts(draw_monitored(samples=744))

    assert "242 h beyond it, 8 times; longest 31 h" in words
    assert "kept; 77 % of it at most" in words


def test_a_spell_lasts_until_the_first_sample_within_or_the_end_of_the_record():
    hour, found = np.array([2.0, 3.0, 7.0, 8.0]), np.array([9.0, 9.0, 1.0, 9.0])

    assert spells_of(hour, found, 5.0, 10.0) == (2, 7.0, 5.0)
    assert spells_of(hour, found, 10.0, 10.0) == (0, 0.0, 0.0)


def test_what_is_beyond_is_filled_between_limit_and_curve():
    peak = {"cod": np.array([50.0, 70.0, 50.0])}

    axes = draw_monitored(samples=3, found_g_per_m3=peak, hours=3.0).axes[0]

    heights = np.concatenate([path.vertices[:, 1] for path in axes.collections[0].get_paths()])
    assert (heights.min(), heights.max()) == (LIMITS_G_PER_M3["cod"], 70.0)


@pytest.mark.parametrize(
    ("hour", "found", "match"),
    [
        ([], {"cod": []}, "is empty: needs at least one sample"),
        ([2.0, 1.0], {"cod": [1.0, 1.0]}, "hours must increase"),
        ([1.0], {"iron": [1.0]}, "has no limit: limits are known of cod"),
        ([1.0], {"cod": [1.0, 2.0]}, "one value for each of 1 samples"),
        ([1.0], {"cod": [np.nan]}, "must be 0 or more"),
    ],
)
def test_what_cannot_be_drawn_is_named(hour, found, match):
    with pytest.raises(DataError, match=match):
        draw_effluent(hour, found, limits_g_per_m3=LIMITS_G_PER_M3, standard="x", start=None, hours=24.0)
