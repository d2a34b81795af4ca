"""The table of codes and the code that raises them name the same codes."""

import re
from pathlib import Path

import policyengine.errors
from policyengine.errors import CODES

PACKAGE = Path(policyengine.errors.__file__).parents[1]
CODE = re.compile(r'"([SNLPCE]\d{3})"')


def used() -> set[str]:
    files = [file for file in PACKAGE.rglob("*.py") if file.name != "codes.py"]
    return {code for file in files for code in CODE.findall(file.read_text(encoding="utf-8"))}


def test_every_code_that_is_raised_stands_in_the_table() -> None:
    assert used() - CODES.keys() == set()


def test_every_code_of_the_table_is_raised_somewhere() -> None:
    assert CODES.keys() - used() == set()


def test_every_code_says_what_to_do_in_a_sentence() -> None:
    for code, advice in CODES.items():
        assert re.fullmatch(r"[SNLPCE]\d{3}", code)
        assert advice.title
        assert not advice.title.endswith(".")
        assert advice.what_to_do.endswith(".")
