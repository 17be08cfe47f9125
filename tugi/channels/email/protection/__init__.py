"""Owns signed and encrypted mail (S/MIME, OpenPGP): opens and checks it in a process of its own, which alone gets keys.

Must not know Django; see docs/decisions/008-where-mail-is-decrypted.md.
"""
