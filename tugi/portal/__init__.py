"""Owns the customer's pages. Calls the domains; is called by none."""
