"""What is told to Tugi from outside: `TUGI_*` in the environment, then the same keys in `tugi.toml`.

Only what must be known before the database answers is here. Everything else about the product is
a row with a screen, an action and an event.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tugi.core import database, keys
from tugi.core.environment import Environment, Network, Problem, read_file

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Config:
    data_dir: Path
    static_root: Path
    host: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    outbound_allow: tuple[Network, ...]
    debug: bool
    styleguide: bool
    log_level: str
    threads: int
    smtp_listen: tuple[str, int] | None
    lmtp_listen: tuple[str, int] | Path | None
    smtp_relays: tuple[Network, ...]
    smtp_certificate: Path | None
    smtp_certificate_key: Path | None
    smtp_send: tuple[str, int] | None
    mail_folder: Path | None
    undo_seconds: int
    dns: tuple[tuple[str, int], ...] | None
    max_mail_bytes: int
    max_upload_bytes: int
    blobs: str
    keys: keys.Keys
    database: dict[str, Any] = field(repr=False)
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the web port."""
        return is_loopback(self.host)


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read everything. Nothing is raised: look at `problems` before serving anybody."""
    environ = os.environ if environ is None else environ
    data_dir = Path(environ.get("TUGI_DATA") or CHECKOUT / "data").absolute()
    table, problems = read_file(data_dir / "tugi.toml")
    return read(Environment(environ, table, problems), data_dir)


def read(env: Environment, data_dir: Path) -> Config:
    """Ask `env` for every setting there is."""
    env.known.add("TUGI_DATA")
    host, port = env.text("TUGI_HOST", "127.0.0.1"), env.number("TUGI_PORT", 8000, 1, 65535)
    public_url = _public_url(env, host, port)
    threads = env.number("TUGI_THREADS", 8, 1, 200)
    debug = env.flag("TUGI_DEBUG", default=False)
    config = Config(
        data_dir=data_dir,
        static_root=Path(env.text("TUGI_STATIC") or CHECKOUT / "build" / "static").absolute(),
        host=host,
        port=port,
        public_url=public_url,
        allowed_hosts=_allowed_hosts(env, public_url),
        trusted_proxies=env.networks("TUGI_TRUSTED_PROXIES"),
        outbound_allow=env.networks("TUGI_OUTBOUND_ALLOW"),
        debug=debug,
        styleguide=env.flag("TUGI_STYLEGUIDE", default=debug),
        log_level=env.choice("TUGI_LOG_LEVEL", "info", ["debug", "info", "warning", "error"]).upper(),
        threads=threads,
        smtp_listen=env.endpoint("TUGI_SMTP_LISTEN", "127.0.0.1:2525"),
        lmtp_listen=env.endpoint_or_socket("TUGI_LMTP_LISTEN"),
        smtp_relays=env.networks("TUGI_SMTP_RELAYS", LOOPBACK),
        smtp_certificate=_path(env, "TUGI_SMTP_CERTIFICATE"),
        smtp_certificate_key=_path(env, "TUGI_SMTP_CERTIFICATE_KEY"),
        smtp_send=None if _sends_to_folder(env) else env.endpoint("TUGI_SMTP_SEND", "off"),
        mail_folder=data_dir / "outgoing" if _sends_to_folder(env) else None,
        undo_seconds=env.number("TUGI_UNDO_SECONDS", 10, 0, 600),
        dns=_name_servers(env),
        max_mail_bytes=env.number("TUGI_MAX_MAIL_MB", 50, 1, 500) * 1024 * 1024,
        max_upload_bytes=env.number("TUGI_MAX_UPLOAD_MB", 50, 1, 2000) * 1024 * 1024,
        blobs=env.choice("TUGI_BLOBS", "file", ["file"]),
        keys=_keys(env, data_dir),
        database=_database(env, data_dir, threads),
        problems=(),
        warnings=(),
    )
    _cross_check(env, config)
    return replace(config, problems=tuple(env.problems), warnings=tuple(env.strangers()))


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _path(env: Environment, key: str) -> Path | None:
    value = env.text(key)
    return Path(value).absolute() if value else None


def _sends_to_folder(env: Environment) -> bool:
    """Whether mail is to be put into a folder instead of being sent: for a demo, or to try things out."""
    return env.text("TUGI_SMTP_SEND").lower() == "folder"


def _name_servers(env: Environment) -> tuple[tuple[str, int], ...] | None:
    """Whom to ask about senders: nobody named means those that the system uses, None means not to ask."""
    words = env.text("TUGI_DNS", "system").replace(",", " ").split()
    if [word.lower() for word in words] in (["off"], ["system"], []):
        return None if words and words[0].lower() == "off" else ()
    try:
        return tuple(_name_server(word) for word in words)
    except ValueError:
        env.refuse(
            "TUGI_DNS",
            f"is “{' '.join(words)}”, which names no name servers.",
            "Write system, off, or addresses such as 127.0.0.1:53 or [2001:db8::1]:53.",
        )
        return ()


def _name_server(word: str) -> tuple[str, int]:
    """Address and port, 53 without one. Raises ValueError."""
    parts = urlsplit(f"//{word}" if word.count(":") < 2 or word.startswith("[") else f"//[{word}]")
    return str(ipaddress.ip_address(parts.hostname or "")), parts.port or 53


def _public_url(env: Environment, host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104
    default = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    url = env.text("TUGI_PUBLIC_URL", default).rstrip("/")
    if _is_address_of_a_desk(url):
        return url
    env.refuse(
        "TUGI_PUBLIC_URL",
        f"is “{url}”, which is no address of a desk.",
        "Write the address people open, without a path: https://desk.example.com",
    )
    return default


def _is_address_of_a_desk(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no number
        return False
    return parts.scheme in {"http", "https"} and named and not (parts.path or parts.query or parts.username)


def _allowed_hosts(env: Environment, public_url: str) -> tuple[str, ...]:
    hosts = env.listing("TUGI_ALLOWED_HOSTS")
    if any("*" in host for host in hosts):
        env.refuse(
            "TUGI_ALLOWED_HOSTS",
            "holds a star: any name would be believed.",
            "List the names people use, such as desk.example.com.",
            check="tugi.E003",
        )
        hosts = []
    own = urlsplit(public_url).hostname or ""
    own = f"[{own}]" if ":" in own else own
    return tuple(dict.fromkeys([own, *hosts, *LOOPBACK_NAMES]))


def _keys(env: Environment, data_dir: Path) -> keys.Keys:
    directory = Path(env.text("TUGI_KEYS") or data_dir / "keys").absolute()
    found = {name: _key_lines(env, name, directory) for name in keys.NAMES}
    return keys.Keys(directory=directory, **found)


def _key_lines(env: Environment, name: str, directory: Path) -> tuple[str, ...]:
    variable = f"TUGI_{name.upper()}"
    fallbacks = env.listing(f"{variable}_FALLBACKS")
    given = env.secret(variable)
    try:
        lines = (given, *fallbacks) if given else keys.read(directory, name)
    except (OSError, UnicodeDecodeError) as error:
        env.refuse(variable, f"is in a file that cannot be read: {error}.", "Let the user that runs Tugi read it.")
        return ()
    for line in lines:
        if complaint := keys.complaint(line):
            env.refuse(
                variable,
                complaint,
                "Remove it and let Tugi make one, or give 64 random characters.",
                "tugi.E004",
            )
    return lines


def _database(env: Environment, data_dir: Path, threads: int) -> dict[str, Any]:
    try:
        return database.settings_for(env.secret("DATABASE_URL"), data_dir, threads)
    except database.BadDatabaseURL as error:
        env.refuse(
            "DATABASE_URL",
            f"{error}.",
            "Write postgres://user:password@host:5432/name, or leave it out: SQLite needs nothing.",
            check="tugi.E005",
        )
        return database.sqlite(data_dir / database.FILE_NAME)


def _cross_check(env: Environment, config: Config) -> None:
    if config.debug and not config.is_loopback:
        env.refuse(
            "TUGI_DEBUG",
            f"is on while the desk listens on {config.host}: its error pages show secrets.",
            "Switch TUGI_DEBUG off, or listen on 127.0.0.1.",
            check="tugi.E006",
        )
    if any(network.prefixlen == 0 for network in config.trusted_proxies):
        env.refuse(
            "TUGI_TRUSTED_PROXIES",
            "trusts the whole internet: anybody could say which address a request comes from.",
            "Name the addresses of your proxies only, such as 127.0.0.1 or 10.0.0.0/8.",
            check="tugi.E008",
        )
    if config.is_https and not config.trusted_proxies:
        env.refuse(
            "TUGI_PUBLIC_URL",
            "is https, but no proxy is trusted to say that a request came by it.",
            "Name the proxy that ends TLS, such as TUGI_TRUSTED_PROXIES=127.0.0.1.",
            check="tugi.E007",
        )
