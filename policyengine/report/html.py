"""Reports as HTML pages that need nothing else: no network, no script to read them.

The only importer of Jinja. Every text is escaped, and shown without characters that hide or turn others.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from policyengine.errors.printable import printable
from policyengine.report.blocks import Block, Phrase, Title
from policyengine.report.page.evaluation import EvaluationPage
from policyengine.report.page.index import Index, Row

_ADDRESS: Final = re.compile(r"https?://|[^:]*(#|$)")
_MOST_KEPT: Final = 10_000
"""So many pieces of pages are kept before all are made anew: some twelve megabytes."""

_BREAKS: Final = re.compile(r"\s*[\t\n\v\f\r\x85\u2028\u2029]\s*")


def render_html(blocks: Iterable[Block], navigation: Phrase = ()) -> str:
    """The blocks as one page, with the first title as the title of the page, and links to other pages above it."""
    made = list(blocks)
    title = next((block.text for block in made if isinstance(block, Title)), "policyengine")
    return _render("report.html", title=title, blocks=made, navigation=navigation)


def render_evaluation(page: EvaluationPage) -> str:
    """The page of one result."""
    return _render("evaluation.html", page=page)


def render_index(index: Index, rows: Callable[[str], Iterable[Row]]) -> Iterator[str]:
    """The index over many scenarios, piece by piece; `rows` gives the rows of a group, which are not held."""
    script = Markup(_script())  # noqa: S704 - our own file
    values = {"index": index, "rows": rows, "script": script, "script_hash": f"sha256-{_digest(script)}"}
    stream = _environment().get_template("index.html").stream(values)
    stream.enable_buffering(1_000)
    return iter(stream)


@cache
def _script() -> str:
    return files("policyengine.report").joinpath("templates", "index.js").read_text("utf-8")


def _digest(text: str) -> Markup:
    return Markup(b64encode(sha256(text.encode()).digest()).decode())  # noqa: S704 - letters, digits, + / =


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("policyengine.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
        auto_reload=False,
    )
    environment.filters["kept"] = _Kept(environment)
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["address"] = _address
    return environment


class _Kept:
    """What macros made of values: the same rules, facts and reasons stand on page after page of a batch.

    Values that are equal have to look equal: they are records whose fields are of one type each.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._macros: dict[tuple[str, str], Callable[..., Markup]] = {}
        self._made: dict[tuple[Any, ...], Markup] = {}

    def __call__(self, value: Any, template: str, macro: str, *more: Any) -> Markup:
        """What a macro of a template makes of a value."""
        key = (macro, value, *more)
        found = self._made.get(key)
        if found is None:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            found = self._made[key] = self._macro(template, macro)(value, *more)
        return found

    def _macro(self, template: str, name: str) -> Callable[..., Markup]:
        found = self._macros.get((template, name))
        if found is None:
            module = self._environment.get_template(template).module
            found = self._macros[template, name] = getattr(module, name)
        return found


def _shown(value: Any) -> Any:
    """What stands on the page for a text: on one line, with everything visible. Markup of ours stays as it is."""
    return printable(_BREAKS.sub(" ", value)) if type(value) is str else value


def _address(link: str) -> str:
    """An address that only leads somewhere: one that a browser would run leads nowhere."""
    return link if _ADDRESS.match(link) else "#"
