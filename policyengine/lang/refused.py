"""What to say of Python that is not part of the language."""

from __future__ import annotations

import ast

_REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Call: ("this call is not part of the language", "functions: min, max, abs, clip, known; quantifiers: any, all, count, sum, mean"),
    ast.Lambda: ("functions (lambda) are not part of the language", "write the condition itself"),
    ast.JoinedStr: ("text with fields (f-strings) is not part of the language", "write plain words in quotes"),
    ast.ListComp: ("a list comprehension is not part of the language", "write a quantifier: any(... for x in xs)"),
    ast.SetComp: ("a set comprehension is not part of the language", "write a quantifier: any(... for x in xs)"),
    ast.DictComp: ("a dict comprehension is not part of the language", "write a quantifier: any(... for x in xs)"),
    ast.GeneratorExp: ("a comprehension can only stand inside a quantifier", "write: any(... for x in xs)"),
    ast.Subscript: ("square brackets are not part of the language", "name a field with a dot, such as jurisdiction.capacities.x"),
    ast.IfExp: ("'a if b else c' is not part of the language", "write two rules, or two effects"),
    ast.NamedExpr: ("':=' is not part of the language", "compare with '=='"),
    ast.Tuple: ("a list of values can only stand after 'in'", 'write: x in ("a", "b")'),
    ast.List: ("a list can only stand after 'in', in round brackets", 'write: x in ("a", "b")'),
    ast.Set: ("a set is not part of the language", 'write: x in ("a", "b")'),
    ast.Dict: ("a mapping is not part of the language", ""),
    ast.Starred: ("'*' before a name is not part of the language", ""),
    ast.Await: ("'await' is not part of the language", ""),
    ast.Yield: ("'yield' is not part of the language", ""),
    ast.YieldFrom: ("'yield' is not part of the language", ""),
}
_OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Pow: ("powers (**) are not part of the language", "multiply instead"),
    ast.FloorDiv: ("'//' is not part of the language", "divide with '/'"),
    ast.Mod: ("'%' is not part of the language", "per cents are written as shares: 0.1"),
    ast.BitAnd: ("'&' is not part of the language", "write 'and'"),
    ast.BitOr: ("'|' is not part of the language", "write 'or'"),
    ast.Invert: ("'~' is not part of the language", "write 'not'"),
}


def refusal(node: ast.AST) -> tuple[str, str]:
    """Message and hint for a piece of Python that the language does not have."""
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return _OPERATORS.get(type(node.op), ("this operator is not part of the language", "operators: and or not, comparisons, in, + - * /"))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return f"there is no function '{node.func.id}'", _REFUSED[ast.Call][1]
    return _REFUSED.get(type(node), (f"this ({type(node).__name__}) is not part of the language", ""))
