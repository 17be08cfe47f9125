from __future__ import annotations

import pytest

from tugi.core.mail_addresses import (
    Address,
    address_key,
    domain_to_ascii,
    domain_to_unicode,
    format_address,
    is_address,
    parse_address,
    parse_addresses,
    same_address,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@ex.com", [("", "ann@ex.com")]),
        ("Ann <ann@ex.com>", [("Ann", "ann@ex.com")]),
        ('"Doe, Ann" <ann@ex.com>', [("Doe, Ann", "ann@ex.com")]),
        ("Doe, Ann <ann@ex.com>", [("Ann", "ann@ex.com")]),
        ("ann@ex.com (Ann Doe)", [("Ann Doe", "ann@ex.com")]),
        ("Ann (boss) <ann@ex.com>", [("Ann", "ann@ex.com")]),
        ("a@b.c, d@e.f; g@h.i", [("", "a@b.c"), ("", "d@e.f"), ("", "g@h.i")]),
        ("Team: a@b.c, Ann <d@e.f>;", [("", "a@b.c"), ("Ann", "d@e.f")]),
        ("undisclosed-recipients:;", []),
        ('"agent@desk.example" <evil@b.example>', [("agent@desk.example", "evil@b.example")]),
        ('"c1@a"<evil@b>', [("c1@a", "evil@b")]),
        ("agent@desk.example <evil@b.example>", [("agent@desk.example", "evil@b.example")]),
        ("<<a@b.c>>", [("", "a@b.c")]),
        ("< a@b.c >", [("", "a@b.c")]),
        ("a @ b.c", [("", "a@b.c")]),
        ("mailto:a@b.c", [("", "a@b.c")]),
        ("<mailto:a@b.c>", [("", "a@b.c")]),
        ("<@r1,@r2:a@b.c>", [("", "a@b.c")]),
        ("'a@b.c'", [("", "a@b.c")]),
        ("a@b.c.", [("", "a@b.c")]),
        ("<>", []),
        ("", []),
        ("Ann", []),
        ('"Ann', []),
        ("Ann <a@b.c", [("Ann", "a@b.c")]),
        ('"Ann <a@b.c>', [("Ann", "a@b.c")]),
        ('"A \\"B\\" C" <a@b.c>', [('A "B" C', "a@b.c")]),
        ('"john doe"@b.c', [("", '"john doe"@b.c')]),
        ("Ann a@b.c", [("Ann", "a@b.c")]),
        ("a@@b.c", [("", "a@@b.c")]),
    ],
)
def test_address_lists_are_read_as_they_come(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.name, each.addr) for each in parse_addresses(text)] == expected


def test_no_encoded_word_makes_an_address() -> None:
    found = parse_addresses("=?utf-8?Q?attacker?Q?agent?=@victim.example", lambda text: "agent")
    assert not any(each.is_valid for each in found)
    named = parse_addresses("=?utf-8?Q?x?= <evil@b.example>", lambda text: "agent@victim.example")
    assert [each.addr for each in named] == ["evil@b.example"]


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029", "\x0b", "\x00"])
def test_an_address_cannot_break_a_header(mark: str) -> None:
    hostile = Address(f"Ann{mark}Bcc: x@y.z", f"a@b.c{mark}Bcc: x@y.z")
    written = format_address(hostile)
    assert len(written.splitlines()) == 1
    assert not hostile.is_valid


@pytest.mark.parametrize(
    ("addr", "valid"),
    [
        ("a@b.c", True),
        ("a+b@b.c", True),
        ("a@localhost", True),
        ("a@[127.0.0.1]", True),
        ("ann@bücher.example", True),
        ("жан@пример.рф", True),
        ('"a b"@c.d', True),
        ("a@", False),
        ("@b.c", False),
        ("a", False),
        ("a b@c.d", False),
        ("a@b@c.d", False),
        ("a@b..c", False),
        ("a@-b.c", False),
        ("a@b c.d", False),
        (f"{'a' * 65}@b.c", False),
        (f"a@{'b' * 64}.c", False),
        ("=?utf-8?q?a?=@b.c", False),
        ("", False),
    ],
)
def test_what_mail_can_be_sent_to(addr: str, valid: bool) -> None:
    assert is_address(addr) is valid


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann@Ex.COM", "ann@ex.com", True),
        ("a@bücher.example", "A@XN--BCHER-KVA.example", True),
        ("<a@b.c>", "a@b.c.", True),
        ("a+x@b.c", "a@b.c", False),
        ("a@b.c", "a@b.d", False),
    ],
)
def test_spellings_of_one_address_are_the_same(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) is same
    assert (address_key(one) == address_key(other)) is same


def test_domains_turn_both_ways() -> None:
    assert domain_to_ascii("Пример.РФ") == "xn--e1afmkfd.xn--p1ai"
    assert domain_to_unicode("xn--e1afmkfd.xn--p1ai") == "пример.рф"
    assert domain_to_ascii("ä" * 1_000) == "ä" * 1_000
    assert domain_to_unicode("xn--\xff") == "xn--\xff"


def test_the_plus_part_is_kept_apart() -> None:
    address = Address("Desk", "Support+T-12+x@desk.example")
    assert address.plus == "T-12+x"
    assert address.without_plus() == Address("Desk", "Support@desk.example")
    assert Address("", "a@b.c").plus == ""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address("", "a@b.c"), "a@b.c"),
        (Address("Ann Doe", "a@b.c"), '"Ann Doe" <a@b.c>'),
        (Address('A "B" \\ C', "a@b.c"), '"A \\"B\\" \\\\ C" <a@b.c>'),
        (Address("Анна", "a@bücher.example"), "=?utf-8?b?0JDQvdC90LA=?= <a@xn--bcher-kva.example>"),
    ],
)
def test_addresses_are_written_for_headers(address: Address, expected: str) -> None:
    assert format_address(address) == expected
    read = parse_address(format_address(address))
    assert read is not None
    assert same_address(read, address)
