"""Attacks on the whole product, named after the classes of flaw that hit other desks. Each pins what must hold.

Elsewhere: A1-A4 (`tugi/channels/email/tests`), C1 and D7.1 (`tests/house/access`), D1 and D4
(`tugi/people/tests/test_sign_in.py`), C6 (`tests/stories/test_live_walls.py`), D3 (`tugi/setup/tests`), the cleaner
by itself (`tugi/core/tests`).
"""
