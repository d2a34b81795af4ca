"""Where a reader can go from a name: nowhere in a report that stands alone, to other pages in a book."""

from __future__ import annotations


class Links:
    """Leads nowhere."""

    def claim(self, name: str) -> str:  # noqa: ARG002 - a book knows where
        """Where a claim, `source/claim`, is told."""
        return ""

    def parameter(self, name: str) -> str:  # noqa: ARG002 - a book knows where
        """Where a parameter, `name@pack`, is told."""
        return ""


NOWHERE = Links()


class BookLinks(Links):
    """Leads to the pages of a book; names are made of small letters, digits, hyphens, underscores and slashes."""

    def claim(self, name: str) -> str:
        """The claim on the page of its source."""
        source, _, claim = name.partition("/")
        return f"{self.source(source)}#{claim}"

    def parameter(self, name: str) -> str:
        """The parameter on the page of all parameters."""
        return f"parameters.html#{parameter_anchor(name)}"

    def source(self, name: str) -> str:
        """The page of a source."""
        return f"source-{name}.html"

    def rule(self, name: str) -> str:
        """The page of a rule, `pack/rule`."""
        return f"rule-{name.replace('/', '--')}.html"

    def mark(self, mark: str) -> str:
        """The mark, as effects name it, on the page of all marks."""
        return f"marks.html#{mark_anchor(mark)}"


def parameter_anchor(name: str) -> str:
    """The place of a parameter on its page."""
    return name.replace("@", "--")


def mark_anchor(mark: str) -> str:
    """The place of a mark, `record.marks.name@pack`, on its page."""
    return mark.replace(".marks.", "-").replace("@", "--")
