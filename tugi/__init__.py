"""Tugi: a self-hosted support desk."""
