"""Owns the WebSocket that wakes browsers with pointers. Calls the domains; is called by none."""
