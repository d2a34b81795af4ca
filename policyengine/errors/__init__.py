"""One way to say what is wrong in an input: code, place, message, hint."""

from policyengine.errors.codes import CODES, Advice, Severity
from policyengine.errors.exit_codes import FAULT, FINDINGS, GOOD, USAGE
from policyengine.errors.printable import printable, quoted
from policyengine.errors.problem import CellSpan, InputError, Problem, Problems, Span
from policyengine.errors.render import render_problem, render_problems

__all__ = [
    "CODES",
    "FAULT",
    "FINDINGS",
    "GOOD",
    "USAGE",
    "Advice",
    "CellSpan",
    "InputError",
    "Problem",
    "Problems",
    "Severity",
    "Span",
    "printable",
    "quoted",
    "render_problem",
    "render_problems",
]
