"""What reports cost: pages beside JSON, an index of ten thousand scenarios in a browser, and a batch by its memory.

Run `python benchmarks/reports.py`, or name some of: pages index batch tables. The browser is `chromium`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from files import write_files

from policyengine.analysis.summary import summary_of
from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.assess.result import Result, plain
from policyengine.domain.scenario import Scenario
from policyengine.explanation import Explainer
from policyengine.report.data import render_json
from policyengine.report.html import render_evaluation, render_index
from policyengine.report.page.evaluation import evaluation_page
from policyengine.report.page.index import index_of, rows_of
from policyengine.report.result_json import ResultWriter
from policyengine.rulebook.rule import Rulebook
from policyengine.shipped import folder

ROWS = 10_000
PAGES = 1_000
WARM = 2
"""So many pages are made first: with them templates are compiled."""
BATCHES = (1_000, 20_000)
HARBOUR = Path(__file__).parent.parent / "docs" / "examples" / "harbour"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]


def pages() -> None:
    """Pages made as a batch makes them, over the JSON of the same results: scenarios all new, then a thousand files.

    Two JSONs: what a user of the Python API writes, and what the batch writes.
    """
    rulebook = load_packs()
    new = [load_scenario(path, rulebook) for path in sorted(folder("scenarios").rglob("*.yaml"))]
    ready = [(file.scenario, evaluate(file, rulebook, "reference")) for file in new]
    spent_on(ready[:WARM], rulebook)
    tell_pages("pages all new to the process", spent_on(ready[WARM:], rulebook))
    spent = spent_on(distinct(PAGES, rulebook), rulebook)
    tell_pages("pages", spent)
    tell("one page", f"{spent['page']:.1f} ms, {spent['page KB']:.0f} KB")
    tell("its reasons", f"{spent['reasons']:.1f} ms")
    tell("one JSON of the Python API", f"{spent['api']:.1f} ms")
    tell("one JSON of the batch", f"{spent['batch']:.2f} ms, {spent['JSON KB']:.0f} KB")


def spent_on(results: Iterable[tuple[Scenario, Result]], rulebook: Rulebook) -> dict[str, float]:
    """Milliseconds of processor time for a result in each form, and KB, on average.

    One scenario after the other, so that whatever else the machine does falls on all forms alike.
    """
    sums: Counter[str] = Counter()
    explainer, writer = Explainer(rulebook), ResultWriter()
    for scenario, result in results:
        start = time.process_time()
        render_json(plain(result)).encode()
        by_api = time.process_time()
        json = writer.write(result).encode()
        by_batch = time.process_time()
        explanation = explainer.explain_in_short(result, scenario)
        explained = time.process_time()
        page = render_evaluation(evaluation_page(explanation, scenario, ["x.yaml"])).encode()
        drawn = time.process_time()
        sums.update({"api": by_api - start, "batch": by_batch - by_api, "reasons": explained - by_batch})
        sums.update({"page": drawn - explained, "page KB": len(page) / 1e6, "JSON KB": len(json) / 1e6, "number": 1})
    return {name: 1000 * value / sums["number"] for name, value in sums.items()}


def tell_pages(what: str, spent: dict[str, float]) -> None:
    """Both ratios, with and without the reasons."""
    for name, noun in (("api", "JSON of the Python API"), ("batch", "JSON of the batch")):
        drawing, whole = spent["page"] / spent[name], (spent["page"] + spent["reasons"]) / spent[name]
        tell(f"{what} over the {noun}", f"{whole:.1f} times, {drawing:.1f} without the reasons")


def distinct(number: int, rulebook: Rulebook) -> Iterator[tuple[Scenario, Result]]:
    """So many scenarios, no two of them alike, with their results."""
    with tempfile.TemporaryDirectory() as place:
        for path in write_files(Path(place), number, "shipped"):
            file = load_scenario(path, rulebook)
            yield file.scenario, evaluate(file, rulebook, "reference")


def index() -> None:
    """An index of ten thousand scenarios, opened in a browser: until it is drawn, and until it is sorted."""
    from playwright.sync_api import sync_playwright

    records = list(many_records())
    text = "".join(render_index(index_of(records), partial(rows_of, lambda: records)))
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        path = Path(place) / "index.html"
        path.write_text(text, "utf-8")
        tell("index", f"{ROWS:,} scenarios, {len(text.encode()) / 1e6:.1f} MB")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        opened, sorted_, filtered = [], [], []
        for _ in range(5):
            tab = browser.new_page()
            opened.append(seconds(partial(open_and_draw, tab, path.as_uri())))
            sorted_.append(seconds(partial(act_and_draw, tab, "document.querySelector('#list thead button').click()")))
            search = "find.value = '77'; find.dispatchEvent(new Event('input'))"
            filtered.append(
                seconds(partial(act_and_draw, tab, f"const find = document.getElementById('find'); {search}"))
            )
            tab.close()
        browser.close()
    for what, taken in (("opened", opened), ("sorted", sorted_), ("filtered", filtered)):
        tell(f"index {what}", f"{statistics.median(taken):.2f} s (worst {max(taken):.2f} s)")


def many_records() -> Any:
    """Ten thousand records, made from the shipped scenarios under new names, with twenty tags."""
    rulebook = load_packs()
    files = [load_scenario(path, rulebook) for path in sorted(folder("scenarios").glob("*.yaml"))]
    summaries = [summary_of(evaluate(file, rulebook, "reference"), file.scenario) for file in files]
    for number in range(ROWS):
        summary = summaries[number % len(summaries)]
        named = summary | {"title": f"{summary['title']} {number}", "tags": [f"tag-{number % 20}", *summary["tags"]]}
        files_of = {f"results/{number}.html": ""}
        yield {"name": str(number), "source": f"{number}.yaml", "status": "good", "files": files_of, "summary": named}


def open_and_draw(tab: Any, address: str) -> None:
    """Open a page and wait until it has been drawn."""
    tab.goto(address, wait_until="load")
    tab.evaluate(DRAWN)


def act_and_draw(tab: Any, script: str) -> None:
    """Do something on a page and wait until it has been drawn anew."""
    tab.evaluate(f"() => {{ {script} }}")
    tab.evaluate(DRAWN)


DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def batch() -> None:
    """A small and a large batch of small files: files a second, and the memory of the process that keeps account."""
    peaks = [measured(number, "html,json") for number in BATCHES]
    tell("memory, the large batch over the small one", f"{peaks[1] / peaks[0]:.2f} times")


def tables() -> None:
    """The same batches with tables alone, in one format after the other."""
    for form in ("csv", "parquet", "xlsx"):
        peaks = [measured(number, form) for number in BATCHES]
        tell(f"memory with {form}, the large batch over the small one", f"{peaks[1] / peaks[0]:.2f} times")


def measured(number: int, form: str) -> int:
    """Run a batch of so many small files; tells how it went, and gives its memory in KiB."""
    text = (HARBOUR.parent / "harbour-fire.yaml").read_text("utf-8")
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        for each in range(number):
            path = top / "in" / str(each % 100) / f"fire-{each}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("harbour-fire", f"fire-{each}"), "utf-8")
        before = time.perf_counter()
        peak = peak_of(["batch", str(top / "in"), "--out", str(top / "out"), "--pack", str(HARBOUR), "--format", form])
        taken = time.perf_counter() - before
    tell(f"batch of {number:,}, {form}", f"{number / taken:.0f} files a second, {peak / 1024:.0f} MB at most")
    return peak


def peak_of(arguments: list[str]) -> int:
    """Run a command in a process that tells how much memory it had at most, in KiB, without its workers."""
    code = (
        "import sys, resource, runpy\n"
        "sys.argv[0] = 'policyengine'\n"
        "from policyengine.cli.main import cli\n"
        "try:\n    cli.main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "print('PEAK', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    script = Path(tempfile.mkdtemp()) / "measured.py"
    script.write_text("if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in code.splitlines()), "utf-8")
    done = subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True, check=True)
    return int(done.stdout.rpartition("PEAK")[2])


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def tell(what: str, figure: str) -> None:
    """A line of the table."""
    print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["pages", "index", "batch", "tables"]
    print("| what | figure |\n|---|---|")
    for name, work in (("pages", pages), ("index", index), ("batch", batch), ("tables", tables)):
        if name in wanted:
            work()
