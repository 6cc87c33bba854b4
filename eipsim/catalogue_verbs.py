"""The verbs ``eipsim catalogue show|check|convert``: what an assessor's list of measures holds, and what is wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .readers.catalogue_sheet import Sheet
    from .readers.catalogue_table import CatalogueRow
    from .summary import Table

catalogue = typer.Typer(no_args_is_help=True, help="Look at a catalogue of measures, check it, or take it to Excel and back.")

File = Annotated[Path, typer.Argument(help="A catalogue: a CSV file or an Excel workbook.", show_default=False)]


@catalogue.command()
def show(
    file: File,
    *,
    rows: Annotated[bool, typer.Option("--rows", help="List every measure, not sums by category.")] = False,
) -> None:
    """Tell how many measures of each category a catalogue has, and what they promise on paper."""
    from .screen import console, drawn, mistakes_told

    with mistakes_told():
        from .readers.catalogue_table import read_catalogue

        read = read_catalogue(file)
        out = console()
        out.print(drawn(_list_of(file.name, read) if rows else _sums_of(file.name, read)))


@catalogue.command()
def check(
    file: File,
    overrides: Annotated[
        list[str] | None,
        typer.Argument(help="Hydra overrides of the park it is for, such as [cyan]park=amata_full[/].", show_default=False),
    ] = None,
) -> None:
    """Name every problem of a catalogue at once, by row, column and cell: of the file, of rows, and of the park.

    Exit code 2 if there is any.
    """
    from .screen import console, mistakes_told

    with mistakes_told():
        from .assembly import park as built_park
        from .config import read
        from .measures import SupplierMeasure
        from .measures.catalogue import examine

        composed = read(overrides or [])
        park = built_park(composed.values.get("park"), "park", composed.problems)
        composed.problems.raise_if_any()
        assert park is not None
        found = examine(file, park)
        found.problems.raise_if_any()
        done = sum(measure.status == "implemented" for measure in found.measures)
        suppliers = {one.factory for one in found.measures if isinstance(one, SupplierMeasure)}
        firms = f"in {len({one.factory for one in found.measures} - suppliers)} factories"
        where = f"{firms} and at {len(suppliers)} suppliers of the park" if suppliers else firms
        sums = f"{file.name}: {len(found.measures)} measures {where}, {done} of them implemented."
        console().print(f'{sums} All fit park "{park.name}".', markup=False, soft_wrap=True)


@catalogue.command()
def convert(
    file: File,
    *,
    to: Annotated[Path, typer.Option("--to", help="File to write: .xlsx or .csv.", show_default=False)],
    codes: Annotated[
        bool, typer.Option("--codes", help="Fill empty cells of arc_code with the usual code of the type of measure.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Take a catalogue from CSV to Excel or back, without loss: what was written is read again and compared.

    A workbook gets a second sheet that says what the columns mean. Rows need not be right for that; cells that no table can
    hold (merged ones, errors of formulas) are refused.
    """
    from .screen import console, mistakes_told

    with mistakes_told():
        from .errors import CatalogueError, Problems, ResultsError
        from .measures.catalogue import explained_columns
        from .readers.catalogue_sheet import EXCEL, csv_of, differing
        from .readers.catalogue_table import catalogue_workbook, read_catalogue_sheet
        from .store import replace_file

        if to.suffix.lower() not in (EXCEL[0], ".csv"):
            raise CatalogueError(f"--to {to}: must end in .xlsx or .csv")
        if not to.parent.is_dir():
            raise ResultsError(f"--to {to}: there is no folder {to.parent}")
        if to.exists() and not force:
            raise ResultsError(f"--to {to}: is there already: choose another name, or add --force")
        with Problems(file.name, CatalogueError) as problems:
            sheet = read_catalogue_sheet(file, problems)
        if codes:
            sheet = _with_codes(sheet)
        if to.suffix.lower() == ".csv":
            data = csv_of(sheet.columns, (line.cells for line in sheet.lines)).encode()
        else:
            data = catalogue_workbook(sheet, explained_columns(sheet.columns))
        replace_file(to, data)
        with Problems(to.name, CatalogueError) as problems:
            lost = differing(sheet, read_catalogue_sheet(to, problems))
            for place in lost:
                problems.add(place, "does not read back as it was written")
        console().print(
            f"{to}: {len(sheet.lines)} rows, {len(sheet.columns)} columns, and every cell reads back the same.",
            markup=False,
            soft_wrap=True,
        )


def _with_codes(sheet: Sheet) -> Sheet:
    """Return a sheet in which each row has a code, if its type has a single one."""
    from .readers.arc_table import read_arc_codes

    known = read_arc_codes()
    columns = sheet.columns
    if "arc_code" not in columns:
        place = columns.index("status") + 1 if "status" in columns else len(columns)
        columns = (*columns[:place], "arc_code", *columns[place:])
    lines = []
    for line in sheet.lines:
        usual = known.get(line.cells.get("type", ""))
        own = line.cells.get("arc_code", "")
        lines.append(line._replace(cells={**line.cells, "arc_code": own or (usual.arc_code if usual else "")}))
    return sheet._replace(columns=columns, lines=tuple(lines))


_SUMS = (
    ("saving_kwh_per_yr", "MWh/yr", 1e-3),
    ("saving_lpg_t_per_yr", "LPG t/yr", 1.0),
    ("saving_other_fuel_gj_per_yr", "other fuel GJ/yr", 1.0),
    ("saving_water_m3_per_yr", "water m3/yr", 1.0),
    ("saving_vnd_per_yr", "M VND/yr", 1e-6),
    ("saving_co2_t_per_yr", "t CO2/yr", 1.0),
    ("capital_vnd", "capital M VND", 1e-6),
)


def _figures(rows: Iterable[CatalogueRow]) -> tuple[str, ...]:
    from math import fsum

    from .summary import number

    rows = list(rows)
    return tuple(number(factor * fsum(float(row.cell(column)) for row in rows), 3) for column, _, factor in _SUMS)


def _sums_of(name: str, rows: Sequence[CatalogueRow]) -> Table:
    from .summary import Table

    groups = sorted({str(row.cell("recp_category")) for row in rows})
    lines = []
    for group in groups:
        own = [row for row in rows if row.cell("recp_category") == group]
        lines.append((group, str(len(own)), str(_done(own)), *_figures(own)))
    lines.append(("all", str(len(rows)), str(_done(rows)), *_figures(rows)))
    heads = ("RECP category", "measures", "implemented", *(words for _, words, _ in _SUMS))
    return Table(f"Catalogue {name}", heads, lines, f"What rows promise on paper, without interactions. {_origin(name)}", 1)


def _list_of(name: str, rows: Sequence[CatalogueRow]) -> Table:
    from .summary import Table

    words = ("id", "factory", "end_use", "type", "arc_code", "status")
    lines = [(*(str(row.cell(column)) for column in words), *_figures([row])) for row in rows]
    heads = ("id", "factory", "end use", "type", "code", "status", *(head for _, head, _ in _SUMS))
    return Table(f"Catalogue {name}", heads, lines, _origin(name), len(words))


def _origin(name: str) -> str:
    """Return that rows describe no real firm, of the catalogue that eipsim carries."""
    from .summary import SYNTHETIC

    return SYNTHETIC if Path(name).stem == "amata_159" else ""


def _done(rows: Iterable[CatalogueRow]) -> int:
    return sum(row.cell("status") == "implemented" for row in rows)
