"""What an action says when it refuses. Raised anywhere, rendered once (middleware and API)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class DeskError(Exception):
    """A refusal that the person at the door can act on. `message` is translated, whole sentences."""

    status = 400
    code = "error"
    message: Text = ""

    def __init__(self, message: Text = "", **detail: Any) -> None:
        super().__init__(str(message or self.message))
        self.message = message or self.message
        self.detail = detail


class NotFound(DeskError):
    """Not there, or not for you: the two look the same."""

    status = 404
    code = "not_found"


class Forbidden(DeskError):
    """You may see it but not do this."""

    status = 403
    code = "forbidden"


class Conflict(DeskError):
    """It has changed, or is not in a state for this. `detail` says what changed."""

    status = 409
    code = "conflict"


class Invalid(DeskError):
    """The input cannot be taken. `detail` maps a field to its message."""

    status = 422
    code = "invalid"
