"""What can happen to mailboxes and their mail, as facts in the log. Words stay in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tugi.channels.email.refusals import Refusal
from tugi.events.facts import Fact, Names, fact


@dataclass(frozen=True)
class MailboxFact(Fact):
    """A fact about one mailbox."""

    mailbox_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("mailbox", self.mailbox_id)


@fact("mailbox.added", public=False)
@dataclass(frozen=True)
class MailboxAdded(MailboxFact):
    """The desk has a new address."""

    def sentence(self, name: Names) -> str:
        return _("added the mailbox %(mailbox)s") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mailbox.changed", public=False)
@dataclass(frozen=True)
class MailboxChanged(MailboxFact):
    """A mailbox's settings changed; `fields` names them. Passwords and addresses are not in the log."""

    fields: list[str]

    def sentence(self, name: Names) -> str:
        return _("changed the mailbox %(mailbox)s") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mailbox.failed", public=False)
@dataclass(frozen=True)
class MailboxFailed(MailboxFact):
    """A mailbox that worked can no longer be fetched; why stands at the mailbox."""

    def sentence(self, name: Names) -> str:
        return _("mail from %(mailbox)s cannot be fetched") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mailbox.recovered", public=False)
@dataclass(frozen=True)
class MailboxRecovered(MailboxFact):
    """A mailbox that had failed is fetched again."""

    def sentence(self, name: Names) -> str:
        return _("mail from %(mailbox)s is fetched again") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mailbox.key_added", public=False)
@dataclass(frozen=True)
class MailboxKeyAdded(MailboxFact):
    """A mailbox has a key, or one of its keys anew. The key itself is not in the log."""

    system: str
    fingerprint: str

    def sentence(self, name: Names) -> str:
        return _("added a key to the mailbox %(mailbox)s") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mailbox.key_removed", public=False)
@dataclass(frozen=True)
class MailboxKeyRemoved(MailboxFact):
    """A mailbox has lost a key; mail that was opened with it stays readable."""

    system: str
    fingerprint: str

    def sentence(self, name: Names) -> str:
        return _("removed a key of the mailbox %(mailbox)s") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mail.not_processed", public=False)
@dataclass(frozen=True)
class MailNotProcessed(MailboxFact):
    """A mail could not be made into a ticket, however often it was tried. Its bytes are kept."""

    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("a mail to %(mailbox)s could not be processed") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mail.retried", public=False)
@dataclass(frozen=True)
class MailRetried(MailboxFact):
    """Someone had a mail that could not be processed tried again."""

    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("tried a mail to %(mailbox)s again") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mail.all_retried", public=False)
@dataclass(frozen=True)
class MailsRetried(MailboxFact):
    """Someone had all mails of a mailbox that could not be processed tried again; `count` of them."""

    count: int

    def sentence(self, name: Names) -> str:
        return _("tried all mails to %(mailbox)s again that could not be processed") % {
            "mailbox": name("mailbox", self.mailbox_id)
        }


@fact("mail.storage_level_changed", public=False)
@dataclass(frozen=True)
class StorageLevelChanged(Fact):
    """The disk of the data directory has passed a mark, up or down: 60, 75 or 90 percent; 0 is below all."""

    before: int
    after: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("desk", 1)

    def sentence(self, name: Names) -> str:
        if self.after > self.before:
            return _("the disk for mail is fuller than %(percent)s %%") % {"percent": self.after}
        return _("the disk for mail is no longer fuller than %(percent)s %%") % {"percent": self.before}


@fact("mail.withheld", public=False)
@dataclass(frozen=True)
class MailWithheld(MailboxFact):
    """A mail carried a link that sets an agent's password. It became no ticket and is shown to nobody."""

    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("withheld a mail to %(mailbox)s: it carried a link that sets an agent's password") % {
            "mailbox": name("mailbox", self.mailbox_id)
        }


@fact("mail.automatic_stopped", public=False)
@dataclass(frozen=True)
class AutomaticMailStopped(MailboxFact):
    """A mailbox, or the whole desk (mailbox 0), sent more automatic mail than it may: it stops for an hour."""

    def sentence(self, name: Names) -> str:
        if not self.mailbox_id:
            return _("automatic mail of the whole desk has stopped: it was too much")
        return _("automatic mail from %(mailbox)s has stopped: it was too much") % {
            "mailbox": name("mailbox", self.mailbox_id)
        }


@fact("mail.automatic_resumed", public=False)
@dataclass(frozen=True)
class AutomaticMailResumed(MailboxFact):
    """Automatic mail of a mailbox, or of the whole desk (mailbox 0), leaves again."""

    def sentence(self, name: Names) -> str:
        if not self.mailbox_id:
            return _("automatic mail of the whole desk leaves again")
        return _("automatic mail from %(mailbox)s leaves again") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("mail.dismissed", public=False)
@dataclass(frozen=True)
class MailDismissed(MailboxFact):
    """Someone has seen that a mail was too large for the desk, and put the notice of it out of sight."""

    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("dismissed the notice of a mail to %(mailbox)s") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("ticket.reply_refused", public=False)
@dataclass(frozen=True)
class ReplyRefused(Fact):
    """A customer answered a ticket that has been done for long, and the mailbox refuses that. The sender is told."""

    ticket_id: int
    department_id: int
    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("answered by mail, but too late: the answer was refused")


@fact("ticket.agent_mail_refused", public=False)
@dataclass(frozen=True)
class AgentMailRefused(Fact):
    """A mail came to the address by which an agent answers, and did not count as the agent's; `reason` says why
    (`agent_mail.Refusal`). Nothing of it went to the customer."""

    ticket_id: int
    department_id: int
    raw_mail_id: int
    agent_id: int
    reason: str

    def sentence(self, name: Names) -> str:
        told = {"agent": name("agent", self.agent_id), "reason": Refusal(self.reason).label}
        return _("refused a mail in the name of %(agent)s: %(reason)s") % told


@fact("ticket.forwarded", public=False)
@dataclass(frozen=True)
class TicketForwarded(Fact):
    """An agent forwarded a customer's mail to the desk. `found`: it said who had written it: the ticket is theirs."""

    ticket_id: int
    department_id: int
    raw_mail_id: int
    found: bool

    def sentence(self, name: Names) -> str:
        if self.found:
            return _("forwarded the customer's mail to the desk")
        return _("forwarded a mail that does not say who wrote it: the ticket is the agent's")


@fact("ticket.acknowledgement_withheld", public=False)
@dataclass(frozen=True)
class AcknowledgementWithheld(Fact):
    """The customer was not told of the ticket's arrival: the address got too many automatic mails, or all
    automatic mail was stopped (`is_stopped`)."""

    ticket_id: int
    department_id: int
    is_stopped: bool = False

    def sentence(self, name: Names) -> str:
        if self.is_stopped:
            return _("sent no acknowledgement: automatic mail was stopped, there was too much of it")
        return _("sent no acknowledgement: this address got too many automatic mails lately")


@fact("ticket.acknowledgement_failed", public=False)
@dataclass(frozen=True)
class AcknowledgementFailed(Fact):
    """The acknowledgement did not reach the customer."""

    ticket_id: int
    department_id: int

    def sentence(self, name: Names) -> str:
        return _("the acknowledgement could not be delivered")
