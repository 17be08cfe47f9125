"""What can happen to mailboxes and their mail, as facts in the log. Words stay in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

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


@fact("mail.withheld", public=False)
@dataclass(frozen=True)
class MailWithheld(MailboxFact):
    """A mail carried a link that sets an agent's password. It became no ticket and is shown to nobody."""

    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("withheld a mail to %(mailbox)s: it carried a link that sets an agent's password") % {
            "mailbox": name("mailbox", self.mailbox_id)
        }


@fact("mail.dismissed", public=False)
@dataclass(frozen=True)
class MailDismissed(MailboxFact):
    """Someone has seen that a mail was too large for the desk, and put the notice of it out of sight."""

    raw_mail_id: int

    def sentence(self, name: Names) -> str:
        return _("dismissed the notice of a mail to %(mailbox)s") % {"mailbox": name("mailbox", self.mailbox_id)}


@fact("ticket.acknowledgement_withheld", public=False)
@dataclass(frozen=True)
class AcknowledgementWithheld(Fact):
    """The customer was not told of the ticket's arrival: the address got too many automatic mails."""

    ticket_id: int
    department_id: int

    def sentence(self, name: Names) -> str:
        return _("sent no acknowledgement: this address got too many automatic mails lately")


@fact("ticket.acknowledgement_failed", public=False)
@dataclass(frozen=True)
class AcknowledgementFailed(Fact):
    """The acknowledgement did not reach the customer."""

    ticket_id: int
    department_id: int

    def sentence(self, name: Names) -> str:
        return _("the acknowledgement could not be delivered")
