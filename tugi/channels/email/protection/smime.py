"""S/MIME (RFC 8551): opening what is encrypted for a mailbox, and checking who signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from tugi.channels.email.protection.ber import BerError, Node, read_ber
from tugi.channels.email.protection.cms import Enveloped, Recipient, Signed, Signer, matches
from tugi.channels.email.protection.inspecting import addresses_of, certificate_of, owner_of
from tugi.channels.email.protection.keys import Key
from tugi.core.protection import Layer

_DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
    "2.16.840.1.101.3.4.2.4": hashes.SHA224,
}
"""SHA-1 and MD5 are not among them: what they vouch for can be forged."""
_SHA1 = "1.3.14.3.2.26"
_RSA = {"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"}
_RSA_PSS, _RSA_OAEP = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.7"
_ECDSA = {"1.2.840.10045.2.1", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"}
_AES_CBC = {"2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.22": 24, "2.16.840.1.101.3.4.1.42": 32}
_AES_GCM = {"2.16.840.1.101.3.4.1.6": 16, "2.16.840.1.101.3.4.1.26": 24, "2.16.840.1.101.3.4.1.46": 32}
_TRIPLE_DES = "1.2.840.113549.3.7"


class Unsupported(Exception):
    """A method that is not known here, or no longer good enough."""


class Failed(Exception):
    """The key fits, and yet it does not open."""


def open_enveloped(message: Enveloped, keys: Sequence[Key]) -> tuple[bytes, Layer] | Layer:
    """The content and how it was closed, or only the latter where it stays closed."""
    closed = Layer("smime", "encrypted", "no_key")
    for key in keys:
        if key.system != "smime" or not key.private:
            continue
        certificate = certificate_of(key)
        for recipient in message.recipients:
            if not matches(recipient.key_id, certificate):
                continue
            told = (owner_of(certificate), certificate.fingerprint(hashes.SHA256()).hex())
            try:
                content = _decrypted(message, _content_key(recipient, key))
            except (Unsupported, UnsupportedAlgorithm):
                closed = Layer("smime", "encrypted", "unsupported", *told)
            except (Failed, BerError, ValueError, InvalidTag):
                closed = Layer("smime", "encrypted", "failed", *told)
            else:
                return content, Layer("smime", "encrypted", "opened", *told)
    return closed


def _content_key(recipient: Recipient, key: Key) -> bytes:
    private = load_pem_private_key(key.private.encode(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise Unsupported
    if recipient.algorithm == "1.2.840.113549.1.1.1":
        return private.decrypt(recipient.encrypted_key, rsa_padding.PKCS1v15())
    if recipient.algorithm == _RSA_OAEP:
        return private.decrypt(recipient.encrypted_key, _oaep(recipient.parameters))
    raise Unsupported


def _oaep(parameters: bytes) -> rsa_padding.OAEP:
    """RFC 4055 4.1; what is not said is SHA-1, which is no weakness here."""
    digest, masked = hashes.SHA1(), hashes.SHA1()  # noqa: S303
    chosen: hashes.HashAlgorithm = digest
    mask: hashes.HashAlgorithm = masked
    for each in read_ber(parameters).children if parameters else []:
        if each.tag == 0xA0:
            chosen = _hash(each.child(0).child(0).oid)
        elif each.tag == 0xA1:
            mask = _hash(each.child(0).child(1).child(0).oid)
        else:
            raise Unsupported
    return rsa_padding.OAEP(rsa_padding.MGF1(mask), chosen, None)


def _decrypted(message: Enveloped, key: bytes) -> bytes:
    if message.algorithm in _AES_GCM:
        return _gcm(message, key)
    if message.parameters is None:
        raise Unsupported
    nonce = message.parameters.octets
    if message.algorithm in _AES_CBC:
        if len(key) != _AES_CBC[message.algorithm]:
            raise Failed
        return _unpadded(Cipher(algorithms.AES(key), modes.CBC(nonce)), message.content, 128)
    if message.algorithm == _TRIPLE_DES:
        return _unpadded(Cipher(TripleDES(key), modes.CBC(nonce)), message.content, 64)
    raise Unsupported


def _gcm(message: Enveloped, key: bytes) -> bytes:
    if len(key) != _AES_GCM[message.algorithm] or message.parameters is None:
        raise Failed
    nonce = message.parameters.child(0).octets
    if len(message.tag) != 16:
        raise Unsupported
    return AESGCM(key).decrypt(nonce, message.content + message.tag, message.authenticated or None)


def _unpadded(cipher: Cipher[modes.CBC], content: bytes, bits: int) -> bytes:
    decryptor = cipher.decryptor()
    unpadder = padding.PKCS7(bits).unpadder()
    plain = decryptor.update(content) + decryptor.finalize()
    return unpadder.update(plain) + unpadder.finalize()


def check_signed(message: Signed, content: bytes, keys: Sequence[Key], sender: str, now: datetime) -> list[Layer]:
    """What can be said of each signature over `content`; `sender` is the address that the mail names."""
    enclosed = _certificates(message.certificates)
    known = [certificate_of(key) for key in keys if key.system == "smime"]
    return [_check(each, content, enclosed, known, sender, now) for each in message.signers]


def _check(
    signer: Signer,
    content: bytes,
    enclosed: list[x509.Certificate],
    known: list[x509.Certificate],
    sender: str,
    now: datetime,
) -> Layer:
    certificate = next((each for each in [*enclosed, *known] if matches(signer.key_id, each)), None)
    if certificate is None:
        return Layer("smime", "signed", "unchecked")
    told = (owner_of(certificate), certificate.fingerprint(hashes.SHA256()).hex())
    try:
        is_genuine = _is_genuine(signer, certificate, content)
    except (Unsupported, UnsupportedAlgorithm, BerError):
        return Layer("smime", "signed", "unchecked", *told)
    if not is_genuine:
        return Layer("smime", "signed", "bad", *told)
    return Layer("smime", "signed", _standing(certificate, enclosed, known, sender, now), *told)


def _standing(
    certificate: x509.Certificate,
    enclosed: list[x509.Certificate],
    known: list[x509.Certificate],
    sender: str,
    now: datetime,
) -> str:
    """How much a genuine signature of this certificate is worth to this mailbox."""
    if certificate not in known and not (_is_for_mail(certificate) and _is_vouched(certificate, enclosed, known, now)):
        return "unknown"
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return "expired"
    return "good" if sender.lower() in addresses_of(certificate) else "other_address"


def _is_vouched(
    certificate: x509.Certificate, enclosed: list[x509.Certificate], known: list[x509.Certificate], now: datetime
) -> bool:
    """Does a chain lead to an authority among the mailbox's certificates (RFC 5280)? Revocation is not asked for."""
    if not known:
        return False
    policies = ExtensionPolicy.webpki_defaults_ca(), ExtensionPolicy.permit_all()
    moment = min(max(now, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
    builder = PolicyBuilder().store(Store(known)).time(moment.replace(microsecond=0))
    verifier = builder.extension_policies(ca_policy=policies[0], ee_policy=policies[1]).build_client_verifier()
    try:
        verifier.verify(certificate, [each for each in enclosed if each != certificate])
    except (VerificationError, ValueError):
        return False
    return True


def _is_for_mail(certificate: x509.Certificate) -> bool:
    """RFC 8550 4.4: keys of web servers sign no mail."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    purposes = ExtendedKeyUsageOID
    return purposes.EMAIL_PROTECTION in uses or purposes.ANY_EXTENDED_KEY_USAGE in uses


def _is_genuine(signer: Signer, certificate: x509.Certificate, content: bytes) -> bool:
    """RFC 5652 5.4: the signature is over the attributes, and these hold the digest of the content."""
    digest = _digest(signer.digest)
    if signer.signed_attributes:
        summed = hashes.Hash(digest)
        summed.update(content)
        if summed.finalize() != signer.message_digest:
            return False
    signed = signer.signed_attributes or content
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and signer.algorithm in _RSA:
            key.verify(signer.signature, signed, rsa_padding.PKCS1v15(), digest)
        elif isinstance(key, rsa.RSAPublicKey) and signer.algorithm == _RSA_PSS:
            key.verify(signer.signature, signed, *_pss(read_ber(signer.parameters)))
        elif isinstance(key, ec.EllipticCurvePublicKey) and signer.algorithm in _ECDSA:
            key.verify(signer.signature, signed, ec.ECDSA(digest))
        else:
            raise Unsupported
    except InvalidSignature:
        return False
    return True


def _pss(parameters: Node) -> tuple[rsa_padding.PSS, hashes.HashAlgorithm]:
    """RFC 4055 3.1; what is not said would be SHA-1."""
    digest: hashes.HashAlgorithm | None = None
    salt = 20
    for each in parameters.children:
        if each.tag == 0xA0:
            digest = _digest(each.child(0).child(0).oid)
        elif each.tag == 0xA2:
            salt = each.child(0).integer
    if digest is None or not 0 <= salt <= 512:
        raise Unsupported
    return rsa_padding.PSS(rsa_padding.MGF1(digest), salt), digest


def _digest(oid: str) -> hashes.HashAlgorithm:
    if oid not in _DIGESTS:
        raise Unsupported
    return _DIGESTS[oid]()


def _hash(oid: str) -> hashes.HashAlgorithm:
    return hashes.SHA1() if oid == _SHA1 else _digest(oid)  # noqa: S303


def _certificates(raw: Sequence[bytes]) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for data in raw:
        try:
            found.append(x509.load_der_x509_certificate(data))
        except ValueError:
            continue
    return found
