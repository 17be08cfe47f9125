"""What we answer, with the codes of RFC 3463 that programs read."""

from __future__ import annotations

import re

KEPT = "250 2.0.0 Kept"
TRY_AGAIN = "451 4.3.0 Try again later"
NO_ROOM = "452 4.3.1 No room now, try again later"
CANNOT_LOOK_UP = "451 4.3.0 Cannot look up the recipient now, try again later"
GONE = "451 4.3.0 A recipient is gone, try again later"
UNKNOWN = "550 5.1.1 There is no such mailbox here, and mail is not passed on"
TOO_MANY_UNKNOWN = "421 4.7.1 Too many unknown recipients from your address within a minute, try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients, send the rest in another mail"
TOO_MANY_MAILS = "450 4.7.1 Too many mails from your address within a minute, try again later"
TOO_LARGE = "552 5.3.4 The mail is larger than this desk takes"
TOO_MUCH = "552 5.3.4 Far larger than this desk takes, goodbye"
TOO_SLOW = "421 4.4.2 Too slow, try again later"
SMUGGLED = "550 5.5.2 A lone dot must stand between CR LF, and lines end with nothing else"
TOO_EARLY = "421 4.7.0 Wait for 354 before you send the mail"
BARE_LINE_END = "500 5.5.2 Lines end with CR LF"
BROKEN = "421 4.3.0 Something went wrong here, try again later"
WRONG = "451 4.3.0 Something went wrong here, try again later"
GOODBYE = ("421", TOO_MUCH)
_PLAIN = re.compile(r"([245])\d\d (?!\d\.\d+\.\d+ )")


def enhanced(reply: str) -> str:
    """The reply with a general code of its class, where it has none. Greetings and what asks to go on have none."""
    if reply.startswith(("220 ", "3")) or not (match := _PLAIN.match(reply)):
        return reply
    return f"{reply[:4]}{match[1]}.0.0 {reply[4:]}"
