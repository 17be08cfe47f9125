"""How mail programs introduce what they quote, in the languages of their users. Tables only; no judgement here."""

# ruff: noqa: E501 - alternatives of words read best side by side
from __future__ import annotations

import re


def _any(text: str) -> str:
    """An alternation of the words between bars, longest first."""
    words = sorted({word.strip() for word in text.replace("\n", "|").split("|") if word.strip()}, key=len, reverse=True)
    return "|".join(re.escape(word).replace("\\ ", r"\s") for word in words)


FROM = _any(
    """from|von|de|da|van|fra|från|fran|od|kimden|gönderen|от|от кого|від|від кого|отправитель|відправник|lähettäjä|saatja|
    kellelt|expéditeur|exp|remitente|mittente|afzender|avsender|afsender|feladó|expeditor|de la|nuo|no|sūtītājs|siuntėjas|
    差出人|送信者|送信元|发件人|发信人|寄件者|寄件人|보낸 사람|보낸사람|발신|από|מאת|من|từ|người gửi|ze|pošiljatelj|šalje|šilja|подател|
    odosielateľ|odesílatel|nadawca|pengirim|dari|daripada|ผู้ส่ง|จาก|od koho|frá|remetente|absender|avsändare|од|igorlea|nork|kimdən|nga|emisor|saatnud|verfasst von|فرستنده|الراسل|المرسل|送件者|寄件人|發件人|發信人"""
)
SENT = _any(
    """sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|fecha|data|inviato|verzonden|
    verzonden op|sendt|dato|skickat|wysłano|wysłane|data wysłania|odesláno|odoslané|poslano|poslané|дата|отправлено|дата отправки|надіслано|
    відправлено|изпратено|lähetetty|päiväys|päivämäärä|saadetud|kuupäev|saatmisaeg|elküldve|küldve|dátum|trimis|trimis la|data trimiterii|išsiųsta|nosūtīts|datums|
    送信日時|日時|日付|发送时间|发送日期|日期|寄件日期|傳送時間|보낸 날짜|날짜|보낸날짜|보낸 시간|ημερομηνία|στάλθηκε|נשלח|תאריך|gönderildi|gönderme tarihi|tarih|
    đã gửi|ngày|gửi|dikirim|tanggal|تاريخ|التاريخ|تم الإرسال|أُرسلت|ส่ง|ส่งเมื่อ|วันที่|datum slanja|sent on|enviat|enviat el|послато|послано|poslato|bidalia|dërguar|göndərildi|datë|dags|dagsetning|sendt den|skickat den|mottatt|received|date sent|date/time|送信日|送信時刻|傳送日期|寄送日期|發送時間|發送日期|发件日期|时间|보낸일시|보낸 시각|تاريخ الإرسال|ημ/νία|date d'envoi|data e hora|data/hora"""
)
TO = _any(
    """to|an|à|pour|para|a|aan|til|till|do|komu|кому|до|получатель|vastaanottaja|kenelle|saaja|kellele|címzett|către|catre|kam|gavėjas|destinataire|
    destinatario|destinatário|adressaat|adresaat|empfänger|prima|прима|за|per a|nori|primatelj|mottagare|mottaker|modtager|ontvanger|geadresseerde|odbiorca|adresat|příjemce|prijímateľ|адресат|одержувач|отримувач|kime|penerima|untuk|المستلم|به|宛先|收件地址|發送至|送り先|收件人|收信人|收件者|받는 사람|받는사람|수신|προς|אל|kime|alıcı|đến|kepada|إلى|ถึง|za|prejemnik|na|komu čemu|an alle"""
)
SUBJECT = _any(
    """subject|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|předmět|predmet|тема|предмет|aihe|teema|tárgy|subiect|subiectul|tema|
    件名|主题|主題|主旨|제목|θέμα|נושא|konu|chủ đề|subyek|subjek|perihal|الموضوع|เรื่อง|zadeva|efni|относно|assumpte|tēma|temats|dalykas|naslov|наслов|gaia|mövzu|hal|wiadomość|sujet|título|titel|otsikko|pealkiri|subyek|موضوع|標題|标题|タイトル|件　名|표제"""
)
COPY = _any(
    """cc|kopie|copie|copia|cópia|kopi|kopia|копия|копія|kopio|koopia|másolat|kopija|抄送|副本|참조|κοιν|עותק|bilgi|кк|bcc|
    reply-to|antwort an|ответить|répondre à|attachments|anlagen|pièces jointes|вложения|manused|atașamente|importance|wichtigkeit|priorität|важность"""
)
_WROTE = _any(
    """wrote|writes|has written|schrieb|geschrieben|hat geschrieben|a écrit|écrit|a ecrit|escribió|escribio|ha escrito|va escriure|ha escrit|escreveu|
    ha scritto|scrisse|schreef|heeft geschreven|geschreven|skrev|skreiv|har skrevet|napisał|napisała|napisał(a)|pisze|napsal|napsal(a)|napsala|napísal|
    napísal(a)|napísala|написал|написала|написал(а)|пишет|написав|написала|написав(-ла)|пише|написа|kirjoitti|kirjutas|kirjutab|írta|írta ezt|a scris|scrie|rašė|parašė|rakstīja|
    uzrakstīja|写道|寫道|写道:|wrote on behalf|さんは書きました|書きました|のメール|からのメール|님이 작성|작성|님의 말|έγραψε|έγραψαν|כתב|כתב/ה|כתבה|מאת|كتب|yazdı|şunu yazdı|şunları yazdı|đã viết|
    menulis|เขียนว่า|เขียน|napisao je|napisala je|je napisao|je napisala|je napisal|napisao|je napísal|skrifaði|escribiu|idatzi du|shkroi|ໄດ້ຂຽນ|写了|寫了|wrote as follows"""
)
_ME = r"\b(?:i|we|ich|wir|je|j'ai|nous|yo|eu|noi|я|мы|ma|mina|me|meie|minä|ja|io)\s{1,3}(?:\w{1,10}\s{1,3}){0,2}"

VERB = re.compile(
    rf"(?:^|[\s>,\"'）)」])(?:{_WROTE})[\s\xa0]{{0,3}}(?:\(\w{{1,4}}\))?[^\w]{{0,12}}$|(?:^|[\s>,])(?:{_WROTE})\s|"
    r"(?:写道|寫道|写了|书写|書きました|のメール|작성)",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(rf"(?:^|\s){_ME}(?:{_WROTE})\W{{0,5}}$", re.IGNORECASE)
DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|(?<!\d)\d{1,2}:\d{2}(?!\d)|\d{1,2}\s?[年月日]"
)
BRACKETED_ADDRESS = re.compile(r"[<\[＜(](?:mailto:)?[^\s<>\[\]()]{1,200}@[^\s<>\[\]()]{1,200}", re.IGNORECASE)
ANY_ADDRESS = re.compile(r"[^\s<>\[\]()\"',;:]{1,100}@[\w-]{1,63}\.[\w.-]{2,100}")
ENDS_IN_COLON = re.compile(r"[:：][\s*_>\"\u200e\u200f\u202a-\u202e\u2066-\u2069]*$")
OPENER = re.compile(
    r"^[\s>*_\"“-]{0,5}(?:on|am|le|el|il|em|op|den|på|w dniu|w|dne|dňa|v|в|во|на|у|pe|în|la|kell|kuupäev|r|p|e|t|k|n|l|a|ma|dana|ngày|pada|στις|บน|"
    r"mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|пн|вт|ср|чт|пт|сб|вс|нд|lun|mar|mer|mié|jeu|ven|sam|dim|seg|ter|qua|qui|sex|vin|mie|joi|vi|sâm|dum|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|esmaspäev|teisipäev|kolmapäev|neljapäev|reede|laupäev|pühapäev|"
    r"quoting|zitat von|citando|\d{1,4}[./年-])(?:[\s.,:]|\d|$)",
    re.IGNORECASE,
)
LABEL = re.compile(
    rf"^[\s>*_|]{{0,8}}(?:(?P<sent>{SENT})|(?P<subject>{SUBJECT})|(?P<copy>{COPY})|(?P<from>{FROM})|(?P<to>{TO}))[\s*_\xa0]{{0,4}}[:：]",
    re.IGNORECASE,
)
AMBIGUOUS_FROM = re.compile(rf"^[\s>*_|]{{0,8}}(?:{FROM})[\s*_\xa0]{{0,4}}[:：]", re.IGNORECASE)
_ORIGINAL = _any(
    """original message|original mail|original email|original-nachricht|originalnachricht|ursprüngliche nachricht|ursprüngliche mail|message d'origine|
    message d’origine|message original|message initial|mensaje original|missatge original|mensagem original|messaggio originale|oorspronkelijk bericht|origineel bericht|
    oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|originalmeddelande|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|původní e-mail|pôvodná správa|
    исходное сообщение|исходное письмо|оригинальное сообщение|оригинал сообщения|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|вихідне повідомлення|
    оригінальне повідомлення|переслане повідомлення|alkuperäinen viesti|välitetty viesti|algsõnum|algne kiri|originaalkiri|originaal kiri|algne sõnum|edastatud kiri|edastatud sõnum|eredeti üzenet|továbbított üzenet|
    mesaj original|mesajul original|mesaj redirecționat|mesaj redirecţionat|originalus laiškas|originalus pranešimas|persiųstas|oriģinālais ziņojums|元のメッセージ|転送されたメッセージ|原始邮件|原始郵件|原始信件|
    邮件原件|转发邮件信息|转发的邮件|轉寄郵件|원본 메시지|원본 메일|전달된 메시지|αρχικό μήνυμα|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|orijinal mesaj|özgün ileti|iletilen mesaj|tin nhắn gốc|
    pesan asli|izvorna poruka|originalna poruka|prvotno sporočilo|forwarded message|forwarded by|begin forwarded message|weitergeleitete nachricht|
    anfang der weitergeleiteten nachricht|message transféré|message transmis|début du message réexpédié|message réacheminé|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|
    mensagem encaminhada|mensagem reencaminhada|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat meddelande|vidarebefordrat brev|vidaresänt meddelande|videresendt melding|videresendt besked|videresendt meddelelse|
    przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|preposlaná správa|начало переадресованного сообщения|reply message|reply separator"""
)
SEPARATOR = re.compile(
    rf"^[\s>*]{{0,5}}[-_=—–─]{{2,60}}\s{{0,3}}(?:{_ORIGINAL})[^\n]{{0,60}}$|^[\s>*]{{0,5}}(?:{_ORIGINAL})\s?[:：]\s*$",
    re.IGNORECASE,
)
ANY_SEPARATOR = re.compile(r"^[\s>*]{0,5}[-—–─]{3,60}\s{0,3}[^\s-][^\n]{1,80}[^\s-]\s{0,3}[-—–─]{3,60}\s*$")
RULE = re.compile(r"^\s{0,5}[-_=*—–─]{5,200}\s*$")
OWN_SEPARATOR = re.compile(
    r"^[\s>*]{0,8}(?:##-?\s?.{3,200}\s?-?##|[-=_*# ]{0,40}(?:please )?(?:type your reply|reply|write|answer) above this line[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}(?:пожалуйста, )?(?:ответьте|пишите ответ|напишите ответ|введите ответ) выше этой (?:линии|строки)[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}(?:vă rugăm să )?(?:răspundeți|scrieți răspunsul) deasupra acestei linii[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}(?:palun )?(?:vasta(?:ge)?|kirjuta(?:ge)? vastus) selle (?:rea|joone) kohale[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}bitte (?:antworten sie|antworte) (?:ober|über)[^\n]{0,40}(?:linie|zeile)[-=_*# .]{0,40})\s*$",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"^(?:--|—|–)\s?$")
SENT_FROM = re.compile(
    r"^[\s*_—-]{0,5}(?:(?:sent|posted) (?:from|via|with|using|by) .{1,60}|get outlook for .{1,40}|.{2,40} outlook (?:for|für|pour|para|per|voor|для|pentru|dla|pro|til|för) (?:ios|android).{0,80}|gesendet (?:von|mit|über) .{1,60}|von meinem .{1,40} gesendet|"
    r"diese nachricht wurde von meinem .{1,60}|envoyé (?:depuis|de|à partir de|via|avec) .{1,60}|télécharge[rz] outlook .{1,40}|enviado (?:desde|do|a partir do|de|via) .{1,60}|inviato (?:da|dal|con|tramite) .{1,60}|"
    r"verzonden (?:vanaf|met|via|vanuit) .{1,60}|sendt fra .{1,60}|skickat från .{1,60}|lähetetty .{1,60}|saadetud (?:minu )?.{1,40}|wysłan[eo] z .{1,60}|odesláno z .{1,60}|odoslané z .{1,60}|"
    r"отправлено (?:с|из|от) .{1,60}|(?:пользуюсь|отправлено из) .{1,60}|отправлено через .{1,60}|надіслано (?:з|із) .{1,60}|trimis (?:de pe|din|cu|de la) .{1,60}|elküldve .{1,60}|küldve .{1,60}|"
    r"iphoneから送信|androidから送信|发自我的.{1,30}|從我的.{1,30}傳送|나의 .{1,30}에서 보냄|.{1,30}에서 보냄|στάλθηκε από .{1,60}|נשלח מ.{1,40}|أرسل من .{1,40}|.{1,30}['’]?(?:dan|den|ımdan) gönderildi|"
    r"--\s?отправлено .{1,60}|sent with (?:proton|tutanota).{1,60}|wysłane z .{1,60})\s*$",
    re.IGNORECASE,
)
