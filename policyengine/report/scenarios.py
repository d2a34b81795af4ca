"""The list of scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from policyengine.report.blocks import Block, Item, Items, Title, phrase, strong
from policyengine.source import Document


def scenarios_data(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Name, year, title and what each scenario shows."""
    plain = [document.plain() for document in documents]
    return [
        {key: each.get(key) for key in ("scenario", "year", "title", "shows")}
        for each in plain
        if isinstance(each, dict)
    ]


def scenarios_report(data: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """One point for each scenario."""
    yield Title("Shipped scenarios")
    yield Items(
        tuple(
            Item(
                phrase(
                    strong(str(each["scenario"])), f" ({each['year'] or 'no year'}): {each['title']}. {each['shows']}"
                )
            )
            for each in data
        )
    )
