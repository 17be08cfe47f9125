"""Django's SQLite backend, in which writers queue instead of trying their luck."""
