"""Owns the search for mails that nobody thought of: targets for atheris. Must not be imported by anything else."""
