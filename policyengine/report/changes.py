"""What packs change in those that they extend, with their reasons."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.assess.result import Result
from policyengine.lang.show import number_text
from policyengine.report.blocks import Block, Heading, Item, Items, Paragraph, phrase, quiet, strong


def changes(result: Result) -> Iterator[Block]:
    """The parameters that packs override and the rules that they switch off; nothing if there are none."""
    if not result.overrides and not result.switched_off:
        return
    yield Heading("Changed by packs")
    yield Paragraph(phrase("These changes hold for every view, also for those of the packs that they change."))
    yield Items(
        (
            *(
                Item(
                    phrase(
                        strong(each.parameter.partition("@")[0]), quiet(f" [{each.parameter.partition('@')[2]}]"),
                        f" is {number_text(each.value)} instead of {number_text(each.instead_of)}, set by the pack ",
                        f"{each.by}: {each.because}",
                    )
                )
                for each in result.overrides
            ),
            *(
                Item(phrase("rule ", strong(each.rule), f" is switched off by the pack {each.by}: {each.because}"))
                for each in result.switched_off
            ),
        )
    )  # fmt: skip
