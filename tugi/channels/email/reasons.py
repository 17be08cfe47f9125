"""What can go wrong with mail, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tugi.core import dates, reasons
from tugi.tickets import retries

CAME_BACK = "mail.came_back"
"""Who did not get it is not known: another try would reach those again who did."""
HELD_UP = "mail.held_up"
"""A server on the way has it and goes on trying: ours would only double it."""
SENTENCES = {
    "mail.bytes_gone": _("The bytes of this mail are gone from the store."),
    CAME_BACK: _("A report says that the mail came back, but not from whom."),
    "mail.consent_gone": _("The provider has taken back its consent. Press “Connect again” in the mailbox's settings."),
    "mail.file_gone": _("A file of this reply is gone from the store."),
    HELD_UP: _("The mail is held up on its way: the customer's server does not take it yet. It is still being tried."),
    "mail.folder_not_written": _("The mail could not be put into %(folder)s."),
    "mail.in_use": _("Another program is reading this mailbox: POP3 lets in one at a time."),
    "mail.no_address": _("The customer has no e-mail address to write to."),
    "mail.no_folder": _("There is no folder “%(name)s”."),
    "mail.no_imap": _("%(host)s does not speak IMAP on port %(port)s. Check the port."),
    "mail.no_lasting_consent": _("The provider gave a consent for an hour only. Let it give a refresh token, too."),
    "mail.no_mailbox": _("There is no mailbox to send from. Add one in the settings, then try again."),
    "mail.no_oauth": _("%(host)s does not let anybody sign in by a provider's consent (OAuth 2). Use a password."),
    "mail.no_pop3": _("%(host)s does not speak POP3 on port %(port)s. Check the port."),
    "mail.no_server": _("%(mailbox)s has no server to send through. Add one in its settings, then try again."),
    "mail.no_smtp": _("%(host)s does not speak SMTP on port %(port)s. Check the port."),
    "mail.no_starttls": _("%(host)s offers no STARTTLS on port %(port)s, so no password was sent to it."),
    "mail.no_stls": _("%(host)s offers no STARTTLS (STLS) on port %(port)s, so no password was sent to it."),
    "mail.no_tls": _("%(host)s does not speak TLS on port %(port)s. Check port and encryption."),
    "mail.no_uidl": _("%(host)s gives its mails no lasting ids (UIDL), so Tugi could not tell which it has. Use IMAP."),
    "mail.no_utf8": _("%(host)s cannot send to addresses with letters beyond ASCII before the @."),
    "mail.no_way_to_sign_in": _("%(host)s offers no way to sign in that Tugi knows."),
    "mail.not_private": _("Without encryption only a server on this machine can be used."),
    "mail.not_trusted": _("The certificate of %(host)s cannot be trusted, so nothing was sent to it: %(why)s."),
    "mail.not_connected": _("This mailbox is not connected with its provider yet. Save it, then press “Connect”."),
    "mail.not_deleted": _("New mail is taken in, but its server does not let it be deleted there."),
    "mail.not_given": _("Its server does not hand this mail over. It is still in “%(folder)s”: look at it there."),
    "mail.not_moved": _("New mail is taken in, but its server does not let it be moved to “%(name)s”."),
    "mail.nothing_there": _("Nothing answers at %(host)s, port %(port)s."),
    "mail.not_consented": _("The provider gave no consent: somebody there said no."),
    "mail.provider_failed": _("%(host)s gave no token (status %(status)s). It will be asked again."),
    "mail.provider_refused": _("%(host)s refused the desk's own registration. Check client ID, secret and scopes."),
    "mail.reading_failed": _("Reading this mail failed unexpectedly."),
    "mail.renewal_too_slow": _("The sign-in with the provider could not be renewed in time."),
    "mail.sign_in_refused": _("The mail server refused the user name or the password."),
    "mail.token_refused": _("The mail server refused the provider's token. Does the user name belong to that account?"),
    "mail.too_many_from": _("%(mailbox)s has sent as many mails as it may for now. It goes as soon as there is room."),
    "mail.too_many_to": _("%(address)s has got as many mails as it may for now. It goes as soon as there is room."),
    "mail.too_much_memory": _("Reading this mail took too much memory."),
    "mail.too_much_time": _("Reading this mail took too much time."),
    "mail.too_slow": _("%(host)s did not answer on port %(port)s in time."),
    "mail.unknown_host": _("There is no server called “%(host)s”. Check the name."),
    "mail.unreachable": _("%(host)s could not be reached."),
    "mail.was_cut_off": _("%(host)s broke the connection off."),
}
TOO_LARGE = _("This mail has %(size)s; the desk takes at most %(most)s. The whole mail is still in its folder.")


def register() -> None:
    for code, sentence in SENTENCES.items():
        reasons.register(code, sentence)
    retries.rule_out(CAME_BACK)
    retries.is_only_late(HELD_UP)
    reasons.register("mail.too_large", TOO_LARGE, size=dates.size, most=dates.size)
