"""B2, B8.2: files from outside are given out as dead bytes at every door, and drawn anew where they are shown."""

from __future__ import annotations

import resource
import struct
import zlib
from email.message import EmailMessage
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from PIL import Image, PngImagePlugin

from tests.security.asking import code_of
from tests.security.sides import png, unprocessed
from tugi.channels.email.testing import DORA, SUPPORT, MailTest, message_of
from tugi.core import blobs
from tugi.tickets import actions, file_links
from tugi.tickets.actions.delivery import begin_delivery
from tugi.tickets.models import Attachment, Message, Ticket
from tugi.tickets.testing import make_file, make_ticket, receive, reply

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"
XHTML = b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>"
XSLT = b"<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='#x'?><x:stylesheet id='x'/>"
MHT = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
    + HTML
)
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
SWF = b"CWS\x0a\x00\x00\x00\x00x\x9c"
ACTIVE = {
    "picture.svg": SVG,
    "picture.svgz": zlib.compress(SVG),
    "gzip.svgz": b"\x1f\x8b\x08\x00" + SVG,
    "bom.svg": b"\xef\xbb\xbf" + SVG,
    "wide.svg": SVG.decode().encode("utf-16"),
    "page.html": HTML,
    "commented.htm": b"<!-- x -->" + HTML,
    "wide.html": HTML.decode().encode("utf-16"),
    "late.html": b" " * 5000 + HTML,
    "page.xhtml": XHTML,
    "style.xml": XSLT,
    "archive.mht": MHT,
    "film.swf": SWF,
    "form.pdf": PDF,
    "script.js": b"alert(1)",
    "module.mjs": b"import 'x'",
    "style.css": b"*{background:url(//evil.example)}",
    "control.hta": b"<hta:application>" + HTML,
    "link.url": b"[InternetShortcut]\nURL=javascript:alert(1)",
    "feed.rss": b"<rss><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script></rss>",
    "math.mml": b"<math><maction actiontype='statusline#http://x'>x</maction></math>",
    "gif-and-script.gif": b"GIF89a/*" + HTML + b"*/=1;alert(1)",
    "png-and-page.png": png() + HTML,
    "pdf-and-page.pdf": PDF + HTML,
    "zip-and-page.zip": b"PK\x03\x04" + HTML,
    "jpeg-and-page.jpg": b"\xff\xd8\xff\xe0" + HTML,
    "riff.webp": b"RIFF\x00\x00\x00\x00WEBP" + HTML,
    "empty.html": b"",
    "..\\..\\up.html": HTML,
    "two\r\nSet-Cookie: a=b.html": HTML,
    'quote".html': HTML,
    "turned\u202elmth.txt": HTML,
    "\u200b.htaccess": b"AddType text/html .txt",
}
WORDS = (
    "image/png", "image/svg+xml", "text/html", "text/html; charset=utf-7", "application/xhtml+xml", "application/pdf",
    "application/vnd.mozilla.xul+xml", "text/xsl", "multipart/x-mixed-replace", "message/rfc822",
    "model/x\r\nX-A: b", "x",
)  # fmt: skip
"""What a sender may call it."""
HARMLESS = {
    "application/octet-stream", "application/pdf", "application/zip", "application/gzip", "image/png", "image/gif",
    "image/jpeg", "image/webp", "text/plain",
}  # fmt: skip


class DoorsTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(self.cast.ben)
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.key = actions.make_link(self.ticket.pk, contact_id=self.cast.dora.pk)

    def dead(self, there: str) -> None:
        """The answer is a download that nothing runs."""
        answer = self.client.get(there)
        assert code_of(answer) == 200, there
        assert answer["Content-Disposition"].startswith(("attachment; filename", "attachment; filename*=")), there
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox", there
        assert answer["X-Content-Type-Options"] == "nosniff", there
        assert answer["Content-Type"] in HARMLESS, f"{there}: {answer['Content-Type']}"
        assert "no-store" in answer["Cache-Control"], there
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", there
        assert "Set-Cookie" not in answer.headers and "X-A" not in answer.headers, there

    def all_dead(self, ticket: Ticket, key: str) -> int:
        """Every file of the ticket at every door; gives how many files there are."""
        files = list(Attachment.objects.filter(message__ticket=ticket))
        for file in files:
            self.dead(reverse("ticket-attachment", args=[ticket.number, file.pk]))
            self.dead(reverse("portal:file", args=[key, file.pk]))
        return len(files)

    def test_what_an_agent_uploads(self) -> None:
        there = reverse("ticket-messages", args=[self.ticket.number])
        for batch in batches():
            answer = self.client.post(there, {"kind": "reply", "body": "Here.", "files": batch})
            assert answer.status_code == 302, answer.content
        for message in Message.objects.filter(kind="outbound"):
            assert begin_delivery(message.pk) or Message.objects.filter(pk=message.pk).update(delivery="sent")

        assert self.all_dead(self.ticket, self.key) >= len(ACTIVE)

    def test_what_a_customer_uploads(self) -> None:
        for batch in batches():
            answer = self.client.post(reverse("portal:comments", args=[self.key]), {"text": "Here.", "files": batch})
            assert answer.status_code == 302, answer.content

        assert self.all_dead(self.ticket, self.key) >= len(ACTIVE)

    def test_what_comes_by_mail(self) -> None:
        made = EmailMessage()
        made["From"], made["To"], made["Subject"], made["Message-ID"] = DORA, SUPPORT, "Files", "<files@dora.example>"
        made.set_content("Here.")
        for place, (name, data) in enumerate(ACTIVE.items()):
            main, _, sub = WORDS[place % 9].partition("; ")[0].partition("/")
            made.add_attachment(data, main if main != "multipart" else "text", sub, filename=name.replace("\r\n", " "))
        message = message_of(self.receive(made.as_bytes()))
        key = actions.make_link(message.ticket_id, contact_id=message.contact_id or 0)

        assert self.all_dead(message.ticket, key) >= len(ACTIVE) - 2

    def test_what_a_row_says_is_not_believed(self) -> None:
        """Whatever type got into the table, by an import or an older version, no browser hears of it."""
        message = receive(self.ticket, files=[make_file("a.html", HTML, word[:120]) for word in WORDS])

        for file in message.attachments.all():
            self.dead(reverse("ticket-attachment", args=[self.ticket.number, file.pk]))
            self.dead(reverse("portal:file", args=[self.key, file.pk]))

    def test_the_original_mail(self) -> None:
        raw = blobs.put(b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + HTML).sha256
        message = receive(self.ticket, raw_blob=raw)
        lost = unprocessed(self.mailbox, "lost")

        self.dead(reverse("ticket-original", args=[self.ticket.number, message.pk]))
        self.sign_in(self.cast.ada)
        self.dead(reverse("email:mail-original", args=[lost.pk]))

    def test_a_file_with_a_virus_is_given_to_nobody(self) -> None:
        message = receive(self.ticket, files=[make_file("virus.png", png(), "image/png")])
        message.attachments.update(scan=Attachment.Scan.INFECTED)
        file = message.attachments.get()

        for there in (
            reverse("ticket-attachment", args=[self.ticket.number, file.pk]),
            reverse("ticket-preview", args=[self.ticket.number, file.pk]),
            reverse("portal:file", args=[self.key, file.pk]),
            file_links.preview_link(self.cast.ben, file),
        ):
            assert code_of(self.client.get(there)) == 404, there

    def test_an_upload_may_be_no_larger_than_it_may_be(self) -> None:
        there = reverse("portal:comments", args=[self.key])
        with override_settings(MAX_UPLOAD_BYTES=1000):
            answer = self.client.post(there, {"text": "x", "files": SimpleUploadedFile("a", b"0" * 1001)})
        many = self.client.post(there, {"text": "x", "files": [SimpleUploadedFile("a", b"0") for _ in range(41)]})

        assert (answer.status_code, many.status_code) == (422, 400)
        assert Attachment.objects.count() == 0


class PreviewTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(self.cast.ben)
        self.ticket = make_ticket(self.cast.north, self.cast.dora)

    def doors(self, data: bytes, name: str = "a.png") -> list[str]:
        file = receive(self.ticket, files=[make_file(name, data, "image/png")]).attachments.get()
        there = reverse("ticket-preview", args=[self.ticket.number, file.pk])
        return [there, file_links.preview_link(self.cast.ben, file)]

    def test_nothing_but_dots_of_colour_comes_through(self) -> None:
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", "CANARY<script>")
        exif = Image.Exif()
        exif[0x010E] = "CANARY<script>"
        for kind, options in (
            ("PNG", {"pnginfo": told}),
            ("JPEG", {"exif": exif}),
            ("WEBP", {"exif": exif}),
            ("GIF", {}),
        ):
            target = BytesIO()
            Image.new("RGB", (40, 30), "navy").save(target, kind, comment=b"CANARY<script>", **options)
            for there in self.doors(target.getvalue() + b"CANARY" + HTML):
                answer = self.client.get(there)
                assert answer["Content-Type"] == "image/webp"
                assert answer["X-Content-Type-Options"] == "nosniff"
                assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
                assert b"CANARY" not in answer.content
                assert b"<script" not in answer.content
                assert Image.open(BytesIO(answer.content)).format == "WEBP"

    def test_what_only_calls_itself_a_picture_is_not_shown(self) -> None:
        for name, data in ACTIVE.items():
            if name != "png-and-page.png":
                for there in self.doors(data):
                    assert self.client.get(there).status_code == 404, name

    def test_a_bomb_is_refused_before_it_is_lit(self) -> None:
        before = peak()
        for data in (png_of(50_000, 50_000), png_of(2**31 - 1, 1), gif_of(65_535, 65_535), png_of(0, 0)):
            for there in self.doors(data):
                assert self.client.get(there).status_code == 404

        assert peak() - before < 50 * 1024 * 1024

    def test_a_picture_by_content_id_is_shown_in_its_own_message_alone(self) -> None:
        """B2.3: whatever cid another message, ticket or department has, this mail reaches only its own."""
        other = make_ticket(self.cast.north, self.cast.emil)
        receive(
            other, html='<p><img src="cid:secret@x"></p>', files=[make_file("s.png", png(), "image/png", "<secret@x>")]
        )
        file = Attachment.objects.get(content_id="<secret@x>")
        thief = '<table><tr><td>x<img src="cid:secret@x"><img src="{}"><img src="{}"></td></tr></table>'
        there = reverse("ticket-preview", args=[other.number, file.pk])
        message = receive(self.ticket, html=thief.format(there, file_links.preview_link(self.cast.ben, file)))

        body = self.client.get(reverse("ticket-body", args=[self.ticket.number, message.pk])).content.decode()
        page = self.client.get(reverse("ticket", args=[self.ticket.number])).content.decode()

        assert "<img" not in body.replace("<img>", "").replace('<img alt="">', "")
        assert there not in page

    def test_a_reply_shows_no_file_of_another_ticket(self) -> None:
        other = make_ticket(self.cast.north, self.cast.emil)
        file = receive(other, files=[make_file("s.png", png(), "image/png")]).attachments.get()
        stolen = reverse("ticket-preview", args=[other.number, file.pk])

        said = reply(self.ticket, "See", html=f'<p>See<img src="{stolen}"></p>', author=self.cast.ben)

        assert stolen not in self.client.get(reverse("ticket", args=[self.ticket.number])).content.decode()
        assert said.attachments.count() == 0


def batches() -> list[list[SimpleUploadedFile]]:
    """The active files in lots of ten, each under a word that is not its own."""
    files = [
        SimpleUploadedFile(name.replace("\r\n", "_"), data, WORDS[place % len(WORDS)].replace("\r\n", " "))
        for place, (name, data) in enumerate(ACTIVE.items())
    ]
    return [files[start : start + 10] for start in range(0, len(files), 10)]


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + _chunk(b"IEND", b"")
    )


def gif_of(width: int, height: int) -> bytes:
    frame = b",\0\0\0\0" + struct.pack("<HH", width, height) + b"\0\x02\x02D\x01\0;"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
