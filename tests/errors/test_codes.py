"""The table of codes and the code that raises them name the same codes."""

import re
from pathlib import Path

import pytest

import policyengine.errors
from policyengine.errors import CODES

PACKAGE = Path(policyengine.errors.__file__).parents[1]
CODE = re.compile(r'"([SNLPCRTVE]\d{3})"')
FAMILY = re.compile(r'f"\{area\}(\d{3})"')
AREAS = "NPCT"
"""Scenarios, packs and registers of claims are read by one function, which puts the letter before the number."""


def used() -> set[str]:
    texts = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py") if file.name != "codes.py"]
    plain = {code for text in texts for code in CODE.findall(text)}
    return plain | {f"{area}{number}" for text in texts for number in FAMILY.findall(text) for area in AREAS}


def test_every_code_that_is_raised_stands_in_the_table() -> None:
    assert used() - CODES.keys() == set()


def test_every_code_of_the_table_is_raised_somewhere() -> None:
    assert CODES.keys() - used() == set()


def test_the_search_finds_codes_in_literals_and_in_the_family_of_fields() -> None:
    assert {"S020", "N204", "L203", "P301", "C202", "N101", "P101", "C101", "P108"} <= used()


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_to_do_in_a_sentence(code: str) -> None:
    advice = CODES[code]
    assert re.fullmatch(r"[SNLPCRTVE]\d{3}", code)
    assert advice.title
    assert not advice.title.endswith(".")
    assert advice.what_to_do.endswith(".")
