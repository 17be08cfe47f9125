"""A desk in which every text is an attack: each vector stands in each field that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Mailbox, RawMail, Via
from tugi.channels.email.testing import make_mailbox
from tugi.core import clock
from tugi.core.models import DeskSettings
from tugi.core.tests.html_vectors import vectors
from tugi.people.models import Agent, Contact, Department, Identity, Organisation, RoleGrant
from tugi.people.testing import Cast, make_cast
from tugi.tickets import actions
from tugi.tickets.models import Attachment, Delivery, Message, Participant, Tag, Ticket
from tugi.tickets.search.rebuilding import rebuild
from tugi.tickets.testing import make_file, make_ticket, note, receive, reply

NEEDLE = "needle"
BREAKING = (
    '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) x='", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>", "--><script>alert(1)</script>", "]]><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "</template><script>alert(1)</script>",
    '" hx-get="{canary}/hx" hx-trigger="load" x="', '<div hx-get="{canary}/hx" hx-trigger="load">x</div>',
    '<p hx-on::load="alert(1)">',
    '<hx-partial hx-target="body" hx-swap="innerHTML"><img src="{canary}/partial"></hx-partial>',
    '<live-connection url="//evil.example">', '<rich-text data-html="<img src=x onerror=alert(1)>"></rich-text>',
    '<local-draft data-name="x"><textarea></textarea></local-draft>',
    '<button popovertarget="merge-dialog" popovertargetaction="show" autofocus>x</button>',
    '<dialog open id="toasts">x</dialog>', '<a href="javascript:alert(1)">x</a>', "javascript:alert(1)", "{{7*7}}",
    "{% raw %}", "${alert(1)}", "\u2028alert(1)//", "\\u003cimg src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;", "&#34;&gt;&lt;img src=x onerror=alert(1)&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E", "\x1e\x1f<img src=x onerror=alert(1)>", '<base href="{canary}/">',
    '<meta http-equiv="refresh" content="0;url={canary}/meta">', '<link rel="stylesheet" href="{canary}/css">',
    '<iframe src="{canary}/frame">', '<img src="{canary}/img.png">', '<img srcset="{canary}/set 2x">',
    '<style>*{{background:url({canary}/style)}}</style>', '<p style="background:url({canary}/inline)">',
    '<form action="{canary}/form"><button autofocus>', '<object data="{canary}/object">',
    '<video poster="{canary}/poster" src="{canary}/video" autoplay>', '<svg><image href="{canary}/svg"/></svg>',
    '<svg><use href="{canary}/use#x"/></svg>', '<script src="{canary}/js">',
    '<script type=module>import "{canary}/js"</script>', '<input type=image src="{canary}/input">',
    '<link rel=preconnect href="{canary}">', '<table background="{canary}/table"><td>',
    '<body background="{canary}/body">', '<audio src="{canary}/audio" autoplay>',
    '<link rel=prefetch href="{canary}/pre">', "</div></div></article></section></main></body></html>",
    "</td></tr></table></form></dialog>", "<!--", "<plaintext>", "<textarea>", "<select><option>", "<noscript>",
    "<frameset>", "<title>", "<xmp>", "<style>", "<script>", "<template>", "<math><mi>", "<svg><foreignObject>",
)  # fmt: skip


def attacks(canary: str, count: int) -> list[str]:
    """So many different vectors, those made for our own pages first, every host in them the canary's."""
    own = [each.replace("{canary}", canary).replace("{{", "{").replace("}}", "}") for each in BREAKING]
    every = list(dict.fromkeys(vectors()))
    step = max(len(every) // (count - len(own)), 1)
    foreign = [each.replace("//evil.example", canary) for each in every[::step]]
    return list(islice(dict.fromkeys([*own, *foreign]), count))


@dataclass
class HostileDesk:
    cast: Cast
    ticket: Ticket
    bodies: list[Message]
    key: str
    count: int


def make_hostile_desk(canary: str, count: int = 320) -> HostileDesk:
    """Rows as no form would let them in: what is tested is what comes out."""
    texts = attacks(canary, count)
    assert len(texts) == count
    cast = make_cast()
    ticket = make_ticket(cast.north, cast.dora, subject=_short(texts[0]), assignee=cast.ada)
    _people(cast, ticket, texts)
    _messages(cast, ticket, texts)
    _other_tickets(ticket, texts)
    _mail(cast, texts)
    everything = "".join(texts)
    bodies = [
        _receive(ticket, f"<table><tr><td>{part}</td></tr></table>")
        for part in ("".join(each) for each in _lots(texts, 40))
    ]
    _receive(ticket, everything)
    reply(
        ticket,
        f"{NEEDLE} {everything[:2000]}",
        html=f"<p>{everything}</p>",
        author=cast.ada,
        undo_for=timedelta(hours=1),
    )
    note(ticket, everything[:2000], html=f"<p>{everything}</p>", author=cast.ada)
    rebuild(lambda done, total: None, afresh=True)
    return HostileDesk(cast, ticket, bodies, actions.make_link(ticket.pk, contact_id=cast.dora.pk), count)


def _receive(ticket: Ticket, html: str) -> Message:
    """The words go past the cleaner into the table: the page's own layers are all that is left."""
    message = receive(ticket, "x")
    Message.objects.filter(pk=message.pk).update(html=html, quoted_html=html, text=html[:5000], quoted_text=html[:5000])
    message.refresh_from_db()
    return message


def _people(cast: Cast, ticket: Ticket, texts: list[str]) -> None:
    now = clock.now()
    contacts = Contact.objects.bulk_create(Contact(name=text[:160], created_at=now) for text in texts)
    Identity.objects.bulk_create(
        Identity(contact=each, kind="email", value=f"{each.pk}{_short(each.name)}") for each in contacts
    )
    Participant.objects.bulk_create(Participant(ticket=ticket, contact=each, added_at=now) for each in contacts[:60])
    for place, text in enumerate(texts[:20]):
        cast.dora.organisations.add(Organisation.objects.create(name=f"{text[:100]}{place}", created_at=now))
    agents = Agent.objects.bulk_create(
        Agent(name=text[:120], email=f"{place}@agents.example", joined_at=now) for place, text in enumerate(texts)
    )
    role = RoleGrant.objects.filter(agent=cast.ben).values_list("role_id", flat=True)[0]
    RoleGrant.objects.bulk_create(RoleGrant(agent=each, role_id=role, department=cast.north) for each in agents[:80])
    Department.objects.bulk_create(
        Department(name=f"{text[:76]}{place}", position=place + 9) for place, text in enumerate(texts[:60])
    )
    Agent.objects.filter(pk=cast.ada.pk).update(name=_joined(texts, 120), signature="".join(texts))
    DeskSettings.objects.update(company=texts[0][:100])
    # As the action writes a name; what it takes away stands between names.
    names = dict.fromkeys(" ".join(text.lower().split())[:40] for text in texts[:90])
    tags = [Tag.objects.get_or_create(name=name)[0] for name in names]
    ticket.tags.add(*tags)


def _messages(cast: Cast, ticket: Ticket, texts: list[str]) -> None:
    now = clock.now()
    messages = Message.objects.bulk_create(
        Message(
            ticket=ticket, kind=kind, channel="email", contact=cast.dora if kind == "inbound" else None,
            agent=cast.ada if kind != "inbound" else None, author_name=text[:160], author_address=text[:300],
            to=[text[:200]], cc=[text[:200]], html=text, text=f"{NEEDLE} {text}", quoted_html=text, quoted_text=text,
            delivery=Delivery.FAILED if kind == "outbound" else "", delivery_error=text, created_at=now, proof="none",
        )
        for text, kind in zip(texts, cycle(("inbound", "outbound", "note")), strict=False)
    )  # fmt: skip
    kept = make_file()
    Attachment.objects.bulk_create(
        Attachment(message=message, name=text[:255], content_type="text/plain", size=1, sha256=kept.sha256, scan=scan)
        for message, text in zip(messages, texts, strict=True)
        for scan in (Attachment.Scan.NOT_SCANNED, Attachment.Scan.INFECTED)
    )


def _other_tickets(ticket: Ticket, texts: list[str]) -> None:
    """A list full of them."""
    taken = {"id", "tags", "number", "subject", "snippet", "last_author", "contact"}
    same = {name: value for name, value in _columns(ticket).items() if name not in taken}
    contacts = list(Contact.objects.order_by("id").values_list("id", flat=True))[2:]
    made = Ticket.objects.bulk_create(
        Ticket(
            **same, number=5000 + place, contact_id=contacts[place], subject=_short(text), snippet=text[:200],
            last_author=text[:160],
        )
        for place, text in enumerate(texts)
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(
            ticket=each,
            kind="inbound",
            channel="email",
            text=f"{NEEDLE} {each.snippet}",
            html=each.snippet,
            created_at=clock.now(),
        )
        for each in made
    )
    tags = list(Tag.objects.values_list("id", flat=True))
    through = Ticket.tags.through
    through._default_manager.bulk_create(
        through(ticket_id=each.pk, tag_id=tag) for each, tag in zip(made, cycle(tags), strict=False)
    )


def _mail(cast: Cast, texts: list[str]) -> None:
    for place, text in enumerate(texts[:60]):
        mailbox = make_mailbox(cast.north, f"m{place}@acme.example", imap_on=True, imap_host="127.0.0.1")
        Mailbox.objects.filter(pk=mailbox.pk).update(
            display_name=text[:120], failures=1, last_error=text, signature=text
        )
    Mailbox.objects.filter(pk=mailbox.pk).update(
        display_name=_joined(texts, 120), signature="".join(texts), imap_folders=texts[0][:200]
    )
    for place, some in enumerate(_lots(texts, 7)):
        text = " ".join(some).replace("\n", " ").replace("\r", " ")
        head = f'From: "{text}" <{text[:60]}@x.example>\r\nSubject: {text}\r\n\r\n{place}'
        row = accept_raw(mailbox, head.encode("utf-8", "replace"), via=Via.IMAP)
        RawMail.objects.filter(pk=row.pk).update(state=RawMail.State.FAILED, last_error=text, envelope_from=text[:300])


def _columns(ticket: Ticket) -> dict[str, object]:
    names = [field.attname for field in Ticket._meta.concrete_fields]
    return {name: getattr(ticket, name) for name in names if name != "contact_id"}


def _short(text: str) -> str:
    return text[:250]


def _joined(texts: Iterable[str], length: int) -> str:
    return "".join(texts)[:length]


def _lots(texts: list[str], size: int) -> Iterator[list[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


__all__ = ["NEEDLE", "HostileDesk", "attacks", "make_hostile_desk"]
