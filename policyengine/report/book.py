"""A book of packs: every source, claim, rule, parameter, mark and word on pages that lead to one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from policyengine.analysis.occurrences import Occurrence
from policyengine.report.blocks import (
    Block,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Title,
    linked,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.claims import CarriedClaim, carried_claims
from policyengine.report.html import render_html
from policyengine.report.links import BookLinks, mark_anchor, parameter_anchor
from policyengine.report.rules import parameter_phrase, parameters_of, rule_report
from policyengine.report.words import count, what_was_read, words
from policyengine.rulebook.claims import Claim
from policyengine.rulebook.rule import Pack, Rule, Rulebook, mark_text
from policyengine.rulebook.vocabulary import FACT_SECTIONS, TERM_SECTIONS, Declared

_LINKS = BookLinks()
_NAVIGATION = (
    ("Contents", "index.html"), ("Parameters", "parameters.html"), ("Marks", "marks.html"), ("Words", "words.html"),
)  # fmt: skip


def book_pages(rulebook: Rulebook, found: Callable[[Rule], Sequence[Occurrence]]) -> Iterator[tuple[str, str]]:
    """The pages of a book, each with the name of its file; `found` says what a rule does in scenarios."""
    navigation = tuple(piece for title, page in _NAVIGATION for piece in phrase(linked(title, page), " · "))[:-1]
    carried = {claim.claim: claim for claim in carried_claims(rulebook)}

    def page(name: str, blocks: Iterable[Block]) -> tuple[str, str]:
        return name, render_html(blocks, navigation)

    yield page("index.html", _contents(rulebook, carried.values()))
    yield page("parameters.html", _parameters(rulebook))
    yield page("marks.html", _marks(rulebook))
    yield page("words.html", _words(rulebook))
    for name in rulebook.sources:
        yield page(_LINKS.source(name), _source(rulebook, name, carried))
    for rule in rulebook.rules:
        yield page(_LINKS.rule(rule.name), _rule(rulebook, rule, found(rule)))


def _contents(rulebook: Rulebook, claims: Iterable[CarriedClaim]) -> Iterator[Block]:
    with_rules = {rule.pack for rule in rulebook.rules}
    titles = [pack.file.title for pack in rulebook.packs if pack.id in with_rules]
    yield Title(titles[0] if len(titles) == 1 else "Packs of rules and their sources")
    for pack in rulebook.packs:
        yield from _pack(rulebook, pack)
    yield Heading("Sources")
    of_source = {name: list(own) for name, own in groupby(claims, key=lambda claim: claim.source)}
    yield Items(tuple(Item(_source_in_short(rulebook, name, of_source.get(name, []))) for name in rulebook.sources))


def _pack(rulebook: Rulebook, pack: Pack) -> Iterator[Block]:
    yield Heading(pack.file.title)
    yield Paragraph(phrase(pack.file.summary))
    extends = (("extends", phrase(", ".join(pack.file.extends))),) if pack.file.extends else ()
    yield Facts(
        (
            ("pack", phrase(strong(pack.id), f" {pack.file.version}")),
            ("role", phrase(pack.file.role)),
            *extends,
            ("fingerprint", phrase(quiet(pack.sha256))),
        )
    )
    own = sorted((rule for rule in rulebook.rules if rule.pack == pack.id), key=lambda rule: rule.file)
    for theme, rules in groupby(own, key=lambda rule: rule.file.split("/")[1:-1]):
        yield Heading(words("/".join(theme)) or "Rules", 2)
        yield Items(tuple(Item(_rule_in_short(rule)) for rule in rules))


def _rule_in_short(rule: Rule) -> Phrase:
    return phrase(_rule_link(rule.name, rule.id), f" ({rule.nature}): {rule.why}")


def _rule_link(name: str, shown: str = "") -> Phrase:
    return phrase(linked(shown or name, _LINKS.rule(name)))


def _source_in_short(rulebook: Rulebook, name: str, claims: Sequence[CarriedClaim]) -> Phrase:
    bare = sum(not claim.carried for claim in claims)
    source = rulebook.sources[name]
    told = f": {source.citation} ({what_was_read(source.seen)}); {count(len(claims), 'claim')}, {bare} without a rule"
    return phrase(linked(name, _LINKS.source(name)), told)


def _source(rulebook: Rulebook, name: str, carried: Mapping[str, CarriedClaim]) -> Iterator[Block]:
    source = rulebook.sources[name]
    yield Title(source.title)
    facts = {
        "source": phrase(strong(name)),
        "authors": phrase(", ".join(source.authors)),
        "published in": phrase(source.venue or ""),
        "year": phrase(str(source.year or "")),
        "read": phrase(what_was_read(source.seen)),
        "address": phrase(linked(source.url or "", source.url or "")),
        "note": phrase(source.note or ""),
    }
    yield Facts(tuple((label, text) for label, text in facts.items() if any(piece.text for piece in text)))
    for heading, under in groupby(source.claims, key=lambda claim: claim.heading):
        yield Heading(heading)
        yield Items(tuple(_claim(claim, carried[f"{name}/{claim.claim}"]) for claim in under))


def _claim(claim: Claim, carried: CarriedClaim) -> Item:
    denied = " denied," if claim.polarity == "denied" else ""
    head = phrase(
        strong(claim.claim), quiet(f" ({claim.kind},{denied} number {claim.position})"), f": {claim.paraphrase}"
    )
    return Item(head, tuple(map(Item, _about_claim(claim, carried))), claim.claim)


def _about_claim(claim: Claim, carried: CarriedClaim) -> Iterator[Phrase]:
    for rule in carried.rules:
        yield phrase("carried by ", *_rule_link(rule))
    for parameter in carried.parameters:
        pack, _, name = parameter.partition("/")
        yield phrase("gives the parameter ", linked(name, _LINKS.parameter(f"{name}@{pack}")))
    if claim.excuse:
        yield phrase("note: " if carried.carried else "no rule: ", claim.excuse)
    elif not carried.carried:
        yield (warning("carried by nothing, and no reason is written"),)
    if claim.provision:
        yield phrase(f"provision: {claim.provision}")
    for work in claim.literature:
        address = (linked(f" {work.url}", work.url),) if work.url else ()
        yield phrase(f"literature: {work.what} ({what_was_read(work.seen)})", *address)


def _rule(rulebook: Rulebook, rule: Rule, found: Sequence[Occurrence]) -> Iterator[Block]:
    yield from rule_report(rulebook, rule, found, _LINKS)
    marks = [("sets", rule.sets), ("tests", rule.reads)]
    if rule.sets or rule.reads:
        yield Heading("Marks")
        yield Items(
            tuple(
                Item(phrase(f"{verb} ", linked(mark_text(mark), _LINKS.mark(mark))))
                for verb, all_ in marks
                for mark in sorted(all_)
            )
        )


def _parameters(rulebook: Rulebook) -> Iterator[Block]:
    yield Title("Parameters")
    if not rulebook.parameters:
        yield Paragraph(phrase("These packs have no parameters."))
    used: dict[str, list[str]] = {}
    for rule in rulebook.rules:
        for name in parameters_of(rule):
            used.setdefault(name, []).append(rule.name)
    for pack, names in groupby(rulebook.parameters, key=lambda name: name.partition("@")[2]):
        yield Heading(pack)
        yield Items(tuple(_parameter(rulebook, name, used.get(name, [])) for name in names))


def _parameter(rulebook: Rulebook, name: str, rules: Sequence[str]) -> Item:
    inner = [Item(phrase("used by ", *_rule_link(rule))) for rule in rules]
    parameter = rulebook.parameters[name]
    if parameter.claim:
        inner.append(Item(phrase("from the claim ", linked(parameter.claim, _LINKS.claim(parameter.claim)))))
    if parameter.source:
        inner.append(Item(phrase(f"from {parameter.source}")))
    return Item(parameter_phrase(rulebook, name), tuple(inner), parameter_anchor(name))


def _marks(rulebook: Rulebook) -> Iterator[Block]:
    yield Title("Marks")
    marks = sorted({mark for rule in rulebook.rules for mark in rule.sets | rule.reads})
    yield Paragraph(
        phrase("A mark is a finding that one rule sets and others test." if marks else "No rule sets a mark.")
    )
    for mark in marks:
        yield Heading(mark_text(mark), 1, mark_anchor(mark))
        setters = [Item(phrase("set by ", *_rule_link(rule.name))) for rule in rulebook.rules if mark in rule.sets]
        readers = [Item(phrase("tested by ", *_rule_link(rule.name))) for rule in rulebook.rules if mark in rule.reads]
        yield Items((*setters, *readers))


def _words(rulebook: Rulebook) -> Iterator[Block]:
    yield Title("Words")
    for section in (*TERM_SECTIONS, *FACT_SECTIONS):
        terms = rulebook.vocabulary.terms(section)
        if terms:
            yield Heading(words(section))
            yield Items(tuple(Item(_term(word, term)) for word, term in terms.items()))


def _term(word: str, term: object) -> Phrase:
    kind = f" ({_type(term)})" if isinstance(term, Declared) else ""
    source = getattr(term, "source", None)
    return phrase(strong(word), kind, f": {getattr(term, 'means', '')}", quiet(f" ({source})" if source else ""))


def _type(declared: Declared) -> str:
    if declared.type == "number":
        return f"number from {declared.low:g} to {declared.high:g}"
    listed = f"the {words(declared.of)}" if declared.of else ", ".join(declared.options or ())
    return {"boolean": "true or false", "choice": f"one of {listed}", "choices": f"any of {listed}"}[declared.type]
