"""How tickets refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tugi.core.errors import Conflict, Invalid


class StaleTicket(Conflict):
    """Somebody changed the ticket since it was read. `detail["changes"]` are their sentences."""

    code = "stale"
    message = _("The ticket was changed by somebody else meanwhile. Look at the change and decide again.")


class TicketIsMerged(Conflict):
    """The ticket's messages went into another ticket, which is where to work now."""

    code = "merged"
    message = _("This ticket was merged into another one. Continue there, or undo the merge first.")


class CannotMerge(Conflict):
    code = "cannot_merge"
    message = _("These two tickets cannot be merged.")


class TooLate(Conflict):
    """The reply has left, or is leaving: it cannot be taken back."""

    code = "too_late"
    message = _("The reply is already on its way and cannot be taken back.")


class AgentCannotTake(Conflict):
    """The agent is inactive or has no access to the ticket's department."""

    code = "agent_cannot_take"
    message = _("This agent cannot take tickets of that department.")


class DraftTaken(Invalid):
    """The draft is a message already, and has other words by now."""

    code = "draft_taken"
    message = _("This draft has been sent already, perhaps from another tab. Send again to say this as well.")


class RecipientsChanged(Invalid):
    """The reply would go to others than the agent saw."""

    code = "recipients_changed"
    message = _("Who gets the reply has changed meanwhile. Look at the recipients and send again.")


class AnsweredMeanwhile(Invalid):
    """Another agent has replied to the customer since this reply was begun."""

    code = "answered"
    message = _("Somebody has replied to the customer while you were writing.")


class NothingToSay(Invalid):
    code = "empty"
    message = _("Write something or attach a file first.")
