"""Whatever is wrong in an expression is told with its code, its very place, and a hint; all at once."""

from __future__ import annotations

import pytest
from language_cases import SCHEMA

from policyengine.errors import CODES
from policyengine.lang.check import MOST_MISTAKES, check
from policyengine.lang.mistakes import Mistake
from policyengine.lang.types import Boolean, Number, Record


def mistakes(text: str, wanted: type[Boolean | Number] = Boolean) -> tuple[Mistake, ...]:
    found = check(text, SCHEMA, wanted)
    assert found.node is None
    return found.mistakes


MISTAKES = [
    # text, [code and the marked part], words of the first message or hint
    # -- names
    ("thng.n > 0", ["L203 thng"], "there is no 'thng' here|did you mean 'thing'?"),
    ("thing.flagg", ["L203 flagg"], "'thing' has no 'flagg'|did you mean 'flag'?"),
    ("thing.depth > 0", ["L203 depth"], "did you mean 'thing.size.depth'?"),
    ("thing.size > 0", ["L203 size"], "is a group of values|name one of them, such as size.depth"),
    ("thing.size.deep > 0", ["L203 deep"], "'thing.size' has no 'deep'|did you mean 'depth'?"),
    ("thing.n.m > 0", ["L203 m"], "'thing.n' is one value and has no 'm'"),
    ("thing > 0", ["L203 thing"], "a whole thing stands where one value is needed|such as thing.n"),
    ("thing.peer > 0", ["L203 peer"], "a whole part stands"),
    ("parts.flag", ["L203 flag"], "'parts' is a collection and has no 'flag'|any(x.flag ... for x in parts)"),
    ("thing.parts.flag", ["L203 flag"], "'thing.parts' is a collection"),
    ("thing.__class__ == 1", ["L203 __class__"], "'thing' has no '__class__'"),
    ("thing.n.__class__.__mro__ == 1", ["L203 __class__"], "is one value"),
    ("(thing).flagg", ["L203 flagg"], "has no"),
    ("thing . \n flagg", ["L203 flagg"], "has no"),
    ("thing.flag == true", ["L203 true"], "write True"),
    ("thing.flag == FALSE", ["L203 FALSE"], "write False"),
    ("thing.kind == null", ["L203 null"], "write not known(...)"),
    ("thing.kind == alpha", ["L203 alpha"], 'words stand in quotes: "alpha"'),
    ("alpha == thing.kind and thing.flagg", ["L203 alpha", "L203 flagg"], "words stand in quotes"),
    ("param.hihg > 0 or param > 0", ["L203 hihg", "L203 param"], "did you mean 'high'?"),
    # -- words and types
    ('thing.kind == "alpa"', ['L205 "alpa"'], "'alpa' is not a known kind|did you mean 'alpha'?"),
    ('thing.kind in ("alpa", "beta", "gama")', ['L205 "alpa"', 'L205 "gama"'], "did you mean 'alpha'?"),
    ('"rad" in thing.tags', ['L205 "rad"'], "did you mean 'red'?"),
    ("thing.kind == 1", ["L204 1"], "'==' cannot compare a word (kind) with a number"),
    ('thing.n == "high"', ['L204 "high"'], "cannot compare a number with text in quotes|words in quotes"),
    ("thing.flag == 1", ["L204 1"], "cannot compare true or false with a number|True and False"),
    ("thing.kind == thing.hue", ["L204 thing.kind"], "a kind is never a colour"),
    ("thing.kind in thing.tags", ["L204 thing.kind"], "a kind is never a colour"),
    ('thing.tags == "red"', ['L204 "red"'], '"word" in set'),
    ('thing.kind < "beta"', ['L204 "beta"'], "'<' compares numbers, not words"),
    ("thing.flag < True", ["L204 True"], "'<' compares numbers, not what is true or false"),
    ("parts == 1", ["L204 1"], "go through it"),
    ("1 in thing.tags", ["L204 1"], "a set of words holds words, not a number"),
    ('thing.kind in ("alpha", 1, x)', ["L204 1", "L206 x"], "a word (kind) is looked for, this is a number"),
    ("thing.flag in (True,)", ["L204 thing.flag"], "it is a condition as it stands"),
    ("thing.n and not thing.kind", ["L202 thing.n", "L202 thing.kind"], "'and' joins conditions; this is a number"),
    ('thing.kind == "alpha" or "beta"', ['L202 "beta"'], 'such as: ... == "..."'),
    ("thing.flag + 1 > -thing.kind", ["L202 thing.flag", "L202 thing.kind"], "'+' works on numbers"),
    ("thing.n", ["L201 thing.n"], "a condition that is true or false is needed here, this is a number|>= 0.5"),
    ("thing.kind", ["L201 thing.kind"], '== "..."'),
    ("thing.tags", ["L201 thing.tags"], '"..." in ...'),
    ("parts", ["L201 parts"], "a collection (of part records)|count(... for x in ...)"),
    # -- lists after 'in'
    ('thing.kind in ("alpha")', ['L206 "alpha"'], "write a comma even for one"),
    ('thing.kind in ["alpha"]', ['L206 ["alpha"]'], "stand in round brackets"),
    ("thing.kind in ()", ["L206 ()"], "is empty"),
    ("thing.kind in thing.other", ["L206 thing.other"], "needs values in round brackets or a set of words"),
    ('thing.kind in (thing.other, "beta")', ["L206 thing.other"], "only fixed values"),
    ('thing.kind in ("alpha" "beta")', ['L206 "alpha" "beta"'], "a comma even for one"),
    ('thing.kind in ("alpha" "beta", "gamma")', ['L102 "alpha" "beta"'], "put a comma between them"),
    ("thing.n >= 0,5", ["L104 thing.n >= 0,5"], "decimals have a point: 0.5"),
    # -- functions and quantifiers
    ("abs(1, 2) > 0", ["L207 abs(1, 2)"], "'abs' takes 1 value, not 2|write: abs(a)"),
    ("min(parts) > 0", ["L207 min(parts)"], "or min(a for x in xs)"),
    ("max(p.n for p in parts, 1) > 0", ["L207 p.n for p in parts"], "nothing can stand beside a part with 'for'"),
    ("any(thing.flag)", ["L207 any(thing.flag)"], "'any' goes through a collection|any(p for x in xs)"),
    ("any([p.flag for p in parts])", ["L207 any([p.flag for p in parts])"], "goes through a collection"),
    ("any(p.flag for p in thing)", ["L203 thing"], "a whole thing stands"),
    ("any(p.flag for p in thing.n)", ["L207 thing.n"], "collections: parts, thing.parts, things"),
    ("any(p.flag for thing in parts)", ["L207 thing"], "'thing' already names something else here"),
    ("any(any(True for p in parts) for p in parts)", ["L207 p"], "the variable of the quantifier around this one"),
    ("any(p.flag for _p in parts)", ["L207 _p"], "may not begin with an underscore"),
    ("any(a.n > 0 for a, b in parts)", ["L207 (a.n > 0 for a, b in parts)"], "one collection with one variable"),
    ("any(a.n > 0 for a in parts for b in parts)", ["L207 (a.n > 0 for a in parts for b in parts)"], "one variable"),
    ("any(p.n for p in parts)", ["L202 p.n"], "'any' needs a condition for each element"),
    ("sum(p.flag for p in parts) > 0", ["L202 p.flag"], "'sum' needs a number for each element"),
    ("any(p.flag for p in parts if p.n)", ["L202 p.n"], "the 'if' of a quantifier is a condition"),
    ("any(p.flagg for p in parts if p.nn > 0)", ["L203 flagg", "L203 nn"], "'p' has no 'flagg'"),
    ("any(any(any(True for c in parts) for b in parts) for a in parts)", ["L207 any(True for c in parts)"], "2 deep"),
    ("clip(x=1) > 0", ["L104 x=1"], "named arguments"),
    # -- Python that is not part of the language
    ("open('x')", ["L104 open('x')"], "there is no function 'open'|functions: min, max"),
    ("__import__('os').system('x')", ["L104 __import__('os').system('x')"], "this call is not part"),
    ("f().x.y == 1", ["L104 f()"], "there is no function 'f'"),
    ("thing.n.real() > 0", ["L104 thing.n.real()"], "this call"),
    ('f"{thing.kind}" == "x"', ['L104 f"{thing.kind}"'], "f-strings"),
    ('Rf"x" == thing.kind', ['L104 Rf"x"'], "f-strings"),
    ('b"x" == thing.kind', ['L102 b"x"'], "letters stand directly before a quote"),
    ("(lambda: 1) == 1", ["L104 lambda: 1"], "lambda"),
    ("[p for p in parts] == 1", ["L104 [p for p in parts]"], "a list comprehension"),
    ("(p.flag for p in parts)", ["L104 (p.flag for p in parts)"], "only stand inside a quantifier"),
    ('thing["n"] > 0', ['L104 thing["n"]'], "name a field with a dot"),
    ("(x := 1) > 0", ["L104 x := 1"], "compare with '=='"),
    ("thing.kind is None", ["L104 thing.kind is None"], "known(...)"),
    ("thing.kind == None", ["L104 None"], "known(...)"),
    ("thing.flag if thing.flag else True", ["L104 thing.flag if thing.flag else True"], "write two rules"),
    ("thing.n ** 2 > 1", ["L104 thing.n ** 2"], "multiply instead"),
    ("thing.n % 2 > 1 or ~thing.flag", ["L104 thing.n % 2", "L104 ~thing.flag"], "0.1"),
    ("thing.flag & thing.quiet | thing.flag", ["L104 thing.flag & thing.quiet | thing.flag"], "write 'or'"),
    ("thing.n @ 2 > 1", ["L104 thing.n @ 2"], "operators: and or not"),
    ("1j > 1 and ... == 1", ["L104 1j", "L104 ..."], "imaginary"),
    ("{'a': 1} == {1}", ["L104 {'a': 1}", "L104 {1}"], "a mapping"),
    ("min(*parts, 1) > 0", ["L104 *parts"], "name each value"),
    ("True.x or 'a'.x", ["L104 True", "L104 'a'"], "a fixed value has no fields"),
    ("await thing.flag", ["L104 await thing.flag"], "leave it out"),
    # -- numbers
    ("thing.n > 99999999999999999999", ["L105 99999999999999999999"], "too large"),
    ("thing.n > 1e999", ["L105 1e999"], "too large"),
    ("thing.n > 012", ["L102 012"], "begins with a zero|write 12, or 0.12"),
    ("thing.n > 5km", ["L102 5km"], "neither a number nor a name"),
    ("thing.n > 1.2.3", ["L102 1.2.3"], "neither a number nor a name"),
    # -- habits from elsewhere
    ("thing.flag = True", ["L102 ="], "'=' does not compare|compare with '=='"),
    ('any(p.kind = "alpha" for p in parts)', ["L102 ="], "compare with '=='"),
    ("thing.flag && !thing.quiet || True", ["L102 &&", "L102 !", "L102 ||"], "write 'and' for '&&'"),
    ("thing.n => 1 or thing.n =< 1 or thing.n <> 1", ["L102 =>", "L102 =<", "L102 <>"], "write '>='"),
    ("thing.n ≥ 0,5", ["L102 ≥"], "write '>=' for '≥'"),
    ("thing.n === 1", ["L102 ==="], "write '=='"),
    ("thing.kind == “alpha”", ["L102 “", "L102 ”"], 'write straight quotes: "word"'),
    ("thing.n − 1 > 0", ["L102 −"], "write '-'"),
    ("thing.flag AND thing.quiet", ["L102 AND"], "write 'and' in small letters"),
    ("thing.flag then thing.quiet", ["L102 then"], "an operator is missing before 'then'"),
    ("if thing.flag: True", ["L102 if"], "write the condition alone"),
    ("thing.flag ? 1 : 2", ["L102 ?"], "'?' has no meaning here"),
    ("thing.flag; thing.quiet", ["L102 ;"], "join conditions with 'and'"),
    ("thing.flag and \\\n thing.quiet", ["L102 \\"], "may go over several lines as it is"),
    ("import os", ["L102 import"], "'import' is not part of the language"),
    ("return thing.flag", ["L102 return"], "'return' is not part of the language"),
    ("thing.class == 1", ["L102 class"], "'class' is not part of the language"),
    ("thing.in == 1", ["L102 in"], "cannot be the name of a field"),
    ("thing.flag == not thing.quiet", ["L102 not"], "put it in brackets"),
    ("x := thing.flag", ["L102 :="], "':=' is not part of the language"),
    # -- brackets, quotes, and what is missing
    ("a) or (b", ["L102 )", "L102 ("], "this ')' closes nothing"),
    ("(thing.flag", ["L102 ("], "this '(' is never closed"),
    ("thing.flag]", ["L102 ]"], "this ']' closes nothing"),
    ("(thing.flag]", ["L102 ]"], "this ']' closes a '('"),
    ('thing.kind == "alpha and thing.flag', ['L102 "'], "never closed"),
    ('thing.kind == "alpha\nand thing.flag', ['L102 "'], "close it on the same line"),
    ('thing.kind == """alpha"""', ['L102 "', 'L102 "'], "one quote too many"),
    ("thing.kind ==", ["L102 =="], "the expression ends after '=='"),
    ("thing.flag and", ["L102 and"], "the expression ends after 'and'"),
    ("not", ["L102 not"], "ends after 'not'"),
    ("thing.", ["L102 ."], "ends after '.'"),
    ("== 1", ["L102 =="], "something is missing before '=='"),
    ("thing.flag or or thing.quiet", ["L102 or"], "something is missing before 'or'"),
    ("(thing.flag and )", ["L102 )"], "something is missing between 'and' and ')'"),
    ("any(p.flag for p in)", ["L102 )"], "something is missing between 'in' and ')'"),
    ("thing flag", ["L102 flag"], "an operator is missing before 'flag'"),
    ('thing.kind "alpha"', ['L102 "alpha"'], "an operator is missing"),
    ("thing.id == '\\x'", ["L102 \\"], "the backslash in this text stands for nothing"),
    ("x for x in parts", ["L102 for"], "cannot be read from 'for' on"),
    # -- nothing there
    ("", ["L102 "], "there is no expression here"),
    (" \n\t ", ["L102  "], "there is no expression here"),
    ("# only a comment", ["L102 #"], "there is no expression here"),
    # -- characters
    ("thing.flag\0", ["L102 \0"], "an invisible character stands here (\\x00)"),
    ("thing.flag\u200b", ["L102 \u200b"], "invisible"),
    ("thing.n² > 1", ["L102 ²"], "'²' has no meaning here"),
    ("thing.flag 🙂", ["L102 🙂"], "has no meaning here"),
    ("thing.séverité > 1", ["L203 séverité"], "has no 'séverité'"),
    ("thïng.n > 1", ["L203 thïng"], "did you mean 'thing'?"),
    ("thing.ﬁx > 1", ["L203 ﬁx"], "has no 'fix'"),
    ("'é😀' == thing.id and thing.flagg", ["L203 flagg"], "did you mean 'flag'?"),
    ("thing.id == 'e\u0301' and )", ["L102 )"], "closes nothing"),
    ("# é\n  'é' == thing.id\n  and thing.flagg # ñ", ["L203 flagg"], "did you mean 'flag'?"),
    ("thing.id == '\ud800'", ["L102 thing.id == '\ud800'"], "this cannot be read"),
]


@pytest.mark.parametrize(("text", "places", "says"), MISTAKES, ids=[repr(row[0])[:60] for row in MISTAKES])
def test_a_mistake_is_told_where_it_stands(text: str, places: list[str], says: str) -> None:
    found = mistakes(text)
    assert [f"{each.code} {text[each.start : each.end]}" for each in found] == places
    told = f"{found[0].message} {found[0].hint}"
    assert [words for words in says.split("|") if words not in told] == []


@pytest.mark.parametrize("text", [row[0] for row in MISTAKES])
def test_every_mistake_has_a_known_code_a_message_and_a_hint(text: str) -> None:
    for mistake in mistakes(text):
        assert mistake.code in CODES
        assert mistake.message
        assert mistake.hint
        for python in ("Error", "literal", "syntax", "unterminated", "invalid", "iterable", "parenthes"):
            assert python not in f"{mistake.message} {mistake.hint}"


def test_a_number_is_wanted_where_points_stand() -> None:
    (mistake,) = mistakes("thing.n > 0", Number)
    assert (mistake.code, mistake.message) == ("L201", "a number is needed here, this is true or false")


def test_a_mistake_in_the_middle_of_a_chain_is_told_once() -> None:
    assert len(mistakes("0 < thing.nn < 1")) == 1


def test_of_very_many_mistakes_the_first_are_told() -> None:
    found = mistakes(")" * 3_000)
    assert [each.start for each in found] == list(range(MOST_MISTAKES))


def test_a_pack_without_parameters_has_no_field_to_propose() -> None:
    schema = {"param": Record("parameter", {})}
    for text in ("param > 1", "param.x > 1"):
        (mistake,) = check(text, schema, Boolean).mistakes
        assert mistake.code == "L203"
        assert mistake.hint
