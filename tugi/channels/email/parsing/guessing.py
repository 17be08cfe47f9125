"""Which charset undeclared bytes are in. First our own scores (they work on a subject of four bytes, where statistics
do not), then charset-normalizer for longer texts. Looks at a bounded sample only."""

from __future__ import annotations

import re
from collections.abc import Callable

_SAMPLE = 4_000
_CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866")
_RUSSIAN = set("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэёіїєґ")
_VOWELS = set("аеёиоуыэюяіїє")
_HANGUL = set(
    "이다는을가에하고의지도서를로한은기사어나시자리들해안으그것인있일정습니까여보라전대주면스요아제수게부었했과문상만"
    "세오우와신마장구공무성동거조미원요연계내생비러모양방말체되않없할때같감녕드립좀못합번호품배송확"
)
_HANZI = set(
    "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都"
    "然没日于起还发成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实"
    "回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真"
    "请您谢单订货收账号码题查帮户服务付款退换邮件联系客发送麻烦附件确认尊敬先"
)
_MARKS = set("、。，「」『』！？：；（）・ー〜　“”‘’…【】《》·—")
_LATIN_BESIDE = re.compile("[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")


def guess(data: bytes) -> str:
    """Python's name of the likeliest codec, or empty. For bytes that are not valid UTF-8."""
    sample = _sample(data)
    high = sum(byte >= 0x80 for byte in sample)
    if not high:
        return ""
    scores = {codec: _score(sample, codec, judge) for codec, judge in _EAST.items()}
    scores |= {codec: _score(sample, codec, _cyrillic) for codec in _CYRILLIC}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= 0.75:
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
    beside_latin = len(_LATIN_BESIDE.findall(text))
    if not high or beside_latin * 2 > len(high):
        # Accented letters stand inside Latin words; letters of other scripts do not.
        return 0.0
    return judge(high)


def _lead(letter: str, codec: str) -> int:
    encoded = letter.encode(codec, "ignore")
    return encoded[0] if len(encoded) == 2 else 0


def _weigh(high: str, weight: Callable[[str], float]) -> float:
    return sum(0.9 if letter in _MARKS else weight(letter) for letter in high) / len(high)


def _chinese_simplified(high: str) -> float:
    def weight(letter: str) -> float:
        return 1.0 if letter in _HANZI else _by_lead(_lead(letter, "gb2312"), 0xB0, 0xD7) * 0.85

    return _weigh(high, weight)


def _chinese_traditional(high: str) -> float:
    def weight(letter: str) -> float:
        return _by_lead(_lead(letter, "big5"), 0xA4, 0xC6) * 0.88

    return _weigh(high, weight)


def _japanese(high: str) -> float:
    def weight(letter: str) -> float:
        if "぀" <= letter <= "ヿ":
            return 1.0
        return _by_lead(_lead(letter, "euc_jp"), 0xB0, 0xCF) * 0.9

    return _weigh(high, weight)


def _korean(high: str) -> float:
    def weight(letter: str) -> float:
        if letter in _HANGUL:
            return 1.0
        return 0.65 if "가" <= letter <= "힣" and _lead(letter, "euc_kr") else 0.1

    return _weigh(high, weight)


def _by_lead(lead: int, first: int, last: int) -> float:
    """The old standards put everyday ideographs into their first rows, rare ones behind."""
    if first <= lead <= last:
        return 1.0
    return 0.35 if lead > last else 0.1


_EAST: dict[str, Callable[[str], float]] = {
    "gb18030": _chinese_simplified,
    "big5": _chinese_traditional,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
}


def _cyrillic(high: str) -> float:
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
