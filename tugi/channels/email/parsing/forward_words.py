"""How mail programs mark a mail that is passed on, in the languages of their users. Tables only; no judgement here."""

# ruff: noqa: E501 - alternatives of words read best side by side
from __future__ import annotations

import re

_PASSED_ON = (
    r"forwarded (?:message|mail|e-?mail|letter)|forwarded by|message forwarded|begin forwarded|fwd(?: message)?|"
    r"weitergeleitete?[nr]? (?:nachricht|mail|e-mail)|weitergeleitet von|anfang der weitergeleiteten|"
    r"message (?:transf[ée]r[ée]|transmis|r[ée]achemin[ée])|(?:message|courriel) r[ée]exp[ée]di[ée]|transf[ée]r[ée] par|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|"
    r"mensaje reenviado|reenviado por|inicio del mensaje reenviado|missatge reenviat|mensaxe reenviada|"
    r"messaggio (?:inoltrato|girato)|inoltrato da|inizio (?:del )?messaggio inoltrato|"
    r"mensagem (?:re)?encaminhada|(?:re)?encaminhad[ao] por|in[íi]cio da mensagem (?:re)?encaminhada|"
    r"doorgestuurd(?:e)? (?:bericht|mail|e-mail)|doorgestuurd door|begin doorgestuurd bericht|"
    r"vidarebefordrat (?:meddelande|brev|mail|e-postmeddelande)|vidarebefordrat av|vidares[äa]nt meddelande|b[öo]rjan (?:på|av) (?:det )?vidarebefordrat?e? meddelandet?|"
    r"videresendt? ?(?:melding|besked|meddelelse|e-post|mail|av)|videresendte? (?:melding|besked)|start på videresendt|begynnelse på videresendt|"
    r"v[äa]litetty (?:viesti|sähköposti)|v[äa]litetty viesti alkaa|alkaa v[äa]litetty viesti|edelleen l[äa]hetetty viesti|"
    r"edastatud (?:kiri|s[õo]num|meil|e-kiri)|edasisaadetud (?:kiri|s[õo]num)|edastatud kirja algus|"
    r"przekazana wiadomość|wiadomość przekazana|przesłana wiadomość|wiadomość przesłana dalej|początek przekazan(?:ej|ego)|przekazane przez|"
    r"přeposlaná zpráva|přeposlaný e-mail|začátek přeposílané zprávy|preposlaná správa|preposielaná správa|začiatok preposlanej správy|"
    r"továbbított (?:üzenet|levél)|a továbbított (?:üzenet|levél) eleje|továbbította|"
    r"mesaj (?:redirecționat|redirecţionat|redirectionat|transmis|înaintat|retrimis)|mesajul redirecționat|redirecționat de|începutul mesajului (?:redirecționat|transmis)|"
    r"пересылаемое сообщение|пересылаемое письмо|пересланное (?:сообщение|письмо)|перенаправленное (?:сообщение|письмо)|переадресованное (?:сообщение|письмо)|начало (?:переадресованного|пересылаемого|пересланного) (?:сообщения|письма)|переслано|"
    r"переслане (?:повідомлення|письмо)|перенаправлене повідомлення|пересилане повідомлення|початок (?:листа|повідомлення), що пересилається|початок пересланого (?:листа|повідомлення)|"
    r"препратено (?:съобщение|писмо)|препраћена порука|proslijeđena (?:poruka|e-pošta)|prosleđena poruka|posredovano sporočilo|"
    r"persiųstas (?:laiškas|pranešimas)|persiųsta žinutė|pārsūtītā? (?:ziņa|ziņojums|vēstule|e-pasta)|"
    r"προωθημένο μήνυμα|έναρξη προωθημένου μηνύματος|הודעה שהועברה|הודעה מועברת|תחילת ההודעה שהועברה|"
    r"رسالة (?:معاد توجيهها|محولة|مُعاد توجيهها|تمت إعادة توجيهها)|الرسالة المعاد توجيهها|بداية الرسالة المحولة|پیام (?:ارسال|هدایت) شده|"
    r"[iİ]letilen (?:mesaj|ileti|e-posta)|[iİ]letilmiş (?:mesaj|ileti)|iletilen iletinin başlangıcı|yönlendirilen (?:mesaj|ileti)|"
    r"tin nhắn (?:đã )?(?:được )?chuyển tiếp|thư được chuyển tiếp|pesan (?:yang )?diteruskan|terusan pesan|mesej dimajukan|ข้อความที่(?:ถูก)?ส่งต่อ|"
    r"転送(?:された)?(?:メッセージ|メール)|転送メール|转发(?:的)?(?:邮件|消息|信息)(?:信息)?|已转发邮件|轉寄(?:的)?(?:郵件|訊息|信件)|轉送郵件|전달된 (?:메시지|메일)|전달 메일|원본 메일 전달"
)
MARK = re.compile(
    rf"^[\s>*_]{{0,6}}(?:[-_=—–─]{{2,60}}\s{{0,3}}(?:{_PASSED_ON})[^\n]{{0,160}}"
    rf"|(?:{_PASSED_ON})[^\n:：]{{0,60}}[:：])[\s*_]*$",
    re.IGNORECASE,
)
"""A line that says: what follows is passed on. Between dashes it may name who wrote it or who passed it on."""
END = re.compile(
    r"^[\s>]{0,6}[-_=—–─]{2,60}\s{0,3}(?:end (?:of )?(?:the )?forwarded|ende der weitergeleiteten|fin du message (?:transf|r[ée]exp)|fin del mensaje reenviado|"
    r"конец (?:пересылаемого|переадресованного|пересланного)|конец|fine messaggio inoltrato|fim da mensagem)[^\n]{0,80}$",
    re.IGNORECASE,
)
_SUBJECT = (
    r"fwd?|fw:?d|wg|wtr|tr|rv|rvdo|enc|i|pd|vb|vl|fs|doorst|tov|továbbítás|továbbítva|redir|redirecționat|redirecţionat|edasi|edastatud|edastus|"
    r"пер|пересл|переслано|пересылка|пд|переадр|препр|прослеђено|prosl|posr|přep|předáno|přeposláno|prepos|preposlané|persiųsti|persiųsta|pārsūtīts|pārs|tl|"
    r"πρθ|προώθηση|προωθ|הועבר|מועבר|إعادة توجيه|تحويل|ilt|i̇lt|İlt|yönl|chuyển tiếp|trs|ส่งต่อ|转发|转寄|轉寄|轉發|転送|전달|forwarded"
)
SUBJECT = re.compile(rf"^[\s\[(]{{0,3}}(?:{_SUBJECT})(?:\s?[\[(]\d{{1,3}}[\])])?\s{{0,2}}[:：\]]", re.IGNORECASE)
"""A subject whose outermost prefix says that the mail is passed on."""
NORSE_SUBJECT = re.compile(r"^\s{0,3}vs\s?:", re.IGNORECASE)
"""Passed on in Norway and Denmark ("videresendt"), but answered in Finland and Estonia ("vastaus")."""
NORSE_LABEL = re.compile(r"^[\s>*]{0,8}fra\s?:", re.IGNORECASE)
