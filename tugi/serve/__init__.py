"""Owns how Tugi starts and stays up: preparation, web server, supervisor. Must not know any domain."""
