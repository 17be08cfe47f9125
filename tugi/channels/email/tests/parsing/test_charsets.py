"""Rule 1.11: bytes become text whatever the mail says about them."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.parsing.charsets import decode, decode_iso2022_jp, known_codec
from tugi.channels.email.parsing.headers import decode_text
from tugi.channels.email.tests.parsing.mails import read, sent

RUSSIAN = "Здравствуйте, у меня не работает доступ к личному кабинету, помогите пожалуйста."
CHINESE = "您好，我的订单还没有收到，请帮我查询一下。谢谢。"
JAPANESE = "こんにちは。注文した商品がまだ届いていません。確認してください。"
KOREAN = "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다."


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("gb2312", "gb18030"), ("GBK", "gb18030"), ("gb_2312-80", "gb18030"), ("ks_c_5601-1987", "cp949"), ("euc-kr", "cp949"),
        ("shift_jis", "cp932"), ("x-sjis", "cp932"), ("iso-8859-1", "cp1252"), ("latin1", "cp1252"), ("iso-8859-8-i", "cp1255"),
        ("big5", "big5hkscs"), ("unicode-1-1-utf-7", "utf_7"), ("cp-850", "cp850"), ("win-1251", "cp1251"), ("windows1251", "cp1251"),
        ('"utf8"', "utf_8"), ("'utf-8'", "utf_8"), ("utf-8 (comment)", "utf_8"), ("UTF8", "utf_8"), ("utf-8;", "utf_8"),
        ("iso-2022-jp", "iso2022_jp"), ("koi8-r", "koi8_r"), ("iso_8859-5", "iso8859_5"), ("ISO8859-15", "iso8859_15"),
        ("us-ascii", "ascii"), ("x-unknown", ""), ("", ""), ("_", ""), ("unicode_escape", ""), ("rot13", ""), ("base64", ""),
        ("idna", ""), ("punycode", ""), ("undefined", ""),
    ],
)  # fmt: skip
def test_charsets_are_known_by_what_they_really_are(declared: str, real: str) -> None:
    assert known_codec(declared) == real


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp1251", "us-ascii"),
        (RUSSIAN, "koi8-r", ""),
        (RUSSIAN, "cp1251", "utf-8"),
        (RUSSIAN, "cp1251", "x-unknown"),
        (RUSSIAN, "utf-8", "iso-8859-1"),
        (RUSSIAN, "utf-8", "us-ascii"),
        (RUSSIAN, "utf-8", ""),
        (RUSSIAN, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gbk", ""),
        (CHINESE, "gbk", "utf-8"),
        (JAPANESE, "iso-2022-jp", "iso-2022-jp"),
        (JAPANESE, "iso-2022-jp", ""),
        (JAPANESE, "shift_jis", ""),
        (JAPANESE, "euc-jp", ""),
        (KOREAN, "euc-kr", "ks_c_5601-1987"),
        (KOREAN, "cp949", ""),
        ("Grüße aus Köln – „schön“ € 5", "cp1252", "iso-8859-1"),
        ("Grüße aus Köln", "iso-8859-1", ""),
        ("Õhtust, täna ei tööta midagi. Š ž", "iso-8859-15", "iso-8859-15"),
        ("Țară și oraș", "utf-8", "windows-1252"),
        ("שלום עולם", "iso-8859-8", "iso-8859-8-i"),
        ("+AOkA6Q-", "ascii", "us-ascii"),
    ],
)
def test_text_is_read_in_spite_of_its_label(text: str, codec: str, declared: str) -> None:
    assert decode(text.encode(codec), declared)[0].removeprefix("\ufeff") == text


def test_utf8_with_a_broken_byte_stays_utf8() -> None:
    assert decode(RUSSIAN.encode() + b"\xff", "utf-8")[0] == RUSSIAN + "\ufffd"
    assert decode(RUSSIAN.encode()[:-1], "")[0].startswith(RUSSIAN[:-2])


@pytest.mark.parametrize("text", ["①②", "㈱", "髙橋", "ｶﾅ"])
def test_japanese_with_the_extensions_of_its_mailers(text: str) -> None:
    shifted = text.encode("cp932")
    rows = b"".join(_to_jis(shifted[at], shifted[at + 1]) for at in range(0, len(shifted), 2)) if text != "ｶﾅ" else b""
    raw = b"\x1b$B" + rows + b"\x1b(B" if rows else b"\x1b(I" + bytes(byte & 0x7F for byte in shifted) + b"\x1b(B"
    if not any(byte > 0x7E for byte in raw):
        assert decode_iso2022_jp(raw) == text


def _to_jis(lead: int, trail: int) -> bytes:
    row = (lead - (0xC1 if lead >= 0xE0 else 0x81)) * 2 + 0x21
    if trail >= 0x9F:
        return bytes((row + 1, trail - 0x7E))
    return bytes((row, trail - (0x20 if trail > 0x7F else 0x1F)))


def test_nothing_unreadable_loses_a_line() -> None:
    assert decode(b"one\n\x81\x8d\x8f\xff\ntwo", "x-none")[0].count("\n") == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?utf-8?B?w4Q=?= =?UTF-8?b?w5Y=?=", "ÄÖ"),
        ("=?iso-8859-1?Q?=C4?= =?utf-8?Q?=C3=96?=", "ÄÖ"),
        ("a=?utf-8?Q?b?=c", "abc"),
        ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        ("a =?utf-8?Q?b?= c", "a b c"),
        ("=?utf-8?Q?a_b?=  =?utf-8?Q?_c?=", "a b c"),
        ('"=?utf-8?Q?a?="', '"a"'),
        ("=?utf-8?B?w4Q?=", "Ä"),
        ("=?utf-8?B?w4Q===?=", "Ä"),
        ("=?utf-8*en?Q?a?=", "a"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8?Q?a?b?=", "a?b"),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("=?utf-8?Q?a", "=?utf-8?Q?a"),
        ("=?x-none?Q?=C3=A9?=", "é"),
        ("=?utf-8?Q??=", ""),
        ("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=", "=?utf-8?Q?a?="),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?iso-2022-jp?B?GyRCJDMbKEI=?=", "こ"),
        ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        ("=?utf-8?Q?a=00b=0Ac?=", "ab c"),
    ],
)
def test_encoded_words_are_read(value: str, expected: str) -> None:
    assert decode_text(value) == expected
    assert read(Subject=value).subject == expected


@pytest.mark.parametrize(
    ("text", "codec", "hint"),
    [
        ("Вопрос по заказу", "utf-8", ""),
        ("Вопрос по заказу", "cp1251", ""),
        ("Вопрос по заказу", "koi8-r", ""),
        ("订单问题", "gbk", ""),
        ("订单问题", "gbk", "gb2312"),
        ("注文について", "shift_jis", ""),
        ("ご注文の件", "shift_jis", "shift_jis"),
        ("注文について", "iso-2022-jp", ""),
        ("주문 문의", "euc-kr", "euc-kr"),
        ("Größe", "iso-8859-1", ""),
    ],
)
def test_raw_headers_are_read(text: str, codec: str, hint: str) -> None:
    raw = b"Subject: " + text.encode(codec) + f"\nContent-Type: text/plain; charset={hint or 'us-ascii'}\n\nx".encode()
    assert parse_mail(raw).subject == text


def test_html_may_name_its_charset_itself() -> None:
    body = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>{RUSSIAN}</p>'
    assert RUSSIAN in read(body, "cp1251", Content_Type="text/html").text


def test_no_character_that_a_database_refuses_gets_through() -> None:
    found = parse_mail(b"Subject: a\x00b\xff\xfe\nFrom: \x00x <a@b.c>\nX-Loop: \x00\xff\n\na\x00\x0b\x1bb\xed\xa0\x80")
    assert not any(mark in sent(found) for mark in ("\\u0000", "\\ud800", "\\u001b"))
    sent(found).encode("utf-8")
