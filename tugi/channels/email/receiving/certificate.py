"""The certificate for STARTTLS: one that was given, or our own, which nobody vouches for but which hides the mail.

Servers that send mail take any certificate (RFC 7435): an unknown one is much better than none.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from tugi.core import clock
from tugi.core.keys import sync_directory

FILE_NAME = "mail-certificate.pem"
VALID_FOR = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=30)
log = logging.getLogger(__name__)


class Certificate:
    """The context that is offered now. `refresh` takes up a renewed file; a broken one changes nothing."""

    def __init__(self, name: str) -> None:
        self.context: ssl.SSLContext | None = None
        self._name = name
        self._seen: tuple[float, ...] = ()

    def refresh(self) -> None:
        """Renew our own if it is time, and load what is new. Never raises: without it there is no STARTTLS."""
        try:
            certificate, key = files(self._name)
            seen = (certificate.stat().st_mtime, key.stat().st_mtime)
            if seen != self._seen:
                self.context, self._seen = load(certificate, key), seen
        except (OSError, ValueError) as error:
            log.error("The certificate for mail cannot be used: %s", error)


def files(name: str) -> tuple[Path, Path]:
    """Where certificate and key are; our own is made, or made anew, if it is time. Raises OSError, ValueError."""
    given: Path | None = settings.SMTP_CERTIFICATE
    if given is not None:
        return given, settings.SMTP_CERTIFICATE_KEY or given
    own = Path(settings.DATA_DIR) / FILE_NAME
    if not own.exists() or valid_until(own) - clock.now() < RENEWED_BEFORE:
        make(own, name)
    return own, own


def load(certificate: Path, key: Path) -> ssl.SSLContext:
    """Raises OSError (and its kin ssl.SSLError) if these two do not belong together, or cannot be read."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key, password=_no_password)
    return context


def valid_until(path: Path) -> datetime:
    """Raises OSError, ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def make(path: Path, name: str) -> None:
    """A new key and a certificate that it signs itself, in one file that only its owner can read. Raises OSError."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([_as_general_name(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(path, private + certificate.public_bytes(encoding))


def _as_general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_directory(path.parent)


def _no_password() -> str:
    """A key closed with a password would make the worker wait for somebody to type it."""
    raise ValueError("the key is closed with a password; give one without")
