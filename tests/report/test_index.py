"""The index over many scenarios."""

from __future__ import annotations

from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from hypothesis import given, settings
from hypothesis import strategies as st
from report.pages import parsed, skeleton, words_of
from report.test_page_markup import HOSTILE

from policyengine.report.html import render_index
from policyengine.report.page.index import MOST_LISTED, UNTAGGED, index_of, rows_of

Record = dict[str, Any]


def a_cell(layer: str = "first", kind: str = "storm", *levels: str) -> Record:
    return {"layer": layer, "kind": kind, "levels": list(levels)}


def a_record(name: str = "a", tags: tuple[str, ...] = (), cells: tuple[Record, ...] = (), **numbers: int) -> Record:
    counts = dict.fromkeys(
        ("threats", "led", "firm", "contested", "unsettled", "disagreement", "open", "could_change"), 0
    )
    return {
        "name": name,
        "source": f"{name}.yaml",
        "status": "good",
        "files": {f"results/{name}.json": "", f"results/{name}.html": ""},
        "summary": {
            "title": f"Title {name}",
            "year": 2010,
            "tags": list(tags),
            "cells": list(cells),
            **counts,
            **numbers,
        },
    }


def a_bad_one(name: str, message: str = "too high", line: int | None = 3) -> Record:
    problem = {"code": "N105", "message": message, "hint": "at most 1", "line": line, "column": 7 if line else None}
    return {"name": name, "source": f"{name}.yaml", "status": "bad", "files": {}, "problems": [problem] * 5}


def page(records: list[Record]) -> str:
    return "".join(render_index(index_of(records), partial(rows_of, lambda: records)))


def table_rows(tree: Element) -> list[str]:
    return [words_of(row) for table in tree.iter("table") if table.get("class") == "rows" for row in table.iter("tr")]


def test_leads_are_counted_by_layer_and_by_kind_of_threat() -> None:
    cells = (a_cell("first", "storm", "upper"), a_cell("first", "theft", "upper", "lower"), a_cell("second", "storm"))
    index = index_of([a_record(cells=cells)])
    assert index.levels == ("upper", "lower", "nobody")
    assert [(each.name, each.cells, each.parts) for each in index.by_layer] == [
        ("first", 2, (100, 50, 0)),
        ("second", 1, (0, 0, 100)),
    ]
    assert [(each.name, each.parts) for each in index.by_kind] == [("storm", (50, 0, 50)), ("theft", (100, 100, 0))]


def test_where_packs_disagree_most_and_most_is_unknown_stand_first() -> None:
    records = [a_record(f"n{n:02}", disagreement=n % 7, contested=n, could_change=n // 2, open=9) for n in range(30)]
    index = index_of(records)
    assert [row.title for row in index.disputed[:3]] == ["Title n27", "Title n20", "Title n13"]
    assert [row.could_change for row in index.unknown] == [14, 14, 13, 13, 12, 12, 11, 11, 10, 10]
    assert len(index.disputed) == len(index.unknown) == MOST_LISTED


def test_scenarios_stand_by_their_first_tag() -> None:
    records = [a_record("a", ("river", "flood")), a_record("b"), a_record("c", ("flood",)), a_record("d", ("river",))]
    index = index_of(records)
    assert index.groups == (("flood", 1), ("river", 2), (UNTAGGED, 1))
    assert index.tags == (("flood", 2), ("river", 2))
    assert [row.title for row in rows_of(lambda: records, "river")] == ["Title a", "Title d"]


def test_bad_files_are_told_with_their_places() -> None:
    text = words_of(parsed(page([a_bad_one("x"), a_bad_one("y", line=None), a_record()])))
    assert "2 with problems" in text
    assert "x.yaml 3:7 N105 too high (at most 1)" in text
    assert "y.yaml N105 too high (at most 1)" in text
    assert "and 2 more" in text


def test_an_index_of_nothing_is_a_page_all_the_same() -> None:
    assert "No scenario could be evaluated." in words_of(parsed(page([a_bad_one("x")])))


def test_each_row_leads_to_its_page() -> None:
    tree = parsed(page([a_record("ça va/a b")]))
    assert "results/%C3%A7a%20va/a%20b.html" in [link.get("href") for link in tree.iter("a")]


def test_without_a_script_nothing_is_hidden_but_the_tools() -> None:
    tree = parsed(page([a_record("a"), a_record("b", year=1)]))
    assert [each.get("id") for each in tree.iter() if "hidden" in each.attrib] == ["tools"]
    assert len(table_rows(tree)) == 3


def test_only_our_script_may_run() -> None:
    tree = parsed(page([a_record()]))
    (policy,) = [each.get("content", "") for each in tree.iter("meta") if each.get("http-equiv")]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert len(list(tree.iter("script"))) == 1


@given(st.lists(st.sampled_from(HOSTILE), min_size=4, max_size=4))
@settings(max_examples=50)
def test_no_text_reaches_the_index_as_markup(texts: list[str]) -> None:
    def records(name: str, title: str, tag: str, message: str) -> list[Record]:
        good = a_record(name, (tag,), (a_cell("first", "storm", "upper"),), disagreement=1, open=1)
        good["summary"]["title"] = title
        return [good, a_bad_one(f"{name}-bad", message)]

    hostile = parsed(page(records(*(f"{text}{number}" for number, text in enumerate(texts)))))
    assert skeleton(hostile) == skeleton(parsed(page(records("a", "b", "c", "d"))))
