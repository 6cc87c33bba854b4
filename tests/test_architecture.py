"""The floors and fences of the design, held by parsing imports and calls."""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "eipsim"

FLOORS = {
    0: ("units", "carriers", "timebase", "errors"),
    1: ("physics", "kernel", "readers", "data", "fingerprint"),
    2: ("end_uses",),
    3: ("components",),
    3.4: ("weather", "design_storm"),
    3.7: ("weather_draw",),
    3.9: ("park_checks",),
    4: ("park", "context"),
    4.5: ("park_draw", "park_loads", "park_networks"),
    5: ("measures", "policies"),
    5.5: ("run_in",),
    6: ("scenario",),
    7: ("kpis", "claims"),
    7.5: ("store",),
    8: ("results", "engines"),
    8.2: ("replication", "tabulation"),
    8.4: ("work",),
    8.5: ("experiment",),
    8.6: ("experiment_run", "reproduction", "summary"),
    8.7: ("precision", "questions"),
    8.8: ("export", "rerun", "comparison"),
    9: ("studies",),
    10: ("plots", "report", "app"),
    11: (
        "schema",
        "validation",
        "composition",
        "assembly",
        "config",
        "study_assembly",
        "sweep",
        "cli",
        "screen",
        "study_ending",
        "study_runs",
        "adoption_runs",
        "road_map_runs",
        "ensemble_runs",
        "decision_assembly",
        "attribution_runs",
        "waterfall_runs",
        "progress",
        "results_cli",
        "audit_verbs",
        "catalogue_verbs",
        "detectable_verbs",
        "economics_verbs",
        "operator_verbs",
        "scorecard_verbs",
        "weather_verbs",
        "__main__",
        "__init__",
    ),
}
"""The design's floors; files of one floor that build on each other stand on landings between."""

FLOOR_OF = {name: floor for floor, names in FLOORS.items() for name in names}

FENCES = {
    "simpy": ("kernel/",),
    "hydra": ("composition.py", "sweep.py"),
    "omegaconf": ("composition.py",),
    "matplotlib": ("plots/", "report/", "app/"),
    "plotly": ("plots/", "report/", "app/"),
    "random": ("kernel/streams.py",),
    "numpy.random": ("kernel/streams.py",),
    "secrets": ("kernel/streams.py",),
    "rich": ("cli.py", "screen.py", "progress.py"),
    "typer": (
        "cli.py",
        "screen.py",
        "results_cli.py",
        "weather_verbs.py",
        "audit_verbs.py",
        "catalogue_verbs.py",
        "detectable_verbs.py",
        "economics_verbs.py",
        "operator_verbs.py",
        "scorecard_verbs.py",
    ),
}
WRITERS = {"write_text", "write_bytes", "to_csv", "to_parquet", "to_json", "savefig", "mkdir", "unlink", "rename"}
MAY_WRITE = ("results.py", "store/", "work.py", "report/", "plots/")
NESTED = {"locale", "configs", "__pycache__"}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "configs" not in path.relative_to(PACKAGE).parts)


def within(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported(tree: ast.AST, path: Path) -> Iterator[str]:
    """Yield the absolute dotted name of everything a module imports."""
    package = ["eipsim", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and node.attr == "random" and ast.unparse(node) in {"np.random", "numpy.random"}:
            yield "numpy.random"


parsed = functools.cache(ast.parse)


@functools.cache
def imports(source: str, path: Path) -> tuple[str, ...]:
    return tuple(imported(parsed(source), path))


def floor_breaches(source: str, path: Path) -> list[str]:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    breaches = []
    for name in imports(source, path):
        parts = name.split(".")
        if parts[0] != "eipsim" or len(parts) == 1 or parts[1] == own:
            continue
        other = parts[1]
        if other not in FLOOR_OF:
            other = "__init__"
        if FLOOR_OF[other] >= FLOOR_OF[own] and not (FLOOR_OF[other] == FLOOR_OF[own] in (0, 11)):
            breaches.append(f"{within(path)} (floor {FLOOR_OF[own]}) imports {name} (floor {FLOOR_OF[other]})")
    return breaches


def fence_breaches(source: str, path: Path) -> list[str]:
    where = within(path)
    breaches = []
    for name in imports(source, path):
        for fenced, allowed in FENCES.items():
            if (name == fenced or name.startswith(fenced + ".")) and not where.startswith(allowed):
                breaches.append(f"{where} imports {name}: only {', '.join(allowed)} may")
    return breaches


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node


def writes(source: str) -> list[str]:
    found = []
    for name, call in calls(source):
        place = 0 if isinstance(call.func, ast.Attribute) else 1
        modes = [*call.args[place : place + 1], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
        opens = name == "open" and any(isinstance(mode, ast.Constant) and str(mode.value)[:1] in set("wax") for mode in modes)
        if opens or name in WRITERS:
            found.append(f"line {call.lineno}: {name}")
    return found


def test_modules_import_only_from_floors_below():
    assert [breach for path in modules() for breach in floor_breaches(path.read_text(encoding="utf-8"), path)] == []


def test_modules_stay_inside_the_fences():
    assert [breach for path in modules() for breach in fence_breaches(path.read_text(encoding="utf-8"), path)] == []


def test_every_module_has_a_floor():
    tops = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules()}

    assert tops - set(FLOOR_OF) == set()


def test_a_module_that_looks_up_is_found():
    source = "from .kpis.energy import electricity_assessed_kwh\nfrom eipsim import scenario"

    breaches = floor_breaches(source, PACKAGE / "park.py")

    assert [line.split(" imports ")[1] for line in breaches] == [
        "eipsim.kpis.energy.electricity_assessed_kwh (floor 7)",
        "eipsim.scenario (floor 6)",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import simpy",
        "from simpy.core import Environment",
        "import numpy as np\nnp.random.default_rng()",
        "from numpy.random import Generator",
    ],
)
def test_a_fence_that_is_crossed_is_found(source):
    assert len(fence_breaches(source, PACKAGE / "components" / "factory.py")) == 1


def test_print_is_only_in_the_command_line():
    printing = [
        within(path) for path in modules() if any(name == "print" for name, _ in calls(path.read_text(encoding="utf-8")))
    ]

    assert set(printing) <= {
        "screen.py",
        "study_ending.py",
        "study_runs.py",
        "audit_verbs.py",
        "catalogue_verbs.py",
        "detectable_verbs.py",
        "economics_verbs.py",
        "operator_verbs.py",
        "scorecard_verbs.py",
        "progress.py",
        "results_cli.py",
        "cli.py",
        "weather_verbs.py",
    }


def test_files_are_written_only_by_results_and_reports():
    writing = {
        within(path): found
        for path in modules()
        if not within(path).startswith(MAY_WRITE) and (found := writes(path.read_text(encoding="utf-8")))
    }

    assert writing == {}


def test_a_file_opened_for_writing_is_found():
    assert writes("from pathlib import Path\nPath('a').open('w')") == ["line 2: open"]
    assert writes("open('a')") == []


def test_files_are_shorter_than_400_lines():
    lengths = {within(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {name: length for name, length in lengths.items() if length >= 400} == {}


def test_no_folder_stands_inside_a_folder():
    nested = [
        within(path)
        for path in PACKAGE.glob("*/*/")
        if path.is_dir() and path.name not in NESTED and path.parent.name not in NESTED
    ]

    assert nested == []


def test_nothing_is_called_utils():
    assert [within(path) for path in modules() if "util" in path.stem or "helper" in path.stem] == []


def test_importing_eipsim_loads_no_heavy_library():
    heavy = ["pandas", "pyarrow", "pvlib", "matplotlib", "scipy", "hydra", "simpy", "numpy"]
    code = f"import sys, eipsim; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)

    assert done.stdout.strip() == "[]"
