"""Rule 1.12.3: a calendar in the mail is read as an event, and kept as a file."""

# ruff: noqa: E501 - calendars and tables are kept on one line
from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing import ParsedMail, parse_mail
from tugi.channels.email.tests.parsing.mails import arrived, mail, multipart, text
from tugi.core.invitations import Invitation, Recurrence

EVENT = """UID:1@example.com
SUMMARY:Visit\\, to the plant
DTSTART:20261124T090000Z
DTEND:20261124T100000Z
LOCATION:Hall 7\\, Tartu
ORGANIZER;CN="Ann, Boss":MAILTO:ann@example.com
"""


def calendar(event: str = EVENT, method: str = "METHOD:REQUEST\n", before: str = "") -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{method}{before}BEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n"


def read(ics: str, params: str = "; charset=utf-8") -> ParsedMail:
    return parse_mail(
        multipart(text("Please come"), f"Content-Type: text/calendar{params}\n\n{ics}", kind="alternative")
    )


def event(ics: str) -> Invitation:
    return read(ics).invitations[0]


def changed(**lines: str) -> Invitation:
    """The event with other lines: `dtstart="…"` is all that stands behind the name."""
    kept = [
        line
        for line in EVENT.splitlines()
        if line[: line.index(line.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[0])].lower() not in lines
    ]
    return event(
        calendar("\n".join([*kept, *(name.upper().replace("_", "-") + rest for name, rest in lines.items())]) + "\n")
    )


def test_an_invitation_is_read() -> None:
    found = read(calendar())
    assert replace(found.invitations[0], file="") == Invitation(
        method="request",
        title="Visit, to the plant",
        start="2026-11-24T09:00:00+00:00",
        end="2026-11-24T10:00:00+00:00",
        is_all_day=False,
        zone="",
        place="Hall 7, Tartu",
        description="",
        organizer_name="Ann, Boss",
        organizer="ann@example.com",
        attendee="",
        answer="",
        is_cancelled=False,
        is_update=False,
        occurrence="",
        recurrence=None,
        file="",
    )
    assert found.text == "Please come"
    assert [(each.name, each.hidden) for each in found.attachments] == [("text.ics", True)]
    assert arrived(found) == found


@pytest.mark.parametrize(
    ("start", "iso", "zone"),
    [
        (";TZID=Europe/Tallinn:20260701T120000", "2026-07-01T09:00:00+00:00", "Europe/Tallinn"),
        (";TZID=W. Europe Standard Time:20260701T120000", "2026-07-01T10:00:00+00:00", "Europe/Berlin"),
        (';TZID="/freeassociation.sourceforge.net/Europe/Paris":20260101T120000', "2026-01-01T11:00:00+00:00", "Europe/Paris"),
        (";TZID=Odd:20260701T120000", "2026-07-01T12:00:00", ""),
        (":20260701T120000", "2026-07-01T12:00:00", ""),
        (";VALUE=DATE:20260701", "2026-07-01", ""),
        (":20260701T120000Z", "2026-07-01T12:00:00+00:00", ""),
    ],
)  # fmt: skip
def test_times_are_instants_where_the_zone_is_known(start: str, iso: str, zone: str) -> None:
    found = changed(dtstart=start, dtend=":x")
    assert (found.start, found.zone) == (iso, zone)
    assert found.is_all_day == ("DATE" in start)


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("20260701T120000", "2026-07-01T10:00:00+00:00"),
        ("20260101T120000", "2026-01-01T11:00:00+00:00"),
        ("20260329T020000", "2026-03-29T00:00:00+00:00"),
        ("20261025T040000", "2026-10-25T03:00:00+00:00"),
    ],
)
def test_a_zone_of_the_senders_own_is_read_from_its_description(local: str, instant: str) -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Our hall\n"
        "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n"
        "END:VTIMEZONE\n"
    )
    assert event(calendar(f"DTSTART;TZID=Our hall:{local}\nSUMMARY:x\n", before=zone)).start == instant


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ({"dtend": ":x", "duration": ":PT1H30M"}, "2026-11-24T10:30:00+00:00"),
        ({"dtend": ":x", "duration": ":P1D"}, "2026-11-25T09:00:00+00:00"),
        ({"dtend": ":x", "duration": ":-PT1H"}, ""),
        ({"dtend": ":20261124T080000Z"}, ""),
        ({"dtend": ";VALUE=DATE:20261124"}, ""),
        ({"dtend": ":x", "duration": ":P99999W"}, "3943-06-01T09:00:00+00:00"),
        ({"dtstart": ";VALUE=DATE:20261124", "dtend": ":x"}, "2026-11-25"),
        ({"dtstart": ";VALUE=DATE:20261124", "dtend": ";VALUE=DATE:20261127"}, "2026-11-27"),
    ],
)
def test_the_end_follows_the_beginning_or_is_not_told(lines: dict[str, str], end: str) -> None:
    assert changed(**lines).end == end


@pytest.mark.parametrize(
    ("method", "more", "expected"),
    [
        ("METHOD:REQUEST\n", "SEQUENCE:0\n", ("request", False, False)),
        ("METHOD:REQUEST\n", "SEQUENCE:2\n", ("request", True, False)),
        ("METHOD:CANCEL\n", "SEQUENCE:2\n", ("cancel", False, True)),
        ("METHOD:PUBLISH\n", "STATUS:CANCELLED\n", ("publish", False, True)),
        ("", "", ("publish", False, False)),
        ("METHOD:STRANGE\n", "", ("publish", False, False)),
    ],
)
def test_what_the_mail_wants_is_told(method: str, more: str, expected: tuple[str, bool, bool]) -> None:
    found = event(calendar(EVENT + more, method))
    assert (found.method, found.is_update, found.is_cancelled) == expected


def test_the_method_may_stand_in_the_header_only() -> None:
    assert read(calendar(method=""), "; method=CANCEL").invitations[0].method == "cancel"


@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_a_reply_says_who_answers_what(answer: str) -> None:
    person = f"ATTENDEE;PARTSTAT={answer};CN=Ben:mailto:ben@example.com\n"
    found = event(calendar(EVENT + person, "METHOD:REPLY\n"))
    assert (found.attendee, found.answer) == ("Ben", answer.lower())


@pytest.mark.parametrize(
    ("rule", "again"),
    [
        ("FREQ=DAILY;COUNT=10", Recurrence("daily", count=10)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=MO", Recurrence("weekly", 2, ("MO", "FR"))),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270101T000000Z", Recurrence("monthly", days=("-1FR",), until="2027-01-01T00:00:00+00:00")),
        ("FREQ=YEARLY;BYMONTH=3,13;BYMONTHDAY=-1,40", Recurrence("yearly", month_days=(-1,), months=(3,))),
        ("FREQ=SECONDLY;INTERVAL=0;COUNT=99999999999", Recurrence("secondly")),
        ("FREQ=NEVER", None),
        ("", None),
    ],
)  # fmt: skip
def test_how_it_comes_again_is_told_and_not_counted_out(rule: str, again: Recurrence | None) -> None:
    assert changed(rrule=f":{rule}").recurrence == again


def test_the_series_stands_before_what_deviates_from_it() -> None:
    once = "BEGIN:VEVENT\nSUMMARY:moved\nRECURRENCE-ID:20261201T090000Z\nDTSTART:20261202T090000Z\nEND:VEVENT\n"
    found = read(calendar(before=once)).invitations
    assert [(each.title, each.occurrence) for each in found] == [
        ("Visit, to the plant", ""),
        ("moved", "2026-12-01T09:00:00+00:00"),
    ]


def test_an_event_that_stands_in_the_mail_twice_is_one() -> None:
    alternative = f"Content-Type: text/calendar\n\n{calendar()}"
    attached = f"Content-Type: application/ics; name=invite.ics\n\n{calendar()}"
    assert len(parse_mail(multipart(text("x"), alternative, attached)).invitations) == 1


def test_folded_lines_are_one() -> None:
    assert changed(summary=":A long\n  title").title == "A long title"


def test_a_mail_of_nothing_but_a_calendar_says_what_the_event_says() -> None:
    found = parse_mail(mail(calendar(EVENT + "DESCRIPTION:Bring\\nboots\n"), Content_Type="text/calendar"))
    assert found.text == "Bring\nboots"
    assert found.attachments[0].name == "text.ics"


@pytest.mark.parametrize(
    "ics", ["", "BEGIN:VCALENDAR", calendar("SUMMARY:x\n"), calendar("DTSTART:99999999T999999\n"), "BEGIN:VEVENT\n" * 9]
)
def test_what_is_no_event_is_only_a_file(ics: str) -> None:
    found = read(ics)
    assert found.invitations == ()
    assert len(found.attachments) == 1
    assert not [problem for problem in found.problems if "failed" in problem]


LINES = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:Z", "BEGIN:STANDARD", "TZOFFSETTO:+9999",
         "DTSTART:00010101T000000", "DTSTART;TZID=Z:99991231T235959", "DTSTART;TZID=Asia/Tokyo:00010101T000000", "DURATION:P99999W",
         "RRULE:FREQ=YEARLY;BYMONTH=99;BYDAY=9SU", "RRULE:FREQ=DAILY;UNTIL=x", "RECURRENCE-ID:x", "END:STANDARD", "END:VTIMEZONE", 'A;B="c', "X"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=30))
def test_any_calendar_is_read(lines: list[str]) -> None:
    found = read("\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines]))
    assert not [problem for problem in found.problems if "failed" in problem]
    assert arrived(found) == found


BOMBS = {
    "lines": "BEGIN:VCALENDAR\n" + "X:y\n" * 70_000,
    "components": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 20_000,
    "events": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nDTSTART:20261124T090000Z\nEND:VEVENT\n" * 5_000,
    "parameters": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART" + ";A=B" * 70_000 + ":x\n",
    "open quotes": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART" + ';A="' * 70_000 + "\n",
    "folds": "BEGIN:VCALENDAR\nSUMMARY:" + "\n " * 140_000,
    "days": calendar(EVENT + "RRULE:FREQ=SECONDLY;BYDAY=" + "MO," * 60_000 + "\n"),
    "zone": calendar(EVENT, before="BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:00010101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read_in_time(name: str) -> None:
    started = time.process_time()
    read(BOMBS[name])
    assert time.process_time() - started < 1
