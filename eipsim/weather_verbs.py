"""The verb ``eipsim weather show``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

weather = typer.Typer(no_args_is_help=True, help="Look at the weather of a context or of a file.")


@weather.callback()
def _weather() -> None:
    """Look at the weather of a context or of a file."""


@weather.command()
def show(
    asked: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE] [OVERRIDES]...",
            help="EPW, TMY3, PVGIS or CSV file, and overrides such as [cyan]context.weather.type=stochastic[/].",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 2022,
    replication: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    language: Annotated[Literal["en", "vi"], typer.Option(help="Of the figure.")] = "en",
    results: Annotated[Path, typer.Option("--results", help="Folder of all results.")] = Path("results"),
) -> None:
    """Print the monthly means of a year of weather and draw it.

    Without a file it is that of the context; with [cyan]context.weather.type=stochastic[/] one replication's draw.
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        from .assembly import context
        from .config import read
        from .errors import ConfigError
        from .plots.slides import encode_slides
        from .plots.weather_year import draw_weather_year
        from .results import write_figures
        from .studies.weather_year import monthly_table, weather_year

        files = [word for word in asked or [] if "=" not in word]
        overrides = [word for word in asked or [] if "=" in word]
        if len(files) > 1:
            raise ConfigError(f"weather show {' '.join(files)}: takes one file")
        composed = read([*overrides, *(f"context.weather.file={file!r}" for file in files)])
        found = context(composed.values.get("context"), "context", composed.problems)
        composed.problems.raise_if_any()
        assert found is not None
        year = weather_year(found, seed=seed, replication=replication)
        console().print(drawn(monthly_table(year)))
        figure = draw_weather_year(
            year.month,
            ghi_w_per_m2=year.ghi_w_per_m2,
            ambient_c=year.ambient_c,
            rain_mm_per_h=year.rain_mm_per_h,
            name=year.name,
            language=language,
        )
        slides = encode_slides({"weather_year": figure}, language=language)
        name_files(write_figures(results, "weather", slides))
