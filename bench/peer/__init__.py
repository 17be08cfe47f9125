"""django-helpdesk on the same machine, with the same mails and words, in an environment of its own."""
