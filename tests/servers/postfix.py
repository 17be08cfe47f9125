"""A throw-away Postfix with its own queue and configuration, on loopback.

It takes mail for its domains and lays it into Maildirs (Dovecot's), hands other domains on to a given
host and port, and speaks to nobody else. Postfix's master wants root; without it the tests are skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.processes import folder, free_port, is_open, program, running, wait_until

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
config_directory = {home}/etc
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = mx.tests.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtputf8_enable = no
biff = no
append_dot_mydomain = no
message_size_limit = {size_limit}
virtual_mailbox_limit = 0
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {mail}
virtual_mailbox_maps = texthash:{home}/etc/mailboxes
virtual_alias_maps = texthash:{home}/etc/aliases
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = texthash:{home}/etc/transport
default_transport = error:5.1.2 this server speaks to nobody else
recipient_delimiter = +
smtp_dns_support_level = disabled
smtp_host_lookup = native
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
lmtp_tls_security_level = may
lmtp_tls_loglevel = 1
smtpd_client_connection_count_limit = 0
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """Give it mail at `host:port`."""

    host: str
    port: int
    home: Path

    def log(self) -> str:
        log = self.home / "log"
        return log.read_text() if log.exists() else ""


def can_run() -> bool:
    return os.geteuid() == 0 and program("postfix") is not None


@contextmanager
def postfix(
    mailboxes: Mapping[str, Path],
    owner: tuple[int, int],
    aliases: Mapping[str, str] | None = None,
    relays: Mapping[str, tuple[str, int]] | None = None,
    lmtp: Mapping[str, tuple[str, int]] | None = None,
    size_limit: int = 100 * 1024 * 1024,
) -> Iterator[Postfix]:
    """`mailboxes`: address to Maildir (made as `owner`, uid and gid); `relays` and `lmtp`: domain to
    host and port, for SMTP and for LMTP."""
    assert can_run(), "Postfix wants root and to be installed: apt-get install postfix"
    with folder("tugi-pf") as home:
        server = Postfix("127.0.0.1", free_port(), home)
        home.chmod(0o755)
        _lay_out(server, mailboxes, owner, size_limit)
        _write_map(home / "etc/aliases", aliases or {})
        relayed = {domain: f"smtp:[{host}]:{port}" for domain, (host, port) in (relays or {}).items()}
        handed = {domain: f"lmtp:inet:{host}:{port}" for domain, (host, port) in (lmtp or {}).items()}
        _write_map(home / "etc/transport", relayed | handed)
        daemons = _daemons()
        with running([daemons / "master", "-c", home / "etc", "-d"], home / "out"):
            wait_until(lambda: is_open(server.port), f"Postfix: {_said(home)}")
            yield server


def _lay_out(server: Postfix, mailboxes: Mapping[str, Path], owner: tuple[int, int], size_limit: int) -> None:
    home, daemons = server.home, _daemons()
    (home / "etc").mkdir()
    (home / "queue").mkdir()
    (home / "data").mkdir()
    shutil.chown(home / "data", "postfix")
    domains = sorted({address.partition("@")[2] for address in mailboxes})
    (home / "etc/main.cf").write_text(
        MAIN.format(
            home=home,
            daemons=daemons,
            domains=" ".join(domains),
            mail="/",
            uid=owner[0],
            gid=owner[1],
            size_limit=size_limit,
        )
    )
    (home / "etc/master.cf").write_text(MASTER.format(port=server.port))
    _write_map(home / "etc/mailboxes", {address: f"{path}/" for address, path in mailboxes.items()})
    _make_queue(home / "queue")


def _make_queue(queue: Path) -> None:
    # As `postfix set-permissions` would, which wants the whole of Debian's layout.
    user = pwd.getpwnam("postfix")
    private = (
        "active",
        "bounce",
        "corrupt",
        "defer",
        "deferred",
        "flush",
        "hold",
        "incoming",
        "private",
        "saved",
        "trace",
    )
    for name in private:
        (queue / name).mkdir(mode=0o700)
        os.chown(queue / name, user.pw_uid, 0)
    (queue / "pid").mkdir(mode=0o755)
    for name, mode in (("maildrop", 0o730), ("public", 0o710)):
        (queue / name).mkdir()
        shutil.chown(queue / name, "postfix", "postdrop")
        (queue / name).chmod(mode)


def _write_map(path: Path, entries: Mapping[str, str]) -> None:
    path.write_text("".join(f"{key} {value}\n" for key, value in entries.items()))


def _daemons() -> Path:
    found = subprocess.run(
        ["/usr/sbin/postconf", "-dh", "daemon_directory"], capture_output=True, text=True, check=True
    )
    return Path(found.stdout.strip())


def _said(home: Path) -> str:
    return "".join(path.read_text() for path in (home / "out", home / "log") if path.exists())
