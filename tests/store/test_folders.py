"""Folders of results appear whole; other results of the same name move aside; figures carry a stamp that nobody counts."""

import json
import struct
import zlib

import pytest

from eipsim.errors import ResultsError, StorageError
from eipsim.store.folders import hand_over, identity_of, move_aside, read_manifest, remove, write_folder
from eipsim.store.stamps import stamp_of, stamped, unstamped


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"data") + chunk(b"IEND", b"")
SVG = b'<?xml version="1.0"?>\n<svg>tank</svg>\n'


def files(number, text=b"a"):
    return {"table.csv": text, "figures/a.svg": b"<svg/>", "manifest.json": json.dumps({"hash": number}).encode()}


def test_a_result_appears_with_all_its_files(tmp_path):
    written = write_folder(tmp_path, "one", files("11112222"))

    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == [
        "one/figures/a.svg",
        "one/manifest.json",
        "one/table.csv",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_other_results_of_the_same_name_move_aside(tmp_path):
    for number, text in (("11112222", b"first"), ("33334444", b"second"), ("55556666", b"third")):
        write_folder(tmp_path, "one", files(number, text))

    kept = {path.name: (path / "table.csv").read_bytes() for path in tmp_path.iterdir()}
    assert kept == {"one": b"third", "one@11112222": b"first", "one@33334444": b"second"}


def test_the_same_result_is_refreshed_in_its_place(tmp_path):
    for text in (b"first", b"again"):
        write_folder(tmp_path, "one", files("11112222", text))

    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one" / "table.csv").read_bytes() == b"again"


def test_results_that_come_back_and_go_again_do_not_collide(tmp_path):
    for number in ("11112222", "33334444", "11112222", "33334444"):
        write_folder(tmp_path, "one", files(number))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "one@11112222", "one@11112222.1", "one@33334444"]


def test_a_result_that_is_gone_needs_no_moving(tmp_path):
    assert move_aside(tmp_path / "gone") == tmp_path / "gone"


def test_a_result_without_hash_is_known_by_what_made_it():
    assert identity_of({"draw": 1, "wall_time_s": 2.0}) == identity_of({"draw": 1, "wall_time_s": 3.0})
    assert identity_of({"draw": 1}) != identity_of({"draw": 2})


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_manifest_that_can_not_be_read_is_empty(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")

    assert read_manifest(tmp_path) == {}


def test_a_result_that_can_not_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StorageError, match="can't be written"):
        write_folder(tmp_path / "file", "one", files("1"))


def test_what_is_handed_over_replaces_nothing(tmp_path):
    hand_over(tmp_path / "new", {"a.csv": b"1"})

    with pytest.raises(ResultsError, match=r"a\.csv is there already: choose another folder with --out"):
        hand_over(tmp_path / "new", {"b.csv": b"2", "a.csv": b"2"})

    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.csv"]


def test_folders_are_removed_with_all_that_is_in_them(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)

    remove([tmp_path / "a"])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "data"), [("a.png", PNG), ("a.svg", SVG)])
def test_a_stamp_takes_the_place_of_another_and_goes_without_a_trace(name, data):
    once = stamped(data, name, "results 12ab, commit 34cd, working tree changed")
    twice = stamped(once, name, "results 56ef, commit 34cd, working tree clean")

    assert b"working tree changed" in once
    assert b"working tree changed" not in twice
    assert b"working tree clean" in twice
    assert unstamped(twice, name) == data


def test_a_stamped_picture_is_still_a_picture():
    data = stamped(PNG, "a.png", "results 12ab")
    place, kinds = 8, []
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + length]
        assert zlib.crc32(body) == struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0]
        kinds.append(body[:4])
        place += 12 + length

    assert kinds == [b"IHDR", b"IDAT", b"tEXt", b"IEND"]


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b"%PDF"), ("a.png", b"no picture"), ("a.svg", b"nothing")])
def test_what_is_no_such_picture_stays_as_it_is(name, data):
    assert stamped(data, name, "results 12ab") == data


@pytest.mark.parametrize(
    ("dirty", "said"), [(True, "working tree changed"), (False, "working tree clean"), (None, "no working tree")]
)
def test_a_stamp_says_whether_the_tree_had_been_changed(dirty, said):
    assert stamp_of({"hash": "12ab", "commit": None, "dirty": dirty}) == f"results 12ab, commit unknown, {said}"
