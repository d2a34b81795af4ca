"""Sources and the claims they make."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Limits
from pydantic import StringConstraints

from policyengine.domain.fields import Model, Seen, Slug, Text, Year

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]


class Literature(Model):
    """A work behind a claim, with how much of it was read."""

    what: Text
    year: Year | None = None
    url: Link | None = None
    seen: Seen


class Claim(Model):
    """One statement of a source, in our own words, with where it stands."""

    claim: Slug
    heading: Text
    position: Annotated[int, Limits(ge=0, le=10_000)]
    kind: Literal["claim", "definition", "myth", "model", "contribution", "initiative", "context", "law"]
    polarity: Literal["asserted", "denied", "neutral"]
    as_of: Year | None = None
    paraphrase: Text
    fingerprint: Fingerprint | None = None
    excuse: Text | None = None
    literature: list[Literature] = []
    provision: Text | None = None


class Source(Model):
    """A source with its register of claims; `seen` says what was actually read."""

    source: Slug
    title: Text
    authors: Annotated[list[Text], Limits(min_length=1)]
    venue: Text | None = None
    year: Year | None = None
    as_of: Year | None = None
    seen: Seen
    url: Link | None = None
    note: Text | None = None
    claims: Annotated[list[Claim], Limits(min_length=1, max_length=5_000)]

    @property
    def citation(self) -> str:
        """Authors, title and year on one line."""
        year = f", {self.year}" if self.year else ""
        return f"{', '.join(self.authors)}: {self.title}{year}"
