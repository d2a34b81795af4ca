"""The page on speed and memory, from the figures that `benchmarks/growth.py` and `benchmarks/compare.py` wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Figures = Mapping[str, Any]


TABLE, RETE, HOST = "policyengine, table of variations", "policyengine, rete", "durable-rules, Host"


def performance_page(found: Figures, rivals: Figures, head: str) -> str:
    """The tables in the places that the head has for them."""
    about, pair, profile = found["about"], found["workers"][0], found["profile"][0]
    return head.format(
        about=_about(about),
        targets=_table(("what", "wanted", "reached", ""), (*_targets(found), *_rival_targets(rivals))),
        rivals_about=_about(rivals["about"]),
        rivals=_table(("engine", "version", *_rival_titles(rivals["rules"])), _rivals(rivals["rules"])),
        rivals_failed=_failed(rivals["rules"]),
        many=_table(("rules", "of", "scenarios a processor second", "times closures"), map(_many, found["many"])),
        growth=_table(
            ("rows", "rules", "varied fields", "processes", "seconds", "processor seconds", "rows a processor second",
             "physical limit, processor seconds", "memory MiB"),
            map(_growth, found["growth"]),
        ),
        columns=_table(
            ("rules", "varied fields", "form", "rows a processor second", "times closures", "times the kernel's rate"),
            map(_columns, found["columns"]),
        ),
        fold=_table(("rules", "varied fields", "seconds"), map(_fold, found["fold"])),
        workers=_table(
            ("run", "one process, s", "two processes, s", "ratio", "one, chain", "two, chain", "ratio"), _workers(pair)
        ),
        shipped=_shipped(found["shipped"][0]),
        spent_one=pair["cpu_s"][0], spent_two=pair["cpu_s"][1], load=pair["load"],
        more=100 * (pair["cpu_s"][1] / pair["cpu_s"][0] - 1),
        cores=about["machine"].partition(" of ")[0],
        profile_rows=profile["rows"],
        profile=_table(("function", "per cent"), ((f"`{name}`", str(part)) for name, part in profile["parts"])),
    )  # fmt: skip


def _about(about: Figures) -> str:
    return (
        f"policyengine {about['policyengine']}, Python {about['python']}, NumPy {about['numpy']}, pyarrow "
        f"{about['pyarrow']}, {about['machine']}, {about['date']}"
    )


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(titles)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _targets(found: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    columns = {(each["rules"], each["fields"], each["wide"]): each for each in found["columns"]}
    for rules, wanted in ((40, 50), (400, 30)):
        times = columns[rules, 6, False]["to_closures"]
        yield _target(f"variations against plain closures, {rules} rules", f"{wanted} times", times, wanted, "times")
    slower = 1 / columns[40, 6, False]["to_kernel"]
    yield _target(
        "time against the NumPy kernel written by hand, 40 rules", "1.5 times", slower, 1.5, "times", most=True
    )
    slower = 1 / columns[400, 6, False]["to_kernel"]
    yield _target("the same, 400 rules", "1.5 times", slower, 1.5, "times", most=True)
    ones = {
        each["rows"]: each for each in found["growth"] if (each["rules"], each["fields"], each["workers"]) == (40, 6, 1)
    }
    large, small = ones[10_000_000]["rss_mib"], ones[1_000_000]["rss_mib"]
    yield _target("peak memory, 10,000,000 rows from Parquet to Parquet", "under 600 MiB", large, 600, "MiB", most=True)
    yield _target("the same against 1,000,000 rows", "1.2 times", large / small, 1.2, "times", most=True)
    pair = found["workers"][0]
    yield _target("two processes against one, 4,000,000 rows, best of each", "1.7 times", pair["best"], 1.7, "times")
    yield _target("the same, median of pairs", "1.7 times", pair["median"], 1.7, "times")
    chain = "the same in processor time, the longest chain of processes, median"
    yield _target(chain, "1.7 times", pair["chain_median"], 1.7, "times")
    for each in found["many"]:
        if each["rules"] == 40:
            what = f"different scenarios from objects against closures, 40 {'shipped ' * each['shipped']}rules"
            yield _target(what, "5 times", each["to_closures"], 5, "times")
    slowest = max(each["cpu_s"] for each in found["fold"] if each["rules"] == 400)
    yield _target("partial evaluation of 400 rules", "under 0.5 s", slowest, 0.5, "s", most=True)


def _rival_targets(found: Figures) -> Iterable[tuple[str, ...]]:
    """The table of variations against the others, at 40 rules: at 400 it is ahead by more."""
    rows = {each["name"]: each for each in found["rules"]["40"]}
    best = max((each for each in rows.values() if each["kind"] == "rival"), key=lambda each: each["rate"])
    aims = ((f"the fastest rival ({best['name']})", best["name"], 50), ("`rete`", RETE, 300), (HOST, HOST, 1000))
    for what, name, wanted in aims:
        times = rows[TABLE]["rate"] / rows[name]["rate"]
        yield _target(f"variations against {what}, 40 rules", f"{wanted:,} times", times, wanted, "times")


def _rival_titles(found: Iterable[str]) -> Iterable[str]:
    for rules in found:
        yield from (f"{rules} rules, scenarios a second", "table of variations faster by")


def _rivals(found: Mapping[str, list[Figures]]) -> Iterable[Iterable[str]]:
    """A row for each engine, the fastest at the fewest rules first."""
    each = {rules: {row["name"]: row for row in rows} for rules, rows in found.items()}
    first = next(iter(each.values()))
    for name in sorted(first, key=lambda name: -first[name]["rate"]):
        cells = (cell for rows in each.values() for cell in _rival(rows.get(name), rows[TABLE]["rate"]))
        yield name, first[name]["version"], *cells


def _rival(row: Figures | None, table: float) -> tuple[str, str]:
    if row is None or not row["rate"]:
        return "fails" if row else "", ""
    return f"{row['rate']:,.0f}", _short(table / row["rate"]) if row["name"] != TABLE else ""


def _failed(found: Mapping[str, list[Figures]]) -> str:
    failed = [
        f"{row['name']} at {rules} rules: `{row['fails']}`"
        for rules, rows in found.items()
        for row in rows
        if row["fails"]
    ]
    return f"What fails, and how: {'; '.join(failed)}." if failed else "None fails."


def _many(each: Figures) -> Iterable[str]:
    of = "copies of the shipped scenarios" if each["shipped"] else "scenarios made at random"
    rules = f"{each['rules']}{' shipped' * each['shipped']}"
    return rules, of, f"{each['scenarios_per_s']:,}", f"{each['to_closures']:.3g}"


def _target(what: str, wanted: str, value: float, bound: float, unit: str, *, most: bool = False) -> tuple[str, ...]:
    reached = value <= bound if most else value >= bound
    return (
        what,
        wanted,
        f"{_short(value)} {unit}",
        "reached" if reached else "**short**",
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _growth(each: Figures) -> Iterable[str]:
    rate = each["rows"] / each["cpu_s"]
    numbers = (each["rows"], each["rules"], each["fields"], each["workers"])
    seconds = (each["seconds"], each["cpu_s"])
    return [
        *(f"{number:,}" for number in numbers), *(f"{value:.1f}" for value in seconds), f"{rate:,.0f}",
        f"{each['limit_cpu_s']:.2f}", f"{each['rss_mib']:.0f} ({each['pss_mib']:.0f})",
    ]  # fmt: skip


def _columns(each: Figures) -> Iterable[str]:
    form = "scores and shares" if each["wide"] else "leads"
    return [
        str(each["rules"]), str(each["fields"]), form, f"{each['rows_per_s']:,}", str(each["to_closures"]),
        str(each["to_kernel"]),
    ]  # fmt: skip


def _fold(each: Figures) -> Iterable[str]:
    return str(each["rules"]), str(each["fields"]), f"{each['cpu_s']:.3f}"


def _workers(each: Figures) -> Iterable[tuple[str, ...]]:
    clock = zip(each["one_s"], each["two_s"], strict=True)
    chains = zip(each["chain_one_s"], each["chain_two_s"], strict=True)
    for number, pairs in enumerate(zip(clock, chains, strict=True), start=1):
        yield str(number), *(text for one, two in pairs for text in (f"{one:.1f}", f"{two:.1f}", f"{one / two:.2f}"))


def _shipped(each: Figures) -> str:
    what = f"{each['rows']:,} variations of `{each['scenario']}` in {each['fields']} fields"
    who = f"under the {each['rules']} rules of the shipped packs, by {each['workers']} processes"
    took = f"{each['seconds']:.0f} seconds, {each['cpu_s']:.0f} of processors"
    held = f"{each['rss_mib']:.0f} MiB ({each['pss_mib']:.0f} with shared memory counted once)"
    return f"{what}, {who}: {took}, {held}."
