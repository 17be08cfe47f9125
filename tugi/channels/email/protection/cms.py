"""Cryptographic Message Syntax (RFC 5652, 5083): what an S/MIME part says, before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from tugi.channels.email.protection.ber import OCTETS, SEQUENCE, SET, BerError, Node, read_ber

SIGNED, ENVELOPED, AUTH_ENVELOPED = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.3", "1.2.840.113549.1.9.16.1.23"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
MOST_SIGNERS, MOST_CERTIFICATES, MOST_RECIPIENTS = 5, 20, 200


@dataclass(frozen=True)
class Signer:
    """`signed_attributes` are in the form that was signed (DER of a SET); empty if the content itself was."""

    key_id: tuple[bytes, int] | bytes
    digest: str
    algorithm: str
    parameters: bytes
    signature: bytes
    signed_attributes: bytes
    message_digest: bytes


@dataclass(frozen=True)
class Signed:
    content: bytes | None
    certificates: tuple[bytes, ...]
    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class Recipient:
    """Who can open it: issuer and serial number of a certificate, or its key identifier."""

    key_id: tuple[bytes, int] | bytes
    algorithm: str
    parameters: bytes
    encrypted_key: bytes


@dataclass(frozen=True)
class Enveloped:
    recipients: tuple[Recipient, ...]
    algorithm: str
    parameters: Node | None
    content: bytes
    tag: bytes
    authenticated: bytes


def read_cms(data: bytes) -> Signed | Enveloped | None:
    """None for kinds that are not read. Raises BerError."""
    outer = read_ber(data)
    kind, inner = outer.child(0).oid, outer.child(1).child(0, SEQUENCE)
    if kind == SIGNED:
        return _signed(inner)
    if kind in (ENVELOPED, AUTH_ENVELOPED):
        return _enveloped(inner)
    return None


def matches(key_id: tuple[bytes, int] | bytes, certificate: x509.Certificate) -> bool:
    """Does the identifier name this certificate?"""
    if isinstance(key_id, tuple):
        return (certificate.issuer.public_bytes(), certificate.serial_number) == key_id
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return found.value.digest == key_id


def _signed(node: Node) -> Signed:
    wrapped = node.child(2, SEQUENCE)
    content = wrapped.children[1].child(0).octets if len(wrapped.children) > 1 else None
    certificates = [each for each in node.children[3:] if each.tag == 0xA0]
    found = certificates[0].children[:MOST_CERTIFICATES] if certificates else []
    signers = node.children[-1]
    if signers.tag != SET:
        raise BerError
    return Signed(
        content,
        tuple(each.raw for each in found if each.tag == SEQUENCE),
        tuple(_signer(each) for each in signers.children[:MOST_SIGNERS]),
    )


def _signer(node: Node) -> Signer:
    rest = node.children[3:]
    attributes = rest.pop(0) if rest and rest[0].tag == 0xA0 else None
    algorithm, signature = rest[0] if rest else None, rest[1] if len(rest) > 1 else None
    if algorithm is None or signature is None:
        raise BerError
    return Signer(
        key_id=_key_id(node.child(1)),
        digest=node.child(2, SEQUENCE).child(0).oid,
        algorithm=algorithm.child(0).oid,
        parameters=algorithm.children[1].raw if len(algorithm.children) > 1 else b"",
        signature=signature.octets,
        signed_attributes=b"\x31" + attributes.raw[1:] if attributes else b"",
        message_digest=_message_digest(attributes) if attributes else b"",
    )


def _message_digest(attributes: Node) -> bytes:
    found = [each.child(1).child(0).octets for each in attributes.children if each.child(0).oid == MESSAGE_DIGEST]
    return found[0] if len(found) == 1 else b""


def _key_id(node: Node) -> tuple[bytes, int] | bytes:
    if node.tag == SEQUENCE:
        return node.child(0, SEQUENCE).raw, node.child(1).integer
    return node.octets if node.tag in (0x80, 0xA0) else b""


def _enveloped(node: Node) -> Enveloped:
    at = next(number for number, each in enumerate([*node.children, node]) if each.tag == SET or each is node)
    people, inner = node.child(at, SET), node.child(at + 1, SEQUENCE)
    after = node.children[at + 2 :]
    algorithm = inner.child(1, SEQUENCE)
    attributes = next((each for each in after if each.tag == 0xA1), None)
    return Enveloped(
        recipients=tuple(_recipient(each) for each in people.children[:MOST_RECIPIENTS] if each.tag == SEQUENCE),
        algorithm=algorithm.child(0).oid,
        parameters=algorithm.children[1] if len(algorithm.children) > 1 else None,
        content=inner.child(2).octets,
        tag=next((each.content for each in after if each.tag == OCTETS), b""),
        authenticated=b"\x31" + attributes.raw[1:] if attributes else b"",
    )


def _recipient(node: Node) -> Recipient:
    algorithm = node.child(2, SEQUENCE)
    return Recipient(
        key_id=_key_id(node.child(1)),
        algorithm=algorithm.child(0).oid,
        parameters=algorithm.children[1].raw if len(algorithm.children) > 1 else b"",
        encrypted_key=node.child(3, OCTETS).octets,
    )
