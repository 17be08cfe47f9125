"""What a domain asks of mail in its name, and whether a mail keeps to it (RFC 7489)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from publicsuffixlist import PublicSuffixList

from tugi.channels.email.verification.resolving import Resolver

_RECORD = re.compile(rb"\s*v\s*=\s*DMARC1\s*(?:;|$)")
_POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True)
class Finding:
    """What was found about the domain in From, to be kept with the mail.

    `result` is pass, fail, none (the domain has no policy, or nobody could look) or temperror (DNS had no answer).
    `policy` is what the domain asks for mail that fails. `dkim` are the domains that signed, `spf` is the envelope's
    if it may send from there.
    """

    result: str
    domain: str
    policy: str = ""
    dkim: tuple[str, ...] = ()
    spf: str = ""


@dataclass(frozen=True)
class Policy:
    """A domain's record. Strict alignment wants the same domain, relaxed one the same organisation."""

    wanted: str
    strict_dkim: bool
    strict_spf: bool


def policy_for(domain: str, resolver: Resolver) -> Policy | None:
    """The policy of the domain, else of its organisation (RFC 7489 6.6.3); None without one. Raises Trouble."""
    record = _record_at(domain, resolver)
    if record is not None:
        return _policy(record, "p")
    organisation = organisation_of(domain)
    if organisation == domain:
        return None
    record = _record_at(organisation, resolver)
    return _policy(record, "sp") if record is not None else None


def is_aligned(found: str, domain: str, *, strict: bool) -> bool:
    """Does a domain that is proven stand for the one in From (RFC 7489 3.1)?"""
    if not found:
        return False
    return found == domain or (not strict and organisation_of(found) == organisation_of(domain))


def organisation_of(domain: str) -> str:
    """The domain that its owner registered (RFC 7489 3.2), by the public suffix list; a suffix stays itself."""
    return _suffixes().privatesuffix(domain) or domain


@cache
def _suffixes() -> PublicSuffixList:
    """Read when it is needed: the list that comes with the package."""
    return PublicSuffixList()


def _record_at(domain: str, resolver: Resolver) -> dict[str, str] | None:
    """The one record of the domain; several are none."""
    records = [text for text in resolver.texts(f"_dmarc.{domain}") if _RECORD.match(text)]
    return _tags(records[0]) if len(records) == 1 else None


def _tags(record: bytes) -> dict[str, str]:
    parts = (part.partition("=") for part in record.decode("ascii", "replace").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _equals, value in parts if name.strip()}


def _policy(tags: dict[str, str], name: str) -> Policy | None:
    wanted = tags.get(name, tags.get("p", ""))
    if wanted not in _POLICIES:
        if "rua" not in tags:
            return None
        wanted = "none"  # RFC 7489 6.6.3 (6): it can only be meant to be told
    return Policy(wanted=wanted, strict_dkim=tags.get("adkim") == "s", strict_spf=tags.get("aspf") == "s")
