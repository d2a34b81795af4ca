"""Files of strangers, read with the place of everything in them; files of ours, written whole."""

from policyengine.source.document import Document, Location, examine_document, read_document
from policyengine.source.files import write_whole
from policyengine.source.nodes import Mapping, Node, Plain, Scalar, Sequence, Style, Value

__all__ = [
    "Document",
    "Location",
    "Mapping",
    "Node",
    "Plain",
    "Scalar",
    "Sequence",
    "Style",
    "Value",
    "examine_document",
    "read_document",
    "write_whole",
]
