from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import time_machine
from PIL import Image

from tugi.core import blobs, clock
from tugi.core.html import clean_html
from tugi.events import actors
from tugi.people.actions import deactivate_agent
from tugi.tickets import file_links
from tugi.tickets.actions import withdraw_reply
from tugi.tickets.models import Attachment, Message
from tugi.tickets.testing import DeskTest, make_file, make_ticket, receive, reply

SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "#3366cc").save(target, kind)
    return target.getvalue()


class FilesTest(DeskTest):
    def setUp(self) -> None:
        files = [make_file("Отчёт ½.html", SCRIPT, "text/html"), make_file("shot.png", picture(), "image/png")]
        self.ticket = make_ticket(self.cast.north, self.cast.dora, files=files)
        self.other = make_ticket(self.cast.north, self.cast.emil)
        self.page, self.shot = Attachment.objects.order_by("id")
        self.path = f"/tickets/{self.ticket.number}/attachments"
        self.sign_in(self.cast.ben)

    def test_a_file_is_a_download_that_no_browser_runs(self) -> None:
        answer = self.client.get(f"{self.path}/{self.page.pk}")

        assert b"".join(answer) == SCRIPT
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_a_preview_is_drawn_anew(self) -> None:
        answer = self.client.get(f"{self.path}/{self.shot.pk}/preview")

        assert answer["Content-Type"] == "image/webp"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert Image.open(BytesIO(answer.content)).format == "WEBP"

    def test_what_is_no_picture_has_no_preview(self) -> None:
        fakes = [
            make_file("fake.png", SCRIPT, "image/png"),
            make_file("icon.ico", picture("ICO"), "image/png"),
            make_file("cut.png", picture()[:60], "image/png"),
            make_file("huge.png", picture(size=(9000, 9000)), "image/png"),
        ]
        receive(self.ticket, files=fakes)
        for fake in Attachment.objects.filter(name__in=[fake.name for fake in fakes]):
            assert self.client.get(f"{self.path}/{fake.pk}/preview").status_code == 404, fake.name

    def test_files_are_reached_only_through_their_own_ticket(self) -> None:
        for door in ("", "/preview"):
            path = f"/tickets/{self.other.number}/attachments/{self.shot.pk}{door}"
            assert self.client.get(path).status_code == 404

    def test_nothing_goes_through_the_wall(self) -> None:
        self.sign_in(self.cast.cleo)
        for door in ("", "/preview"):
            assert self.client.get(f"{self.path}/{self.shot.pk}{door}").status_code == 404

    def test_a_signed_link_works_without_a_cookie_for_five_minutes(self) -> None:
        link = file_links.preview_link(self.cast.ben, self.shot)
        self.client.logout()

        answer = self.client.get(link)
        assert answer.status_code == 200
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        with time_machine.travel(clock.now() + timedelta(seconds=301)):
            assert self.client.get(link).status_code == 404

    def test_a_signed_link_ends_with_the_agents_access(self) -> None:
        for agent in (self.cast.cleo, self.cast.leo):
            link = file_links.preview_link(agent, self.shot)
            if agent == self.cast.leo:
                deactivate_agent(agent.pk, actor=actors.system())
            assert self.client.get(link).status_code == 404

    def test_forged_links_open_nothing(self) -> None:
        link = file_links.preview_link(self.cast.ben, self.shot)
        for forged in (link[:-1], link.replace(f"{self.cast.ben.pk}-", "99-", 1), "/files/x", "/files/1-1:a:b"):
            assert self.client.get(forged).status_code == 404

    def test_files_of_a_withdrawn_reply_are_gone(self) -> None:
        message = reply(self.ticket, "Wrong file", author=self.cast.ben, files=[make_file("secret.txt")])
        file = Attachment.objects.get(name="secret.txt")
        withdraw_reply(message.pk, actor=actors.agent(self.cast.ben.pk))

        assert self.client.get(f"{self.path}/{file.pk}").status_code == 404

    def test_infected_files_are_not_given_out(self) -> None:
        Attachment.objects.filter(pk=self.shot.pk).update(scan=Attachment.Scan.INFECTED)

        assert self.client.get(f"{self.path}/{self.shot.pk}").status_code == 404
        self.assertContains(self.client.get(f"/tickets/{self.ticket.number}"), "a virus was found")


class OriginalTest(DeskTest):
    RICH = (
        '<table><tr><td style="color: red">Hi <img src="cid:logo@x"> <img src="https://spy.example/p.png">'
        '<span style="background: url(https://spy.example/q)">x</span></td></tr></table>'
    )

    def setUp(self) -> None:
        raw = blobs.put(b"From: dora@dora.example\r\n\r\nHi").sha256
        logo = make_file("logo.png", picture(), "image/png", content_id="<logo@x>")
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.message = receive(self.ticket, "Hi x", html=clean_html(self.RICH), files=[logo], raw_blob=raw)
        self.path = f"/tickets/{self.ticket.number}/messages/{self.message.pk}"
        self.sign_in(self.cast.ben)

    def test_a_laid_out_mail_stands_in_a_frame_that_can_do_nothing(self) -> None:
        page = self.client.get(f"/tickets/{self.ticket.number}").content.decode()

        assert f'src="{self.path}/body" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
        assert "spy.example" not in page

    def test_the_frame_has_its_own_policy_and_no_pictures_from_the_web(self) -> None:
        answer = self.client.get(f"{self.path}/body")

        policy, text = answer["Content-Security-Policy"], answer.content.decode()
        assert policy.startswith("default-src 'none'; img-src data: http://testserver/files/;")
        assert "script" not in policy
        assert "sandbox allow-popups" in policy
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "spy.example" not in text
        assert "color: red" in text or "color:red" in text
        assert "http://testserver/files/" in text

    def test_pictures_from_the_web_come_only_when_asked_for(self) -> None:
        answer = self.client.get(f"{self.path}/body?images=1")

        self.assertContains(self.client.get(f"/tickets/{self.ticket.number}"), f'{self.path}/body?images=1"')
        assert 'src="https://spy.example/p.png"' in answer.content.decode()
        assert "https://spy.example/q" not in answer.content.decode()
        assert "https:" in answer["Content-Security-Policy"]

    def test_the_original_mail_is_given_out_byte_for_byte(self) -> None:
        answer = self.client.get(f"{self.path}/original")

        assert b"".join(answer) == b"From: dora@dora.example\r\n\r\nHi"
        assert answer["Content-Disposition"] == f'attachment; filename="{self.ticket.number}-{self.message.pk}.eml"'
        first = Message.objects.filter(ticket=self.ticket).earliest("id")
        assert self.client.get(f"/tickets/{self.ticket.number}/messages/{first.pk}/original").status_code == 404

    def test_nothing_goes_through_the_wall(self) -> None:
        self.sign_in(self.cast.cleo)
        for door in ("body", "original"):
            assert self.client.get(f"{self.path}/{door}").status_code == 404
