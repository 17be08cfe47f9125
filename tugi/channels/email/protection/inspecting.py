"""Reading keys as people have them: OpenPGP armoured or binary, certificates and keys as PEM, DER or PKCS #12."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import pysequoia
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from tugi.channels.email.protection.keys import Inspected, Key, KeyRefused

_ARMOR = b"-----BEGIN PGP"
_PEM_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----.*?-----END (?:[A-Z]+ )?PRIVATE KEY-----|-----BEGIN ENCRYPTED PRIVATE KEY-----.*?-----END ENCRYPTED PRIVATE KEY-----", re.DOTALL)  # fmt: skip  # noqa: E501
_ADDRESS = re.compile(r"[^\s<>\"(),:;]{1,64}@[^\s<>\"(),:;]{1,255}")


def inspect_key(data: bytes, passphrase: str) -> Inspected:
    """Reads armoured or binary OpenPGP, PEM, DER or PKCS #12. Raises KeyRefused."""
    try:
        if data.lstrip().startswith(_ARMOR) or (data[:1] and data[0] & 0x80):
            return _openpgp(data, passphrase)
        if b"-----BEGIN" in data:
            return _pem(data, passphrase)
        return _binary(data, passphrase)
    except KeyRefused:
        raise
    except Exception as error:
        raise KeyRefused("unreadable") from error


def certificate_of(key: Key) -> x509.Certificate:
    return x509.load_pem_x509_certificate(key.public.encode())


def openpgp_certificate(public: bytes) -> pysequoia.Cert:
    return pysequoia.Cert.from_bytes(public)


def addresses_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The mail addresses that a certificate speaks for, in lower case."""
    found = [str(each.value) for each in certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found += names.get_values_for_type(x509.RFC822Name)
    except (x509.ExtensionNotFound, ValueError):
        pass
    return tuple(dict.fromkeys(each.lower() for each in found))


def owner_of(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    address = next(iter(addresses_of(certificate)), "")
    name = str(names[0].value) if names else ""
    return f"{name} <{address}>" if name and address and name != address else name or address


def _openpgp(data: bytes, passphrase: str) -> Inspected:
    private = ""
    if b"PRIVATE KEY" in data[:200] or (data[0] & 0x80 and _is_secret_packet(data[0])):
        secret = pysequoia.Tsk.from_bytes(data)
        certificate = secret.extract_certificate()
        _try_openpgp(secret, passphrase)
        private = str(secret)
    else:
        certificate = pysequoia.Cert.from_bytes(data)
    people = [str(each) for each in certificate.user_ids]
    found = dict.fromkeys(address.lower() for each in people for address in _ADDRESS.findall(each)[:1])
    key = Key("openpgp", str(certificate), private, passphrase if private else "")
    expires = certificate.expiration
    who = next(iter(people), "")
    return Inspected(key, certificate.fingerprint, who, tuple(found), expires.astimezone(UTC) if expires else None)


def _is_secret_packet(first: int) -> bool:
    """RFC 9580 4.2: the packet's type stands in its first byte, in a new or an old form; 5 is a secret key."""
    return (first & 0x3F if first & 0x40 else first >> 2 & 0x0F) == 5


def _try_openpgp(secret: pysequoia.Tsk, passphrase: str) -> None:
    try:
        secret.decryptor(passphrase or None)
    except Exception as error:
        raise KeyRefused("passphrase") from error


def _pem(data: bytes, passphrase: str) -> Inspected:
    certificates = x509.load_pem_x509_certificates(data)
    found = _PEM_KEY.search(data)
    if not found:
        return _smime(certificates[0], None)
    private = _opened(found[0], passphrase)
    certificate = next((each for each in certificates if _belong_together(each, private)), None)
    if certificate is None:
        raise KeyRefused("mismatch")
    return _smime(certificate, private)


def _opened(pem: bytes, passphrase: str) -> Any:
    try:
        return load_pem_private_key(pem, passphrase.encode() if b"ENCRYPTED" in pem else None)
    except (TypeError, ValueError) as error:
        raise KeyRefused("passphrase" if b"ENCRYPTED" in pem else "unreadable") from error


def _binary(data: bytes, passphrase: str) -> Inspected:
    try:
        return _smime(x509.load_der_x509_certificate(data), None)
    except ValueError:
        pass
    try:
        store = load_pkcs12(data, passphrase.encode())
    except ValueError as error:
        raise KeyRefused("passphrase" if "password" in str(error).lower() else "unreadable") from error
    if store.cert is None:
        raise KeyRefused("mismatch")
    return _smime(store.cert.certificate, store.key)


def _belong_together(certificate: x509.Certificate, private: Any) -> bool:
    return bool(certificate.public_key() == private.public_key())


def _smime(certificate: x509.Certificate, private: Any) -> Inspected:
    if private is not None and not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyRefused("unreadable")
    opened = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() if private else ""
    key = Key("smime", certificate.public_bytes(Encoding.PEM).decode(), opened)
    return Inspected(
        key,
        certificate.fingerprint(SHA256()).hex(),
        owner_of(certificate),
        addresses_of(certificate),
        certificate.not_valid_after_utc,
    )
