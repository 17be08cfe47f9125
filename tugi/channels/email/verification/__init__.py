"""Our own check of who sent a mail: DKIM (RFC 6376), SPF (RFC 7208) and DMARC (RFC 7489) over DNS.

For mail that reaches our own listener from outside, where no server of ours has looked before. It never raises:
whatever goes wrong, the sender is simply not proven.
"""

from __future__ import annotations

from tugi.channels.email.verification.dmarc import Finding
from tugi.channels.email.verification.verifying import verify_sender

__all__ = ["Finding", "verify_sender"]
