"""Reports of mail systems on mails that did not arrive (RFC 3464, and the many that never heard of it)."""

# ruff: noqa: E501 - alternatives of words read best side by side
from __future__ import annotations

import re
from collections.abc import Iterator

from tugi.channels.email.parsing.identifiers import message_ids
from tugi.channels.email.parsing.mail import Bounce, FailedRecipient
from tugi.channels.email.parsing.mime import Part
from tugi.channels.email.parsing.transfer import decoded
from tugi.core.text import single_line

_REPORT_PARTS = ("message/delivery-status", "message/global-delivery-status")
_ORIGINAL_PARTS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
_DAEMON = re.compile(
    r"(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|mailerdaemon|microsoftexchange[0-9a-f]+|mail[-_.]?delivery.*|mail[-_.]?admin(?:istrator)?|post[-_]?master|mail-?system|administrator|mta|root)(?:[-+=.].*)?",
    re.IGNORECASE,
)
_ONLY_DAEMON = re.compile(r"(?:mailer-?daemon|mail-?daemon|mdaemon)(?:@|$)", re.IGNORECASE)
_STRICT_DAEMON = re.compile(r"(?:mailer-?daemon|mail-?daemon|mdaemon|postmaster)(?:[-+=.@]|$)", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]?(?:delivery|daemon|system|router)|delivery (?:sub)?system|postmaster|system administrator|mail administrator",
    re.IGNORECASE,
)
_MBOX_LINE = re.compile(rb"(?:\s{0,20})From (?:MAILER-DAEMON|<>|postmaster)[@ ]", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:undeliver(?:able|ed)|delivery (?:status notification|failure|has failed|report|problem|notification|error|delayed)|mail (?:delivery|system|error|failure)|failure notice|"
    r"returned mail|returned to sender|(?:message|mail|e-mail) (?:not delivered|undeliverable|could not|status|delayed|returned)|non[- ]?(?:delivery|remis|recapit)|nicht zustellbar|"
    r"unzustellbar|zustellung fehlgeschlagen|fehlgeschlagene|warning: (?:could not send|message)|delayed mail|rejected mail|user unknown|"
    r"не доставлен|недоставлен|не может быть доставлен|сбой доставки|ошибка доставки|mesajul nu a fost|livrare nereu|kirja ei saanud|edastamine nurjus|"
    r"non remis|échec de la remise|impossibile recapitare|mancato recapito|no se puede entregar|não entreg|niet (?:afgeleverd|bezorgd)|onbestelbaar|"
    r"olevererbar|kan ikke leveres|leverans misslyckades|nie dostarcz|niedostarczona|無法|未送達|配信不能|退信|系统退信|投递失败|被退回|无法投递|無法投遞|전송 실패|반송|kézbesít|doručen|nedoruč|teslim edilemedi|παράδοσ|toimittaminen|toimitus epäonnistui|perille toimittam|nepiegād|nepristat|teslim edileme|non-?deliverable|error sending your|considered unsolicited|message you sent blocked|not been delivered|mail failed|failed mail|undelivered mail|bounce(?:d|\])|message bounced|email delivery|address not found|delivery incomplete|devuelto|devolvid|rechazad|refusé|messaggio non consegnato|non consegnat)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:could not be delivered|couldn't be delivered|was not delivered|delivery (?:to the following|has failed|failed)|(?:user|mailbox|recipient|account) (?:unknown|unavailable|not found|is full|does not exist|disabled)|"
    r"no such (?:user|mailbox|recipient)|unknown user|undeliverable|permanent (?:fatal )?errors?|i'm afraid i wasn't able to deliver|i wasn't able to deliver|"
    r"this message was created automatically by mail delivery|(?:550|551|552|553|554)[ -]|5\.[1-7]\.\d{1,3}|4\.[1-7]\.\d{1,3}|unable to deliver|"
    r"did not reach the following recipient|address(?:es)? (?:had|failed)|mailbox (?:full|quota)|over quota|"
    r"не может быть доставлено|не удалось доставить|не существует|не найден|nicht zugestellt werden|konnte nicht|not listed in|could not deliver|host unknown|rejected|(?:address|mailbox|user|recipient)\b[^\n]{0,80}\bnot found|trouble delivering|teslim edileme|not been delivered|did not reach|was blocked by|undeliverable to|was undeliverable|wasn't delivered|unable to receive|unavailable to take delivery|could not be found|address not found|cannot be delivered|can't be delivered|n'a pas pu|impossible de (?:remettre|distribuer)|no se (?:ha )?pud?o|no se puede entregar|não (?:foi|pôde)|non (?:è stato|può essere) (?:recapit|consegn)|kon niet worden|kunne ikke leveres|kunde inte levereras|nie może zostać dostarcz|nie został[ao]? dostarcz|nelze doručit|nebyla doručena|nem kézbesíthető|nu a putut fi|ei saanud|не было доставлено|не може бути доставлен|被退回|退信|不存在|无法送达|送信できません|配信できません|전송되지|존재하지 않)",
    re.IGNORECASE,
)
_ORIGINAL_LINE = re.compile(
    r"(?im)^[ \t>]{0,10}-{2,20}[^\n]{0,80}(?:original|returned|copy of|message|headers|включ|исходн|ursprüng)[^\n]{0,80}$"
    r"|^[ \t>]{0,10}(?:received: from |return-path: )"
)
_MESSAGE_ID_LINE = re.compile(r"(?im)^[ \t>]{0,10}(?:x-)?message-id:\s{0,4}<?([^\s<>]{3,300})>?")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.#-])([45]\d\d)[ -](?=[\w#])")
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_TEMPORARY = re.compile(
    r"(?:warning|delayed|will (?:be retried|keep trying|continue|try again)|not yet been delivered|still trying|temporar|no action is required|do not need to resend|отложен|verzögert)",
    re.IGNORECASE,
)
_MAX_RECIPIENTS = 100
_LOOK = 30_000


def read_bounce(root: Part, sender: str, subject: str, text: str, return_path: str | None) -> Bounce | None:
    """The delivery report that the mail is, or None. A person who forwards a report is a person."""
    if _is_other_report(root):
        return None
    from_system = _is_from_system(root, sender, return_path)
    reports = [part for part in root.walk() if part.type in _REPORT_PARTS]
    is_report = root.type == "multipart/report" and root.params.get("report-type", "").lower() in (
        "delivery-status",
        "",
    )
    if reports and (is_report or from_system):
        return _bounce(root, text, list(_reported(reports)), subject)
    if root.headers.has("x-failed-recipients") and not _is_answer(root):
        return _bounce(root, text, _named(root), subject)
    if is_report and (from_system or root.params.get("report-type")):
        return _bounce(root, text, [], subject)
    if from_system and _reads_like_bounce(root, sender, subject, text, return_path):
        return _bounce(root, text, [], subject)
    if return_path is None and _calls_itself_system(root) and _SUBJECT.search(subject[:300]):
        return _bounce(root, text, [], subject) if _is_certain(root, text) else None
    return None


def is_mail_system(sender: str) -> bool:
    """Is this an address that mail systems, and not people, send from?"""
    return _DAEMON.fullmatch(sender.rpartition("@")[0] or sender) is not None


def _is_from_system(root: Part, sender: str, return_path: str | None) -> bool:
    """By the envelope, or by an address that nobody but mail systems writes from; by others if no envelope is known."""
    if return_path == "" or _STRICT_DAEMON.match(sender) or _was_sent_by_system(root):
        return True
    return is_mail_system(sender) and (return_path is None or _STRICT_DAEMON.match(return_path) is not None)


def _was_sent_by_system(root: Part) -> bool:
    """An mbox keeps the envelope's sender in its first line; some servers say it in Auto-Submitted."""
    if _MBOX_LINE.match(root.raw[:200]):
        return True
    value = root.headers.plain("auto-submitted").lower()
    return "(failure)" in value or root.headers.has("x-ms-exchange-message-is-ndr")


def _calls_itself_system(root: Part) -> bool:
    return _DAEMON_NAME.search(root.headers.text("from")[:200]) is not None


def _is_other_report(root: Part) -> bool:
    kind = root.params.get("report-type", "").lower()
    return root.type == "multipart/report" and kind in ("disposition-notification", "feedback-report")


def _is_answer(root: Part) -> bool:
    return (
        root.headers.plain("auto-submitted").lower().startswith("auto-replied")
        and not is_mail_system(root.headers.plain("from"))
        and "failed" not in root.headers.plain("subject").lower()
    )


def _reads_like_bounce(root: Part, sender: str, subject: str, text: str, return_path: str | None) -> bool:
    """No report part: the subject and the body decide, or the body and an enclosed original."""
    telling_body = _BODY.search(text[:_LOOK]) is not None
    if _SUBJECT.search(subject[:300]):
        return telling_body or _has_original(root, text) or is_mail_system(sender)
    if root.headers.plain("auto-submitted").lower().startswith("auto-replied") and not is_mail_system(sender):
        return False
    if _ONLY_DAEMON.match(sender):
        return telling_body
    # An administrator who writes as postmaster has a return path.
    return telling_body and _has_original(root, text) and not return_path


def _is_certain(root: Part, text: str) -> bool:
    return _BODY.search(text[:_LOOK]) is not None and _has_original(root, text)


def _has_original(root: Part, text: str) -> bool:
    return any(part.type in _ORIGINAL_PARTS for part in root.walk()) or _ORIGINAL_LINE.search(text[:_LOOK]) is not None


def _bounce(root: Part, text: str, failed: list[FailedRecipient], subject: str) -> Bounce:
    failed = failed or _named(root) or list(_guessed(text, subject))
    return Bounce(_kind(failed, text, subject), _original_id(root, text), tuple(failed[:_MAX_RECIPIENTS]))


def _kind(failed: list[FailedRecipient], text: str, subject: str) -> str:
    """The worst that any recipient met. Full mailboxes and policies are not for ever."""
    actions = {each.action for each in failed}
    if "failed" in actions:
        worst = [each for each in failed if each.action == "failed"]
        lasting = [each for each in worst if is_permanent(each.status, each.text)]
        return "permanent" if lasting else "transient"
    if "delayed" in actions:
        return "delayed"
    if actions & {"delivered", "relayed", "expanded"}:
        return "delivered"
    return "delayed" if _TEMPORARY.search(subject) or _TEMPORARY.search(text[:3_000]) else "permanent"


def is_permanent(status: str, text: str) -> bool:
    """Is the address itself bad? Full mailbox (x.2.2), policy and content (x.7.x, x.6.x), size (x.3.4) pass by."""
    if status.startswith("4"):
        return False
    if re.fullmatch(r"5\.(?:2\.[23]|3\.[14]|7\.\d+|6\.\d+|4\.\d+|5\.3)", status):
        return False
    return not re.search(
        r"(?i)quota|mailbox (?:is )?full|over ?size|too large|spam|blocked|blacklist|policy|greylist", text
    )


def _reported(reports: list[Part]) -> Iterator[FailedRecipient]:
    for part in reports:
        for group in re.split(rb"\r?\n[ \t]*\r?\n", decoded(part)[:200_000].strip())[: _MAX_RECIPIENTS + 1]:
            fields = _fields(group)
            addr = fields.get("final-recipient") or fields.get("original-recipient", "")
            if addr or "action" in fields:
                yield _recipient(fields, addr)


def _recipient(fields: dict[str, str], addr: str) -> FailedRecipient:
    status = _STATUS.search(fields.get("status", "")) or _STATUS.search(fields.get("diagnostic-code", ""))
    return FailedRecipient(
        addr=addr.rpartition(";")[2].strip(" <>"),
        action=re.split(r"[\s;(]", fields.get("action", "failed").lower())[0] or "failed",
        status=status[1] if status else "",
        text=fields.get("diagnostic-code", "").partition(";")[2].strip()[:1_000],
    )


def _fields(group: bytes) -> dict[str, str]:
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", group)
    pairs = (line.partition(b":") for line in unfolded.splitlines())
    texts = ((name, value.decode("utf-8", "replace")) for name, _, value in pairs)
    return {name.decode("ascii", "ignore").strip().lower(): single_line(value) for name, value in texts}


def _named(root: Part) -> list[FailedRecipient]:
    """Exim and Gmail name the recipients in a header."""
    named = ",".join(root.headers.plain_all("x-failed-recipients"))
    return [FailedRecipient(addr, "failed", "", "") for addr in _MAIL.findall(named[:10_000])[:_MAX_RECIPIENTS]]


def _guessed(text: str, subject: str) -> Iterator[FailedRecipient]:
    """From the words above the returned mail: the first address, and the code that stands there."""
    head = text[:_LOOK]
    original = _ORIGINAL_LINE.search(head)
    head = head[: original.start()] if original and original.start() > 20 else head[:4_000]
    addr = _MAIL.search(head)
    status, code = _STATUS.search(head), _CODE.search(head)
    number = status[1] if status else (f"{code[1][0]}.0.0" if code else "")
    if not addr:
        return
    late = number.startswith("4") or (not number and _TEMPORARY.search(subject + head[:2_000]))
    line_start = head.rfind("\n", 0, code.start() if code else addr.start()) + 1
    yield FailedRecipient(
        addr[0], "delayed" if late else "failed", number, single_line(head[line_start : line_start + 500])
    )


def _original_id(root: Part, text: str) -> str:
    """The Message-ID of the returned mail: from its enclosed header, else plainly from the text."""
    for part in root.walk():
        if part.type in _ORIGINAL_PARTS:
            match = _MESSAGE_ID_LINE.search(_head_text(decoded(part)))
            if match:
                return match[1]
    enclosed = _ORIGINAL_LINE.search(text[: _LOOK * 4])
    match = _MESSAGE_ID_LINE.search(text, enclosed.start() if enclosed else 0)
    if match:
        return match[1]
    known = [*message_ids(root.headers, "in-reply-to"), *message_ids(root.headers, "references")]
    return known[0] if known else ""


def _head_text(data: bytes) -> str:
    return data[:100_000].decode("utf-8", "replace")
