"""A throw-away Dovecot: IMAP and POP3 with passwords on loopback, mail in Maildirs, root or not."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import make_certificate
from tests.servers.processes import UNPRIVILEGED, folder, free_port, is_open, program, running, wait_until

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
listen = 127.0.0.1
protocols = {protocols}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:{home}/mail/%n
mailbox_list_index = no
mail_fsync = never
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {home}/users/%n
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
protocol imap {{
  ssl = no
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3_port}
  }}
  inet_listener pop3s {{
    port = {pop3s_port}
    ssl = yes
  }}
}}
# Who fails is not made to wait, and not longer each time.
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""
# Dovecot asks the identity provider of the tests (identity_provider.py) whom a token belongs to.
OAUTH2 = """
introspection_mode = post
introspection_url = http://{host}:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass
class Dovecot:
    """`add_user` may be called at any time; the user's mail lies in `maildir(name)`.

    Tokens are asked after at `provider_port`, where an identity provider may be started.
    IMAP is plain at `port`, POP3 at `pop3_port` (STLS is offered) and under TLS at `pop3s_port`, with `certificate`.
    """

    host: str
    port: int
    pop3_port: int
    pop3s_port: int
    provider_port: int
    home: Path
    uid: int
    gid: int

    def add_user(self, name: str, password: str = "secret") -> None:
        """Each in a file of their own: one file for all would be read again a second later at the earliest."""
        file = self.home / "users" / name
        file.write_text(f"{name}:{password}::::::\n")
        file.chmod(0o644)

    def maildir(self, name: str) -> Path:
        return self.home / "mail" / name

    @property
    def certificate(self) -> Path:
        return self.home / "server.pem"

    @property
    def has_pop3(self) -> bool:
        return program("pop3-login") is not None

    def log(self) -> str:
        return (self.home / "log").read_text()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A running server without users."""
    binary = program("dovecot")
    assert binary, "Dovecot is not installed: apt-get install dovecot-imapd"
    owner = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    group = subprocess.run(["id", "-gn", owner.pw_name], capture_output=True, text=True, check=True).stdout.strip()
    with folder("tugi-dc") as home:
        home.chmod(0o755)
        (home / "mail").mkdir()
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
        ports = (free_port(), free_port(), free_port(), free_port())
        server = Dovecot("127.0.0.1", *ports, home, owner.pw_uid, owner.pw_gid)
        make_certificate(server.certificate)
        (home / "users").mkdir(0o755)
        (home / "oauth2.conf").write_text(OAUTH2.format(host=server.host, port=server.provider_port))
        config = home / "dovecot.conf"
        config.write_text(
            CONFIG.format(
                home=home,
                user=owner.pw_name,
                group=group,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                port=server.port,
                protocols="imap pop3" if server.has_pop3 else "imap",
                pop3_port=server.pop3_port,
                pop3s_port=server.pop3s_port,
                certificate=server.certificate,
            )
        )
        with running([binary, "-F", "-c", config], home / "out"):
            try:
                wait_until(lambda: is_open(server.port), "Dovecot")
            except Exception as error:
                said = [path.read_text() for path in (home / "out", home / "log") if path.exists()]
                raise AssertionError("\n".join(said)) from error
            yield server
