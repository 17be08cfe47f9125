"""What is told to Tugi from outside: `TUGI_*` in the environment, then `tugi.toml` in the data directory."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Config:
    data_dir: Path
    static_root: Path
    debug: bool
    secret_key: str
    public_url: str
    allowed_hosts: list[str]
    database_url: str


def load() -> Config:
    data_dir = Path(os.environ.get("TUGI_DATA", "data")).absolute()
    port = os.environ.get("TUGI_PORT", "8000")
    return Config(
        data_dir=data_dir,
        static_root=Path("build/static").absolute(),
        debug=False,
        secret_key=os.environ.get("TUGI_SECRET_KEY", secrets.token_urlsafe(64)),
        public_url=os.environ.get("TUGI_PUBLIC_URL", f"http://127.0.0.1:{port}"),
        allowed_hosts=["127.0.0.1", "localhost", "testserver"],
        database_url=os.environ.get("DATABASE_URL", ""),
    )


def database(config: Config) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": config.data_dir / "tugi.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 5},
    }
