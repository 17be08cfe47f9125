"""How people begin and end their mails in each language, and the small words that go with the places they live."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manners:
    """How one begins, ends and quotes. `{you}` is the first name of who is spoken to, `{first}` the speaker's."""

    customer_opens: tuple[str, ...]
    customer_closes: tuple[str, ...]
    agent_opens: tuple[str, ...]
    agent_closes: tuple[str, ...]
    wrote: str
    away: str
    cities: tuple[str, ...]
    money: str
    date: str
    company: str


MANNERS = {
    "en": Manners(
        customer_opens=("Hello,", "Hi,", "Hi there,", "Dear Northlight,", "Hello Northlight team,", ""),
        customer_closes=("Best regards,\n{name}", "Thanks,\n{first}", "Many thanks, {first}", "{first}", "{name}"),
        agent_opens=("Hello {you},", "Hi {you},", "Dear {you},"),
        agent_closes=("Best wishes,\n{first}", "Kind regards,\n{first}", "All the best,\n{first}"),
        wrote="On {when}, {who} wrote:",
        away="Thank you for your message. I am out of the office until {until} and will read it when I am back.",
        cities=("Bristol", "Leeds", "Dublin", "Edinburgh", "Cardiff", "Norwich"),
        money="€{amount}",
        date="%-d %B",
        company="{last} & Co",
    ),
    "ru": Manners(
        customer_opens=("Здравствуйте!", "Добрый день!", "Здравствуйте, уважаемая поддержка!", "Приветствую!", ""),
        customer_closes=("С уважением,\n{name}", "Спасибо!\n{first}", "Заранее спасибо,\n{first}", "{name}", "{first}"),
        agent_opens=("Здравствуйте, {you}!", "Добрый день, {you}!", "{you}, здравствуйте!"),
        agent_closes=("С уважением,\n{first}", "Всего доброго,\n{first}", "Хорошего дня!\n{first}"),
        wrote="{when}, {who} пишет:",
        away="Спасибо за письмо. До {until} меня не будет на работе; отвечу, как только вернусь.",
        cities=("Таллинн", "Нарва", "Рига", "Тарту", "Вильнюс", "Даугавпилс"),
        money="{amount} €",
        date="%d.%m",
        company="ООО «{last}»",
    ),
    "ro": Manners(
        customer_opens=("Bună ziua,", "Bună,", "Salut,", "Stimată echipă Northlight,", "Bună ziua Northlight,", ""),
        customer_closes=(
            "Cu stimă,\n{name}",
            "Mulțumesc,\n{first}",
            "O zi bună,\n{name}",
            "Mulțumesc! {first}",
            "{first}",
        ),
        agent_opens=("Bună ziua, {you},", "Bună, {you},", "Dragă {you},"),
        agent_closes=("Cu drag,\n{first}", "Cu stimă,\n{first}", "O zi frumoasă,\n{first}"),
        wrote="La {when}, {who} a scris:",
        away="Vă mulțumesc pentru mesaj. Sunt în concediu până pe {until} și vă răspund la întoarcere.",
        cities=("Cluj", "Iași", "Brașov", "Timișoara", "Chișinău", "Sibiu"),
        money="{amount} €",
        date="%d.%m",
        company="{last} SRL",
    ),
    "et": Manners(
        customer_opens=("Tere!", "Tere,", "Tere päevast!", "Tervist!", "Hea klienditugi!", ""),
        customer_closes=(
            "Lugupidamisega\n{name}",
            "Aitäh!\n{first}",
            "Tervitades\n{name}",
            "Tänades\n{first}",
            "{first}",
        ),
        agent_opens=("Tere, {you}!", "Tere päevast, {you}!", "Hea {you}!"),
        agent_closes=("Lugupidamisega\n{first}", "Parimat soovides\n{first}", "Ilusat päeva!\n{first}"),
        wrote="{when} kirjutas {who}:",
        away="Aitäh kirja eest. Olen puhkusel kuni {until} ja vastan, kui olen tagasi.",
        cities=("Tartu", "Pärnu", "Viljandi", "Rakvere", "Haapsalu", "Võru"),
        money="{amount} €",
        date="%d.%m",
        company="{last} OÜ",
    ),
}
