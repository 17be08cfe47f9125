"""Owns the ways that messages travel; one folder per channel. Must not know what listens to tickets."""
