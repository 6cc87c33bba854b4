"""Which weather a configuration asks for."""

from pathlib import Path

import pytest
import weather_files

from eipsim.assembly import context
from eipsim.errors import ConfigError, Problems

PLACE = {"name": "here", "date": "2022-01-01", "hours": 48, **weather_files.PLACE}


def built(**weather: object) -> object:
    with Problems("what was asked for", ConfigError) as problems:
        found = context({**PLACE, "weather": weather}, "context", problems)
    return found


def test_without_a_word_the_weather_is_the_mean_day() -> None:
    found = built()

    assert found.weather is None
    assert not found.stochastic


def test_a_stochastic_year_is_asked_for_by_its_type() -> None:
    assert built(type="stochastic").stochastic


@pytest.mark.slow
def test_a_file_is_enough_to_ask_for_its_hours(tmp_path: Path) -> None:
    year = weather_files.year()
    path = weather_files.epw(tmp_path / "year.epw", year)

    found = built(file=str(path))

    assert found.weather.name == "year.epw"
    assert found.profile("ambient_c")[::2].tolist() == year.ambient_c[:48].tolist()


@pytest.mark.slow
def test_wind_of_a_file_cools_the_modules(tmp_path: Path) -> None:
    """2.5 m/s in the EPW file, nothing in the plain one, which has the wind of a roof among others: 1 m/s."""
    year = weather_files.year()

    windy = built(file=str(weather_files.epw(tmp_path / "year.epw", year))).profile("solar:10:180")
    calm = built(file=str(weather_files.plain(tmp_path / "year.csv", year))).profile("solar:10:180")

    assert 1.005 * calm.sum() < windy.sum() < 1.05 * calm.sum()


@pytest.mark.parametrize(
    ("weather", "message"),
    [
        ({"type": "file"}, "context.weather.type = 'file' does not go with weather.file = None: give the file"),
        ({"type": "stochastic", "file": "a.epw"}, "'stochastic' does not go with weather.file = a.epw: leave one of them out"),
        ({"type": "mean_day", "file": "a.epw"}, "'mean_day' does not go with weather.file = a.epw: leave one of them out"),
        ({"type": "rainy"}, "context.weather.type = 'rainy': must be"),
        ({"file": "nowhere.epw"}, "nowhere.epw: there is no such file"),
        ({"utc_offset_h": 20}, "context.weather.utc_offset_h = 20"),
    ],
)
def test_weather_that_does_not_fit_is_a_problem(weather: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        built(**weather)

    assert message in str(raised.value)
