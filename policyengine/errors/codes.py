"""The table of codes: a short title and what to do, for every code that a problem can carry.

The letter says what the problem is about: S the text of a file, N a scenario, L the language of conditions, P a pack,
a rule or a parameter, C claims and sources, R the quality of rules, T tests of rules, V tables of variations, E the
environment and the engines. A code keeps its meaning for good; one that is no longer used is not given to something
else.
"""

from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Advice(NamedTuple):
    """What a code stands for, how to put it right, and how much it weighs.

    Only an error keeps a file from being used; a warning is most likely a mistake, a note may be meant.
    """

    title: str
    what_to_do: str
    severity: Severity = "error"


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
    "S051": Advice("Not a result of policyengine", "Give a file that evaluate --format json wrote."),
    "S052": Advice("Nothing to compare", "Name scenarios, results or batches that have something in common."),
    "S053": Advice("Batch whose results cannot be read", "Run the batch again with --format json."),
    "S040": Advice("Link out of the folder", "Name the file itself, or copy it into the folder."),
    "S041": Advice("File without the one layout", "Take anchors, tags and odd comments out, or leave the file so."),
    "S039": Advice("More problems than shown", "Correct the problems shown and run again."),
}

# Scenarios, packs, registers of claims and tests are read in one way: the numbers mean the same after N, P, C and T.
_FIELDS: Final = {
    "101": Advice("Not a mapping of fields", "Begin the file with fields, one 'name: value' a line."),
    "102": Advice("Unknown field", "Correct the name of the field, or take it out."),
    "103": Advice("Field missing", "Add the field; it is always needed."),
    "104": Advice("Value of the wrong type", "Write what the message asks for: text, a number, true or false, a list."),
    "105": Advice("Number out of range", "Give a number within the range that the hint names."),
    "106": Advice("Name or address that cannot be used", "Write it in the form that the hint shows."),
    "107": Advice("Not one of the possible words", "Use one of the words that the hint lists."),
    "108": Advice("Too long, too short or empty", "Give as much as the hint says."),
    "110": Advice("Values that do not go together", "Change one of them as the message says."),
}

_SCENARIO: Final = {
    "N201": Advice("Id given twice", "Give each jurisdiction, tie or threat an id of its own."),
    "N202": Advice("Unknown parent", "Name a jurisdiction of the same file, or leave the parent out."),
    "N203": Advice("Parents in a circle", "Take one of the parents out."),
    "N204": Advice("Tie to an unknown jurisdiction", "Name a jurisdiction of the same file."),
    "N205": Advice("Tie to itself", "Name each party once; a tie needs two."),
    "N206": Advice("Reason for a value that is not there", "Give the value, or take the reason out."),
    "N208": Advice("Record of an unknown jurisdiction", "Name a jurisdiction of the same file."),
    "N209": Advice("No documented case", "Name scenario files that have an outcome."),
    "N210": Advice("Threat at an unknown place", "Name jurisdictions of the same file, or leave the places out."),
    "N211": Advice("Place named twice", "Name each place once."),
    "N212": Advice("Threat that is nowhere", "Name a jurisdiction, or leave the places out if they are not known."),
    "N213": Advice("Record that does not say of which threat", "Name the threat in the outcome: threat: NAME."),
    "N214": Advice("Record of an unknown threat", "Name a threat of the same file."),
    "N215": Advice("Two cases of one name", "Give each case a name of its own, or leave one out."),
    "N216": Advice("Link out of the folder of cases", "Copy the file into the folder."),
    "N217": Advice("Folder of cases that cannot be read", "Ask for read access to the folder."),
    "N301": Advice("Word that no pack declares", "Use a word of the vocabulary, or declare it in a pack."),
    "N302": Advice("Fact that no pack declares", "Use a declared fact, or declare it in a pack."),
    "N303": Advice("Declared fact of the wrong type", "Write what the pack declares for it."),
    "N304": Advice("Name that no pack declares", "Use a word of the vocabulary as the name, or declare it in a pack."),
    "N305": Advice("Words of packs that were not named", "Name your packs under 'packs' or with --pack."),
}

_LANGUAGE: Final = {
    "L101": Advice("Expression too long", "Split the rule in two, with a mark that one sets and the other tests."),
    "L102": Advice("Not an expression", "Correct the place shown; the mistake may also stand just before it."),
    "L103": Advice("Nested too deeply", "Split the rule in two, with a mark that one sets and the other tests."),
    "L104": Advice("Not part of the language", "Write it with the operators and functions of the language."),
    "L105": Advice("Number too large", "Use a coarser unit."),
    "L201": Advice("Condition or number needed", "A condition is true or false; points are a number."),
    "L202": Advice("Operator on the wrong kind of value", "Give the operator what it works on."),
    "L203": Advice("Unknown name", "Use a name of the vocabulary, a parameter or a mark that the pack sees."),
    "L204": Advice("Values that cannot be compared", "Compare numbers with numbers and words with words of one list."),
    "L205": Advice("Unknown word", "Use a word of the vocabulary."),
    "L206": Advice("Wrong list after 'in'", "Write the values in round brackets, with a comma between them."),
    "L207": Advice("Wrong use of a function or quantifier", "Write it in the form that the hint shows."),
}

_PACK: Final = {
    "P109": Advice("Effect of no kind", "Begin the entry with score, bar, mark, favour, measure or caution."),
    "P201": Advice("Rule in a file of another name", "Name the file as the rule."),
    "P202": Advice("Rule defined twice", "Give each rule of a pack a name of its own."),
    "P203": Advice("Unknown layer or model", "Use one that a pack declares."),
    "P301": Advice("Rules that wait for one another", "Break the circle: take out one test of a mark."),
    "P302": Advice("Points without limit", "Bound them with clip(points, low, high)."),
    "P303": Advice("Points too large to be added exactly", "Use smaller points, or bound them with clip."),
    "P401": Advice("Unknown name in an example", "Use a name that a condition could use."),
    "P402": Advice("Example that no scenario could hold", "Give a value of the type and range of the field."),
    "P501": Advice("No such pack", "Name a shipped pack, or the folder of one."),
    "P502": Advice("Folder without pack.yaml", "Add a pack.yaml, or name another folder."),
    "P503": Advice("Link out of the pack's folder", "Copy the file into the folder."),
    "P504": Advice("Packs that extend one another", "Take one of them out of 'extends'."),
    "P505": Advice("Unknown pack under 'extends'", "Name a shipped pack, or one in a folder beside this one."),
    "P506": Advice("Two packs of one name", "Rename one of them, or leave it out."),
    "P507": Advice("Parameter outside its range", "Change the value or the range, low not above high."),
    "P508": Advice("Too many rule files", "Split the pack."),
    "P509": Advice("Word declared twice", "Take it out of one of the packs, or choose another word."),
    "P510": Advice("File that would not be read", "Put rules in a folder inside the pack; their names end in .yaml."),
    "P511": Advice("Pack in a folder of another name", "Name the folder as the pack, so that others can extend it."),
    "P512": Advice("Declaration that names an unknown list or word", "Name one that a pack declares."),
    "P513": Advice("Pack that argues against itself", "Name the pack that argues the other side."),
    "P514": Advice("Folder of a pack that cannot be read", "Ask for read access to the folder and those inside it."),
    "P515": Advice("Pack name found in two places", "Give the folder of the one that is meant, or rename one."),
    "P516": Advice("Installed pack without its folder", "Tell its makers; the entry point must name the folder."),
    "P517": Advice("Unknown parameter under 'overrides'", "Name a parameter of a pack that this one extends."),
    "P518": Advice("Overrides that disagree", "Take one of them out, or give both the same value."),
    "P519": Advice("Unknown rule under 'switch_off'", "Name a rule of a pack that this one extends, as pack/rule."),
    "P520": Advice("Pack folder nested too deeply", "Put the folder higher up; 16 levels are read."),
    "P521": Advice("File name that is not text", "Rename the file with letters, digits and hyphens."),
    "P522": Advice(
        "Word that no condition could name", "Write it with letters, digits and underscores, a letter first."
    ),
    "P601": Advice("Table without what it needs", "Give the table columns, and rows."),
    "P602": Advice("Table file that is not there or cannot be used", "Name a CSV or XLSX file in the rule's folder."),
    "P603": Advice("Heading of a column that means nothing", "Write a condition, an effect, or the name of a column."),
    "P604": Advice("Column given twice", "Rename or delete one of the two."),
    "P605": Advice("Row of another length than the headings", "Fill or delete the cells at its end."),
    "P606": Advice("Case given twice", "Give each case a name of its own."),
    "P607": Advice("Row without an effect", "Fill in a cell of an effect, or take the row out."),
    "P608": Advice("Table too large", "Split it into several rules, each with its table."),
    "P609": Advice("Cell that its column cannot hold", "Write what the hint says, or leave the cell empty."),
    "P610": Advice("Example of a row that is not there", "Name a case of the table."),
    "P611": Advice("Cell of a workbook that cannot be read", "Put a plain text or number into the cell."),
}

_CLAIMS: Final = {
    "C201": Advice("Source without a register", "Add seeds/<source>.yaml, or correct the name of the source."),
    "C202": Advice("Unknown claim", "Cite a claim of a source that the pack, or one that it extends, names."),
    "C203": Advice("Claim given twice", "Give each claim of a source a name of its own."),
    "C204": Advice("Source in a file of another name", "Name the file as the source."),
}

_ENVIRONMENT: Final = {
    "E301": Advice("File that ended the process evaluating it", "Evaluate it alone; if it happens again, report it."),
    "E302": Advice("File that took too long", "Give it more time with --timeout, or make it smaller."),
    "E304": Advice("Library that is not installed", "Install the extra that the message names."),
    "E303": Advice("Fault of policyengine on a file", "Report it, with the file if you can; the other files went on."),
    "E305": Advice("Cluster that cannot be used", "Start it, and give its machines what the message names."),
    "E306": Advice("Cluster that was lost", "See that it runs, then start the same command again with --resume."),
    "E307": Advice("Address that cannot be used", "See whether it is right, and whether you may read and write there."),
    "E308": Advice("Store that does not answer", "See whether the network works, then start it again with --resume."),
    "E401": Advice("No git", "Install git, or give folders instead of revisions."),
    "E402": Advice("No git repository", "Run it inside the repository, or give folders instead of revisions."),
    "E403": Advice("Unknown git revision", "Name a branch, a tag or a commit of this repository."),
    "E404": Advice("No such folder in a git revision", "Write REV:path/to/pack, from the top of the repository."),
    "E405": Advice("Revision that cannot be unpacked", "See what the message says; or give a folder instead."),
    "E406": Advice("Git that does not answer", "See whether git works in this folder, then try again."),
}

_TABLES: Final = {
    "V101": Advice(
        "Column that leads nowhere", "Name it like a path of the scenario, or param.NAME, weight.PACK/RULE."
    ),
    "V102": Advice("Column given twice", "Keep one of the two."),
    "V103": Advice("Value that a table cannot vary", "Evaluate such scenarios as different scenarios."),
    "V104": Advice(
        "Column or cell of the wrong type", "Give numbers, truths, words or lists of words, as the field needs."
    ),
    "V105": Advice("Number that is not finite", "Give an ordinary number, or null where it is not known."),
    "V106": Advice("Number out of range in a table", "Give a number within the range that the hint names."),
    "V107": Advice("Word in a table that is not known", "Use a word of the vocabulary, or an id of the base."),
    "V108": Advice("Null for a value that has to be known", "Give a value in each row."),
    "V109": Advice("Row with other facts than the first", "Evaluate such rows as different scenarios."),
    "V110": Advice(
        "Table without rows or columns", "Give a column for each value that varies, a row for each variation."
    ),
    "V112": Advice("Too few words for a scenario", "Name a pack that declares sides, levels and kinds of threat."),
    "V113": Advice("Table with other columns than the first one", "Evaluate it on its own, or name its columns alike."),
    "V120": Advice("Table that cannot be read or written", "Use CSV or Parquet, in a file that can be read."),
    "V111": Advice("More memory than is allowed", "Ask for less, or allow more with max_memory."),
}

_TESTS: Final = {
    "T201": Advice("Scenario of a test that cannot be used", "Name a shipped scenario, or a file inside the project."),
    "T202": Advice("Change that leads nowhere", "Write the path as results do: threats.ID.severity."),
    "T203": Advice("Change that no scenario could hold", "Give a value of the type and range of the field."),
    "T204": Advice("Unknown name in what is expected", "Name a rule, layer, model or jurisdiction that the test sees."),
    "T205": Advice("Threat not named", "Say under 'threat' which of the threats the test is about."),
    "T206": Advice("Bounds upside down", "Write the lower bound first: 30..40."),
}

_QUALITY: Final = {
    "R101": Advice("Claim without rule", "Write a rule for the claim, or give it an excuse.", "warning"),
    "R102": Advice("Rule without examples", "Add a case in which it fires and one in which it is silent.", "warning"),
    "R103": Advice("Threshold as a bare number", "Make it a parameter with a range and a meaning.", "warning"),
    "R104": Advice("Parameter that nothing uses", "Use it, or take it out.", "warning"),
    "R105": Advice("Mark that nothing tests", "Test it in another rule, or take it out.", "warning"),
    "R106": Advice("Declared fact that no rule reads", "Use it in a rule, or take it out.", "note"),
    "R107": Advice("Acceptance of something that is not found", "Take the entry out of 'accepts'.", "warning"),
    "R201": Advice("Rule that can never fire", "Correct the limit, the word or the sign."),
    "R202": Advice("Rule that never fires as the parameters stand", "Change the parameter or the limit.", "warning"),
    "R203": Advice("Condition that is never false", "Correct the limit or the word.", "warning"),
    "R204": Advice("Part of a condition that changes nothing", "Take the part out, or correct it.", "warning"),
    "R205": Advice("One reason counted twice", "Leave one of the rules out, or join their claims.", "warning"),
    "R206": Advice("Rules of one pack against one another", "Narrow one, or put them into two packs.", "warning"),
    "R207": Advice("Word that no score can reach", "Write a rule for it, or take the word out.", "warning"),
    "R208": Advice("Table with a gap", "Add a row for the case, or accept that none is meant.", "note"),
    "R209": Advice("Rows of a table that overlap", "Narrow one of the rows, or accept that both count.", "note"),
}

CODES: Final[dict[str, Advice]] = {
    **_SOURCE,
    **{f"{area}{number}": advice for area in "NPCT" for number, advice in _FIELDS.items()},
    **_SCENARIO,
    **_LANGUAGE,
    **_PACK,
    **_CLAIMS,
    **_ENVIRONMENT,
    **_TESTS,
    **_TABLES,
    **_QUALITY,
}
