"""`parse_mail`: the steps of reading one mail, and what is done when a step fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from tugi.channels.email.parsing.attachments import picture_ids, read_attachments
from tugi.channels.email.parsing.bodies import Content, is_made_of_html, read_content, whole_html, whole_text
from tugi.channels.email.parsing.dates import written_at, written_date
from tugi.channels.email.parsing.forwards import read_forwarded
from tugi.channels.email.parsing.headers import Headers
from tugi.channels.email.parsing.identifiers import message_ids, own_id
from tugi.channels.email.parsing.invitations import read_invitations
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.machines import read_signs
from tugi.channels.email.parsing.mail import Attachment, Forwarded, MachineSigns, ParsedMail
from tugi.channels.email.parsing.mime import Part, parse_tree
from tugi.channels.email.parsing.people import addresses, author, delivered_to, return_path
from tugi.channels.email.parsing.protected import is_protected
from tugi.channels.email.parsing.quotes import Cut, cut_html, cut_text
from tugi.channels.email.parsing.unpacking import unpack
from tugi.core.html import html_to_text
from tugi.core.invitations import Invitation
from tugi.core.mail_addresses import Address
from tugi.core.text import normalise, shorten

_KEPT_HEADERS = re.compile(
    r"auto-submitted|precedence|x-precedence|x-auto-response-suppress|list-.*|x-tugi-.*|x-original-sender|"
    r"x-original-from|x-forwarded-for|x-spam-.*|importance|x-priority|content-language|x-mailer|user-agent|"
    r"thread-topic|received-spf|x-ms-exchange-inbox-rules-loop|x-loop"
)
_NO_LETTERS = re.compile(r"[\W_]+")
_COMPARED = 50_000
_MOST_KEPT = 100
_PEOPLE = ("reply-to", "sender", "to", "cc")
_Found = TypeVar("_Found")
_Otherwise = TypeVar("_Otherwise")


def parse_mail(raw: bytes, limits: Limits | None = None) -> ParsedMail:
    """Reads one mail (RFC 5322, MIME) as far as it can be read. Never raises; `problems` says what was guessed.

    Takes the bytes as they came, with or without an mbox line, any line ends. Time and memory grow with the size of
    the mail; the limits bound the number of pieces looked at.
    """
    return _Reading(raw, limits or Limits()).run()


class _Reading:
    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.problems: list[str] = []
        self.invitations: tuple[Invitation, ...] = ()

    def step(self, name: str, work: Callable[[], _Found], otherwise: _Otherwise) -> _Found | _Otherwise:
        """One step; if it fails for a reason nobody foresaw, the rest of the mail is still worth having."""
        try:
            return work()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the border where a mail must never be lost to a bug
            self.problems.append(f"{name}_failed: {type(error).__name__}")
            return otherwise

    def run(self) -> ParsedMail:
        root, problems = self.step("tree", lambda: parse_tree(self.raw, self.limits), (Part(self.raw), []))
        self.problems += problems
        root.headers.charset = _charset_of_texts(root)
        content = self.step("content", lambda: read_content(root, self.limits), Content())
        self.step("unpack", lambda: unpack(content, self.limits), None)
        self.problems += sorted(content.problems)
        self.invitations = self.step("invitations", lambda: read_invitations(content), ())
        pictures = self.step("pictures", lambda: picture_ids(content), {})
        html = self.step("html", lambda: whole_html(content, pictures), "")
        text = self.step("text", lambda: whole_text(content, self.limits), "")
        text = text if text.strip() or html.strip() else _said_by(self.invitations)
        files: list[Attachment] = self.step("files", lambda: read_attachments(content, html, self.limits), [])
        if len(content.files) > len(files):
            self.problems.append("attachments_cut")
        return self._mail(root, html, text, files, made_of_html=is_made_of_html(content))

    def _mail(self, root: Part, html: str, text: str, files: list[Attachment], *, made_of_html: bool) -> ParsedMail:
        headers, limits = root.headers, self.limits
        from_, odd = self.step("from", lambda: author(headers, limits), (None, []))
        date, late = self.step("date", lambda: written_at(headers, datetime.now(UTC)), (None, "date_missing"))
        subject = self.step("subject", lambda: shorten(headers.text("subject"), limits.subject), "")
        back = self.step("return_path", lambda: return_path(headers), None)
        sender = from_.addr if from_ else ""
        signs = self.step("machine", lambda: read_signs(root, sender, subject, text, back), MachineSigns())
        shown = self.step("cut_html", lambda: cut_html(html), Cut("", "")) if html else Cut("", "")
        words = self.step("cut_text", lambda: _cut_words(text, shown, made_of_html), Cut(text, ""))
        people = {name: self.step(name, partial(addresses, headers, name, limits), ()) for name in _PEOPLE}
        passed_on = self.step("forwarded", lambda: _passed_on(root, text, subject, people, signs, limits), None)
        message_id, made = own_id(headers, self.raw)
        self.problems += [*odd, *([late] if late else []), *(["message_id_missing"] if made else [])]
        self.problems += [] if text.strip() or html.strip() else ["no_visible_content"]
        return ParsedMail(
            message_id=message_id,
            message_id_made=made,
            in_reply_to=self.step("in_reply_to", lambda: message_ids(headers, "in-reply-to", limits.references), ()),
            references=self.step("references", lambda: message_ids(headers, "references", limits.references), ()),
            subject=subject,
            from_=from_,
            reply_to=people["reply-to"],
            sender=next(iter(people["sender"]), None),
            return_path=back,
            to=people["to"],
            cc=people["cc"],
            delivered_to=self.step("delivered_to", lambda: delivered_to(headers, limits), ()),
            date=date,
            date_written=self.step("date_written", lambda: written_date(headers), None),
            html=html,
            text=text,
            reply_html=shown.reply,
            quoted_html=shown.quoted,
            reply_text=words.reply,
            quoted_text=words.quoted,
            attachments=tuple(files),
            machine=signs,
            forwarded=passed_on,
            auth_results=tuple(normalise(value) for value in headers.plain_all("authentication-results")[:50]),
            headers=_kept(headers),
            problems=tuple(dict.fromkeys(self.problems)),
            invitations=self.invitations,
            is_protected=self.step("protected", lambda: is_protected(root), False),
        )


def _passed_on(
    root: Part,
    text: str,
    subject: str,
    people: dict[str, tuple[Address, ...]],
    signs: MachineSigns,
    limits: Limits,
) -> Forwarded | None:
    """Reports of mail systems enclose mails that nobody passed on."""
    if signs.is_bounce or signs.is_receipt or root.type == "multipart/report":
        return None
    return read_forwarded(root, text, subject, [*people["to"], *people["cc"]], limits)


def _said_by(invitations: tuple[Invitation, ...]) -> str:
    """What a mail says that is nothing but a calendar."""
    return "\n\n".join(each.description or each.title for each in invitations)


def _cut_words(text: str, shown: Cut, made_of_html: bool) -> Cut:
    """The plain text is cut where the HTML was, if that knew more: a text made of it, or one that says the same."""
    of_html = Cut(html_to_text(shown.reply), html_to_text(shown.quoted)) if shown.reply and shown.quoted else None
    if made_of_html and shown.reply:
        return of_html or Cut(html_to_text(shown.reply), "")
    words = cut_text(text)
    return of_html if of_html and _is_beginning(of_html.reply, words.reply) else words


def _is_beginning(shorter: str, longer: str) -> bool:
    """Do the letters of the one begin the other, which has more of them?"""
    few, many = (_NO_LETTERS.sub("", each[:_COMPARED]) for each in (shorter, longer))
    return bool(few) and len(few) < len(many) and len(shorter) < _COMPARED and many.startswith(few)


def _kept(headers: Headers) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {}
    names = dict.fromkeys(name for name, _ in headers.fields if _KEPT_HEADERS.fullmatch(name))
    for name in list(names)[:_MOST_KEPT]:
        kept[name] = [value[:4_000] for value in headers.plain_all(name)[:20]]
    return kept


def _charset_of_texts(root: Part) -> str:
    """What the texts of the mail are in, for raw 8-bit headers; empty if they say nothing of use."""
    for part in root.walk():
        charset = part.params.get("charset", "").lower()
        if charset and charset not in ("us-ascii", "utf-8", "ascii") and part.type.startswith("text/"):
            return charset
    return ""
