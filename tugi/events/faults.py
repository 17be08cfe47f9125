"""Errors that are the database's or the machine's, whatever was asked: another try may well go through."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

SQLITE = ("BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "NOMEM", "PROTOCOL", "READONLY")
POSTGRESQL = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE: connection, rollback by deadlock, resources, locks, shutdown, system."""
STATEMENT_TOOK_TOO_LONG = "57014"


def is_the_machines(error: BaseException | None) -> bool:
    """A deadlock, a lock that others hold, a connection that is lost, a full disk? Or what came of one of these?"""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return _says_so(error)
        error = error.__cause__ or error.__context__
    return False


def _says_so(error: OperationalError | InterfaceError) -> bool:
    """By the code of the driver's own error. Without a code no answer came at all."""
    told = error.__cause__ or error
    name = getattr(told, "sqlite_errorname", None)
    if name is not None:
        return str(name).removeprefix("SQLITE_").startswith(SQLITE)
    state = getattr(told, "sqlstate", None)
    if state is not None:
        return str(state).startswith(POSTGRESQL) and state != STATEMENT_TOOK_TOO_LONG
    return True
