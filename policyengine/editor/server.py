"""The language server: what editors ask over the standard input, answered from the desk. Only here is pygls known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from policyengine.editor.completion import Proposal, proposals
from policyengine.editor.cursor import Cursor, cursor_at
from policyengine.editor.definition import definition
from policyengine.editor.desk import Around, Desk
from policyengine.editor.hover import hover_text
from policyengine.editor.outline import Entry, outline
from policyengine.editor.positions import character, lines_of, places, units
from policyengine.errors import Problem, Span
from policyengine.version import VERSION

WAIT = 0.15
"""Seconds without a new letter after which a file is examined."""
_KINDS = {
    "claim": lsp.CompletionItemKind.Reference, "key": lsp.CompletionItemKind.Property,
    "word": lsp.CompletionItemKind.EnumMember, "root": lsp.CompletionItemKind.Variable,
    "collection": lsp.CompletionItemKind.Variable, "group": lsp.CompletionItemKind.Module,
    "parameter": lsp.CompletionItemKind.Constant, "name": lsp.CompletionItemKind.Field,
    "function": lsp.CompletionItemKind.Function, "operator": lsp.CompletionItemKind.Keyword,
}  # fmt: skip
_SYMBOLS = {
    "rule": lsp.SymbolKind.Function, "effect": lsp.SymbolKind.Event, "parameter": lsp.SymbolKind.Constant,
    "section": lsp.SymbolKind.Namespace, "word": lsp.SymbolKind.EnumMember, "pack": lsp.SymbolKind.Package,
}  # fmt: skip
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}  # fmt: skip
_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Asked = lsp.HoverParams | lsp.CompletionParams | lsp.DefinitionParams


class Server(LanguageServer):
    """A language server with a desk of open files."""

    def __init__(self) -> None:
        super().__init__("policyengine", VERSION, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.desk = Desk()
        self.waiting: asyncio.TimerHandle | None = None
        self.uris: dict[Path, str] = {}

    @property
    def encoding(self) -> str:
        """The units in which the editor counts."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    def put(self, uri: str, text: str) -> None:
        """Take a text of an open file, and examine all when the typing pauses."""
        path = path_of(uri)
        if path is not None:
            self.desk.put(path, text)
            self.uris[path] = uri
            self.examine_soon()

    def examine_soon(self) -> None:
        """Examine the open files when nothing happened for a moment."""
        if self.waiting is not None:
            self.waiting.cancel()
        self.waiting = asyncio.get_running_loop().call_later(WAIT, self.examine)

    def examine(self) -> None:
        """Tell the editor what is wrong in each open file."""
        try:
            found = self.desk.problems()
        except Exception:  # noqa: BLE001 - the server outlives any file; the fault goes to the editor's log
            _log.exception("examining the open files failed")
            return
        for path, problems in found.items():
            text = self.desk.texts[path]
            diagnostics = [_diagnostic(problem, text, self.encoding) for problem in problems]
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(self.uris[path], diagnostics))

    def answer(self, params: Asked, ask: Callable[[Around, Cursor, str], Answer]) -> Answer | None:
        """Ask something about the place at the cursor; None outside our files."""
        path = path_of(params.text_document.uri)
        around = None if path is None or path not in self.desk.texts else self.desk.around(path)
        if path is None or around is None:
            return None
        lines = lines_of(self.desk.texts[path])
        row = min(params.position.line, len(lines) - 1)
        column = character(lines[row], params.position.character, self.encoding)
        with self.desk.reading():
            return ask(around, cursor_at(lines, row, column), lines[row])

    def location(self, span: Span) -> lsp.Location:
        """A place in a file, open or not, as the editor wants it."""
        path = Path(span.file)
        text = self.desk.texts.get(path)
        if text is None:
            text = path.read_text("utf-8", errors="replace")
        return lsp.Location(self.uris.get(path) or path.resolve().as_uri(), _range(text, span, self.encoding))


def path_of(uri: str) -> Path | None:
    """The file that a URI means; None for anything but a file of this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or "\0" in str(path):
        return None
    drive = Path(str(path)[1:])
    path = drive if drive.drive else path
    return path if path.is_absolute() else None


def _range(text: str, span: Span, encoding: str) -> lsp.Range:
    start, end = places(text, span, encoding)
    return lsp.Range(lsp.Position(*start), lsp.Position(*end))


def _diagnostic(problem: Problem, text: str, encoding: str) -> lsp.Diagnostic:
    hint = f"\nhint: {problem.hint}" if problem.hint else ""
    span = problem.span or Span.whole("")
    severity = _SEVERITIES[problem.severity]
    return lsp.Diagnostic(_range(text, span, encoding), problem.message + hint, severity, problem.code,
                          source="policyengine")  # fmt: skip


server = Server()


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def _opened(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    ls.put(params.text_document.uri, params.text_document.text)


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def _changed(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    ls.put(params.text_document.uri, ls.workspace.get_text_document(params.text_document.uri).source)


@server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
def _saved(ls: Server, _params: lsp.DidSaveTextDocumentParams) -> None:
    ls.examine_soon()


@server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def _changed_elsewhere(ls: Server, _params: lsp.DidChangeWatchedFilesParams) -> None:
    ls.examine_soon()


@server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def _closed(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    path = path_of(params.text_document.uri)
    if path is not None:
        ls.desk.drop(path)
        ls.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))
        ls.examine_soon()


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def _hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    text = ls.answer(params, hover_text)
    # Plain text: what strangers wrote is shown as it is, and no link or picture in it comes alive.
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.PlainText, text)) if text else None


@server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", '"', "'", "/", " "]))
def _complete(ls: Server, params: lsp.CompletionParams) -> lsp.CompletionList:
    def ask(around: Around, cursor: Cursor, line: str) -> list[lsp.CompletionItem]:
        start = cursor.column - len(
            _typed(line[: cursor.column], whole=around.kind != "rule" or "." not in cursor.word)
        )
        edges = [lsp.Position(params.position.line, units(line[:at], ls.encoding)) for at in (start, cursor.column)]
        return [_item(each, lsp.Range(*edges)) for each in proposals(around, cursor)]

    return lsp.CompletionList(is_incomplete=False, items=ls.answer(params, ask) or [])


def _typed(before: str, *, whole: bool) -> str:
    """What of the word before the cursor a proposal stands in for: behind the last dot in a condition."""
    allowed = "-_/." if whole else "-_"
    start = len(before)
    while start and (before[start - 1].isalnum() or before[start - 1] in allowed):
        start -= 1
    return before[start:]


def _item(proposal: Proposal, range_: lsp.Range) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        proposal.label, kind=_KINDS[proposal.kind], filter_text=proposal.insert,
        documentation=proposal.detail or None, text_edit=lsp.TextEdit(range_, proposal.insert),
    )  # fmt: skip


@server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
def _define(ls: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
    span = ls.answer(params, definition)
    return None if span is None else ls.location(span)


@server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def _symbols(ls: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    path = path_of(params.text_document.uri)
    if path is None or path not in ls.desk.texts:
        return []
    with ls.desk.reading():
        entries = outline(path)
    return [_symbol(entry, ls.desk.texts[path], ls.encoding) for entry in entries]


def _symbol(entry: Entry, text: str, encoding: str) -> lsp.DocumentSymbol:
    name = _range(text, entry.name_span, encoding)
    whole = lsp.Range(name.start, max(name.end, _range(text, entry.span, encoding).end))
    inner = [_symbol(each, text, encoding) for each in entry.inner]
    return lsp.DocumentSymbol(entry.name or " ", _SYMBOLS[entry.kind], whole, name, children=inner)


@server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
def _lay_out(ls: Server, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
    path = path_of(params.text_document.uri)
    made = None if path is None or path not in ls.desk.texts else ls.desk.laid_out(path)
    if path is None or made is None:
        return None
    lines = lines_of(ls.desk.texts[path])
    end = lsp.Position(len(lines) - 1, units(lines[-1], ls.encoding))
    return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), made)]


def serve(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Answer until the editor ends the session."""
    server.start_io(stdin, stdout)
