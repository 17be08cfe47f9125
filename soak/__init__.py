"""Proof under fire: the worker killed again and again, servers that fail, disks that fill, and a ledger that must balance."""
