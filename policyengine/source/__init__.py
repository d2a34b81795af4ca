"""Files of strangers, read with the place of everything in them; files of ours, written whole."""

from policyengine.source.document import Document, Location, document_of, examine_document, read_document
from policyengine.source.files import is_left_over, real_path, stays_in, whole_file, write_whole
from policyengine.source.lines import Lines
from policyengine.source.nodes import Mapping, Node, Plain, Scalar, Sequence, Style, Value
from policyengine.source.unsaved import OpenTexts, preferring

__all__ = [
    "Document",
    "Lines",
    "Location",
    "Mapping",
    "Node",
    "OpenTexts",
    "Plain",
    "Scalar",
    "Sequence",
    "Style",
    "Value",
    "document_of",
    "examine_document",
    "is_left_over",
    "preferring",
    "read_document",
    "real_path",
    "stays_in",
    "whole_file",
    "write_whole",
]
