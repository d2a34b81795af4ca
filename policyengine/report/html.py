"""Reports as one HTML page that needs nothing else; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from policyengine.errors.printable import printable
from policyengine.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Piece,
    Table,
    Title,
    Tone,
)

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #8884;"
    "vertical-align:top}nav{margin-bottom:2rem}a{color:LinkText}:target{outline:2px solid;outline-offset:4px}"
    "pre{overflow-x:auto;padding:.6rem;border:1px solid #8884}dt{font-weight:bold}dd{margin:0 0 .4rem 1rem}"
    "main,nav{overflow-wrap:anywhere}.number{text-align:right}.quiet{opacity:.8}.warning{font-weight:bold;text-decoration:underline}"
)
_TAGS: Final = {Tone.PLAIN: None, Tone.STRONG: "strong", Tone.WARNING: "span", Tone.QUIET: "span"}


def render_html(blocks: Iterable[Block], navigation: Phrase = ()) -> str:
    """The blocks as one page, with the first title as the title of the page, and links to other pages above it."""
    made = list(blocks)
    title = next((_safe(block.text) for block in made if isinstance(block, Title)), "policyengine")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "\n".join(map(_block, made))
    above = f"<nav>{_phrase(navigation)}</nav>\n" if navigation else ""
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head>\n'
        f"<body>\n{above}<main>\n{body}\n</main>\n</body></html>\n"
    )


def _safe(text: str) -> str:
    return escape(printable(text))


def _phrase(phrase: Phrase) -> str:
    return "".join(map(_piece, phrase))


def _piece(piece: Piece) -> str:
    text = f"<code>{_safe(piece.text)}</code>" if piece.code else _safe(piece.text)
    return _toned(f'<a href="{_safe(piece.link)}">{text}</a>' if piece.link else text, piece.tone)


def _toned(text: str, tone: Tone) -> str:
    tag = _TAGS[tone]
    if tag is None:
        return text
    return f"<{tag}>{text}</{tag}>" if tag == "strong" else f'<{tag} class="{tone.value}">{text}</{tag}>'


def _block(block: Block) -> str:  # noqa: PLR0911 - one return for each kind of block
    match block:
        case Title(text):
            return f"<h1>{_safe(text)}</h1>"
        case Heading(text, level, anchor):
            return f"<h{level + 1}{_id(anchor)}>{_safe(text)}</h{level + 1}>"
        case Paragraph(phrase):
            return f"<p>{_phrase(phrase)}</p>"
        case Items(items):
            return _items(items)
        case Facts(pairs):
            rows = "".join(f"<dt>{_safe(label)}</dt><dd>{_phrase(text)}</dd>" for label, text in pairs)
            return f"<dl>{rows}</dl>"
        case Code(text, _):
            return f"<pre>{_safe_lines(text)}</pre>"
        case Table():
            return _table(block)


def _safe_lines(text: str) -> str:
    return "\n".join(map(_safe, text.splitlines()))


def _items(items: Sequence[Item]) -> str:
    inner = "".join(
        f"<li{_id(item.anchor)}>{_phrase(item.phrase)}{_items(item.inner) if item.inner else ''}</li>" for item in items
    )
    return f"<ul>{inner}</ul>"


def _id(anchor: str) -> str:
    return f' id="{_safe(anchor)}"' if anchor else ""


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col"{_side(column)}>{_safe(column.title)}</th>' for column in table.columns)
    parts = []
    for group in table.groups:
        span = len(table.columns)
        if group.head:
            parts.append(f'<tr><th colspan="{span}">{_phrase(group.head)}</th></tr>')
        parts += [f"<tr>{''.join(map(_cell, table.columns, row))}</tr>" for row in group.rows]
        parts += [f'<tr><td colspan="{span}">{_phrase(note)}</td></tr>' for note in group.notes]
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(parts)}</tbody></table>"


def _cell(column: Column, cell: Cell) -> str:
    text = f"{cell.share} %" if column.kind == "bar" and cell.share is not None and not cell.text else _safe(cell.text)
    return f"<td{_side(column)}>{_toned(text, cell.tone)}</td>"


def _side(column: Column) -> str:
    return ' class="number"' if column.kind == "number" else ""
