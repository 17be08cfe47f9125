from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tugi.core import dates, reasons
from tugi.core.reasons import code_of, reason, tell

UNEXPECTED = "Something unexpected went wrong. The details are in Tugi's log."


@pytest.fixture(autouse=True)
def sentences(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(reasons, "_sentences", dict(reasons._sentences))
    reasons.register("kite.torn", "The kite is torn.")
    reasons.register("kite.lost", "The kite %(name)s was lost at %(height)s.", height=lambda height: f"{height:d} m")
    reasons.register("kite.heavy", "The kite has %(size)s.", size=dates.size)
    yield


def test_a_code_alone_is_its_own_text() -> None:
    assert reason("kite.torn") == "kite.torn"
    assert tell("kite.torn") == "The kite is torn."


def test_values_and_the_words_of_others_come_back() -> None:
    stored = reason("kite.lost", "400 windy\nvery", name="Дракон “x”", height=30)
    assert tell(stored) == "The kite Дракон “x” was lost at 30 m. (400 windy\nvery)"


def test_the_words_of_others_may_be_all_there_is() -> None:
    assert tell(reason("desk.said", "550 gone")) == "550 gone"


def test_the_same_reason_is_the_same_text() -> None:
    assert reason("kite.lost", name="x", height=1) == reason("kite.lost", name="x", height=1)


def test_the_reader_chooses_the_language() -> None:
    with override("en"):
        stored = reason("desk.logged", id="0a1b")
        size = reason("kite.heavy", size=25_000_000)
    with override("ru"):
        assert "0a1b" in tell(stored)
        assert "Tugi" in tell(stored)
        assert "Something" not in tell(stored)
        assert tell(size).endswith("25 МБ.")
    with override("et"):
        assert tell(size).endswith("25 MB.")


@pytest.mark.parametrize(
    "old",
    [
        "",
        "Nothing answers at 127.0.0.1, port 25.",
        "550 5.1.1 No such user",
        "dora@dora.example: 550 gone\neve@cc.example: 551 moved",
        "100% full",
        "unreadable",
        "{not ours}",
        '{"code":',
        '{"code":7}',
        '{"code":["kite.torn"]}',
        '{"code":' + "[" * 200_000,
    ],
)
def test_what_was_stored_before_there_were_codes_is_told_as_it_is(old: str) -> None:
    assert tell(old) == old


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("kite.from_tomorrow", UNEXPECTED),
        (reason("kite.from_tomorrow", "400 windy", name="x"), "400 windy"),
        (reason("kite.from_tomorrow", name="x"), UNEXPECTED),
        (reason("kite.lost", "400 windy", name="x"), "400 windy"),
        (reason("kite.lost", name="x", height="high"), UNEXPECTED),
        ('{"code":"kite.heavy","with":{"size":1e999}}', UNEXPECTED),
        ('{"code":"kite.heavy","with":[1],"said":{"a":1}}', UNEXPECTED),
        ('{"code":"kite.torn","with":{"more":null}}', "The kite is torn."),
    ],
)
def test_what_cannot_be_told_leaves_the_words_of_others_or_the_log(stored: str, told: str) -> None:
    assert tell(stored) == told


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("", ""),
        ("550 no such user", ""),
        (reason("desk.unexpected"), "desk.unexpected"),
        (reason("desk.said", "550 no"), "desk.said"),
    ],
)
def test_what_was_stored_tells_its_code(stored: str, code: str) -> None:
    assert code_of(stored) == code


def test_what_a_database_cannot_keep_or_nobody_reads_is_left_out() -> None:
    stored = reason("kite.lost", "a\x00b\ud800" + "c" * 10_000, name="n\x00\n" + "d" * 1000, height=1)
    stored.encode()
    assert "\\u0000" not in stored
    assert len(stored) < reasons.LONGEST_SAID + reasons.LONGEST_VALUE + 100
