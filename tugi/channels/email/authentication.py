"""What our own mail server found out about a sender (Authentication-Results, RFC 8601).

Anyone else's word is nothing: only the topmost field counts, and only if it bears the name that the
mailbox trusts. RFC 8601 section 5 makes our server take away what others wrote under its name.
"""

from __future__ import annotations

import re

from tugi.core.mail_addresses import domain_to_ascii

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_DMARC = re.compile(r"dmarc\s*=\s*(\w+)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"header\.from\s*=\s*\"?([^\s;\"]{1,253})", re.IGNORECASE)


def vouched_domain(results: tuple[str, ...], authserv_id: str) -> str:
    """The domain for which DMARC (RFC 7489) passed at our own server; empty if none did.

    `results` are the values of the Authentication-Results fields in the order of the mail.
    """
    if not authserv_id or not results:
        return ""
    name, _, rest = _without_comments(results[0]).partition(";")
    words = name.split()
    if not words or words[0].lower() != authserv_id.lower():
        return ""
    found = [part for part in rest.split(";") if _DMARC.match(part.strip())]
    if len(found) != 1:
        return ""
    return _passed(found[0].strip())


def _passed(result: str) -> str:
    verdict, domain = _DMARC.match(result), _HEADER_FROM.search(result)
    if verdict is None or domain is None or verdict[1].lower() != "pass":
        return ""
    return domain_to_ascii(domain[1])


def _without_comments(value: str) -> str:
    before = ""
    while before != value:
        before, value = value, _COMMENT.sub(" ", value)
    return value
