"""Owns mailboxes, raw mail, parsing, threading, and the outbox. Must not know what listens to tickets."""
