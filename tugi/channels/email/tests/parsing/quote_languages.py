"""How mail programs of many languages introduce a quotation. Names and dates are made up."""

# ruff: noqa: E501
from __future__ import annotations

INTRODUCTIONS = [
    "On Fri, Nov 20, 2026 at 10:15 AM Ann Doe <ann@example.com> wrote:",
    "On Fri, Nov 20, 2026 at 10:15 AM Ann Doe <\nann@example.com> wrote:",
    "On Fri, Nov 20, 2026 at 10:15 AM Ann Doe <ann@example.com>\nwrote:",
    "On 20 Nov 2026, at 10:15, Ann Doe <ann@example.com> wrote:",
    "On 11/20/2026 10:15 AM, Ann Doe wrote:",
    "On 2026-11-20 10:15, Ann Doe wrote:",
    "On Friday, November 20th, 2026 at 10:15, Ann <ann@example.com> wrote:",
    "Am 20.11.2026 um 10:15 schrieb Ann Doe:",
    "Am Fr., 20. Nov. 2026 um 10:15 Uhr schrieb Ann Doe <ann@example.com>:",
    "Am Freitag, 20. November 2026, 10:15:12 MEZ hat Ann <ann@example.com> Folgendes geschrieben:",
    "Ann Doe <ann@example.com> schrieb am Fr., 20. Nov. 2026, 10:15:",
    "Le ven. 20 nov. 2026 à 10:15, Ann Doe <ann@example.com> a écrit :",
    "Le 20/11/2026 à 10:15, Ann Doe a écrit :",
    "El vie, 20 nov 2026 a las 10:15, Ann Doe (<ann@example.com>) escribió:",
    "El 20/11/2026 a las 10:15, Ann Doe escribió:",
    "Em sex., 20 de nov. de 2026 às 10:15, Ann Doe <ann@example.com> escreveu:",
    "Il giorno ven 20 nov 2026 alle ore 10:15 Ann Doe <ann@example.com> ha scritto:",
    "Il 20/11/2026 10:15, Ann Doe ha scritto:",
    "Op vr 20 nov. 2026 om 10:15 schreef Ann Doe <ann@example.com>:",
    "Op 20-11-2026 om 10:15 schreef Ann Doe:",
    "Den fre. 20. nov. 2026 kl. 10.15 skrev Ann Doe <ann@example.com>:",
    "Den fre 20 nov. 2026 kl 10:15 skrev Ann Doe <ann@example.com>:",
    "fre. 20. nov. 2026 kl. 10:15 skrev Ann Doe <ann@example.com>:",
    "pe 20. marrask. 2026 klo 10.15 Ann Doe (ann@example.com) kirjoitti:",
    "pt., 20 lis 2026 o 10:15 Ann Doe <ann@example.com> napisał(a):",
    "W dniu 20.11.2026 o 10:15, Ann Doe pisze:",
    "pá 20. 11. 2026 v 10:15 odesílatel Ann Doe <ann@example.com> napsal:",
    "Dne 20.11.2026 v 10:15 Ann Doe napsal(a):",
    "pi 20. 11. 2026 o 10:15 Ann Doe <ann@example.com> napísal(a):",
    "Ann Doe <ann@example.com> ezt írta (időpont: 2026. nov. 20., P, 10:15):",
    "пт, 20 нояб. 2026 г. в 10:15, Анна <ann@example.com>:",
    "20.11.2026 10:15, Анна пишет:",
    '20.11.2026, 10:15, "Анна" <ann@example.com>:',
    "20 ноября 2026 г., в 10:15, Анна <ann@example.com> написал(а):",
    "Пятница, 20 ноября 2026, 10:15 +03:00 от Анна <ann@example.com>:",
    "пт, 20 лист. 2026 р. о 10:15 Анна <ann@example.com> пише:",
    "На пт, 20.11.2026 г. в 10:15 Анна <ann@example.com> написа:",
    "Kuupäev R, 20. november 2026 kell 10:15 kirjutas Ann Doe <ann@example.com>:",
    "Ann Doe kirjutas 20.11.2026 kell 10:15:",
    "Pe vin., 20 nov. 2026 la 10:15, Ann Doe <ann@example.com> a scris:",
    "În data de vin., 20 nov. 2026 la 10:15, Ann Doe <ann@example.com> a scris:",
    "Piektd., 2026. g. 20. nov., plkst. 10:15 — lietotājs Ann (<ann@example.com>) rakstīja:",
    "2026-11-20, pn, 10:15 Ann Doe <ann@example.com> rašė:",
    "Στις Παρ 20 Νοε 2026 στις 10:15 π.μ., ο/η Ann <ann@example.com> έγραψε:",
    "20 Kas 2026 Cum, 10:15 tarihinde Ann Doe <ann@example.com> şunu yazdı:",
    "Vào Th 6, 20 thg 11, 2026 vào lúc 10:15 Ann <ann@example.com> đã viết:",
    "Pada Jum, 20 Nov 2026 pukul 10.15 Ann <ann@example.com> menulis:",
    "Dana pet, 20. stu 2026. u 10:15 Ann <ann@example.com> napisao je:",
    "El dv., 20 de nov. 2026, 10:15, Ann <ann@example.com> va escriure:",
    "2026年11月20日(金) 10:15 田中 <ann@example.com>:",
    "2026年11月20日(金) 10:15、田中さんは書きました:",
    "Ann <ann@example.com> 于2026年11月20日周五 10:15写道：",
    '在 2026-11-20 10:15:11，"Ann" <ann@example.com> 写道：',
    "Ann <ann@example.com> 於 2026年11月20日 週五 上午10:15寫道：",
    "2026년 11월 20일 (금) 오전 10:15, 홍길동 <ann@example.com>님이 작성:",
    "‫בתאריך יום ו׳, 20 בנוב׳ 2026 ב-10:15 מאת ‪Ann‬‏ <‪ann@example.com‬‏>:‬",
    "في الجمعة، 20 نوفمبر 2026 في 10:15 ص تمت كتابة ما يلي بواسطة Ann <ann@example.com>:",
    "---- On Fri, 20 Nov 2026 10:15:00 +0200 Ann <ann@example.com> wrote ----:",
    "2026-11-20 10:15 GMT+02:00 Ann Doe <ann@example.com>:",
    "At 10:15 20/11/2026, you wrote:",
]


def _block(*labels: str) -> str:
    values = ("Ann Doe <ann@example.com>", "20 11 2026 10:15", "Desk <desk@example.net>", "Hello")
    return "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))


HEADER_BLOCKS = [
    _block(*labels.split("|"))
    for labels in (
        "From|Sent|To|Subject", "From|Date|To|Subject", "*From*|*Sent*|*To*|*Subject*", "Von|Gesendet|An|Betreff", "Von|Datum|An|Betreff",
        "De|Envoyé|À|Objet", "De|Date|À|Objet", "De|Enviado el|Para|Asunto", "De|Fecha|Para|Asunto", "De|Enviada em|Para|Assunto",
        "Da|Inviato|A|Oggetto", "Da|Data|A|Oggetto", "Van|Verzonden|Aan|Onderwerp", "Fra|Sendt|Til|Emne", "Fra|Dato|Til|Emne",
        "Från|Skickat|Till|Ämne", "Från|Datum|Till|Ämne", "Lähettäjä|Lähetetty|Vastaanottaja|Aihe", "Saatja|Saadetud|Adressaat|Teema",
        "Saatja|Kuupäev|Saaja|Teema", "Od|Wysłano|Do|Temat", "Od|Data|Do|Temat", "Od|Odesláno|Komu|Předmět", "Od|Datum|Komu|Předmět",
        "Od|Odoslané|Komu|Predmet", "Feladó|Elküldve|Címzett|Tárgy", "Feladó|Dátum|Címzett|Tárgy", "От|Отправлено|Кому|Тема", "От|Дата|Кому|Тема",
        "От кого|Дата|Кому|Тема", "Від|Надіслано|Кому|Тема", "Від|Дата|Кому|Тема", "От|Изпратено|До|Относно", "De la|Trimis|Către|Subiect",
        "De la|Data|Către|Subiect", "Nuo|Išsiųsta|Kam|Tema", "No|Nosūtīts|Kam|Tēma", "Kimden|Gönderildi|Kime|Konu", "Από|Στάλθηκε|Προς|Θέμα",
        "差出人|送信日時|宛先|件名", "发件人|发送时间|收件人|主题", "寄件者|寄件日期|收件者|主旨", "보낸 사람|보낸 날짜|받는 사람|제목", "מאת|נשלח|אל|נושא",
        "من|تاريخ|إلى|الموضوع", "Từ|Ngày|Đến|Chủ đề", "Od|Poslano|Za|Predmet", "Dari|Tanggal|Kepada|Perihal",
    )
]  # fmt: skip
SEPARATORS = [
    "-----Original Message-----", "----- Original Message -----", "-----Ursprüngliche Nachricht-----", "-----Original-Nachricht-----",
    "-----Message d'origine-----", "-----Mensaje original-----", "-----Mensagem original-----", "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----", "-----Oprindelig meddelelse-----", "-----Opprinnelig melding-----", "-----Ursprungligt meddelande-----",
    "-----Wiadomość oryginalna-----", "-----Původní zpráva-----", "-----Pôvodná správa-----", "-----Исходное сообщение-----",
    "----- Оригинальное сообщение -----", "-----Вихідне повідомлення-----", "-----Alkuperäinen viesti-----", "-----Algsõnum-----",
    "-----Eredeti üzenet-----", "-----Mesaj original-----", "-----元のメッセージ-----", "------------------ 原始邮件 ------------------",
    "-----원본 메시지-----", "-----Αρχικό μήνυμα-----", "---------- Forwarded message ---------", "-------- Weitergeleitete Nachricht --------",
    "---------- Message transféré ---------", "-------- Пересылаемое сообщение --------", "-------- Edastatud kiri --------",
    "##- Please type your reply above this line -##", "--- Reply above this line ---", "##- Ответьте выше этой строки -##",
]  # fmt: skip
SENT_FROM = [
    "Sent from my iPhone", "Sent from Outlook for Android", "Get Outlook for iOS", "Sent via Mail", "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App", "Envoyé de mon iPhone", "Enviado desde mi iPhone", "Enviado do meu iPhone", "Inviato da iPhone",
    "Verzonden vanaf mijn iPhone", "Sendt fra min iPhone", "Skickat från min iPhone", "Lähetetty iPhonesta", "Saadetud minu iPhone'ist",
    "Wysłane z iPhone'a", "Odesláno z iPhonu", "Отправлено с iPhone", "Отправлено из мобильной Почты Mail", "Надіслано з iPhone",
    "Trimis de pe iPhone", "iPhoneから送信", "发自我的iPhone", "나의 iPhone에서 보냄", "Sent with Proton Mail secure email.",
]  # fmt: skip
