"""The formats of the files that people write, as JSON Schema: made from the models, for editors and other programs."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterator
from textwrap import dedent
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from policyengine.domain.fields import Model
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.claims import Source
from policyengine.rulebook.file_words import put_words
from policyengine.rulebook.rule_file import PackFile, RuleFile, TableFile
from policyengine.rulebook.test_file import TestFile
from policyengine.rulebook.vocabulary import Vocabulary

VERSION = 1
"""Grows when a file that was valid no longer is."""
KINDS: dict[str, type[Model]] = {
    "scenario": Scenario,
    "rule": RuleFile,
    "pack": PackFile,
    "source": Source,
    "test": TestFile,
}
"""The kinds of file, each with the model that reads it."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_schema(kind: str, vocabulary: Vocabulary | None = None, claims: Collection[str] = ()) -> dict[str, Any]:
    """JSON Schema (2020-12) of one kind of file.

    With a vocabulary, only its words may stand where the file names words, and with claims, only these where a rule
    names what it carries.
    """
    made = KINDS[kind].model_json_schema(schema_generator=_Plain)
    if kind == "rule":
        _put_table(made)
    made = {
        "$schema": DIALECT,
        "$id": f"urn:policyengine:{kind}:{VERSION}",
        "version": f"policyengine-{kind}/{VERSION}",
        **made,
    }
    for model in _models():
        if model.__name__ in (KINDS[kind].__name__, *made.get("$defs", {})):
            _describe(made if model is KINDS[kind] else made["$defs"][model.__name__], model)
    if vocabulary is not None:
        put_words(kind, made, vocabulary, claims)
    return made


def _put_table(made: dict[str, Any]) -> None:
    """Let a rule file have a table: its cells may stand in for the claim, the condition and the effects."""
    table = TableFile.model_json_schema(schema_generator=_Plain)
    made["$defs"] |= table["$defs"]
    strict = made["properties"]["then"]
    made["properties"] |= {
        "table": {**table["properties"]["table"], "description": field_sentences(TableFile)["table"]},
        # In the effects of a table, column.NAME stands for a cell.
        "then": {"type": "array", "items": {"type": "object"}},
    }
    open_to_cells = ("claim", "when", "then")
    made["required"] = [name for name in made["required"] if name not in open_to_cells]
    made["if"] = {"required": ["table"]}
    made["else"] = {"required": [*open_to_cells], "properties": {"then": strict}}


class _Plain(GenerateJsonSchema):
    """Without null, which our files never hold, and without titles that only repeat the names."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if not (key == "default" and value in (None, [], {}))}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the library's signature
        return False


def _models() -> Iterator[type[Model]]:
    waiting = list(Model.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        yield model


def _describe(made: dict[str, Any], model: type[Model]) -> None:
    """Take over the sentence below each field of a model."""
    for name, text in field_sentences(model).items():
        shown = made["properties"].get(model.model_fields[name].alias or name)
        if shown is not None:
            shown["description"] = text


def field_sentences(model: type[Model]) -> dict[str, str]:
    """What each field of a model means: the text that stands below it in the source, also in the models it builds on.

    It is read when somebody asks for it, so that reading files pays nothing for it.
    """
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, Model) and each is not Model:
            found |= dict(_sentences(each))
    return found


def _sentences(model: type[Model]) -> Iterator[tuple[str, str]]:
    body = ast.parse(dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())
