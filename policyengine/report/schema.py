"""The published format of a result, as JSON Schema."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from policyengine.assess.result import FORMAT, Result


def result_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one result, as `evaluate --format json` gives it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "version": FORMAT,
        **TypeAdapter(Result).json_schema(mode="serialization"),
    }
