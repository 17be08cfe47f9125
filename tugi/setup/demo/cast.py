"""Who works at Northlight, and who writes to it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tugi.people import roles
from tugi.setup.demo.script import BILLING, SUPPORT, TECHNICAL

COMPANY = "Northlight"
DOMAIN = "northlight.example"
TIME_ZONE = "Europe/Tallinn"
DEPARTMENTS = {SUPPORT: "Customer support", TECHNICAL: "Technical", BILLING: "Billing"}
MAILBOXES = {SUPPORT: f"support@{DOMAIN}", TECHNICAL: f"tech@{DOMAIN}", BILLING: f"billing@{DOMAIN}"}
LAMPS = ("Aurora", "Polaris", "Vega", "Sirius", "Capella")
FEMALE_ENDING = {"en": "", "ru": "а", "ro": "ă", "et": ""}


@dataclass(frozen=True)
class Worker:
    """An agent to be. `speaks` begins with the language of their own screens; `heads` is a department."""

    name: str
    role: str
    departments: tuple[str, ...]
    speaks: tuple[str, ...]
    is_female: bool
    heads: str = ""
    in_russian: str = ""

    def first_in(self, language: str) -> str:
        """The name under a letter in this language."""
        return self.in_russian if language == "ru" and self.in_russian else self.name.split()[0]

    @property
    def address(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"


@dataclass(frozen=True)
class Customer:
    """`organisation` is empty for somebody who writes from home."""

    name: str
    address: str
    language: str
    is_female: bool
    organisation: str = ""

    def first_in(self, language: str) -> str:
        return self.name.split()[0]

    @property
    def last(self) -> str:
        return self.name.split()[-1]


ADMIN = Worker("Helen Carter", roles.ADMIN, (SUPPORT, TECHNICAL, BILLING), ("en",), is_female=True)
WORKERS = (
    ADMIN,
    Worker("Kristjan Tamm", roles.LEAD, (SUPPORT,), ("et", "en"), is_female=False, heads=SUPPORT),
    Worker(
        "Dmitri Volkov",
        roles.LEAD,
        (TECHNICAL,),
        ("ru", "en", "et"),
        is_female=False,
        heads=TECHNICAL,
        in_russian="Дмитрий",
    ),
    Worker(
        "Elena Popescu", roles.LEAD, (BILLING,), ("ro", "en", "ru"), is_female=True, heads=BILLING, in_russian="Елена"
    ),
    Worker("Maarja Saar", roles.AGENT, (SUPPORT, BILLING), ("et", "en"), is_female=True),
    Worker("Olga Sokolova", roles.AGENT, (SUPPORT, BILLING), ("ru", "en"), is_female=True, in_russian="Ольга"),
    Worker("Andrei Munteanu", roles.AGENT, (SUPPORT, TECHNICAL), ("ro", "en"), is_female=False),
    Worker("Tom Bennett", roles.LIGHT_AGENT, (SUPPORT, TECHNICAL), ("en",), is_female=False),
)

ORGANISATIONS = {
    "en": {
        "Harbour Hotel": "harbourhotel.example",
        "Mill Street Studios": "millstreet.example",
        "Brightwell Dental": "brightwell.example",
        "Fenwick & Lowe": "fenwicklowe.example",
    },
    "ru": {"Гостиница «Нева»": "neva-hotel.example", "Студия «Окно»": "okno-studio.example"},
    "ro": {"Pensiunea Bucovina": "bucovina.example", "Librăria Semn": "semn.example"},
    "et": {"Kodukohvik OÜ": "kodukohvik.example", "Saare Disain OÜ": "saaredisain.example"},
}
AT_HOME = ("post.example", "mail.example", "inbox.example")

# Address before the @, women marked by *, name.
PEOPLE = {
    "en": """
        *alice.morgan Alice Morgan; james.whitlock James Whitlock; *priya.nair Priya Nair; owen.hughes Owen
        Hughes; *sophie.clarke Sophie Clarke; daniel.okafor Daniel Okafor; *grace.turner Grace Turner;
        liam.byrne Liam Byrne; *hannah.fischer Hannah Fischer; marcus.reid Marcus Reid; *chloe.bennet Chloe
        Bennet; samir.patel Samir Patel; *ruth.adler Ruth Adler; peter.lang Peter Lang; *megan.price Megan
        Price; *nora.lindgren Nora Lindgren; victor.hale Victor Hale; *emma.stone Emma Whitestone; george.ivory
        George Ivory; *zoe.hart Zoe Hart; *fiona.mackay Fiona Mackay; ben.archer Ben Archer; *laura.fenn Laura
        Fenn; ian.coates Ian Coates; *isla.ross Isla Ross; tomas.berg Tomas Berg; *kate.dunne Kate Dunne;
        aaron.wells Aaron Wells
    """,
    "ru": """
        *marina.orlova Марина Орлова; sergei.belov Сергей Белов; *anna.kuznetsova Анна Кузнецова; igor.levin
        Игорь Левин; *tatjana.romanova Татьяна Романова; pavel.zaitsev Павел Зайцев; *irina.melnik Ирина
        Мельник; aleksei.sorokin Алексей Сорокин; *natalja.vlasova Наталья Власова; viktor.gusev Виктор Гусев;
        *julia.antonova Юлия Антонова; denis.makarov Денис Макаров; *svetlana.frolova Светлана Фролова;
        nikita.osipov Никита Осипов; *ljudmila.kim Людмила Ким; roman.tihonov Роман Тихонов
    """,
    "ro": """
        *ioana.marinescu Ioana Marinescu; radu.ionescu Radu Ionescu; *andreea.stan Andreea Stan; mihai.dumitru
        Mihai Dumitru; *cristina.lungu Cristina Lungu; vlad.georgescu Vlad Georgescu; *simona.rusu Simona Rusu;
        bogdan.ilie Bogdan Ilie; *raluca.toma Raluca Toma; stefan.moraru Ștefan Moraru; *gabriela.cojocaru
        Gabriela Cojocaru; paul.enache Paul Enache; *diana.nistor Diana Nistor; tudor.barbu Tudor Barbu;
        *alina.ciobanu Alina Ciobanu; victor.ceban Victor Ceban
    """,
    "et": """
        *mari.kask Mari Kask; toomas.mets Toomas Mets; *liis.oja Liis Oja; margus.rebane Margus Rebane;
        *kadri.sepp Kadri Sepp; rein.kivi Rein Kivi; *triin.pärn Triin Pärn; andres.lepik Andres Lepik;
        *piret.vaher Piret Vaher; urmas.koppel Urmas Koppel; *anneli.raud Anneli Raud; madis.põld Madis Põld;
        *heli.luik Heli Luik; siim.kuusk Siim Kuusk; *eva.teder Eva Teder; jaak.nurm Jaak Nurm
    """,
}


def customers(language: str) -> list[Customer]:
    """Everybody who writes in this language; each third one writes from work."""
    houses = list(ORGANISATIONS[language].items())
    found = []
    for place, line in enumerate(PEOPLE[language].split(";")):
        local, _, name = " ".join(line.split()).partition(" ")
        organisation, domain = houses[place // 3 % len(houses)] if place % 3 == 0 else ("", AT_HOME[place % 3])
        address = f"{_ascii(local.lstrip('*'))}@{domain}"
        found.append(Customer(name, address, language, local.startswith("*"), organisation))
    return found


def worker_for(department: str, language: str, rng: Random, but: Worker | None = None) -> Worker:
    """Somebody of the department who answers in the language, rather one of its own than a head or the admin.

    `but` is who hands it over, and not to themselves.
    """
    there = [each for each in WORKERS if department in each.departments and each is not but]
    able = [each for each in there if each.role != roles.LIGHT_AGENT]
    fit = [each for each in able if language in each.speaks] or able
    return rng.choices(fit, [1 if each is ADMIN else 3 if each.heads else 5 for each in fit])[0]


def colleague_for(worker: Worker, department: str, language: str, rng: Random) -> Worker:
    """Somebody else of the department who has something to say about it in the language; else the same one."""
    others = [each for each in WORKERS if department in each.departments and each is not worker]
    return rng.choice([each for each in others if language in each.speaks] or [worker])


def _ascii(local: str) -> str:
    return local.translate(str.maketrans("äõöü", "aoou"))
