"""Words and numbers in two languages."""

import string
from datetime import date

import pytest

from eipsim.errors import DataError
from eipsim.plots.labels import LANGUAGES, Labels
from eipsim.readers.tables import packaged, read_lines

ROWS = [line.cells for line in read_lines(packaged("labels.csv"))]


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_a_label_has_both_languages_and_the_same_places_in_each(row):
    assert row["en"]
    assert row["vi"]
    assert places(row["en"]) == places(row["vi"])


def test_no_key_stands_twice():
    keys = [row["key"] for row in ROWS]

    assert len(keys) == len(set(keys))


def test_all_letters_have_a_glyph_in_the_font():
    from matplotlib.font_manager import fontManager
    from matplotlib.ft2font import FT2Font

    regular, bold = (FT2Font(fontManager.findfont("DejaVu Sans:bold" if weight else "DejaVu Sans")) for weight in (0, 1))
    letters = {ord(letter) for row in ROWS for letter in row["en"] + row["vi"]} | {0xA0, 0x2212, 0x2013}

    assert letters - set(regular.get_charmap()) == set()
    assert letters - set(bold.get_charmap()) == set()


@pytest.mark.parametrize(
    ("value", "decimals", "english", "vietnamese"),
    [
        (36_256.0, None, "36,256", "36.256"),
        (1.8714, None, "1.87", "1,87"),
        (27.817, 3, "27.817", "27,817"),
        (0.0, None, "0", "0"),
        (-3.71, 1, "−3.7", "−3,7"),
        (-0.001, 1, "0.0", "0,0"),
        (float("nan"), None, "–", "–"),
    ],
)
def test_numbers_have_the_marks_of_the_language(value, decimals, english, vietnamese):
    assert Labels("en").number(value, decimals) == english
    assert Labels("vi").number(value, decimals) == vietnamese


def test_a_percentage_below_ten_has_one_decimal_and_a_gap_has_its_sign():
    labels = Labels("en")

    assert [labels.percent(share) for share in (0.83, 0.0449, 0.0999)] == [
        "83\N{NO-BREAK SPACE}%",
        "4.5\N{NO-BREAK SPACE}%",
        "10\N{NO-BREAK SPACE}%",
    ]
    assert labels.signed_percent(0.05).startswith("+5.0")
    assert labels.signed_percent(-0.05).startswith("−5.0")


def test_a_number_and_its_unit_are_never_parted():
    assert " " not in Labels("vi").quantity(30_110.0, "t_co2e")


def test_dates_are_written_as_each_language_does():
    day = date(2022, 7, 3)

    written = [Labels(language).full_date(day).replace("\N{NO-BREAK SPACE}", " ") for language in LANGUAGES]

    assert written == ["3 Jul 2022", "3/7/2022"]
    assert [Labels(language).weekday(day) for language in LANGUAGES] == ["Sunday", "Chủ nhật"]


def test_a_name_that_only_a_user_knows_is_shown_as_it_is():
    assert Labels("vi").name("end_use", "laser_cutting") == "laser cutting"
    assert Labels("vi").name("end_use", "lighting") == "Chiếu sáng"


def test_an_unknown_language_is_an_error():
    with pytest.raises(DataError, match="language = 'fr': must be one of en, vi"):
        Labels("fr")


def test_an_unknown_key_is_an_error_that_says_the_nearest():
    with pytest.raises(DataError, match=r"no key 'unit\.GW': did you mean 'unit\.GWh'"):
        Labels().text("unit.GW")
