"""Addresses of files and folders that are far away: `s3://bucket/key`. Only a user names them, never a file's content.

An address may hold a password or a signature. So what is shown of it, `str(address)`, is not what is opened,
`address.full`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from policyengine.errors import InputError, Problem, Span

HIDDEN: Final = "***"
_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.-]+"  # a single letter is a drive
_ADDRESS: Final = re.compile(rf"({_SCHEME})://([^/?#]*)(.*)", re.DOTALL)
_CHAIN: Final = re.compile(rf"{_SCHEME}::.*://|{_SCHEME}://.*::{_SCHEME}://", re.DOTALL)
_WEB: Final = frozenset({"http", "https"})
_HERE: Final = frozenset({"file", "local"})
_WITH_CONTAINERS: Final = frozenset({"abfs", "abfss", "az"})
"""Here `name@account` is no user."""
_IN_TEXT: Final = re.compile(rf"{_SCHEME}://[^\s'\"<>]+")
_QUERY_IN_TEXT: Final = re.compile(r"\?[^\s'\"<>?]*=[^\s'\"<>]*")


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where something far away is. Shown without what might be a password or a signature."""

    full: str

    def __str__(self) -> str:
        """The address as it may be printed and recorded."""
        scheme, authority, path = self._parts
        place, mark, query = _cut(scheme, path)
        return f"{scheme}://{_user_hidden(scheme, authority)}{place}{mark}{_hidden(query)}"

    def __repr__(self) -> str:
        """As it may be logged."""
        return f"Address({str(self)!r})"

    def __truediv__(self, name: str) -> Address:
        """The address of something below this one."""
        return Address(f"{self.full.rstrip('/')}/{name}")

    @property
    def scheme(self) -> str:
        """What stands before `://`, in small letters: how it is reached."""
        return self._parts[0].lower()

    @property
    def path(self) -> str:
        """What stands behind the bucket, account or host, without a query."""
        scheme, _, path = self._parts
        return _cut(scheme, path)[0]

    @property
    def suffix(self) -> str:
        """The ending of its name, as paths have one."""
        return PurePosixPath(self.path).suffix

    @property
    def of_the_web(self) -> bool:
        """Whether it can only be read, and has no folders."""
        return self.scheme in _WEB

    @property
    def has_query(self) -> bool:
        """Whether something follows its path."""
        scheme, _, path = self._parts
        return bool(_cut(scheme, path)[1])

    @property
    def _parts(self) -> tuple[str, str, str]:
        match = _ADDRESS.fullmatch(self.full)
        assert match is not None  # noqa: S101 - nothing else becomes an address
        return match[1], match[2], match[3]


def place_of(text: str) -> Path | Address:
    """What a user means: a path of this machine, or an address. `./a://b` is a path, and so is `C://a`.

    Raises InputError for an address inside another one.
    """
    if _CHAIN.match(text):
        hint = "give a plain address, such as s3://bucket/key"
        raise InputError([Problem("E307", "an address inside another one is not read", hint, Span.whole(masked(text)))])
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return Path(text)
    return Path(match[2] + match[3]) if match[1].lower() in _HERE else Address(text)


def is_address(text: str) -> bool:
    """Whether a text is an address, be it one of this machine (`file://`)."""
    return bool(_ADDRESS.fullmatch(text) or _CHAIN.match(text))


def masked(text: str) -> str:
    """A text of somebody else with the addresses in it as they may be shown."""
    links = text.split("::")  # addresses inside one another
    shown = "::".join(_IN_TEXT.sub(lambda match: str(Address(match[0])), link) for link in links)
    return _QUERY_IN_TEXT.sub(lambda match: f"?{_hidden(match[0][1:])}", shown)


def _cut(scheme: str, path: str) -> tuple[str, str, str]:
    """A path, what parts it from its query, and the query; in stores a question mark alone is part of a name."""
    pattern = r"[?#]" if scheme.lower() in _WEB else r"\?(?=[^?]*=)"
    match = re.search(pattern, path)
    return (path[: match.start()], match[0], path[match.end() :]) if match else (path, "", "")


def _hidden(query: str) -> str:
    """The names of a query without their values."""
    fields = query.split("&") if query else []
    return "&".join(f"{name}={HIDDEN}" if equals else HIDDEN for name, equals, _ in (f.partition("=") for f in fields))


def _user_hidden(scheme: str, authority: str) -> str:
    user, at, host = authority.rpartition("@")
    if not at or (scheme.lower() in _WITH_CONTAINERS and ":" not in user):
        return authority
    return f"{HIDDEN}@{host}"
