"""Tugi: a self-hosted support desk."""

__version__ = "0.1.0"
