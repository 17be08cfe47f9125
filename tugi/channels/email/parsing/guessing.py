"""Which charset undeclared bytes are in. First our own scores (they work on a subject of four bytes, where statistics
do not), then charset-normalizer for longer texts. Looks at a bounded sample only."""

from __future__ import annotations

import re
from collections.abc import Callable

_SAMPLE = 4_000
_EAST = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
_CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866")
_RUSSIAN = set("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэёіїєґ")
_VOWELS = set("аеёиоуыэюяіїє")


def guess(data: bytes) -> str:
    """Python's name of the likeliest codec, or empty. For bytes that are not valid UTF-8."""
    sample = _sample(data)
    high = sum(byte >= 0x80 for byte in sample)
    if not high:
        return ""
    scores = {codec: _score(sample, codec, _east_score) for codec in _EAST}
    scores |= {codec: _score(sample, codec, _cyrillic_score) for codec in _CYRILLIC}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= 0.8:
        return best
    return _by_statistics(sample) if high >= 20 and len(sample) >= 100 else ""


def _sample(data: bytes) -> bytes:
    """The lines that have something to tell, up to a bound, cut at line ends so that no character is split."""
    if len(data) <= _SAMPLE:
        return data
    first = re.search(rb"[\x80-\xff]", data)
    start = data.rfind(b"\n", 0, first.start() if first else 0) + 1
    end = data.find(b"\n", start + _SAMPLE, start + 2 * _SAMPLE)
    return data[start : end if end > 0 else start + _SAMPLE]


def _score(sample: bytes, codec: str, judge: Callable[[str], float]) -> float:
    try:
        text = sample.decode(codec)
    except (UnicodeError, ValueError):
        text = sample.decode(codec, "replace")
        if text.count("\ufffd") > max(1, len(text) // 200) or len(text) < 20:
            return 0.0
    high = re.sub(r"[\x00-\x7f]+", "", text)
    return judge(high) if high else 0.0


def _east_score(high: str) -> float:
    """Share of everyday characters: kana, Hangul syllables, and the ideographs that the old standards list first."""
    good = 0.0
    for letter in high:
        if "぀" <= letter <= "ヿ" or "가" <= letter <= "힣":
            good += 1
        elif "一" <= letter <= "鿿":
            good += 0.95 if _is_frequent(letter) else 0.25
        elif letter in "、。，「」『』！？：；（）・ー〜　“”…【】《》":
            good += 0.9
        elif "！" <= letter <= "～":
            good += 0.6
    return good / len(high) - (0.15 if len(high) < 2 else 0.0)


def _is_frequent(letter: str) -> bool:
    gb = letter.encode("gb2312", "ignore")
    big5 = letter.encode("big5", "ignore")
    return bool((gb and gb[0] <= 0xD7) or (big5 and big5[0] <= 0xC6))


def _cyrillic_score(high: str) -> float:
    """Like Russian or its neighbours: letters only, mostly small ones, vowels among them."""
    small = sum(letter in _RUSSIAN for letter in high)
    capital = sum(letter.lower() in _RUSSIAN and letter not in _RUSSIAN for letter in high)
    vowels = sum(letter.lower() in _VOWELS for letter in high)
    letters = small + capital
    if not letters or not 0.2 <= vowels / letters <= 0.7:
        return 0.0
    case = 1.0 if capital <= max(1, small // 2) else (0.9 if not small else 0.5)
    rest = sum(letter in "«»№—–“”„…’\xa0" for letter in high)
    return case * (letters + rest * 0.9) / len(high)


def _by_statistics(sample: bytes) -> str:
    # Loaded late: it takes a tenth of a second, and most mails say what they are in.
    from charset_normalizer import from_bytes

    found = from_bytes(sample, steps=3, chunk_size=512, threshold=0.3).best()
    return found.encoding if found and found.encoding not in ("utf_7", "ascii") else ""
