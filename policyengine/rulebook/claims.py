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
    """Who wrote what, where and when."""
    year: Year | None = None
    """When it appeared."""
    url: Link | None = None
    """Where it can be read."""
    seen: Seen
    """How much of it was read."""


class Claim(Model):
    """One statement of a source, in our own words, with where it stands."""

    claim: Slug
    """The name of the claim: small letters, digits and hyphens."""
    heading: Text
    """The heading under which it stands."""
    position: Annotated[int, Limits(ge=0, le=10_000)]
    """Its place under the heading, from 1; 0 for the heading itself."""
    kind: Literal["claim", "definition", "myth", "model", "contribution", "initiative", "context", "law"]
    """What kind of statement it is."""
    polarity: Literal["asserted", "denied", "neutral"]
    """Whether the source asserts or denies it."""
    as_of: Year | None = None
    """The year for which it is stated."""
    paraphrase: Text
    """What it says, in our own words."""
    fingerprint: Fingerprint | None = None
    """SHA-256 of the statement after bullets, quotes, dashes, white space and case are evened out."""
    excuse: Text | None = None
    """Why no rule carries it."""
    literature: list[Literature] = []
    """The works behind it."""
    provision: Text | None = None
    """The provision of law that it rests on."""


class Source(Model):
    """A source with its register of claims; `seen` says what was actually read."""

    source: Slug
    """The name of the source: small letters, digits and hyphens; the file is named like it."""
    title: Text
    """Its title."""
    authors: Annotated[list[Text], Limits(min_length=1)]
    """Who wrote it."""
    venue: Text | None = None
    """Where it appeared."""
    year: Year | None = None
    """When it appeared."""
    as_of: Year | None = None
    """The year for which it speaks."""
    seen: Seen
    """How much of it was read."""
    url: Link | None = None
    """Where it can be read."""
    note: Text | None = None
    """What a reader should know of it."""
    claims: Annotated[list[Claim], Limits(min_length=1, max_length=5_000)]
    """Its claims, one entry each."""

    @property
    def citation(self) -> str:
        """Authors, title and year on one line."""
        year = f", {self.year}" if self.year else ""
        return f"{', '.join(self.authors)}: {self.title}{year}"
