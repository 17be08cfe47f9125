"""What we write as bytes reads back as what was meant, by a reader that is not ours."""

from __future__ import annotations

import email
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.compose import header_words, plain_name
from tugi.channels.email.mime_draft import Draft

WORDS = st.text(max_size=120).map(lambda text: " ".join(header_words(text).split()))
LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")
NAMES = st.text(LETTERS, max_size=60).map(plain_name)
TEXTS = st.text(max_size=400)


def draft(
    subject: str = "Hi", name: str = "", text: str = "Hello\n", files: tuple[tuple[str, bytes], ...] = ()
) -> bytes:
    mail = Draft(utf8=False)
    mail["From"] = Address(name, "support", "acme.example")
    mail["To"] = [Address("", f"dora{number}", "a-rather-long-name.dora.example") for number in range(4)]
    mail["Subject"] = subject
    mail.set_text(text)
    mail.set_html(f"<p>{len(text)}</p>\n")
    for file_name, data in files:
        mail.add_file(data, "application/pdf", name=file_name)
    return mail.as_bytes()


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


@settings(deadline=None, max_examples=50)
@given(subject=WORDS, name=NAMES, text=TEXTS)
def test_whatever_is_written_reads_back_the_same(subject: str, name: str, text: str) -> None:
    raw = draft(subject, name, text)
    found = read(raw)
    assert (found["Subject"], [each.addr_spec for each in found["From"].addresses]) == (
        subject,
        ["support@acme.example"],
    )
    # Python 3.11 puts a blank between two encoded words of a name, which RFC 2047 6.2 takes away.
    assert "".join(found["From"].addresses[0].display_name.split()) == "".join(name.split())
    assert len(found["To"].addresses) == 4
    assert body(found) == re.sub(r"\r\n|\r", "\n", text).encode("utf-8", "replace").decode()
    assert [
        name for name in found if name.lower() not in ("from", "to", "subject", "mime-version", "content-type")
    ] == []


@settings(deadline=None, max_examples=50)
@given(name=WORDS.filter(bool), data=st.binary(max_size=200))
def test_files_keep_their_names_and_bytes(name: str, data: bytes) -> None:
    found = read(draft(files=((name, data), ("second.pdf", b"x"))))
    files = list(found.iter_attachments())
    assert [each.get_content() for each in files] == [data, b"x"]
    assert " ".join((files[0].get_filename() or "").split()) == name


def test_lines_are_short_end_in_crlf_and_none_in_a_head_is_empty() -> None:
    raw = draft("Сообщение о том, что " * 12, "Очень длинное имя " * 3, "длинная строка " * 200)
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(line.strip() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))


def test_a_dot_a_from_and_blanks_at_the_end_of_a_line_survive_servers() -> None:
    text = ".\nFrom here\n-- \nlast  \n"
    raw = draft(text=text)
    assert b"\r\n-- \r\n" not in raw
    assert body(read(raw)) == text
