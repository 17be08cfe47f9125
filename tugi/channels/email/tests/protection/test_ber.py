"""ASN.1 as mail programs write it, and as nobody should."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.protection.ber import BerError, Node, der, read_ber
from tugi.channels.email.protection.cms import read_cms


def test_lengths_of_all_forms_are_read() -> None:
    inner = der(4, b"x" * 300) + der(2, b"\x05")
    for data in (der(0x30, inner), b"\x30\x80" + inner + b"\0\0"):
        node = read_ber(data + b"rest")
        assert [each.tag for each in node.children] == [4, 2]
        assert (node.children[0].octets, node.children[1].integer) == (b"x" * 300, 5)
        assert node.raw == data


def test_a_string_in_pieces_is_joined() -> None:
    assert read_ber(b"\x24\x80" + der(4, b"ab") + b"\x24\x80" + der(4, b"cd") + b"\0\0" + b"\0\0").octets == b"abcd"


def test_names_of_algorithms_are_read() -> None:
    assert read_ber(bytes.fromhex("06092a864886f70d010702")).oid == "1.2.840.113549.1.7.2"


@pytest.mark.parametrize(
    "data",
    [b"", b"\x30", b"\x30\x05\x04", b"\x04\x80", b"\x30\x03\x04\x05x", b"\x30\x84\xff\xff\xff\xff", b"\x1f\x01\x00",
     b"\x30\x80" * 1_000, b"\x30\x80" + b"\x05\x00" * 300_000, b"\x30\x02\x30\x80\0\0"],
)  # fmt: skip
def test_what_is_no_ber_or_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(BerError):
        read_ber(data)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from([b"\x30\x80", b"\0\0", b"\x04\x01x", b"\xa0\x03", b"\x31\x00", b"\x06\x01\x2a"]), max_size=40
    ).map(b"".join)
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(read_ber(data), Node)
        read_cms(data)
    except (BerError, IndexError):
        pass


def test_twice_the_nodes_take_twice_the_time() -> None:
    """What disturbs a run can only make it longer: what is too slow is so at each attempt."""

    def seconds(count: int, times: int) -> float:
        data = der(0x30, b"\x05\x00" * count)
        taken = []
        for _ in range(times):
            started = time.process_time()
            read_ber(data)
            taken.append(time.process_time() - started)
        return min(taken)

    assert any(seconds(16_000, times) < 2.6 * seconds(8_000, times) for times in range(1, 8))
