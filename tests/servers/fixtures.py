"""Real servers for tests, on free loopback ports, ended by their own process id."""

from __future__ import annotations
