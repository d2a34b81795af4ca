"""Check that a document still says what a register of claims recorded from it.

A register keeps no sentence of its source. It keeps, for each claim, a locator (heading and position) and a
fingerprint: the SHA-256 of the normalised statement. Whoever holds a copy of the document can therefore check the
register, and whoever does not hold it learns nothing of the text. The copy may use other bullets, blank lines or
line endings, may carry page numbers, and may have been read by optical character recognition.

Two kinds of line never count as a statement that somebody forgot: lines before the first heading (the source record
holds title, authors and publisher) and labels, which end in a colon and only introduce the lines below them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TITLE = "(title)"
"""Heading of the lines that stand before the first heading."""

_UNIFIED = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-")
)
_BULLETS = "\u25a0-\u25ff\u2022\u2023\u2219\u00b7\u2605\u2606\u2713\u2714\u2794\u27a2-\u27a4\ue000-\uf8ff"
_DEBRIS = re.compile(
    rf"""(?: [{_BULLETS}]                        # a bullet, also one of a private symbol font
           | [-*+_]+ (?=\s|$)                    # a dash, star or rule used as a bullet
           | \*\* [a-z] \*\* (?=\s|$)            # a bullet that was read as one bold letter
           | \(? \d{{1,3}} [.)] (?=\s|$)         # 1)  1.  (1)
           | \(? [a-z] \) (?=\s|$)               # a)  (a)
         ) \s*""",
    re.VERBOSE | re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
_END = re.compile(r"[\s.]+\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")

_Locator = tuple[str, int]
_Chain = tuple[tuple[int, int], ...]


def normalise(statement: str) -> str:
    """Strip what a copy may change: bullets, emphasis, quotes, dashes, white space, case, final dots.

    Idempotent: normalising twice gives the same as normalising once.
    """
    before, text = None, statement
    while text != before:
        before, text = text, _normalise_once(text)
    return text


def _normalise_once(text: str) -> str:
    unified = unicodedata.normalize("NFKC", text.translate(_UNIFIED)).translate(_UNIFIED)
    visible = "".join(character for character in unified if unicodedata.category(character) != "Cf")
    bare = " ".join(visible.split())
    while found := _DEBRIS.match(bare):
        bare = bare[found.end() :]
    return _END.sub("", _EMPHASIS.sub(r"\2", bare)).casefold()


def fingerprint(statement: str) -> str:
    """SHA-256, in hexadecimal, of the UTF-8 bytes of the normalised statement."""
    return hashlib.sha256(normalise(statement).encode()).hexdigest()


class LocatedClaim(Protocol):
    """What verification has to know of a claim."""

    @property
    def claim(self) -> str:
        """Slug of the claim within its source."""

    @property
    def heading(self) -> str:
        """Heading of the document, or TITLE."""

    @property
    def position(self) -> int:
        """Number of the statement under its heading, from 1; 0 is the heading itself."""

    @property
    def fingerprint(self) -> str | None:
        """Fingerprint of the statement; None where the document was not held."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the document with its place in it."""

    heading: str
    position: int
    text: str
    line: int

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the text."""
        return fingerprint(self.text)

    @property
    def is_label(self) -> bool:
        """Whether the line only introduces the lines below it."""
        return normalise(self.text).endswith(":")


class Outcome(Enum):
    """What became of a claim, or of a statement that no claim covers."""

    FOUND = "found as recorded"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"
    UNRECORDED = "no fingerprint recorded"
    UNCOVERED = "covered by no claim"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a verification.

    `claim` is None for an uncovered statement. `statement` is the line that bears the result: where the claim stands
    (found, moved), what stands in its place (changed, no fingerprint recorded), the uncovered line, or None (missing).
    """

    outcome: Outcome
    claim: str | None
    statement: Statement | None


def locate(text: str, headings: Sequence[str]) -> list[Statement]:
    """Split a copy of a document into its statements, in the order of its lines.

    A line that equals a heading opens it and is its statement 0; every other line with a letter in it is the next
    statement of the heading that is open, numbered from 1. A heading may also occur as an item of an overview: of all
    ways to find the headings in their order, the one that finds most of them counts, and among equals the latest.
    """
    lines = [(number, line.strip()) for number, line in enumerate(_LINE_END.split(text), start=1)]
    lines = [(number, line) for number, line in lines if any(map(str.isalpha, normalise(line)))]
    opened = _openings([normalise(line) for _, line in lines], headings)
    statements: list[Statement] = []
    heading, position = TITLE, 0
    for index, (number, line) in enumerate(lines):
        heading, position = (opened[index], 0) if index in opened else (heading, position + 1)
        statements.append(Statement(heading, position, line, number))
    return statements


def _openings(lines: Sequence[str], headings: Sequence[str]) -> dict[int, str]:
    """Map the index of each line that opens a heading to that heading as the register spells it."""
    ranks = {normalise(heading): rank for rank, heading in enumerate(headings)}
    best: dict[int, _Chain] = {}
    for index, line in enumerate(lines):
        if line in ranks:
            rank = ranks[line]
            earlier = (chain for last, chain in best.items() if last < rank)
            # A later line ends a chain that is never shorter than the one it replaces.
            best[rank] = (*max(earlier, key=_length_then_lines, default=()), (index, rank))
    chosen = max(best.values(), key=_length_then_lines, default=())
    return {index: headings[rank] for index, rank in chosen}


def _length_then_lines(chain: _Chain) -> tuple[int, _Chain]:
    return len(chain), chain


def verify(claims: Iterable[LocatedClaim], text: str) -> list[Finding]:
    """Check every claim of a register against a copy of its source.

    Gives one finding for each claim, in the order of the register, then one for each statement of the copy that no
    claim covers, in the order of the copy. Two claims may rest on the same statement.
    """
    register = list(claims)
    copy = _Copy(locate(text, _headings(register)), register)
    findings = [copy.judge(claim) for claim in register]
    covered = {finding.statement for finding in findings}
    return findings + [
        Finding(Outcome.UNCOVERED, None, statement) for statement in copy.claimable if statement not in covered
    ]


def _headings(register: Sequence[LocatedClaim]) -> list[str]:
    spelling = {normalise(claim.heading): claim.heading for claim in reversed(register) if claim.heading != TITLE}
    order = dict.fromkeys(normalise(claim.heading) for claim in register)
    return [spelling[heading] for heading in order if heading in spelling]


class _Copy:
    """The statements of one copy, by place and by fingerprint, beside what the register expects there."""

    def __init__(self, statements: Sequence[Statement], register: Sequence[LocatedClaim]) -> None:
        self._at: Mapping[_Locator, Statement] = {_place(statement): statement for statement in statements}
        self._standing: dict[str, list[Statement]] = defaultdict(list)
        for statement in statements:
            self._standing[statement.fingerprint].append(statement)
        self._expected = {(_place(claim), claim.fingerprint) for claim in register}
        self._recorded = {claim.fingerprint for claim in register}
        self.claimable = [
            statement
            for statement in statements
            if statement.heading != TITLE and statement.position and not statement.is_label
        ]

    def judge(self, claim: LocatedClaim) -> Finding:
        """Say what became of one claim."""
        here = self._at.get(_place(claim))
        if claim.fingerprint is None:
            return Finding(Outcome.UNRECORDED, claim.claim, here)
        if here and here.fingerprint == claim.fingerprint:
            return Finding(Outcome.FOUND, claim.claim, here)
        if elsewhere := self._elsewhere(claim, claim.fingerprint):
            return Finding(Outcome.MOVED, claim.claim, elsewhere)
        # Where another claim's statement has come to stand, this one was not reworded: it has gone.
        if here is None or here.fingerprint in self._recorded:
            return Finding(Outcome.MISSING, claim.claim, None)
        return Finding(Outcome.CHANGED, claim.claim, here)

    def _elsewhere(self, claim: LocatedClaim, sought: str) -> Statement | None:
        """Find another place of the claim's statement; a heading that repeats the words of an item is not one."""
        standing = [s for s in self._standing.get(sought, ()) if s.position or not claim.position]
        free = [statement for statement in standing if (_place(statement), sought) not in self._expected]
        return next(iter(free or standing), None)


def _place(located: Statement | LocatedClaim) -> _Locator:
    return normalise(located.heading), located.position
