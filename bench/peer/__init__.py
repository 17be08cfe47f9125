"""django-helpdesk on the same machine, with mails of the same words, in an environment of its own."""
