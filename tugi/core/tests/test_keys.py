from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tugi.core import config, keys


def load(data: Path) -> keys.Keys:
    return config.load({"TUGI_DATA": str(data)}).keys


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_first_start_makes_private_keys(data: Path) -> None:
    keys.prepare(data, load(data))

    made = load(data)
    assert made.are_complete
    assert mode(data) == mode(data / "keys") == 0o700
    assert {mode(data / "keys" / name) for name in keys.NAMES} == {0o600}
    assert len(made.secret_key[0].encode()) >= 64
    assert len({made.secret_key, made.encryption_key, made.signing_key}) == 3


def test_the_second_start_keeps_them(data: Path) -> None:
    keys.prepare(data, load(data))
    before = load(data)

    keys.prepare(data, before)

    assert load(data) == before


def test_an_open_data_directory_is_closed(data: Path) -> None:
    data.mkdir(mode=0o755)

    keys.prepare(data, load(data))

    assert mode(data) == 0o700


def test_of_two_first_starts_at_once_one_wins(data: Path) -> None:
    nothing = load(data)
    keys.prepare(data, nothing)
    first = load(data)

    keys.prepare(data, nothing)

    assert load(data) == first
    assert sorted(path.name for path in (data / "keys").iterdir()) == sorted(keys.NAMES)


def test_a_line_on_top_rotates(data: Path) -> None:
    keys.prepare(data, load(data))
    file = data / "keys" / "secret_key"
    old = file.read_text().strip()
    file.write_text("n" * 10 + old + "\n" + old + "\n")

    assert load(data).secret_key == ("n" * 10 + old, old)


def test_made_keys_pass_their_own_complaints(data: Path) -> None:
    keys.prepare(data, load(data))

    assert not config.load({"TUGI_DATA": str(data)}).problems
