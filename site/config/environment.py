"""The environment variables that the portal reads: each is recorded, and a bad value is kept as a clear sentence.

Settings are loaded before anything can report a problem, so a bad value never raises here: the default stands in, and
`problems` is what the system checks, manage.py, the web process and the workers refuse to go on with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from environs import Env, EnvError

# The methods of Environment are named after what they read, and would hide the types of these names.
Text = str
Texts = list[str]
Number = int
Flag = bool
IPNetworks = list[IPv4Network | IPv6Network]


@dataclass(frozen=True)
class Variable:
    """One environment variable, as docs/reference/settings.md lists it."""

    name: str
    default: object
    required: bool = False


@dataclass
class Environment:
    """Reads variables of the process environment and of an `.env` file, whose values stand behind."""

    variables: dict[Text, Variable] = field(default_factory=dict)
    problems: Texts = field(default_factory=list)
    _env: Env = field(default_factory=Env, repr=False)

    def read_file(self, path: Path) -> None:
        """Take what `path` says for variables that are not set. It may be missing."""
        if path.is_file():
            self._env.read_env(path, recurse=False)

    def has(self, name: Text) -> Flag:
        """Whether the variable has a value."""
        return self._env.str(name, "") != ""

    def str(self, name: Text, default: Text) -> Text:
        return self._read(name, default, self._env.str, "text")

    def choice(self, name: Text, default: Text, choices: Iterable[Text]) -> Text:
        value = self.str(name, default)
        if value not in set(choices):
            self._complain(f"{name} must be one of {', '.join(choices)}; it is {value!r}.")
            return default
        return value

    def time_zone(self, name: Text, default: Text) -> Text:
        value = self.str(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._complain(f"{name} must be a time zone such as Asia/Kolkata or UTC; it is {value!r}.")
            return default
        return value

    def required_str(self, name: Text, why: Text, stand_in: Text) -> Text:
        """Read a text that must not be empty; `why` ends the sentence that says so, `stand_in` replaces it."""
        self.variables[name] = Variable(name, "", required=True)
        value = self._env.str(name, "")
        if not value:
            self._complain(f"{name} is not set: {why}")
        return value or stand_in

    def int(self, name: Text, default: Number, minimum: Number = 0, maximum: Number | None = None) -> Number:
        value = self._read(name, default, self._env.int, "a whole number")
        if value < minimum or (maximum is not None and value > maximum):
            limits = f"between {minimum} and {maximum}" if maximum is not None else f"{minimum} or more"
            self._complain(f"{name} must be {limits}; it is {value}.")
            return default
        return value

    def bool(self, name: Text, default: Flag) -> Flag:
        return self._read(name, default, self._env.bool, "true or false")

    def list(self, name: Text, default: Iterable[Text]) -> Texts:
        """Read texts separated by commas."""
        value = self._read(name, list(default), self._env.list, "a list with commas")
        return [item.strip() for item in value if item.strip()]

    def networks(self, name: Text) -> IPNetworks:
        """Read IP networks separated by commas, such as `10.0.0.0/8`; a single address is a network of one."""
        found: IPNetworks = []
        for text in self.list(name, []):
            try:
                found.append(ip_network(text))
            except ValueError:
                self._complain(f"{name} must be networks such as 10.0.0.0/8, with commas; {text!r} is none.")
        return found

    def required_list(self, name: Text, why: Text) -> Texts:
        value = self.list(name, [])
        self.variables[name] = Variable(name, [], required=True)
        if not value:
            self._complain(f"{name} is not set: {why}")
        return value

    def url(self, name: Text, default: Text, schemes: Iterable[Text]) -> Text:
        """Read an address with one of `schemes`. The value is never repeated in a problem: it may hold a password."""
        value = self._read(name, default, self._env.str, "an address")
        if value == default:
            return value
        allowed = ", ".join(f"{scheme}://" for scheme in schemes)
        try:
            parts = urlsplit(value)
            _port = parts.port  # raises where it is no number
        except ValueError as error:
            self._complain(f"{name} is not a valid address: {error}.")
            return default
        if parts.scheme not in set(schemes) or not (parts.netloc or parts.path.strip("/")):
            self._complain(f"{name} must be an address that begins with {allowed} and names a host or a socket.")
            return default
        return value

    def database(self, name: Text, default: Text) -> dict[Text, object]:
        """Read the address of a PostgreSQL database and return Django's settings for it."""
        value = self.url(name, "", ["postgresql", "postgres"])
        self.variables[name] = Variable(name, "")
        if value:
            try:
                parsed = dj_database_url.parse(value)
            except ValueError as error:
                self._complain(f"{name} is not a valid address: {error}.")
            else:
                if parsed["NAME"]:
                    return dict(parsed)
                self._complain(f"{name} must name a database after the host: postgresql://user:password@host/name.")
        return dict(dj_database_url.parse(default))

    def refuse_problems(self) -> None:
        """End the process with one line for each bad variable. Does nothing when there is none."""
        if self.problems:
            raise SystemExit("\n".join(f"Settings: {problem}" for problem in self.problems))

    def _read(self, name, default, reader, kind):
        self.variables[name] = Variable(name, default)
        try:
            # An empty value means the same as none: compose files and CI hand them on like that.
            return reader(name) if self.has(name) else default
        except EnvError:
            self._complain(f"{name} must be {kind}; it is {self._env.str(name)!r}.")
            return default

    def _complain(self, problem: Text) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


# The one that the settings modules share.
env = Environment()
