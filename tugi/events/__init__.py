"""Owns the log: facts, their order, who has read them, and the work rows' shape. Must not know any domain."""
