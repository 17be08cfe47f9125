"""Typed readers over what surrounds Tugi: the process environment, then `tugi.toml` in the data directory.

A reader never raises. What cannot be understood is remembered as a `Problem` and the default is
taken, so that `tugi check` and `tugi doctor` can show everything that is wrong at once; whoever
starts a server looks at the problems first and refuses.
"""

from __future__ import annotations

import difflib
import ipaddress
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the configuration. `id` names the system check that shows it."""

    id: str
    message: str
    hint: str


@dataclass
class Environment:
    """`environ` wins over `file`, the table read from `tugi.toml`."""

    environ: Mapping[str, str]
    file: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def refuse(self, key: str, message: str, hint: str, check: str = "tugi.E001") -> None:
        self.problems.append(Problem(check, f"{key} {message}", hint))

    def raw(self, key: str) -> str | None:
        """The value as it was written, or None where nobody wrote one."""
        self.known.add(key)
        if key in self.environ:
            return self.environ[key].strip()
        value = self.file.get(key)
        if value is None:
            return None
        if isinstance(value, bool):
            return "on" if value else "off"
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value).strip()

    def text(self, key: str, default: str = "") -> str:
        value = self.raw(key)
        return default if value is None else value

    def secret(self, key: str) -> str:
        """`KEY`, or the first line of the file that `KEY_FILE` names (as container secrets are given)."""
        self.known.add(f"{key}_FILE")
        path = self.environ.get(f"{key}_FILE") or self.file.get(f"{key}_FILE")
        if not path:
            return self.text(key)
        try:
            return Path(path).read_text().strip().partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            self.refuse(
                f"{key}_FILE",
                f"names a file that cannot be read: {error}.",
                "Correct the path or its rights.",
            )
            return ""

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw(key)
        if value is None:
            return default
        if value.lower() in TRUE_WORDS | FALSE_WORDS:
            return value.lower() in TRUE_WORDS
        self.refuse(key, f"is “{value}”, which is neither on nor off.", "Write on or off.")
        return default

    def number(self, key: str, default: int, low: int, high: int) -> int:
        def read(value: str) -> int:
            number = int(value)
            if not low <= number <= high:
                raise ValueError
            return number

        return self._read(key, default, read, f"is not a whole number from {low} to {high}")

    def choice(self, key: str, default: str, words: Sequence[str]) -> str:
        def read(value: str) -> str:
            if value.lower() not in words:
                raise ValueError
            return value.lower()

        return self._read(key, default, read, f"is none of {', '.join(words)}")

    def listing(self, key: str) -> list[str]:
        """Words parted by commas or spaces."""
        return self.text(key).replace(",", " ").split()

    def networks(self, key: str, default: tuple[Network, ...] = ()) -> tuple[Network, ...]:
        """Addresses and ranges, such as `127.0.0.1 10.0.0.0/8`."""

        def read(value: str) -> tuple[Network, ...]:
            return tuple(ipaddress.ip_network(word) for word in value.replace(",", " ").split())

        return self._read(key, default, read, "is not a list of addresses or ranges such as 10.0.0.0/8")

    def endpoint(self, key: str, default: str) -> tuple[str, int] | None:
        """`host:port`, or None where it says `off`."""
        value = self.text(key, default)
        if value.lower() == "off":
            return None
        host, _, port = value.rpartition(":")
        if host and port.isdecimal() and 0 < int(port) < 65536:
            return host.strip("[]"), int(port)
        self.refuse(key, f"is “{value}”, which is no address.", "Write host:port, such as 127.0.0.1:2525, or off.")
        return None if default == "off" else self.endpoint_of(default)

    def endpoint_or_socket(self, key: str) -> tuple[str, int] | Path | None:
        """As `endpoint`, off by default; or the path of a socket in the file system."""
        value = self.text(key, "off")
        return Path(value) if value.startswith("/") else self.endpoint(key, "off")

    @staticmethod
    def endpoint_of(value: str) -> tuple[str, int]:
        host, _, port = value.rpartition(":")
        return host, int(port)

    def strangers(self) -> list[Problem]:
        """Keys that look like ours and mean nothing: most often a slip of the pen."""
        written = {key for key in self.environ if key.startswith("TUGI_")} | set(self.file)
        return [self._stranger(key) for key in sorted(written - self.known)]

    def _stranger(self, key: str) -> Problem:
        near = difflib.get_close_matches(key, self.known, n=1)
        hint = f"Did you mean {near[0]}?" if near else "Remove it; the settings are listed in docs/settings.md."
        return Problem("tugi.W001", f"{key} is no setting of Tugi and does nothing.", hint)

    def _read(self, key: str, default: T, read: Callable[[str], T], complaint: str) -> T:
        value = self.raw(key)
        if value is None:
            return default
        try:
            return read(value)
        except ValueError:
            self.refuse(key, f"is “{value}”: it {complaint}.", "Correct it in the environment or in tugi.toml.")
            return default


def read_file(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The table in `path`, empty where there is none, with what is wrong with it."""
    try:
        return tomllib.loads(path.read_text()), []
    except FileNotFoundError:
        return {}, []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem(
            "tugi.E002", f"{path} is not TOML: {error}.", 'A line reads TUGI_PORT = 8000 or KEY = "text".'
        )
    except OSError as error:
        problem = Problem("tugi.E002", f"{path} cannot be read: {error}.", "Let the user that runs Tugi read it.")
    return {}, [problem]
