"""Keys, and mail that is really signed and encrypted, made by OpenSSL and by Sequoia once for all tests."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pysequoia

from tugi.channels.email.protection.inspecting import inspect_key
from tugi.channels.email.protection.keys import Inspected

ANN, DESK = "ann@example.com", "support@acme.example"
HEAD = (
    b"Message-ID: <sealed@example.com>\r\nFrom: Ann <ann@example.com>\r\nTo: support@acme.example\r\n"
    b"Subject: Secret\r\nDate: Tue, 24 Nov 2026 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
)
INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe launch code is zebra.\r\n"


@cache
def folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="tugi-keys-"))
    for name, address in (("ann", ANN), ("desk", DESK), ("other", "other@example.com")):
        _openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name.title()}"),
            *("-addext", f"subjectAltName=email:{address}"),
            *("-keyout", str(made / f"{name}.key"), "-out", str(made / f"{name}.crt")),
        )
    return made


def _openssl(*words: str, data: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True).stdout


def certificate(name: str) -> bytes:
    return (folder() / f"{name}.crt").read_bytes()


def private(name: str) -> bytes:
    return (folder() / f"{name}.key").read_bytes() + certificate(name)


def pkcs12(name: str, passphrase: str) -> bytes:
    files = ("-inkey", str(folder() / f"{name}.key"), "-in", str(folder() / f"{name}.crt"))
    return _openssl("pkcs12", "-export", *files, "-passout", f"pass:{passphrase}")


@cache
def smime_key(name: str, *, is_private: bool = True) -> Inspected:
    return inspect_key(private(name) if is_private else certificate(name), "")


def smime_signed(data: bytes = INNER, *options: str, by: str = "ann") -> bytes:
    files = ("-signer", str(folder() / f"{by}.crt"), "-inkey", str(folder() / f"{by}.key"))
    return _openssl("cms", "-sign", *files, *options, data=data)


def smime_encrypted(data: bytes = INNER, *options: str, to: str = "desk") -> bytes:
    chosen = options or ("-aes256",)
    return _openssl("cms", "-encrypt", *chosen, "-recip", str(folder() / f"{to}.crt"), data=data)


@cache
def openpgp_secret(name: str) -> pysequoia.Tsk:
    address = {"ann": ANN, "desk": DESK}.get(name, f"{name}@example.com")
    return pysequoia.Tsk.generate(f"{name.title()} <{address}>")


@cache
def openpgp_key(name: str, *, is_private: bool = True) -> Inspected:
    secret = openpgp_secret(name)
    return inspect_key(str(secret if is_private else secret.extract_certificate()).encode(), "")


def openpgp_message(data: bytes = INNER, to: str = "desk", by: str | None = "ann") -> bytes:
    signer = openpgp_secret(by).signer() if by else None
    return bytes(pysequoia.encrypt(data, recipients=[openpgp_secret(to).extract_certificate()], signer=signer))


def openpgp_encrypted(data: bytes = INNER, to: str = "desk", by: str | None = "ann") -> bytes:
    """PGP/MIME (RFC 3156)."""
    return (
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e\r\n\r\n--e\r\n'
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e\r\n"
        b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
        + openpgp_message(data, to, by)
        + b"\r\n--e--\r\n"
    )


def openpgp_signed(data: bytes = INNER, by: str = "ann") -> bytes:
    """PGP/MIME (RFC 3156); `data` with its line ends as CRLF."""
    content = data.removesuffix(b"\r\n")
    signature = pysequoia.sign(openpgp_secret(by).signer(), content, mode=pysequoia.SignatureMode.DETACHED)
    return (
        b'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha512; boundary=s\r\n\r\n'
        b"--s\r\n" + content + b"\r\n--s\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n"
        + bytes(signature) + b"\r\n--s--\r\n"
    )  # fmt: skip


def openpgp_clear(words: bytes, by: str = "ann") -> bytes:
    return bytes(pysequoia.sign(openpgp_secret(by).signer(), words, mode=pysequoia.SignatureMode.CLEAR))
