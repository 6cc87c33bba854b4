"""Units of work on disk: whole or not at all, never replaced, and ruins are named."""

import errno
import gzip
import json
import os
import resource
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from eipsim.errors import ResultsError, StorageError
from eipsim.kernel.run import Event
from eipsim.kpis.detail import Detail, Monitored, Tank
from eipsim.store import (
    clear_failure,
    files,
    is_stored,
    read_detail,
    read_failure,
    read_run,
    read_unit,
    set_aside,
    store_unit,
    stored_keys,
    unit_files,
    units,
    write_failure,
    write_unit,
)

DETAIL = Detail(
    date(2022, 1, 1),
    0.5,
    ["peak", "normal"],
    {"grid_import_kw": np.array([1.5, 2.5])},
    {"tank": Tank(60.0, 51.0, np.array([[0.0, 1.0], [12.0, 6.0]]))},
    [Event(1.0, "tank", "high", 51.0)],
)


def test_a_unit_of_work_is_read_as_it_was_written(tmp_path):
    write_unit(tmp_path, "abc", {"settlements": 3, "kpis": {"a": 1 / 3}})

    assert read_unit(tmp_path, "abc") == {"settlements": 3, "kpis": {"a": 1 / 3}}
    assert read_unit(tmp_path, "other") is None
    assert read_detail(tmp_path, "abc") is None
    assert (is_stored(tmp_path, "abc"), is_stored(tmp_path, "other")) == (True, False)
    assert stored_keys(tmp_path) == ["abc"]


def test_what_a_monitor_saw_is_read_as_it_was_written(tmp_path):
    seen = Monitored("QCVN", {"cod": 60.75}, np.array([1.0, 2.0]), {"cod": np.array([30.25, 61.5])})

    write_unit(tmp_path, "abc", {}, DETAIL._replace(monitors={"monitor": seen}))

    found = read_detail(tmp_path, "abc").monitors["monitor"]
    assert found[:2] == seen[:2]
    assert found.hour.tolist() == [1.0, 2.0]
    assert found.found_g_per_m3["cod"].tolist() == [30.25, 61.5]


def test_how_a_run_went_stands_beside_its_numbers(tmp_path):
    store_unit(tmp_path, "abc", unit_files({"settlements": 3}), {"wall_s": 2.5, "peak_memory_mb": 300})

    assert read_run(tmp_path, "abc") == {"wall_s": 2.5, "peak_memory_mb": 300}
    assert read_unit(tmp_path, "abc") == {"settlements": 3, "wall_s": 2.5}
    assert read_run(tmp_path, "other") == {}


def test_a_unit_of_work_has_the_same_bytes_whenever_it_is_written(tmp_path):
    for folder in ("one", "two"):
        write_unit(tmp_path / folder, "abc", {"b": 1, "a": 2}, DETAIL)

    written = [sorted((path.name, path.read_bytes()) for path in (tmp_path / f / "runs/abc").iterdir()) for f in ("one", "two")]
    assert written[0] == written[1]


def test_who_comes_second_gives_way(tmp_path):
    write_unit(tmp_path, "abc", {"first": True})
    write_unit(tmp_path, "abc", {"first": False})

    assert read_unit(tmp_path, "abc") == {"first": True}
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["abc"]


def test_an_interrupted_unit_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(thing, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(units.json, "dumps", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store_unit(tmp_path, "abc", {"unit.json.gz": b"whole"}, {"wall_s": 1.0})

    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", gzip.compress(b"{"), gzip.compress(b"{}")[:-9], gzip.compress(b"{}")[:10] + b"\xff" * 30],
    ids=["empty", "not gzip", "half a table", "cut short", "overwritten"],
)
def test_a_unit_that_can_not_be_read_says_what_to_do(tmp_path, content):
    write_unit(tmp_path, "abc", {})
    (tmp_path / "runs/abc/unit.json.gz").write_bytes(content)

    with pytest.raises(ResultsError, match=r"unit\.json\.gz can't be read .*: delete the folder .*abc and run again"):
        read_unit(tmp_path, "abc")


def test_a_unit_that_is_no_table_of_numbers_says_what_to_do(tmp_path):
    write_unit(tmp_path, "abc", {})
    (tmp_path / "runs/abc/unit.json.gz").write_bytes(gzip.compress(b"[]"))

    with pytest.raises(ResultsError, match="holds no unit of work: delete the folder"):
        read_unit(tmp_path, "abc")


def test_a_changed_byte_in_parquet_is_found(tmp_path):
    write_unit(tmp_path, "abc", {}, DETAIL)
    path = tmp_path / "runs/abc/series.parquet"
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(ResultsError, match=r"series\.parquet can't be read .*: delete .*abc and run again"):
        read_detail(tmp_path, "abc")


def test_half_a_parquet_file_is_found(tmp_path):
    write_unit(tmp_path, "abc", {}, DETAIL)
    path = tmp_path / "runs/abc/series.parquet"
    path.write_bytes(path.read_bytes()[:50])

    with pytest.raises(ResultsError, match=r"series\.parquet can't be read"):
        read_detail(tmp_path, "abc")


def test_ruins_are_set_aside_side_by_side(tmp_path):
    for _ in range(2):
        write_unit(tmp_path, "abc", {})
        set_aside(tmp_path, "abc")

    assert sorted(path.name for path in (tmp_path / "broken").iterdir()) == ["abc.1", "abc.2"]
    assert not is_stored(tmp_path, "abc")


def test_a_failure_is_noted_until_the_unit_is_done(tmp_path):
    write_failure(tmp_path, "abc", {"message": "no"})
    noted = read_failure(tmp_path, "abc")
    clear_failure(tmp_path, "abc")

    assert noted == {"message": "no"}
    assert read_failure(tmp_path, "abc") is None


def test_a_full_disk_leaves_nothing_half_written_and_says_what_to_do(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    write_unit(tmp_path, "before", {"a": 1})
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StorageError, match=r"abc can't be written \(File too large\): make room; the same command goes on"):
            store_unit(tmp_path, "abc", {"unit.json.gz": os.urandom(5000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert stored_keys(tmp_path) == ["before"]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["before"]
    assert read_unit(tmp_path, "before") == {"a": 1}


@pytest.fixture
def no_root():
    """Be somebody who may not write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_a_folder_that_must_not_be_written_is_named(request):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "results").mkdir(mode=0o555)
        request.getfixturevalue("no_root")

        with pytest.raises(
            StorageError, match=r"can't be written \(Permission denied\): choose another folder with --results, or"
        ):
            write_unit(Path(folder) / "results", "abc", {})
        if os.getuid() == 0:
            os.seteuid(0)


def test_a_file_where_the_folder_should_be_is_named(tmp_path):
    (tmp_path / "runs").write_text("", encoding="utf-8")

    with pytest.raises(StorageError, match=r"can't be written .*: choose another folder with --results"):
        write_unit(tmp_path, "abc", {})


def test_a_rename_that_fails_is_no_success(tmp_path, monkeypatch):
    def refuse(self, target):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files.Path, "rename", refuse)

    with pytest.raises(StorageError, match="Input/output error"):
        write_unit(tmp_path, "abc", {})


def test_run_json_is_plain_json(tmp_path):
    store_unit(tmp_path, "abc", {"unit.json.gz": b""}, {"wall_s": 1.0})

    assert json.loads((tmp_path / "runs/abc/run.json").read_text(encoding="utf-8")) == {"wall_s": 1.0}
