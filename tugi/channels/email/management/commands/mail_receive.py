"""`bin/tugi mail receive --mailbox ADDRESS < message.eml`: a mail server hands a mail over (sysexits.h codes)."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Via
from tugi.channels.email.routing import mailbox_for

OK, NO_USER, TOO_LARGE, TEMPORARY = os.EX_OK, os.EX_NOUSER, os.EX_DATAERR, os.EX_TEMPFAIL


class Command(BaseCommand):
    help = "Take one mail from standard input. 0: kept; 65: too large; 67: no such mailbox; 75: bring it again later."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", required=True, metavar="ADDRESS", help="an address of the desk")
        parser.add_argument("--sender", metavar="ADDRESS", help="the envelope's sender, empty for a bounce")

    def handle(self, *args: Any, **options: Any) -> None:
        code, text = self._take(options["mailbox"], options["sender"])
        if text:
            self.stderr.write(text)
        if code != OK:
            sys.exit(code)

    def _take(self, address: str, sender: str | None) -> tuple[int, str]:
        try:
            raw = sys.stdin.buffer.read(settings.MAX_MAIL_BYTES + 1)
            if not raw.strip():
                return TEMPORARY, "Nothing came on standard input."
            if len(raw) > settings.MAX_MAIL_BYTES:
                return TOO_LARGE, f"The mail is larger than the {settings.MAX_MAIL_BYTES} bytes that the desk takes."
            mailbox = mailbox_for(address)
            if mailbox is None:
                return NO_USER, f"The desk has no mailbox {address}."
            accept_raw(mailbox, raw, via=Via.PIPE, envelope_from=sender, envelope_to=(address,))
        except (DatabaseError, InterfaceError, OSError) as error:
            return TEMPORARY, f"The mail could not be kept now: {error}"
        return OK, ""
