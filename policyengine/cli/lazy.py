"""Commands with examples in their help, and groups that import a command when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any

import click

from policyengine.cli import shipped_names

HELP_NAMES = {"help_option_names": ["-h", "--help"]}


class Documented(click.Command):
    """A command whose help ends with examples; `{scenario}` and the like stand for shipped names."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), notes: str = "", **kwargs: Any) -> None:
        """Take the examples and notes beside what click takes."""
        kwargs["context_settings"] = HELP_NAMES | (kwargs.get("context_settings") or {})
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        self.notes = notes

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse arguments that are empty: as a path each would mean the current folder."""
        given = ["", *args]
        rest = super().parse_args(ctx, args)
        if not isinstance(self, click.Group) and not ctx.resilient_parsing:
            for before, argument in pairwise(given):
                name, equals, value = argument.partition("=")
                if not argument or (equals and not value and name in self._options):
                    empty = next((each for each in (name, before) if each in self._options), "an argument")
                    ctx.fail(f"{empty} is empty; give a value, and see whether a shell variable is set")
        return rest

    @property
    def _options(self) -> frozenset[str]:
        """The options that take a value, as they are written."""
        options = (each for each in self.params if isinstance(each, click.Option) and not each.is_flag)
        return frozenset(name for each in options for name in each.opts)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and the notes."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{shipped_names.fill(example)}\n")
        if self.notes:
            formatter.write_paragraph()
            formatter.write_text(self.notes)


class DocumentedGroup(Documented, click.Group):
    """A group whose help ends with examples."""


class LazyGroup(DocumentedGroup):
    """A group that imports the module of a command when the command is asked for."""

    def __init__(self, *args: Any, commands_in: Mapping[str, str], **kwargs: Any) -> None:
        """Take the commands by name, each with its module."""
        super().__init__(*args, **kwargs)
        self.commands_in = commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which they are registered."""
        return [*self.commands_in, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and take the command out of it."""
        module = self.commands_in.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(module), module.rpartition(".")[2])
        assert isinstance(command, click.Command)  # noqa: S101 - a module of ours that the tests import
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or propose the near name."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            from policyengine.errors.near_names import near_or_list

            ctx.fail(f"there is no command '{name}'; {near_or_list(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)
