"""The mail within a forward: who wrote it, about what, in which words; and what only looks like one."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import pytest

from tugi.channels.email.parsing import Forwarded, ParsedMail, parse_mail
from tugi.channels.email.tests.parsing.mails import mail, multipart, read, text

WORDS = "The parcel came open.\n\nWho pays?"

MARKS = {
    "gmail": "---------- Forwarded message ---------\nFrom: Carla Moss <carla@shop.example>\nDate: Mon, 2 Nov 2026 at 10:00"
    "\nSubject: Broken parcel\nTo: Ann <ann@example.com>\n\n\n",
    "gmail german": "---------- Weitergeleitete Nachricht ---------\nVon: Carla Moss <carla@shop.example>\n"
    "Date: Mo., 2. Nov. 2026 um 10:00 Uhr\nSubject: Broken parcel\nTo: Ann <ann@example.com>\n\n",
    "gmail russian": "---------- Пересылаемое сообщение ---------\nОт: Carla Moss <carla@shop.example>\n"
    "Date: пн, 2 нояб. 2026 г. в 10:00\nSubject: Broken parcel\nTo: Ann <ann@example.com>\n\n",
    "apple": "Begin forwarded message:\n\n> From: Carla Moss <carla@shop.example>\n> Date: 2 November 2026 at 10:00:00\n"
    "> To: Ann <ann@example.com>\n> Subject: Broken parcel\n> \n> ",
    "apple, one paragraph each": "Anfang der weitergeleiteten Nachricht:\n\nVon: Carla Moss <carla@shop.example>\n\n"
    "Betreff: Broken parcel\n\nDatum: 2. November 2026 um 10:00:00 MEZ\n\nAn: Ann <ann@example.com>\n\n",
    "thunderbird": "-------- Forwarded Message --------\nSubject: \tBroken parcel\nDate: \tMon, 2 Nov 2026 10:00:00 +0100\n"
    "From: \tCarla Moss <carla@shop.example>\nTo: \tann@example.com\n\n\n",
    "thunderbird estonian": "-------- Edastatud kiri --------\nTeema: \tBroken parcel\nKuupäev: \tMon, 2 Nov 2026 10:00:00\n"
    "Saatja: \tCarla Moss <carla@shop.example>\nSaaja: \tann@example.com\n\n",
    "mail.ru": "-------- Пересылаемое сообщение --------\nОт кого: Carla Moss <carla@shop.example>\n"
    "Кому: Ann <ann@example.com>\nДата: Понедельник, 2 ноября 2026, 10:00 +03:00\nТема: Broken parcel\n\n",
    "mutt": "----- Forwarded message from Carla Moss <carla@shop.example> -----\n\nDate: Mon, 2 Nov 2026 10:00:00 +0100\n"
    "From: Carla Moss <carla@shop.example>\nTo: ann@example.com\nSubject: Broken parcel\n\n",
    "html as text": "---------- Forwarded message ---------\n*From:* Carla Moss <carla@shop.example "
    "<mailto:carla@shop.example>>\n*Date:* Mon, 2 Nov 2026\n*Subject:* Broken parcel\n*To:* <ann@example.com>\n\n",
    "old outlook": "-----Original Message-----\nFrom: Carla Moss [mailto:carla@shop.example]\nSent: Monday, 2 November 2026"
    "\nTo: Ann\nSubject: Broken parcel\n\n",
    "long subject": "-------- Doorgestuurd bericht --------\nVan: Carla Moss\n <carla@shop.example>\nDatum: ma 2 nov 2026\n"
    "Onderwerp: Broken\n parcel\nAan: ann@example.com\n\n",
}


def passed_on(found: ParsedMail) -> Forwarded:
    assert found.forwarded is not None
    return found.forwarded


@pytest.mark.parametrize("program", MARKS)
def test_the_mail_under_a_forward_line_is_found(program: str) -> None:
    words = WORDS.replace("\n", "\n> ") if program == "apple" else WORDS
    found = read(f"Please look at this.\n\n{MARKS[program]}{words}\n", Subject="Fwd: Broken parcel")
    assert passed_on(found) == Forwarded("carla@shop.example", "Carla Moss", "Broken parcel", WORDS)


LABELS = {
    "en": ("FW", "From", "Sent", "To", "Subject"),
    "de": ("WG", "Von", "Gesendet", "An", "Betreff"),
    "fr": ("TR", "De", "Envoyé", "À", "Objet"),
    "es": ("RV", "De", "Enviado", "Para", "Asunto"),
    "pt": ("ENC", "De", "Enviado", "Para", "Assunto"),
    "it": ("I", "Da", "Inviato", "A", "Oggetto"),
    "nl": ("FW", "Van", "Verzonden", "Aan", "Onderwerp"),
    "da": ("VS", "Fra", "Sendt", "Til", "Emne"),
    "no": ("VS", "Fra", "Sendt", "Til", "Emne"),
    "sv": ("VB", "Från", "Skickat", "Till", "Ämne"),
    "fi": ("VL", "Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "et": ("FW", "Saatja", "Saadetud", "Adressaat", "Teema"),
    "et, kellelt": ("Edasi", "Kellelt", "Saatmisaeg", "Kellele", "Teema"),
    "lv": ("Pārs", "No", "Nosūtīts", "Kam", "Tēma"),
    "lt": ("FW", "Nuo", "Išsiųsta", "Kam", "Tema"),
    "pl": ("PD", "Od", "Wysłano", "Do", "Temat"),
    "cs": ("FW", "Od", "Odesláno", "Komu", "Předmět"),
    "sk": ("FW", "Od", "Odoslané", "Komu", "Predmet"),
    "hu": ("TOV", "Feladó", "Elküldve", "Címzett", "Tárgy"),
    "ro": ("FW", "De la", "Trimis", "Către", "Subiect"),
    "ru": ("FW", "От", "Отправлено", "Кому", "Тема"),
    "uk": ("FW", "Від", "Надіслано", "Кому", "Тема"),
    "bg": ("FW", "От", "Изпратено", "До", "Относно"),
    "el": ("ΠΡΘ", "Από", "Στάλθηκε", "Προς", "Θέμα"),
    "tr": ("İLT", "Kimden", "Gönderildi", "Kime", "Konu"),
    "he": ("הועבר", "מאת", "נשלח", "אל", "נושא"),
    "ar": ("FW", "من", "تم الإرسال", "إلى", "الموضوع"),
    "ja": ("FW", "差出人", "送信日時", "宛先", "件名"),
    "zh": ("转发", "发件人", "发送时间", "收件人", "主题"),
    "ko": ("FW", "보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}


@pytest.mark.parametrize("language", LABELS)
def test_a_header_block_under_a_forward_subject_is_a_forward(language: str) -> None:
    prefix, from_, sent, to, subject = LABELS[language]
    block = (
        f"{from_}: Carla Moss <carla@shop.example>\n{sent}: 2026-11-02 10:00\n{to}: Ann\n{subject}: Broken parcel\n\n"
    )
    found = read(f"See below.\n\n{block}{WORDS}", Subject=f"{prefix}: Broken parcel")
    assert passed_on(found) == Forwarded("carla@shop.example", "Carla Moss", "Broken parcel", WORDS)


@pytest.mark.parametrize("language", LABELS)
def test_the_same_block_under_the_subject_of_an_answer_is_a_quotation(language: str) -> None:
    _, from_, sent, to, subject = LABELS[language]
    block = f"{from_}: Desk <desk@desk.example>\n{sent}: 2026-11-02 10:00\n{to}: Ann\n{subject}: Broken parcel\n\n"
    found = read(f"It is blue.\n\n{block}{WORDS}", Subject="Re: Broken parcel", In_Reply_To="<1@desk.example>")
    assert found.forwarded is None
    assert found.reply_text == "It is blue."


def test_without_a_prefix_the_people_decide() -> None:
    block = "From: {}\nSent: Monday, 2 November 2026 10:00\nTo: Ann\nSubject: Broken parcel\n\n" + WORDS
    foreign = read(f"What now?\n\n{block.format('carla@shop.example')}", Subject="Broken parcel")
    ours = read(f"What now?\n\n{block.format('desk@desk.example')}", Subject="Broken parcel")
    assert passed_on(foreign).from_email == "carla@shop.example"
    assert ours.forwarded is None


def test_an_attached_mail_says_it_best() -> None:
    inner = mail(WORDS, From='"Carla Moss" <carla@shop.example>', Subject="=?utf-8?q?Broken_parcel?=")
    raw = multipart(text("Please look."), b"Content-Type: message/rfc822\n\n" + inner, Subject="Fwd: Broken parcel")
    assert passed_on(parse_mail(raw)) == Forwarded("carla@shop.example", "Carla Moss", "Broken parcel", WORDS)


def test_an_attached_file_that_is_a_mail_is_read_too() -> None:
    inner = mail(WORDS, From="carla@shop.example", Subject="Broken parcel")
    head = b'Content-Type: application/octet-stream; name="Broken parcel.eml"\n\n'
    assert passed_on(parse_mail(multipart(text("Please look."), head + inner))).from_email == "carla@shop.example"


def test_a_bounce_passes_nothing_on() -> None:
    inner = b"Content-Type: message/rfc822\n\n" + mail(WORDS)
    report = "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\n"
    raw = multipart(
        text("Not delivered"), report, inner, kind="report", params="; report-type=delivery-status", Return_Path="<>"
    )
    assert parse_mail(raw).forwarded is None


@pytest.mark.parametrize(
    "body",
    [
        "Where is my parcel?",
        "Thanks!\n\nOn 2 Nov 2026, Desk <desk@desk.example> wrote:\n> ---------- Forwarded message ---------\n> From: x@y.z",
        "I got a forwarded message: it said nothing.",
        "From: here to there\nTo: nowhere",
    ],
)
def test_what_is_no_forward_stays_one(body: str) -> None:
    assert read(body, Subject="Re: Parcel").forwarded is None


def test_a_forwarded_answer_names_the_one_who_answered() -> None:
    body = f"On Mon, 2 Nov 2026 at 10:00, Carla Moss <carla@shop.example> wrote:\n> {WORDS.replace(chr(10), chr(10) + '> ')}"
    found = passed_on(read(body, Subject="Fwd: Broken parcel"))
    assert (found.from_email, found.from_name, found.text) == ("carla@shop.example", "Carla Moss", WORDS)
