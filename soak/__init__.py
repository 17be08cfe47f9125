"""Proof under fire: the worker killed again and again, servers and disks that fail, and a ledger that must balance."""
