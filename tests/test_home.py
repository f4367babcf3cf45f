"""What a home does with its files."""

from pathlib import Path

from data.home import copy, touch


def test_a_copy_goes_its_own_way(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"blotter" * 9000)
    touch(second)
    copy(first, second)
    assert second.read_bytes() == first.read_bytes()
    assert second.stat().st_mode & 0o777 == 0o640
    second.write_bytes(b"other")
    assert first.read_bytes() == b"blotter" * 9000
