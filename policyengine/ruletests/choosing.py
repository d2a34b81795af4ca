"""Which examples and tests are run: those whose name holds a text, or fits an expression of texts."""

from __future__ import annotations

import re
from collections.abc import Callable

Chosen = Callable[[str], bool]
"""Whether an example or test of this name, `pack/rule::fires[0]`, is run."""
_TOKEN = re.compile(r'"([^"]*)"|([()])|([^\s()"]+)')
_MOST_WORDS = 100
_OPERATORS = ("and", "or", "not")


def everything(_: str) -> bool:
    """Choose all."""
    return True


def chosen_by(text: str) -> Chosen:
    """Choose by a text, whole or as an expression with `and`, `or`, `not` and brackets; letter case is no matter.

    Words beside one another are one text: `small fire and not boats`. What is no expression is only looked for as a
    whole, so that any name can be given as it is written.
    """
    whole = text.strip().lower()
    if not whole:
        return everything
    try:
        fits = _Reader(whole).read()
    except ValueError:
        return lambda name: whole in name.lower()
    return lambda name: whole in name.lower() or fits(name.lower())


class _Reader:
    """Reads an expression from left to right; `not` binds closest, then `and`, then `or`."""

    def __init__(self, text: str) -> None:
        found = [match.groups() for match in _TOKEN.finditer(text)]
        if len(found) > _MOST_WORDS:
            raise ValueError
        self._tokens = [
            (quoted, True) if quoted is not None else (other or word, False) for quoted, other, word in found
        ]

    def read(self) -> Chosen:
        fits = self._any()
        if self._tokens:
            raise ValueError
        return fits

    def _any(self) -> Chosen:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return lambda name: any(part(name) for part in parts)

    def _all(self) -> Chosen:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return lambda name: all(part(name) for part in parts)

    def _one(self) -> Chosen:
        if self._take("not"):
            inner = self._one()
            return lambda name: not inner(name)
        if self._take("("):
            inner = self._any()
            if not self._take(")"):
                raise ValueError
            return inner
        return self._text()

    def _text(self) -> Chosen:
        words = []
        while self._tokens and (self._tokens[0][1] or self._tokens[0][0] not in (*_OPERATORS, "(", ")")):
            words.append(self._tokens.pop(0)[0])
        if not words:
            raise ValueError
        text = " ".join(words)
        return lambda name: text in name

    def _take(self, token: str) -> bool:
        if not self._tokens or self._tokens[0] != (token, False):
            return False
        del self._tokens[0]
        return True
