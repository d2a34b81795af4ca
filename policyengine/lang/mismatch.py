"""Why two types do not go together, in plain words."""

from __future__ import annotations

from policyengine.lang.nodes import Node
from policyengine.lang.types import Boolean, Collection, Number, Type, Word, Words, article, describe

_ONLY_EQUAL = "words, and what is true or false, can only be compared with == and !="


def wanted_hint(kind: Type, wanted: type) -> str:
    """How to turn what stands there into what is wanted."""
    if isinstance(kind, Collection):
        return "go through it: any(... for x in ...), or count(... for x in ...)"
    if wanted is Number:
        counted = "count what holds with: count(... for x in ...)"
        return counted if isinstance(kind, Boolean) else "only numbers can be reckoned with"
    if isinstance(kind, Number):
        return "compare it with something, such as: ... >= 0.5"
    if isinstance(kind, Word):
        return 'compare it with a word, such as: ... == "..."'
    if isinstance(kind, Words):
        return 'ask whether the set holds a word: "..." in ...'
    return "it is a condition as it stands"


def mismatch(op: str, a: Node, b: Node) -> tuple[str, str] | None:
    """Why `op` cannot compare two values: message and hint, or None if it can."""
    if isinstance(a.type, Number) and isinstance(b.type, Number):
        return None
    alike = type(a.type) is type(b.type) and isinstance(a.type, Word | Boolean)
    if alike and op in {"==", "!="}:
        return unlike_words(a.type, b.type) if "literal" not in {a.op, b.op} else None
    if alike:
        what = "words" if isinstance(a.type, Word) else "what is true or false"
        return f"'{op}' compares numbers, not {what}", _ONLY_EQUAL
    hint = "compare numbers with numbers, words with words"
    if isinstance(a.type, Words) or isinstance(b.type, Words):
        hint = 'ask whether a set holds a word with: "word" in set'
    elif isinstance(a.type, Collection) or isinstance(b.type, Collection):
        hint = "go through it: any(... for x in ...), or count(... for x in ...)"
    elif "literal" in {a.op, b.op}:
        hint = "numbers stand without quotes, words in quotes, true and false as True and False"
    return f"'{op}' cannot compare {describe(a.type)} with {describe(b.type)}", hint


def unlike_words(a: Type, b: Type) -> tuple[str, str] | None:
    """Words of two lists can never be equal."""
    if not isinstance(a, Word | Words) or not isinstance(b, Word | Words):
        return None
    if a.domain != b.domain:
        return f"{article(a.domain)} {a.domain} is never {article(b.domain)} {b.domain}", "compare words of one list"
    if a.options and b.options and a.options.isdisjoint(b.options):
        return "these two have no word in common", "compare words of one list"
    return None
