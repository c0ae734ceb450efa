"""A file is replaced whole or not at all, and stays whose it was and what it was linked from."""

import os
import stat

import pytest

from nnstudio.replacing import replacing, write_whole


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path):
    real, link = tmp_path / "real" / "file", tmp_path / "link"
    real.parent.mkdir()
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert set(tmp_path.iterdir()) == {link, real.parent}


def test_a_link_that_leads_nowhere_yet_is_written_through(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_permissions_stay_what_they_were(tmp_path, mode):
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(mode)
    write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_what_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, name):
    path = tmp_path / "file"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, name, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), replacing(path) as temporary:
        temporary.write_bytes((tmp_path / "source").read_bytes())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_folder_is_flushed_after_the_file_has_its_name(tmp_path, monkeypatch):
    path, done = tmp_path / "file", []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: done.append("flush") or fsync(file))
    monkeypatch.setattr(os, "replace", lambda *names: done.append("replace") or replace(*names))
    write_whole(path, b"new")
    assert done == ["flush", "replace", "flush"]


def test_what_a_crash_has_left_long_ago_is_removed(tmp_path):
    path, old, young = tmp_path / "file", tmp_path / ".file.0123abcd.tmp", tmp_path / ".file.4567abcd.tmp"
    for left in (old, young):
        left.write_text("half")
    os.utime(old, (0, 0))
    write_whole(path, b"new")
    assert set(tmp_path.iterdir()) == {path, young}


def test_neither_a_folder_nor_a_device_is_replaced(tmp_path):
    for path in (tmp_path, "/dev/null"):
        with pytest.raises(OSError, match=r"directory|ordinary"):
            write_whole(type(tmp_path)(path), b"new")


@pytest.mark.parametrize("name", ["🙂" * 60, "é" * 123, "a" * 250])
def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path, name):
    path = tmp_path / name
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="attributes are set otherwise there")
def test_attributes_stay_with_the_file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    try:
        os.setxattr(path, "user.note", b"mine")
    except OSError:
        pytest.skip("this disk has no attributes")
    write_whole(path, b"two")
    assert os.getxattr(path, "user.note") == b"mine"
