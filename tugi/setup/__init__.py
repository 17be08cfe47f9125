"""Owns the first run and the demo desk. Calls the domains; is called by none."""
