"""What made a unit, and why a stored one does not count any more."""

from eipsim.store import Maker, maker_of_now, stale_units, store_unit, unit_files, write_maker
from eipsim.store.makers import read_makers

NOW = maker_of_now()
EARLIER = Maker({**NOW.files, "carriers.py": "0", "kernel/old.py": "1"}, {**NOW.versions, "numpy": "1.0"}, "0.0.1")


def store(folder, key, subject, maker, begun="2026-01-01"):
    write_maker(folder, maker)
    store_unit(folder, key, unit_files({}), {"subject": subject, "maker": maker.name, "begun": begun})


def test_a_maker_says_what_changed():
    assert EARLIER.changed_to(NOW) == f"numpy 1.0 → {NOW.versions['numpy']}; carriers.py, kernel/old.py changed"
    assert NOW.changed_to(NOW) == "nothing"


def test_many_changed_files_are_counted():
    other = NOW._replace(files={**NOW.files, **{f"new_{k}.py": "0" for k in range(6)}})

    assert NOW.changed_to(other) == "new_0.py, new_1.py, new_2.py, new_3.py and 2 more files changed"


def test_what_other_code_made_is_stale(tmp_path):
    store(tmp_path, "old", "week", EARLIER)
    store(tmp_path, "older", "week", EARLIER, "2025-01-01")
    store(tmp_path, "now", "day", NOW)

    assert stale_units(tmp_path, ["week", "day", "hour"]) == {"week": ("old", EARLIER)}


def test_without_another_maker_nothing_is_looked_at(tmp_path, monkeypatch):
    store(tmp_path, "now", "day", NOW)
    monkeypatch.setattr("eipsim.store.makers.stored_keys", None)

    assert stale_units(tmp_path, ["day"]) == {}


def test_makers_that_can_not_be_read_are_left_out(tmp_path):
    write_maker(tmp_path, NOW)
    write_maker(tmp_path, NOW)
    (tmp_path / "makers/half.json").write_text("{", encoding="utf-8")

    assert read_makers(tmp_path) == {NOW.name: NOW}
