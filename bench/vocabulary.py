"""Words, names and sentences of the benchmark's customers: four languages, frequencies as in real text (Zipf).

The commonest words are real ones in their real forms; the long tail is made of syllables with each language's
own endings, so that stemmers and the index meet as many different words as a desk of years has.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from tugi.tickets.search.tokens import tokens

LANGUAGES = {"en": 45, "ru": 30, "ro": 15, "et": 10}
"""Of a hundred tickets."""
WORDS = 20_000
SENTENCES = 20_000
SEED = 20_261_121

IN_HALF = "Nordvik"
"""Stands in every second message, whatever its language."""
RARE = "zeppelinikott"
"""Stands in twenty messages of a desk, spread over its age."""
OLD = "kaleidoskop"
"""Stands in three messages, all among the oldest."""
CLOSED = "kvartalsbonus"
"""Stands only in messages of the last department."""
PHRASE = "left the parcel behind the blue door"
ONE_IN_PHRASE = 500

_FUNCTION = {
    "en": "the to and is I a my it of in you for this not on with that we was be have please your are can from as but",
    "ru": "и в не на я что с по это мы для к от у но как за вы из он бы уже еще или если так только до был",
    "ro": "și de la nu o în pe cu un să am este că mai a pentru din ce dar sunt ca fi au mi le dacă sau când",
    "et": "ja on ei ma see et kui ka oma mis seda aga või siis oli veel teie palun kas mind olen nii väga juba",
}
_ROOTS = {
    "en": "order invoice parcel account password printer delivery refund payment contract address screen customer "
    "problem question answer service message number error page card bank window battery charge cancel receive "
    "return install connect update question network device ticket broken wait ship pay open send change help",
    "ru": "заказ счет посылк аккаунт парол принтер доставк возврат платеж договор адрес экран клиент проблем "
    "вопрос ответ сервис сообщен номер ошибк страниц карт банк окн батаре отмен получ верн установ подключ "
    "обновл сет устройств сломан жд отправ плат откр измен помощ товар магазин склад курьер гаранти",
    "ro": "comand factur colet cont parol imprimant livrar rambursar plat contract adres ecran client problem "
    "întrebar răspuns serviciu mesaj număr eroar pagin card banc fereastr bateri anul prim return instal conect "
    "actualiz reț dispozitiv aștept trimit plătesc deschid schimb ajut produs magazin depozit curier garanți",
    "et": "tellimus arve pakk konto parool printer tarne tagasimakse makse leping aadress ekraan klient probleem "
    "küsimus vastus teenus sõnum number viga leht kaart pank aken aku tühista saa tagasta paigalda ühenda uuenda "
    "võrk seade katki oota saada maksa ava muuda abi toode pood ladu kuller garantii",
}
_ENDINGS = {
    "en": " s ed ing er ers ment ments ly",
    "ru": " а у ом е ы ов ам ами ах ой ный ная ное ные ить ил или ает ают",
    "ro": " a ul ului e ele elor i ii ilor are ează at ată ați",
    "et": " i a t d de ga s st l le lt ks na ni ma da b vad",
}
_SYLLABLES = {
    "en": "ba con der fer gra hol in jor ket lan mor nex ol per quin ras sol tam ul ver wid yor zan tri ble sho",
    "ru": "ба вол гра дер жал зин кор лам мос нар пол рут сил тем ур фар хол цен чер шам бел дов мир яр",
    "ro": "bra cor dan fel gru hor ist jud lac mir nor par rus sal tin ur vel zam țar șor băl cer doi",
    "et": "kar lai mer nur pal rei sin tam vil hoo juu kõr lõi mäe nõu põl rää sär tõl võr üle õun ala",
}
_FIRST = {
    "en": "James Mary Robert Linda Michael Sarah David Emma John Olivia Daniel Grace Peter Alice Henry Ruth",
    "ru": "Иван Мария Сергей Анна Дмитрий Елена Андрей Ольга Павел Наталья Алексей Ирина Николай Татьяна Юрий Вера",
    "ro": "Ion Maria Andrei Elena Mihai Ioana Vasile Ana Gheorghe Cristina Ștefan Daniela Radu Irina Mircea Oana",
    "et": "Jaan Mari Andres Kati Toomas Liis Mart Piret Tõnu Kadri Rein Anu Jüri Tiina Priit Maarja",
}
_LAST = {
    "en": "son ley ford man wood field stone well ton by",
    "ru": "ов ев ин ский енко ович ук ян",
    "ro": "escu eanu oiu aru ache ea",
    "et": "mäe saar mets oja pere sild kivi nurk",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    tokens: str


@cache
def words(language: str) -> tuple[str, ...]:
    """The language's words, the commonest first."""
    chance = random.Random(f"{SEED}{language}")
    known = dict.fromkeys(_FUNCTION[language].split())
    endings = _ENDINGS[language].split(" ")
    inflected = [root + ending for ending in endings for root in _ROOTS[language].split()]
    known |= dict.fromkeys(inflected)
    syllables = _SYLLABLES[language].split()
    while len(known) < WORDS:
        root = "".join(chance.choices(syllables, k=chance.choice((2, 2, 3))))
        known |= dict.fromkeys(root + ending for ending in chance.sample(endings, 4))
    return tuple(known)[:WORDS]


@cache
def sentences(language: str) -> tuple[Sentence, ...]:
    """Sentences that messages are made of, each with the tokens that the index gives it."""
    chance = random.Random(f"{SEED}{language} sentences")
    known = words(language)
    zipf = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))
    return tuple(
        sentence(
            " ".join(chance.choices(known, cum_weights=zipf, k=chance.randint(5, 15))).capitalize() + ".", language
        )
        for _ in range(SENTENCES)
    )


def sentence(text: str, language: str) -> Sentence:
    return Sentence(text, " ".join(tokens(text, language)))


def person(chance: random.Random, language: str) -> str:
    """A first and a last name."""
    syllables = _SYLLABLES[language].split()
    last = chance.choice(syllables) + chance.choice(syllables) + chance.choice(_LAST[language].split())
    return f"{chance.choice(_FIRST[language].split())} {last.capitalize()}"


def language(chance: random.Random) -> str:
    return chance.choices(tuple(LANGUAGES), weights=tuple(LANGUAGES.values()))[0]
