"""Whether others can believe that a mail from our domain is ours: what DNS says of it, and what it ought to say.

SPF (RFC 7208) names who may send for the domain, DKIM (RFC 6376) signs, DMARC (RFC 7489) says what to do with the
rest. Only questions to DNS are asked; what cannot be looked up is called that, and not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from tugi.channels.email.accounts import smtp_account
from tugi.channels.email.models import DkimKey, Mailbox
from tugi.channels.email.verification.resolving import Resolver, Trouble
from tugi.core.config import is_loopback
from tugi.core.mail_addresses import domain_to_ascii

OK, WRONG, UNKNOWN = "ok", "wrong", "unknown"
INCLUDES = {
    "smtp.gmail.com": "include:_spf.google.com",
    "smtp-relay.gmail.com": "include:_spf.google.com",
    "smtp.office365.com": "include:spf.protection.outlook.com",
}
"""The names that big providers want in an SPF record, by their servers' names."""


@dataclass(frozen=True)
class Advice:
    """One matter of a domain. `record` is what to publish, as a TXT record, under `record_name`; empty for nothing."""

    matter: str
    state: str
    text: str
    record_name: str = ""
    record: str = ""


def advice_for(mailbox: Mailbox) -> list[Advice]:
    """What DNS says of the mailbox's domain, matter by matter. After a question without answer no other is asked."""
    domain = domain_to_ascii(mailbox.host)
    key = DkimKey.objects.filter(domain=domain).first()
    found: list[Advice] = []
    matters = {"MX": _mx, "SPF": _spf, "DKIM": _dkim, "DMARC": _dmarc}
    try:
        if settings.DNS is None:
            raise Trouble(domain)
        resolver = Resolver(settings.DNS)
        for judge in matters.values():
            found.append(judge(resolver, _Case(domain, key, _sends_through(mailbox))))
    except Trouble:
        found += [_not_known(matter, key) for matter in list(matters)[len(found) :]]
    return found


def _not_known(matter: str, key: DkimKey | None) -> Advice:
    """The key's record is shown all the same: it can be published before anybody has looked."""
    text = _("This could not be looked up: no name server gave an answer in time.")
    if matter == "DKIM" and key is not None:
        return Advice(matter, UNKNOWN, text, key.record_name, key.record)
    return Advice(matter, UNKNOWN, text)


@dataclass(frozen=True)
class _Case:
    domain: str
    key: DkimKey | None
    server: str


def _sends_through(mailbox: Mailbox) -> str:
    account = smtp_account(mailbox)
    return account.host.lower() if account and not is_loopback(account.host) else ""


def _mx(resolver: Resolver, case: _Case) -> Advice:
    hosts = [record.exchange.to_text(omit_final_dot=True) for record in resolver.records(case.domain, "MX")]
    if [host for host in hosts if host.strip(".")]:
        return Advice("MX", OK, _("Mail to %(domain)s finds its server.") % {"domain": case.domain})
    text = _("%(domain)s names no server that takes its mail (MX), so answers of customers may not arrive.")
    return Advice("MX", WRONG, text % {"domain": case.domain})


def _spf(resolver: Resolver, case: _Case) -> Advice:
    found = [text for text in _texts(resolver, case.domain) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
    own = INCLUDES.get(case.server) or (f"a:{case.server}" if "." in case.server else "")
    wanted = " ".join(filter(None, ["v=spf1", "mx", own, "~all"]))
    if not found:
        text = _("Nothing says which servers may send for %(domain)s. Publish this; name every server that sends.")
        return Advice("SPF", WRONG, text % {"domain": case.domain}, case.domain, wanted)
    if len(found) > 1:
        text = _("There are %(count)s SPF records, and so none counts. Join them into one.")
        return Advice("SPF", WRONG, text % {"count": len(found)}, case.domain)
    terms = found[0].lower().split()
    if {"+all", "all", "?all"} & set(terms):
        better = " ".join("~all" if term.lower() in ("+all", "all", "?all") else term for term in found[0].split())
        text = _("The record lets everybody send for %(domain)s.")
        return Advice("SPF", WRONG, text % {"domain": case.domain}, case.domain, better)
    if case.server in INCLUDES and INCLUDES[case.server] not in terms and not _redirects(terms):
        better = " ".join([found[0].split()[0], INCLUDES[case.server], *found[0].split()[1:]])
        text = _("The record does not name %(server)s, through which this mailbox sends.")
        return Advice("SPF", WRONG, text % {"server": case.server}, case.domain, better)
    return Advice("SPF", OK, _("A record says which servers may send for %(domain)s.") % {"domain": case.domain})


def _redirects(terms: list[str]) -> bool:
    return any(term.startswith("redirect=") for term in terms)


def _dkim(resolver: Resolver, case: _Case) -> Advice:
    if case.key is None:
        text = _("Tugi signs no mail of %(domain)s. If no server behind it does either, make a key here.")
        return Advice("DKIM", WRONG, text % {"domain": case.domain})
    name, record = case.key.record_name, case.key.record
    found = _texts(resolver, name)
    keys = {match[1] for text in found if (match := re.search(r"(?:^|;)\s*p=([^;]*)", re.sub(r"\s+", "", text)))}
    if keys == {case.key.public_key}:
        return _signs(case.key)
    if found:
        text = _("Another key is published there. Put this in its place.")
    else:
        text = _("The key is not published yet. Publish this, then let Tugi sign.")
    return Advice("DKIM", WRONG, text, name, record)


def _signs(key: DkimKey) -> Advice:
    if key.is_signing:
        return Advice("DKIM", OK, _("The key is published, and every mail is signed."))
    return Advice("DKIM", WRONG, _("The key is published. Now let Tugi sign."))


def _dmarc(resolver: Resolver, case: _Case) -> Advice:
    for name in _upwards(case.domain):
        found = [text for text in _texts(resolver, f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")]
        if len(found) == 1:
            return _judged(found[0], name)
    text = _("Nothing says what to do with mail that only pretends to be from %(domain)s. Publish this to begin with.")
    record = f"v=DMARC1; p=none; rua=mailto:postmaster@{case.domain}"
    return Advice("DMARC", WRONG, text % {"domain": case.domain}, f"_dmarc.{case.domain}", record)


def _judged(record: str, name: str) -> Advice:
    policy = re.search(r";\s*p\s*=\s*(\w+)", record, re.IGNORECASE)
    if policy and policy[1].lower() in ("quarantine", "reject"):
        return Advice("DMARC", OK, _("Mail that only pretends to be from %(domain)s is kept off.") % {"domain": name})
    text = _("The record only watches. When SPF and DKIM are in order, have forged mail put aside.")
    better = re.sub(r"(;\s*p\s*=\s*)none", r"\1quarantine", record, count=1, flags=re.IGNORECASE)
    return Advice("DMARC", OK, text, f"_dmarc.{name}", better if better != record else "")


def _upwards(domain: str) -> Iterator[str]:
    """The domain and those above it: a record there holds for it too (RFC 7489 6.6.3, without the list of suffixes)."""
    labels = domain.split(".")
    for place in range(max(len(labels) - 1, 1)):
        yield ".".join(labels[place:])


def _texts(resolver: Resolver, name: str) -> list[str]:
    return [text.decode("utf-8", "replace").strip() for text in resolver.texts(name)]
