"""The whole check of one mail."""

from __future__ import annotations

from tugi.channels.email.verification.dkim_check import signing_domains
from tugi.channels.email.verification.dmarc import Finding, Policy, is_aligned, policy_for
from tugi.channels.email.verification.resolving import Resolver, Servers, Trouble
from tugi.channels.email.verification.spf_check import sending_domain


def verify_sender(raw: bytes, *, domain: str, envelope_from: str, peer: str, servers: Servers) -> Finding:
    """Is the mail really from the domain in its From (in ASCII)? `peer` is the machine that brought it.

    A domain without a policy is not asked further: nobody says how its mail is to be known. Takes as long as DNS,
    bounded; never raises.
    """
    try:
        resolver = Resolver(servers)
        policy = policy_for(domain, resolver)
        if policy is None:
            return Finding("none", domain)
        return _judged(raw, domain, envelope_from, peer, resolver, policy)
    except Trouble:
        return Finding("temperror", domain)


def _judged(raw: bytes, domain: str, envelope_from: str, peer: str, resolver: Resolver, policy: Policy) -> Finding:
    """One of the two that passes, for a domain that stands for the one in From, is enough (RFC 7489 4.2)."""
    had_trouble = False
    try:
        spf = sending_domain(envelope_from, peer, resolver)
    except Trouble:
        spf, had_trouble = "", True
    is_proven = is_aligned(spf, domain, strict=policy.strict_spf)
    dkim: list[str] = []
    if not is_proven:
        try:
            dkim = signing_domains(raw, resolver)
        except Trouble:
            had_trouble = True
        is_proven = any(is_aligned(each, domain, strict=policy.strict_dkim) for each in dkim)
    missed = "temperror" if had_trouble else "fail"
    return Finding("pass" if is_proven else missed, domain, policy.wanted, tuple(dkim), spf)
