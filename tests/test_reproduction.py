"""Records of any experiment are compared, whatever their tables are."""

from eipsim.reproduction import differences, recorded_names
from eipsim.results import accept
from eipsim.store.folders import write_folder

ROWS = "claim,kpi,published,desk\na,co2,1,2\nb,water,3,4\nb,water,5,6\n"


def write(folder, rows):
    write_folder(folder, "draw", {"reached.csv": rows.encode(), "manifest.json": b'{"draw": 1}'})


def test_a_result_that_is_not_about_savings_is_recorded_with_all_its_tables(tmp_path):
    write(tmp_path, ROWS)

    files = accept("draw", tmp_path)

    assert [path.name for path in files] == ["reached.csv"]
    assert recorded_names(tmp_path) == ["draw"]
    assert differences("draw", tmp_path) == []


def test_rows_that_are_named_alike_are_told_apart(tmp_path):
    write(tmp_path, ROWS)
    accept("draw", tmp_path)
    write(tmp_path, ROWS.replace("5,6", "5,7"))

    assert differences("draw", tmp_path) == ["reached.csv, b water (2), desk: recorded 6, now 7"]


def test_what_an_ensemble_adds_to_the_claims_is_no_difference(tmp_path):
    head, manifest = "claim,simulated,left_out_low,left_out_high\n", {"manifest.json": b"{}"}
    write_folder(tmp_path, "draw", {"claims.csv": f"{head}a,2,,\n".encode()} | manifest)
    accept("draw", tmp_path)
    write_folder(tmp_path, "draw", {"claims.csv": f"{head}a,3,1.5,40\n".encode()} | manifest)

    assert differences("draw", tmp_path) == ["claims.csv, a, simulated: recorded 2, now 3"]
