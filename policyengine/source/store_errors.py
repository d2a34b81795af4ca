"""What can go wrong far away, in plain words. Every driver has its own errors; here they become one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from policyengine.errors import Problem, Span
from policyengine.source.addresses import Address, masked

_LONGEST: Final = 300
_NOT_THERE: Final = "see whether the address is right: bucket, folder and name, in capital and small letters"
_NOT_ALLOWED: Final = "give this machine credentials that may do it; docs/tables.md says where drivers look for them"
_NO_ANSWER: Final = "see whether the network and the store work, then start the same command again"
_OTHERWISE: Final = "see what the message says, then start the same command again"
_SILENT: Final = (
    *("Timeout", "Connect", "Disconnected", "Payload", "IncompleteRead", "HTTPClientError"),
    *("ServiceRequestError", "ServiceResponseError"),
)
"""Parts of the names of errors of drivers that say that nobody answered, or not to the end."""
_REFUSED: Final = ("Credential", "Permission", "Forbidden", "Authentication", "RefreshError")
_REFUSALS: Final = frozenset({401, 403})
_MISSING: Final = 404
_REFUSAL_IN_WORDS: Final = re.compile(r"Forbidden\b|.*\bcredentials\b", re.DOTALL)
"""Drivers of Google and Azure say it in the text of an OSError and of a ValueError."""
_ANNEX: Final = re.compile(r"^(RequestId|ErrorCode|Content):.*", re.DOTALL | re.MULTILINE)
"""What the driver of Azure adds to a message: numbers of the request, and the answer in XML."""


class StoreError(OSError):
    """Something far away cannot be read or written; `problem` says what, where, and what to do."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem; it shows no password."""
        super().__init__(problem.message)
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel from a worker whole."""
        return type(self), (self.problem,)

    def __str__(self) -> str:
        """What is wrong, with the address."""
        return str(self.problem)


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Whatever a driver raises comes out as a StoreError that names this address."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise store_error(address, error) from error


def store_error(address: Address, error: Exception) -> StoreError:
    """The error in plain words. Drivers put passwords and signatures into theirs, so its text is masked."""
    cause = _cause(error)
    said = masked(" ".join(_ANNEX.sub("", str(cause)).split()))[:_LONGEST] or type(cause).__name__
    if _is_refusal(error, said):
        return _error("E307", f"this is not allowed: {said}", _NOT_ALLOWED, address)
    if is_silence(error):
        return _error("E308", f"there is no answer: {said}", _NO_ANSWER, address)
    if isinstance(error, FileNotFoundError) or _status(cause) == _MISSING:
        return _error("E307", f"there is nothing here: {said}", _NOT_THERE, address)
    return _error("E307", f"this cannot be used: {said}", _OTHERWISE, address)


def is_silence(error: Exception) -> bool:
    """Whether an error of a driver says that nobody answered, or not to the end."""
    return any(name in _names(error) for name in _SILENT)


def _is_refusal(error: Exception, said: str) -> bool:
    named = isinstance(error, PermissionError) or any(name in _names(error) for name in _REFUSED)
    return named or _status(_cause(error)) in _REFUSALS or bool(_REFUSAL_IN_WORDS.match(said))


def _cause(error: Exception) -> Exception:
    return error.__cause__ if isinstance(error.__cause__, Exception) else error


def _names(error: Exception) -> str:
    """What the error and its cause are called, and what they are kinds of."""
    return "".join(kind.__name__ for each in (error, _cause(error)) for kind in type(each).__mro__)


def not_installed(address: Address, what: str, command: str) -> StoreError:
    """The error for a library that is missing."""
    message = f"addresses of {address.scheme}:// need {what}, and it is not installed"
    return _error("E304", message, f"install it and run again: {command}", address)


def unusable(address: Address, message: str, hint: str) -> StoreError:
    """The error for an address that nobody could use so."""
    return _error("E307", message, hint, address)


def _error(code: str, message: str, hint: str, address: Address) -> StoreError:
    return StoreError(Problem(code, message, hint, Span.whole(str(address))))


def _status(error: Exception) -> int | None:
    """The answer of a web server, where the error holds one."""
    found = (getattr(error, name, None) for name in ("status", "status_code", "code"))
    return next((each for each in found if isinstance(each, int)), None)
