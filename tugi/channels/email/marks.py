"""Signs that only this installation can make: its Message-IDs and its reply addresses.

A Message-ID is `<ticket>.<kind><key>.<mark>@<host>`, a reply address `<mailbox>+r<row>-<mark>@<host>`, one for an
agent `<mailbox>+a<ticket>-<agent>-<mark>@<host>` (`+i…` if what it is sent with is for the desk's eyes only), and the
address that reports on a mail come back to (VERP) `<mailbox>+b<row>-<mark>@<host>`.
The mark is a keyed hash cut to 128 bits; without a valid one they are foreign text. They say where a mail
belongs, never who wrote it: forwards carry them on.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from tugi.core import crypto

MESSAGE_ID = "message-id"
REPLY_ADDRESS = "reply-address"
BOUNCE_ADDRESS = "bounce-address"
AGENT_ADDRESS = "agent-address"
MARK_BYTES = 16
LONGEST_LOCAL = 64
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_ID = re.compile(r"(\d{1,19})\.([a-z])(\d{1,19})\.([a-z2-7]{26})@", re.IGNORECASE)
_TOKEN = re.compile(r"([rb])([a-z2-7]{1,13})-([a-z2-7]{26})", re.IGNORECASE)
_AGENT_TOKEN = re.compile(r"([ai])([a-z2-7]{1,13})-([a-z2-7]{1,13})-([a-z2-7]{26})", re.IGNORECASE)
_TOKEN_AT_END = re.compile(r"\+(?:[rb]|[ai][a-z2-7]{1,13}-)[a-z2-7]{1,13}-[a-z2-7]{26}$", re.IGNORECASE)


@dataclass(frozen=True)
class OwnId:
    """What a Message-ID of ours names: the ticket, and a row.

    Kind "r" is a reply and "a" an acknowledgement by their messages, "x" a refusal by its raw mail; "t" stands in
    References only, for a row of the outbox: it stays where a provider puts an id of its own in the place of ours.
    """

    ticket_id: int
    kind: str
    key: int


def make_message_id(own: OwnId, host: str) -> str:
    """The Message-ID without brackets. The same row always gets the same one."""
    name = f"{own.ticket_id}.{own.kind}{own.key}"
    return f"{name}.{_mark(MESSAGE_ID, name)}@{host}"


def read_message_id(value: str) -> OwnId | None:
    """What the id names if it is truly ours; None for anything else, however alike."""
    match = _ID.match(value)
    if match is None:
        return None
    ticket, kind, key = match[1], match[2].lower(), match[3]
    if not _is_genuine(match[4], MESSAGE_ID, f"{ticket}.{kind}{key}"):
        return None
    return OwnId(int(ticket), kind, int(key))


def make_reply_address(address: str, row_id: int) -> str:
    """The mailbox's address with a signed plus part; unchanged where the local part would grow too long."""
    return _signed(address, "r", REPLY_ADDRESS, row_id)


def make_bounce_address(address: str, row_id: int) -> str:
    """The same for reports on this row's mail: they name it, whatever else they leave out."""
    return _signed(address, "b", BOUNCE_ADDRESS, row_id)


def read_reply_address(address: str) -> int | None:
    """The row that a signed address of ours names, whichever mailbox it stands at; None if it is not ours."""
    return _read(address, "r", REPLY_ADDRESS)


def read_bounce_address(address: str) -> int | None:
    """The row on which a mail to this address reports; None if we did not make the address."""
    return _read(address, "b", BOUNCE_ADDRESS)


def _signed(address: str, letter: str, purpose: str, row_id: int) -> str:
    local, _, domain = address.rpartition("@")
    signed = f"{local}+{letter}{_digits(row_id)}-{_mark(purpose, str(row_id))}"
    return f"{signed}@{domain}" if len(signed) <= LONGEST_LOCAL else address


def _read(address: str, letter: str, purpose: str) -> int | None:
    local = address.rpartition("@")[0]
    match = _TOKEN.fullmatch(local.rpartition("+")[2])
    if match is None or match[1].lower() != letter:
        return None
    row_id = _number(match[2])
    return row_id if _is_genuine(match[3], purpose, str(row_id)) else None


@dataclass(frozen=True)
class AgentToken:
    """What an agent's reply address names: the ticket it is about, whose it is, and whether the answer is internal."""

    ticket_id: int
    agent_id: int
    is_internal: bool = False


def make_agent_reply_address(address: str, token: AgentToken) -> str:
    """The address to which this agent, and nobody else, answers what the desk tells about the ticket.

    Unchanged where the local part would grow too long: then the agent cannot answer by mail.
    """
    local, _, domain = address.rpartition("@")
    kind = "i" if token.is_internal else "a"
    name = f"{kind}{token.ticket_id}.{token.agent_id}"
    signed = f"{local}+{kind}{_digits(token.ticket_id)}-{_digits(token.agent_id)}-{_mark(AGENT_ADDRESS, name)}"
    return f"{signed}@{domain}" if len(signed) <= LONGEST_LOCAL else address


def read_agent_reply_address(address: str) -> AgentToken | None:
    """What a signed address for an agent names; None if it is not ours."""
    match = _AGENT_TOKEN.fullmatch(address.rpartition("@")[0].rpartition("+")[2])
    if match is None:
        return None
    kind, ticket_id, agent_id = match[1].lower(), _number(match[2]), _number(match[3])
    if not _is_genuine(match[4], AGENT_ADDRESS, f"{kind}{ticket_id}.{agent_id}"):
        return None
    return AgentToken(ticket_id, agent_id, is_internal=kind == "i")


def without_token(address: str) -> str:
    """The address without a reply token at the end of its local part, genuine or not."""
    local, at, domain = address.rpartition("@")
    return f"{_TOKEN_AT_END.sub('', local)}{at}{domain}"


def _mark(purpose: str, name: str) -> str:
    return base64.b32encode(crypto.mac(purpose, name)[:MARK_BYTES]).decode().rstrip("=").lower()


def _is_genuine(mark: str, purpose: str, name: str) -> bool:
    try:
        tag = base64.b32decode(mark.upper() + "======")
    except binascii.Error:
        return False
    # The last letter holds two bits too many: only one spelling is ours.
    canonical = base64.b32encode(tag).decode().rstrip("=").lower()
    return canonical == mark.lower() and crypto.mac_matches(tag, purpose, name)


def _digits(number: int) -> str:
    text = ""
    while True:
        number, rest = divmod(number, 32)
        text = _ALPHABET[rest] + text
        if not number:
            return text


def _number(text: str) -> int:
    number = 0
    for letter in text.lower():
        number = number * 32 + _ALPHABET.index(letter)
    return number
