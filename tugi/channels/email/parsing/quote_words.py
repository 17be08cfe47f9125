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
    đã gửi|ngày|gửi|dikirim|tanggal|تاريخ|التاريخ|تم الإرسال|أُرسلت|ส่ง|ส่งเมื่อ|วันที่|datum slanja|sent on|enviat|enviat el|dată|послато|послано|poslato|bidalia|dërguar|göndərildi|datë|dags|dagsetning|sendt den|skickat den|mottatt|received|date sent|date/time|送信日|送信時刻|傳送日期|寄送日期|發送時間|發送日期|发件日期|时间|보낸일시|보낸 시각|تاريخ الإرسال|ημ/νία|date d'envoi|data e hora|data/hora"""
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
    menulis|เขียนว่า|เขียน|napisao je|napisala je|je napisao|je napisala|je napisal|napisao|je napísal|skrifaði|escribiu|idatzi du|shkroi|ໄດ້ຂຽນ|写了|寫了|wrote as follows|you wrote|писали|вы писали|tak napsal|скрыва|напиша|је написао/ла|написао је|је написао|je napisao/la|ezt írta|napisał/a|napisal/a|escreveu o seguinte|het volgende geschreven|kirjutas järgmist|ha scritto quanto segue|a scris următoarele|skrev följande|skrev følgende|이(가) 쓴 글|쓴 글|님이 쓴 글|が書きました|さんが書いた|wrote the following|said|sagte"""
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
    rf"^[\s>*_|]{{0,16}}(?:(?P<sent>{SENT})|(?P<subject>{SUBJECT})|(?P<copy>{COPY})|(?P<from>{FROM})|(?P<to>{TO}))[\s*_\xa0]{{0,4}}[:：]",
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
    rf"^[\s>*]{{0,5}}[-_=—–─‐‑−]{{2,60}}\s{{0,3}}(?:{_ORIGINAL})[^\n]{{0,60}}$|^[\s>*]{{0,5}}(?:{_ORIGINAL})\s?[:：]\s*$",
    re.IGNORECASE,
)
ANY_SEPARATOR = re.compile(r"^[\s>*]{0,5}[-—–─‐‑−]{3,60}\s{0,3}[^\s-][^\n]{1,80}[^\s-]\s{0,3}[-—–─‐‑−]{3,60}\s*$")
BARE_SEPARATOR = re.compile(rf"^[\s>*]{{0,5}}(?:{_ORIGINAL})[\s*]*$", re.IGNORECASE)
"""Not a sign by itself; above a header block it belongs to it."""
DASHED = re.compile(r"^[\s>]{0,5}[-_=—–─‐‑−]{2,60}\s{0,3}(?=[^\s\-_=])(.{5,300}?)\s{0,3}[-_=—–─‐‑−]{2,60}\s*$")
"""Between dashes: `---- On Mon, Ann <a@b> wrote ----`."""
CHEVRONS = re.compile(r"^(?=.{0,300}\d).{3,300}>{3}\s*$")
"""What is left of `>>> Ann <a@b> 11/2/2026 10:00 AM >>>` when the marks are off."""
INLINE = re.compile(r"^(.{10,300}?[:：])\s{2,20}\S")
INITIALS = re.compile(r"^ {0,2}([A-ZА-Я]{1,4})>+ ?")
BARE_TO = re.compile(
    r"^\s{0,3}(?:to|an|a|à|para|aan|til|till|do|komu|кому|címzett|către|kellele)\s{0,3}$", re.IGNORECASE
)
BARE_SUBJECT = re.compile(
    r"^\s{0,3}(?:subject|thema|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|předmět|тема|tárgy|subiect|teema)\s{0,3}$",
    re.IGNORECASE,
)
RULE = re.compile(r"^\s{0,5}[-_=*—–─‐‑−]{5,200}\s*$")
ADDRESS_AT_END = re.compile(r"@[^\s<>\[\]()]{1,200}[^\w]{0,12}$")
OWN_SEPARATOR = re.compile(
    r"^[\s>*]{0,8}(?:[-=_*#~<]{2,40}[^\n]{0,120}\b(?:above|below) this (?:line|message|text)\b[^\n]{0,80}|"
    r"[-=_*#~]{2,40}[^\n]{0,80}(?:über dieser (?:linie|zeile)|au-dessus de cette ligne|por encima de esta línea|encima de esta línea|sopra questa (?:linea|riga)|acima desta linha|boven deze (?:lijn|regel)|ovanför denna rad|над этой (?:линией|чертой|строкой)|выше этой (?:линии|черты|строки)|deasupra acestei linii|selle (?:rea|joone) kohale|powyżej tej linii)[^\n]{0,80}|##-?\s?.{3,200}\s?-?##|[-=_*# ]{0,40}(?:please )?(?:type your reply|reply|write|answer) above this line[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}(?:пожалуйста, )?(?:ответьте|пишите ответ|напишите ответ|введите ответ) выше этой (?:линии|строки)[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}(?:vă rugăm să )?(?:răspundeți|scrieți răspunsul) deasupra acestei linii[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}(?:palun )?(?:vasta(?:ge)?|kirjuta(?:ge)? vastus) selle (?:rea|joone) kohale[-=_*# .]{0,40}|"
    r"[-=_*# ]{0,40}bitte (?:antworten sie|antworte) (?:ober|über)[^\n]{0,40}(?:linie|zeile)[-=_*# .]{0,40})\s*$",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"^(?:--|—|–)\s?$")
CONTACT = re.compile(
    r"(?:tel|phone|fax|mob(?:ile|il)?|cell|телефон|тел|моб|telefon|puh|tlf|téléphone|gsm)\b\.?\s?[:.]?|www\.|https?://|@[\w-]{1,63}\.|(?<!\d)\+?\d[\d ()/.-]{7,20}\d",
    re.IGNORECASE,
)
"""A telephone number, an address on the web or of mail: what makes lines below a rule a signature."""
SENT_FROM = re.compile(
    r"^[\s*_—-]{0,5}(?:(?:sent|posted|mailed) (?:from|via|with|using|by|on) (?!.{0,80}(?:\b(?:is|are|was|were|will|has|have|it|and)\b|[,;!?]\s.{0,40}\b(?:is|are|was)\b)).{1,80}|written on my .{1,40}|get (?:outlook|bluemail|typeapp|mymail|aqua mail|spike) for .{1,40}|.{2,40} outlook (?:for|für|pour|para|per|voor|для|pentru|dla|pro|til|för|til) (?:ios|android|mac).{0,80}|"
    r"yahoo mail: search, organize, conquer.{0,80}|sent with (?:proton|tuta|aqua mail|shortwave|spark|airmail).{0,80}|secured with tuta.{0,80}|"
    r"gesendet (?:von|mit|über|aus) .{1,80}|(?:von|mit) (?:meinem|unserem) .{1,60} gesendet.{0,20}|(?:diese|die) (?:nachricht|e-?mail|mail) wurde (?:von|mit) .{1,80}|"
    r"envoyé (?:depuis|de|à partir de|via|avec|par) .{1,80}|télécharge[rz] outlook .{1,40}|obten(?:er|ir|ha|er o) outlook .{1,40}|scarica outlook .{1,40}|"
    r"enviado (?:desde|do|da|a partir do|a partir da|de|con|com|pelo|via) .{1,80}|enviada do .{1,60}|(?:este )?(?:mensaje|correo) (?:fue )?enviado desde .{1,60}|"
    r"inviato (?:da|dal|con|tramite|dallo|dalla) .{1,80}|verzonden (?:vanaf|met|via|vanuit|van) .{1,80}|verstuurd vanaf .{1,60}|sendt (?:fra|med|via) .{1,80}|skickat från .{1,60}|skickades från .{1,60}|"
    r"lähetetty .{1,60}|saadetud (?:minu )?.{1,40}|wysłan[eoy] (?:z|za pomocą|przy użyciu) .{1,60}|odesláno (?:z|ze|pomocí) .{1,60}|odoslané (?:z|zo|pomocou) .{1,60}|"
    r"отправлено (?:с|со|из|от|через|при помощи) .{1,80}|(?:пользуюсь|отправлено из) .{1,60}|послано с .{1,60}|написано в .{1,40}|скачать outlook .{1,40}|надіслано (?:з|із|зі|через|за допомогою) .{1,60}|відправлено (?:з|із) .{1,60}|адпраўлена з .{1,60}|изпратено от .{1,60}|"
    r"trimis[ăe]? (?:de pe|din|cu|de la|prin) .{1,60}|elküldve .{1,60}|küldve .{1,60}|.{0,20}iphone-omról küldve|iš(?:siųsta|siųstas) iš .{1,60}|siųsta iš .{1,60}|nosūtīts no .{1,60}|sūtīts no .{1,60}|"
    r"poslano (?:s|sa|iz|z|preko) .{1,60}|poslato (?:s|sa|iz|preko) .{1,60}|послато (?:с|са|из) .{1,60}|enviat (?:des de|des del|amb) .{1,60}|bidalita .{1,60}|dikirim dari .{1,60}|terkirim dari .{1,60}|dihantar dari(?:pada)? .{1,60}|đã gửi từ .{1,60}|được gửi từ .{1,60}|gửi từ .{1,60}|ส่งจาก ?.{1,60}|"
    r".{0,20}(?:iphone|ipad|android|galaxy|携帯).{0,20}(?:から)?送信|発自我的.{1,30}|发自我的.{1,30}|发自.{1,30}|發自.{1,30}|從我的.{1,30}(?:傳送|寄出)|来自.{1,20}的(?:iphone|ipad|手机).{0,10}|(?:나의|내) .{1,30}에서 보냄|.{1,30}에서 (?:보냄|보낸 메일).{0,5}|"
    r"στάλθηκε (?:από|με) .{1,60}|εστάλη από .{1,60}|נשלח מ.{1,40}|أ[ُ]?رسلت? من .{1,40}|تم الإرسال من .{1,40}|مرسل من .{1,40}|ارسال شده از .{1,40}|.{1,40}['’]?(?:dan|den|ımdan|imden|umdan) gönderildi\.?|"
    r"--\s?отправлено .{1,60}|wysłane z .{1,60})\s*$",
    re.IGNORECASE,
)
