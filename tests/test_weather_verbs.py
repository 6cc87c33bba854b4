"""``eipsim weather show``."""

from pathlib import Path

import pytest
import weather_files
from typer.testing import CliRunner

from eipsim import cli


def shown(*words: object, folder: Path) -> object:
    return CliRunner().invoke(cli.app, ["weather", "show", *(str(word) for word in words), "--results", str(folder)])


@pytest.mark.slow
def test_a_file_is_told_by_month_and_drawn(tmp_path: Path) -> None:
    path = weather_files.epw(tmp_path / "bien hoa.epw", weather_files.year())

    done = shown(path, "context.hours=1440", folder=tmp_path)

    assert done.exit_code == 0, done.output
    assert "Weather: bien hoa.epw" in done.stdout
    assert "60 days:" in done.stdout
    assert (tmp_path / "weather" / "figures" / "weather_year.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere.epw",), "nowhere.epw: there is no such file"),
        (("a.epw", "b.epw"), "weather show a.epw b.epw: takes one file"),
        (("context.weather.typ=file",), "did you mean 'context.weather.type'?"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    done = shown(*words, folder=tmp_path)

    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
