"""The table of SECURITY A1, row by row: who wrote, how well that is proven, what the mail names, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass

from tugi.channels.email.marks import AgentToken, make_agent_reply_address, make_reply_address
from tugi.channels.email.models import OutboundMessage, Outcome
from tugi.channels.email.testing import SUPPORT, MailTest, mail, message_of
from tugi.tickets.models import Message, MessageKind, Participant, Proof, Ticket

DORA, EVE, BEN, LEO = ("dora@dora.example", "eve@evil.example", "ben@acme.example", "leo@acme.example")
NOTHING, NUMBER, KNOWN, OWN_ID, ADDRESS, AGENT_ADDRESS = "nothing", "number", "known", "own id", "address", "agent"


@dataclass(frozen=True)
class Row:
    """`names` is how the mail names Dora's ticket. `kind` is what it becomes there, None for a ticket of its own."""

    sender: str
    is_proven: bool
    names: str
    outcome: Outcome
    proof: Proof
    kind: MessageKind | None = None


TABLE = [
    # none, or DMARC failed: a new ticket, unverified; it never touches one that is there
    Row(DORA, False, NOTHING, Outcome.OPENED, Proof.NONE),
    Row(DORA, False, NUMBER, Outcome.OPENED, Proof.NONE),
    Row(DORA, False, KNOWN, Outcome.OPENED, Proof.NONE),
    Row(EVE, False, NUMBER, Outcome.OPENED, Proof.NONE),
    Row(BEN, False, NUMBER, Outcome.OPENED, Proof.NONE),
    Row(BEN, False, KNOWN, Outcome.OPENED, Proof.NONE),
    # the sender, no token: a ticket of that address; joins only where it takes part already
    Row(DORA, True, NOTHING, Outcome.OPENED, Proof.SENDER),
    Row(EVE, True, NOTHING, Outcome.OPENED, Proof.SENDER),
    Row(DORA, True, NUMBER, Outcome.JOINED, Proof.SENDER, MessageKind.INBOUND),
    Row(DORA, True, KNOWN, Outcome.JOINED, Proof.SENDER, MessageKind.INBOUND),
    Row(EVE, True, NUMBER, Outcome.OPENED, Proof.SENDER),
    Row(EVE, True, KNOWN, Outcome.OPENED, Proof.SENDER),
    Row(BEN, True, NUMBER, Outcome.OPENED, Proof.SENDER),
    # a genuine token, and the sender takes part: public
    Row(DORA, False, OWN_ID, Outcome.JOINED, Proof.TOKEN, MessageKind.INBOUND),
    Row(DORA, False, ADDRESS, Outcome.JOINED, Proof.TOKEN, MessageKind.INBOUND),
    Row(DORA, True, ADDRESS, Outcome.JOINED, Proof.TOKEN, MessageKind.INBOUND),
    # a genuine token in other hands: an internal note
    Row(EVE, False, OWN_ID, Outcome.THIRD_PARTY, Proof.NONE, MessageKind.NOTE),
    Row(EVE, False, ADDRESS, Outcome.THIRD_PARTY, Proof.NONE, MessageKind.NOTE),
    Row(EVE, True, ADDRESS, Outcome.THIRD_PARTY, Proof.SENDER, MessageKind.NOTE),
    Row(BEN, True, ADDRESS, Outcome.THIRD_PARTY, Proof.SENDER, MessageKind.NOTE),
    # an agent's token, the agent's proof, and access now: the agent's reply
    Row(BEN, True, AGENT_ADDRESS, Outcome.AGENT, Proof.SENDER, MessageKind.OUTBOUND),
    Row(BEN, False, AGENT_ADDRESS, Outcome.NOT_AGENT, Proof.NONE, MessageKind.NOTE),
    Row(LEO, True, AGENT_ADDRESS, Outcome.NOT_AGENT, Proof.SENDER, MessageKind.NOTE),
    Row(DORA, True, AGENT_ADDRESS, Outcome.NOT_AGENT, Proof.SENDER, MessageKind.NOTE),
    Row(EVE, True, AGENT_ADDRESS, Outcome.NOT_AGENT, Proof.SENDER, MessageKind.NOTE),
]


class ProofTableTest(MailTest):
    ticket: Ticket
    row: OutboundMessage

    def setUp(self) -> None:
        self.ticket = self.open_ticket(message_id="<first@dora.example>")
        self.row = self.answer(self.ticket)

    def mail_of(self, number: int, row: Row) -> bytes:
        to = {
            ADDRESS: make_reply_address(SUPPORT, self.row.pk),
            AGENT_ADDRESS: make_agent_reply_address(SUPPORT, AgentToken(self.ticket.pk, self.cast.ben.pk)),
        }
        named = {KNOWN: "<first@dora.example>", OWN_ID: f"<{self.row.mail_id}>"}
        return mail(
            f"Mail number {number}.",
            sender=row.sender,
            vouched=row.sender.partition("@")[2] if row.is_proven else "",
            to=to.get(row.names, SUPPORT),
            subject=f"[#{self.ticket.number}] Hello" if row.names == NUMBER else "Hello",
            headers={"In-Reply-To": named[row.names]} if row.names in named else {},
        )

    def test_each_row_of_the_table(self) -> None:
        for number, row in enumerate(TABLE):
            with self.subTest(row=row):
                found = self.receive(self.mail_of(number, row))
                message = message_of(found)
                here = message.kind if message.ticket == self.ticket else None
                assert (found.outcome, found.proof, here) == (row.outcome, row.proof, row.kind)

    def test_only_rows_with_a_proof_are_public_in_the_ticket(self) -> None:
        """SECURITY A1.8 said of the table itself."""
        for row in TABLE:
            if row.kind not in (None, MessageKind.NOTE):
                assert row.proof != Proof.NONE, row

    def test_no_row_makes_anybody_take_part_or_changes_whose_the_ticket_is(self) -> None:
        for number, row in enumerate(TABLE):
            self.receive(self.mail_of(number, row))
        self.ticket.refresh_from_db()
        assert self.ticket.contact == self.cast.dora
        assert not Participant.objects.filter(ticket=self.ticket).exists()
        assert Message.objects.filter(ticket=self.ticket, kind=MessageKind.OUTBOUND).count() == 2
