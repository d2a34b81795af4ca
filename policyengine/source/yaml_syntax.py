"""Mistakes in the notation of a YAML file, in words for somebody who does not know the parser."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from policyengine.errors import quoted
from policyengine.source.lines import Lines

_QUOTE: Final = "Put the text in quotes."


class Mistake(NamedTuple):
    """What the parser says: the problem, what it was reading, where it is and where that reading began.

    `bracket` is the index of the innermost bracket that is open, if there is one.
    """

    problem: str
    context: str
    at: int
    began: int
    bracket: int | None
    lines: Lines

    @property
    def char(self) -> str:
        """The character at the place of the problem; empty at the end of the file."""
        return self.lines.text[self.at : self.at + 1]

    @property
    def before(self) -> str:
        """The line up to the place of the problem."""
        line, column = self.lines.position(self.at)
        return self.lines.line(line)[: column - 1]

    @property
    def first_on_line(self) -> bool:
        """Whether only blanks stand before the problem."""
        return not self.before.strip()


class Explanation(NamedTuple):
    """The fields of a problem, with the stretch of text that it is about."""

    code: str
    message: str
    hint: str
    start: int
    end: int


_Explain: TypeAlias = Callable[[Mistake], Explanation]


def explain(mistake: Mistake) -> Explanation:
    """Put the parser's complaint into plain words."""
    if mistake.char == "\t" and ("start any token" in mistake.problem or "tab" in mistake.problem):
        return _here(mistake, "S012", "There is a tab in the indentation", "Indent with spaces.")
    if mistake.bracket is not None and mistake.at >= len(mistake.lines.text) and "scalar" not in mistake.context:
        return _unclosed_bracket(mistake._replace(began=mistake.bracket))
    for problem, context, words in _ROWS:
        if problem.search(mistake.problem) and context in mistake.context:
            return words(mistake)
    hint = "Correct the place shown; the mistake may also stand just before it."
    return _here(mistake, "S011", f"This is not valid YAML: {mistake.problem}", hint)


def _here(mistake: Mistake, code: str, message: str, hint: str) -> Explanation:
    return Explanation(code, message, hint, mistake.at, mistake.at + 1)


def _there(mistake: Mistake, code: str, message: str, hint: str) -> Explanation:
    return Explanation(code, message, hint, mistake.began, mistake.began + 1)


def _no_value(mistake: Mistake) -> Explanation:
    if mistake.char == ":":
        return _no_key(mistake)
    return _here(mistake, "S011", "A value is missing here", "Write it, or put text with brackets or commas in quotes.")


def _no_key(mistake: Mistake) -> Explanation:
    return _here(mistake, "S022", "There is no key here", "Write a name before the colon.")


def _second_document(mistake: Mistake) -> Explanation:
    hint = "Delete the line with ... above, or put what follows into a file of its own."
    return _here(mistake, "S015", "The document has ended before this", hint)


def _directive(mistake: Mistake) -> Explanation:
    hint = "Delete the line, or put text that begins with % in quotes."
    return _there(mistake, "S011", "A line that begins with % is an instruction to the parser", hint)


def _says(message: str, hint: str) -> _Explain:
    return lambda mistake: _here(mistake, "S011", message, hint)


def _unclosed_quote(mistake: Mistake) -> Explanation:
    quote = mistake.lines.text[mistake.began : mistake.began + 1]
    return _there(mistake, "S013", "The quoted text that begins here is never closed", f"Add {quote} at its end.")


def _unclosed_bracket(mistake: Mistake) -> Explanation:
    what, closing = _bracket(mistake)
    return _there(mistake, "S013", f"The {what} that begins here is never closed", f"Add {closing} at its end.")


def _bracket(mistake: Mistake) -> tuple[str, str]:
    return ("list", "]") if mistake.lines.text.startswith("[", mistake.began) else ("mapping", "}")


def _in_brackets(mistake: Mistake) -> Explanation:
    what, closing = _bracket(mistake)
    line, column = mistake.lines.position(mistake.began)
    message = f"A comma or {closing} is missing before this; the {what} began in line {line}, column {column}"
    return _here(mistake, "S011", message, "Add it; put text that has commas, quotes or brackets in it in quotes.")


def _colon(mistake: Mistake) -> Explanation:
    if mistake.before.rstrip().endswith(('"', "'")):
        return _after_value(mistake)
    if re.search(r":\s", mistake.before):
        hint = "Put the whole text in quotes, or start it on the next line after a | sign."
        return _here(mistake, "S014", "Unquoted text cannot have a colon followed by a blank", hint)
    hint = "Check the indentation of this line, and whether the line above is complete."
    start = mistake.at - len(mistake.before.lstrip())
    return Explanation("S011", "No key can stand here", hint, start, mistake.at)


def _after_value(mistake: Mistake) -> Explanation:
    if mistake.first_on_line and mistake.char == ":":
        return _no_key(mistake)
    if mistake.first_on_line:
        hint = "Begin the line in the same column as the keys it belongs to."
        return _here(mistake, "S011", "The indentation of this line fits none of the lines above", hint)
    hint = "If the quotes or brackets belong to the text, put all of it in quotes, or on the next line after a | sign."
    return _here(mistake, "S011", "Nothing can follow here, because the value has ended", hint)


def _no_colon(mistake: Mistake) -> Explanation:
    line = mistake.lines.position(mistake.began)[0]
    end = mistake.began + len(mistake.lines.line(line)) - mistake.lines.position(mistake.began)[1] + 1
    hint = "Write key: value; if the line continues the text above, indent it further."
    return Explanation("S011", "There is no colon after this key", hint, mistake.began, max(end, mistake.began + 1))


def _bad_start(mistake: Mistake) -> Explanation:
    return _here(mistake, "S011", f"Unquoted text cannot begin with {mistake.char}", _QUOTE)


def _no_name(mistake: Mistake) -> Explanation:
    sign = mistake.lines.text[mistake.began : mistake.began + 1]
    return _there(mistake, "S011", f"Unquoted text cannot begin with {sign}", _QUOTE)


def _escape(mistake: Mistake) -> Explanation:
    start = mistake.lines.text.rfind("\\", 0, mistake.at + 1)
    written = re.match(r"\\(?:[xuU][0-9a-fA-F]*|.?)", mistake.lines.text[max(start, 0) :][:12])
    escape = written[0] if written else "\\"
    if re.match(r"\\u[dD][89a-fA-F]|\\U0000[dD][89a-fA-F]", escape):
        hint = "Write the character itself, or \\U and its number with eight digits."
        return Explanation("S028", f"{escape} is half a character", hint, start, start + len(escape))
    hint = "Write \\\\ for a backslash, or use single quotes."
    return Explanation("S011", f"{quoted(escape)} is no escape in YAML", hint, start, start + len(escape))


def _unknown_tag(mistake: Mistake) -> Explanation:
    hint = "Leave it out; put the text in quotes if the ! belongs to it."
    return _there(mistake, "S025", "Tags are not accepted", hint)


def _in_block(mistake: Mistake) -> Explanation:
    sign = mistake.lines.text[mistake.began : mistake.began + 1]
    hint = f"Start the text on the next line, or put it in quotes if the {sign} belongs to it."
    return _here(mistake, "S011", f"After {sign} the line must end", hint)


_ITEM_HINT: Final = "Begin the list on a line of its own, or put text that begins with a dash in quotes."

# Both forms of the parser, in C and in Python, are covered; a row holds part of the problem and of the context.
_ROWS: Final[list[tuple[re.Pattern[str], str, _Explain]]] = [
    (re.compile(problem), context, words)
    for problem, context, words in (
        ("unexpected end of stream", "quoted scalar", _unclosed_quote),
        ("unexpected document (indicator|separator)", "quoted scalar", _unclosed_quote),
        ("escape|hexdecimal|hexadecimal", "quoted scalar", _escape),
        (r"expected ',' or", "flow", _in_brackets),
        ("values are not allowed", "", _colon),
        ("expected key|expected <block end>", "block mapping", _after_value),
        ("'-' indicator|expected <block end>", "block", _says("A list item must begin with a dash here", _ITEM_HINT)),
        ("could not find expected ':'", "", _no_colon),
        ("start any token", "", _bad_start),
        ("alphabetic or numeric", "", _no_name),
        ("node content", "", _no_value),
        ("document start", "", _second_document),
        ("entries are not allowed", "", _says("A list item cannot begin here", _ITEM_HINT)),
        ("keys are not allowed", "", _says("Text cannot begin with a question mark and a blank here", _QUOTE)),
        ("tag handle", "", _unknown_tag),
        ("", "tag", _unknown_tag),
        ("comment or", "block scalar", _in_block),
        ("indentation indicator", "block scalar", _in_block),
        ("", "directive", _directive),
        ("incompatible", "", _says("This version of YAML is not known", "Delete the line that begins with %YAML.")),
    )
]
