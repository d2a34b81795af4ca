"""What to say of Python that is not part of the language."""

from __future__ import annotations

import ast

_LIST = 'write: x in ("a", "b")'
_QUANTIFIER = "write a quantifier: any(... for x in xs)"
_FUNCTIONS = "functions: min, max, abs, clip, known; quantifiers: any, all, count, sum, min, max, mean"

_REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Call: ("this call is not part of the language", _FUNCTIONS),
    ast.Lambda: ("functions (lambda) are not part of the language", "write the condition itself"),
    ast.JoinedStr: ("text with fields (f-strings) is not part of the language", "write plain words in quotes"),
    ast.ListComp: ("a list comprehension is not part of the language", _QUANTIFIER),
    ast.SetComp: ("a set comprehension is not part of the language", _QUANTIFIER),
    ast.DictComp: ("a mapping is not part of the language", _QUANTIFIER),
    ast.GeneratorExp: ("a part with 'for' can only stand inside a quantifier", "write: any(... for x in xs)"),
    ast.Subscript: (
        "square brackets are not part of the language", "name a field with a dot: record.field, or record.group.field",
    ),
    ast.IfExp: ("'a if b else c' is not part of the language", "write two rules, or two effects"),
    ast.NamedExpr: ("':=' is not part of the language", "compare with '=='"),
    ast.Tuple: ("a list of values can only stand after 'in'", f"{_LIST}; decimals have a point: 0.5"),
    ast.List: ("a list can only stand after 'in', in round brackets", _LIST),
    ast.Set: ("a set is not part of the language", _LIST),
    ast.Dict: ("a mapping is not part of the language", "write a condition of names, words and numbers"),
    ast.Starred: ("'*' before a name is not part of the language", "name each value"),
    ast.Await: ("'await' is not part of the language", "leave it out"),
    ast.Yield: ("'yield' is not part of the language", "leave it out"),
    ast.YieldFrom: ("'yield' is not part of the language", "leave it out"),
}  # fmt: skip
_OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Pow: ("powers (**) are not part of the language", "multiply instead"),
    ast.FloorDiv: ("'//' is not part of the language", "divide with '/'"),
    ast.Mod: ("'%' is not part of the language", "per cents are written as shares: 0.1"),
    ast.BitAnd: ("'&' is not part of the language", "write 'and'"),
    ast.BitOr: ("'|' is not part of the language", "write 'or'"),
    ast.BitXor: ("'^' is not part of the language", "multiply instead of taking a power"),
    ast.Invert: ("'~' is not part of the language", "write 'not'"),
}
_CONSTANTS: dict[type, tuple[str, str]] = {
    type(None): ("None is not part of the language", "test for a missing value with: known(...)"),
    bytes: ("bytes are not part of the language", "write plain words in quotes"),
    complex: ("imaginary numbers are not part of the language", "leave the letter after the number out"),
    type(...): ("'...' is not part of the language", "write what it stands for"),
}
_OTHER = "write a condition of names, words and numbers"


def refusal(node: ast.AST) -> tuple[str, str]:
    """Message and hint for a piece of Python that the language does not have."""
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        other = "this operator is not part of the language", "operators: and or not, comparisons, in, + - * /"
        return _OPERATORS.get(type(node.op), other)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return f"there is no function '{node.func.id}'", _FUNCTIONS
    if isinstance(node, ast.Constant):
        return _CONSTANTS.get(type(node.value), ("a fixed value has no fields", "take out what follows the dot"))
    return _REFUSED.get(type(node), ("this is not part of the language", _OTHER))
