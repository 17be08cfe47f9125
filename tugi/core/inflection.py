"""Which two words of an inflected language are forms of one word. Pure tables, without Django.

Of pairs of forms written down by hand, Snowball's stems join 86 % in Russian, 71 % in Romanian and 39 % in
Estonian. Likeness by groups of three characters joins nearly all, and with them most of the different words that
merely begin alike (contract, contact). So kinship goes by grammar here: two forms are kin if they share
a beginning and what is left of each is an ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

SHORTEST_ROOT = 3
INFLECTED = frozenset({"et", "ro", "ru"})
"""Languages whose endings are known here."""
COMPOUNDING = frozenset({"et"})
"""Languages that write compounds as one word, so that a part of a word is a word one looks for."""
SHORTEST_PART = 4
"""The shortest word looked for at the end of a compound; at its beginning it has one letter more."""

_DOUBLED = re.compile(r"(.)\1+")
_SOFT = str.maketrans("gbd", "kpt")
_FLEETING = re.compile(r"(?<=[^aeiou])e(?=[rl]$)")
_LATIN = re.compile("[a-z]")


def fold(word: str) -> str:
    """One spelling for upper and lower case, ё and е, and the two ways to write a Romanian ș."""
    word = unicodedata.normalize("NFKC", word).casefold()
    return word.replace("ё", "е").replace("ş", "ș").replace("ţ", "ț")


def plain(word: str) -> str:
    """Latin letters without their marks, for those who type without them; й stays й."""
    if word.isascii():
        return word
    return "".join(_plain_letter(letter) for letter in word)


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if _LATIN.match(base) else letter


def level(word: str, language: str) -> str:
    """A folded word with those letters made equal that change inside it (Estonian kaart, kaardi)."""
    word = plain(word)
    if language == "et":
        word = re.sub("([nl])d", r"\1\1", word).translate(_SOFT)
        return _DOUBLED.sub(r"\1", word).replace("ht", "h")
    if language == "ro":
        return word.replace("oa", "o").replace("ea", "e")
    return word


def lemma(word: str, language: str) -> str:
    """The dictionary form of a folded word whose forms share no beginning; other words as they are."""
    return _irregular().get(language, {}).get(word, word)


@dataclass(frozen=True)
class Kin:
    """The forms that a levelled word can be one of. `root` is what the beginning of each is at least."""

    root: str
    roots: tuple[str, ...]
    endings: frozenset[str]

    def has(self, other: str) -> bool:
        """Whether another levelled word can be a form of the same word."""
        half = (len(other) - 1) // 2
        return any(
            len(root) >= half and other.startswith(root) and other[len(root) :] in self.endings for root in self.roots
        )


def kin(word: str, language: str) -> Kin | None:
    """The kin of a levelled word; None where the language's endings are not known."""
    endings = _endings().get(language)
    if endings is None or len(word) < SHORTEST_ROOT:
        return None
    least = max(SHORTEST_ROOT, (len(word) - 1) // 2)
    roots = tuple(word[:cut] for cut in range(len(word), least - 1, -1) if word[cut:] in endings)
    return Kin(roots[-1], roots, endings)


def are_kin(one: str, other: str, language: str) -> bool:
    """Whether two levelled words can be forms of one word in this language."""
    return any(
        family.has(spelling)
        for family in (kin(own, language) for own in spellings(one, language))
        if family
        for spelling in spellings(other, language)
    )


def spellings(word: str, language: str) -> tuple[str, ...]:
    """A levelled word, and how it stands before an ending if it loses a vowel there (kohver, kohvri)."""
    if language == "et" and (shorter := _FLEETING.sub("", word)) != word:
        return (word, shorter)
    return (word,)


def is_last_part(part: str, tail: str, language: str) -> bool:
    """Whether the levelled `tail` of a compound is the levelled word `part`, perhaps with an ending."""
    return len(part) >= SHORTEST_PART and tail.startswith(part) and tail[len(part) :] in _endings()[language]


def is_first_part(part: str, compound: str) -> bool:
    """Whether the levelled `compound` begins with the levelled word `part` and goes on as another word."""
    return len(part) > SHORTEST_PART and compound.startswith(part) and len(compound) - len(part) >= SHORTEST_PART


@cache
def _endings() -> dict[str, frozenset[str]]:
    return {
        "ru": frozenset(fold(ending) for ending in _RUSSIAN.split()) | {""},
        "ro": frozenset(level(ending, "ro") for ending in _ROMANIAN.split()) | {""},
        "et": frozenset(level(ending, "et") for ending in _estonian()) | {""},
    }


def _estonian() -> Iterable[str]:
    cases = _ESTONIAN_CASES.split()
    for plural in ("", *_ESTONIAN_STEMS.split()):
        yield from (plural + case for case in ("", *cases))
    yield from _ESTONIAN_VERBS.split()
    yield from _ESTONIAN_ODD.split()


@cache
def _irregular() -> dict[str, dict[str, str]]:
    return {
        language: {fold(form): fold(forms[0]) for forms in map(str.split, lines) for form in forms}
        for language, lines in _IRREGULAR.items()
    }


_RUSSIAN = """
    а я у ю о е ы и й ь ом ем ой ей ою ею ам ям ами ями ах ях ов ев ье ья ью ии ию ия ие ий ьи ьям ьями ьях
    иям иями иях ием ый ая яя ое ее ые ого его ому ему ым им ую юю ых их ыми ими
    ть ти ать ять ить еть уть ал ала ало али ил ила ило или ел ела ело ели ял яла яло яли л ла ло ли
    ул ула ули нул нула нули нуть ю ет ешь ем ете ют ут ит ишь им ите ят ат ает ают яет яют аю яю ует уют
    ляю ляет лю лен лена лено лены ленный ленная ленные ан ана ано аны ен ена ено ены ян яна яно яны
    енный енная енное енные енного енной анный анная анное анные анного анной
    ка ки ку ке кой кам ками ках ок ек ол лу лом ле ец ца цу цом це цы цев цам цами цах
"""
_ROMANIAN = """
    a ul ului le lui ele elor lor i ii ilor u uri urile urilor e ei ile iile iilor ie iei ia ua ule
    at ata ati ate ez eaza eze am it ita iti ite ut uta uti ute and ind esc este easca im eau ea
    are ari area arii arilor arile ire iri irea irii irilor irile ere eri erea erii erilor erile te s se sa
"""
_ESTONIAN_CASES = "d t sse s st le l lt ks ni na ta ga"
_ESTONIAN_STEMS = """
    a e i u o de te id ide ite ete ede ade ate ude ute ed ad ud id aid eid uid sid
    me med met mete meid
"""
_ESTONIAN_VERBS = """
    ma mas mast mata da ta n b me vad v si sin sid s is sime site ti ati eti iti takse dakse akse etakse
    tud dud ud nud etud utud atud in isin isid ime ite isime an ab ame ate avad en eb eme ete evad asin asid as
"""
_ESTONIAN_ODD = "su sut sust suga suks ja jad jat jas jast jale jal jalt jaks jaga jade jadele jadega"
_IRREGULAR = {
    "ru": (
        "день дня дню днем дне дни дней дням днями днях",
        "окно окон",
        "письмо писем",
        "друг друзья друзей друзьям друзьями друзьях",
        "ребенок дети детей детям детьми детях",
        "человек люди людей людям людьми людях",
        "счет счета счету счетом счете счетов счетам счетами счетах",
    ),
    "ro": (
        "comanda comandă comenzi comenzii comenzile comenzilor",
        "zi ziua zile zilele zilei zilelor",
        "număr numărul numere numerele numărului numerelor",
        "om oameni oamenii oamenilor omul omului",
    ),
    "et": (
        "pood poe poodi poes poest poele poel poelt poega poed",
        "viga vea vigu veaga vead vigade vigadega veast",
        "luba loa lubasid loaga load lubade",
        "aeg aja aegu ajal ajaks ajad aegade ajaga",
        "tuba toa tube toas toast toad tubade",
        "lugu loo lugusid lood loost lugude",
        "käsi käe kätt käed käes kätte käte",
        "uus uue uut uued uute uusi uues uuest uuele uuega",
        "uks ukse ust uksed uste uksi",
        "tegema teha teen teeb teed teeme tegi tegin tehtud tehakse teinud",
        "nägema näha näen näeb nägi nägin nähtud näinud",
        "minema minna lähen läheb läks läksin läinud",
    ),
}
