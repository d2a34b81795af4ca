"""The table of codes: a short title and what to do, for every code that a problem can carry.

The letter says what the problem is about: S the text of a file, N a scenario, L the language of conditions, P a pack,
a rule or a parameter, C claims and sources, E the environment and the engines. A code keeps its meaning for good; one
that is no longer used is not given to something else.
"""

from typing import Final, NamedTuple


class Advice(NamedTuple):
    """What a code stands for, and how to put it right."""

    title: str
    what_to_do: str


_SOURCE: Final = {
    "S001": Advice("File not found", "Check the spelling of the path, and the folder from which it is looked up."),
    "S002": Advice("A folder instead of a file", "Give the path of one file inside the folder."),
    "S003": Advice("Not an ordinary file", "Give an ordinary file; pipes, devices and sockets are not read."),
    "S004": Advice("No permission to read the file", "Ask for read access, or copy the file to a place of your own."),
    "S005": Advice("File cannot be read", "See what the operating system says in the message."),
    "S006": Advice("Unknown type of file", "Use a name that ends in .yaml, .yml or .json."),
    "S007": Advice("File too large", "Split the file; one file may hold up to 5 MB."),
    "S008": Advice("Text is not UTF-8", "Save the file again with the encoding UTF-8."),
    "S009": Advice("Character that does not belong in a text file", "Delete the character, or write it as an escape."),
    "S010": Advice("Empty file", "Write the fields the file should have; comments alone do not count."),
    "S011": Advice("Not valid YAML", "Correct the place shown; the mistake may also stand just before it."),
    "S012": Advice("Tab in the indentation", "Indent with spaces; YAML does not allow tabs there."),
    "S013": Advice("Quote or bracket never closed", "Add the closing quote or bracket."),
    "S014": Advice("Colon inside unquoted text", "Put the whole text in quotes."),
    "S015": Advice("Several documents in one file", "Put each document into a file of its own."),
    "S016": Advice("Not valid JSON", "Correct the place shown; the mistake may also stand just before it."),
    "S017": Advice("More text after the end of the JSON value", "Delete what follows the closing bracket."),
    "S020": Advice("Key given twice", "Keep one of the two, or rename one."),
    "S021": Advice("No value", "Leave the field out when its value is not known."),
    "S022": Advice("No key", "Write a name before the colon."),
    "S023": Advice("Key that is not text", "Use a plain word as the key, or put the text in quotes."),
    "S024": Advice("Merge key", "Write the fields out in full."),
    "S025": Advice("Tag", "Leave the tag out; quote the text if the ! belongs to it."),
    "S026": Advice("Number that is not finite", "Give an ordinary number, or leave the field out."),
    "S027": Advice("Number too large", "Use a coarser unit, or quotes if it is an identifier."),
    "S028": Advice("Half a character", "Write both halves of the surrogate pair, or the character itself."),
    "S030": Advice("Nested too deeply", "Flatten the structure; 32 levels are allowed."),
    "S031": Advice("Too many values", "Split the file; 100,000 values are allowed."),
    "S032": Advice("Unknown alias", "Define the anchor before its use, or quote text that begins with a star."),
    "S033": Advice("Alias inside its own anchor", "Write the value out; a value cannot contain itself."),
    "S034": Advice("Aliases expand too far", "Write the values out instead of repeating them through aliases."),
    "S039": Advice("More problems than shown", "Correct the problems shown and run again."),
}

CODES: Final[dict[str, Advice]] = {**_SOURCE}
