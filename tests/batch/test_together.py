"""Files carried out together give, byte for byte, what each alone gives, whichever engine runs."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path
from random import Random

import pytest
from batch.conftest import HARBOUR, Batch, a_fire, manifest, tree
from random_packs import a_pack, a_scenario, write_pack

from policyengine import shipped
from policyengine.batch.inputs import planned
from policyengine.batch.part import carry_out_part
from policyengine.batch.plan import Job
from policyengine.batch.settings import Settings, together
from policyengine.batch.work import Desk, Done, carried_out
from policyengine.engines.interface import ENGINES, TOGETHER, ManyEngine
from policyengine.rulebook.loading import load_rulebook

OUT = Path("out")
ALL_FORMATS = ("html", "json", "markdown")


def under_its_name(data: bytes, engine: str) -> bytes:
    """A result as it would be if another engine had made it: only the stamp and the command name it."""
    name = f'"name": "{engine}"'.encode()
    return data.replace(name, b'"name": "ENGINE"').replace(f" --engine {engine}".encode(), b"")


def results(folder: Path, engine: str) -> dict[str, bytes]:
    """What stands in the folder of results, whichever engine made it."""
    return {
        name: under_its_name(data, engine)
        for name, data in tree(folder).items()
        if name.startswith("results/") and name.endswith(".json")
    }


def done_by(engine: str, jobs: list[Job], packs: tuple[str, ...]) -> list[Done]:
    return list(carried_out(Desk(Settings(packs, engine, ("json",))), jobs))


def told(done: Done, engine: str) -> tuple[object, ...]:
    files = {form: under_its_name(data, engine) for form, data in done.files.items()}
    return done.job, done.sha256, done.packs, done.used, files, done.summary, done.problems


def assert_same_for_all_engines(jobs: list[Job], packs: tuple[str, ...]) -> int:
    """Compare the engines with one another and files together with each alone; gives how many are good."""
    found = {engine: [told(each, engine) for each in done_by(engine, jobs, packs)] for engine in ENGINES}
    assert found["columnar"] == found["reference"] == found["rete"]
    desk = Desk(Settings(packs, "columnar", ("json",)))
    assert [told(desk.carry_out(job), "columnar") for job in jobs] == found["columnar"]
    return sum(not problems for *_, problems in found["columnar"])


def test_shipped_scenarios_give_the_same_bytes_on_every_engine() -> None:
    jobs = list(planned([str(shipped.folder("scenarios"))], lambda _: [], OUT))
    assert assert_same_for_all_engines(jobs, ()) >= 19


@pytest.mark.parametrize("seed", range(40))
def test_random_scenarios_give_the_same_bytes_on_every_engine(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    made = a_pack(random)
    pack = write_pack(made, tmp_path / "pack")
    load_rulebook([pack])
    for number in range(6):
        data = a_scenario(random, made["pack"]["vocabulary"]) | {"scenario": f"s{number}"}
        (tmp_path / f"s{number}.json").write_text(json.dumps(data), "utf-8")
    (tmp_path / "s3.json").write_text('{"scenario": "s3", "scenario": 1}', "utf-8")
    (tmp_path / "s4.json").unlink()
    jobs = [Job(str(tmp_path / f"s{number}.json"), f"s{number}") for number in range(6)]
    assert assert_same_for_all_engines(jobs, (str(pack),)) >= 1


def test_engines_that_take_many_are_those_that_get_many() -> None:
    rulebook = load_rulebook([HARBOUR])
    assert {name for name, make in ENGINES.items() if isinstance(make(rulebook), ManyEngine)} == set(TOGETHER)


def test_few_files_are_shared_out_among_the_workers() -> None:
    def of(engine: str, files: int, workers: int) -> int:
        return together(Settings((), engine, ()), files, workers)

    assert of("rete", 1_000, 2) == 1
    assert of("columnar", 100_000, 2) == TOGETHER["columnar"]
    assert (of("columnar", 40, 2), of("columnar", 3, 2), of("columnar", 0, 1)) == (10, 1, 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_by_columns_writes_the_bytes_of_a_batch_by_reference(batch: Batch, fires: Path, workers: int) -> None:
    for number in range(20):
        (fires / f"n{number:02}.yaml").write_text(a_fire(f"fire-n{number}", 0.05 * number), "utf-8")
    (fires / "n07.yaml").write_text(a_fire("bad", text="title: \n"), "utf-8")
    (fires / "n08.yaml").write_text("a: [", "utf-8")
    assert batch("in", "--engine", "reference").exit_code == 1
    wanted, errors = results(OUT, "reference"), (OUT / "errors.json").read_bytes()
    shutil.rmtree(OUT)
    assert batch("in", "--engine", "columnar", "--workers", str(workers)).exit_code == 1
    assert results(OUT, "columnar") == wanted
    assert (OUT / "errors.json").read_bytes() == errors


def test_a_batch_by_columns_resumes_to_the_very_same_bytes(batch: Batch) -> None:
    batch("in", "--engine", "columnar")
    before = tree(OUT)
    for name in ("d.json", "one/b.html"):
        (OUT / "results" / name).unlink()
    assert "4 of them kept" in batch("in", "--engine", "columnar", "--resume").stdout
    assert tree(OUT) == before


def test_fail_fast_stops_at_the_first_bad_file_of_those_that_go_together(batch: Batch, fires: Path) -> None:
    for number in range(20):
        (fires / f"n{number:02}.yaml").write_text(a_fire(f"fire-n{number}"), "utf-8")
    (fires / "n03.yaml").write_text("title: \n", "utf-8")
    states = {}
    for engine in ("rete", "columnar"):
        assert batch("in", "--engine", engine, "--workers", "1", "--fail-fast").exit_code == 1
        states[engine] = {name for name, status in manifest(OUT).items() if status == "bad"}
        assert {manifest(OUT)[f"n{number:02}"] for number in range(4, 20)} == {"planned"}
    assert states == {"rete": {"n03"}, "columnar": {"n03"}}


class TestPart:
    """One part of a batch, as a cluster carries it out."""

    def test_a_part_writes_what_a_batch_writes_and_gives_its_records(self, batch: Batch, tmp_path: Path) -> None:
        batch("in", "--format", "html,json,markdown", "--engine", "columnar")
        jobs = list(planned(["in"], lambda _: [], OUT))
        settings = Settings((str(HARBOUR),), "columnar", ALL_FORMATS)
        other = tmp_path / "other"
        work = pickle.loads(pickle.dumps((carry_out_part, jobs, settings, other, "run")))
        records = [record for _, record in work[0](*work[1:])]
        assert tree(other) == {name: data for name, data in tree(OUT).items() if name.startswith("results/")}
        assert records == [json.loads(line) for line in (OUT / "results.jsonl").read_text("utf-8").splitlines()]

    def test_a_bad_file_of_a_part_is_told_and_the_others_go_on(self, fires: Path, tmp_path: Path) -> None:
        (fires / "d.yaml").write_text("title: \n", "utf-8")
        jobs = list(planned(["in"], lambda _: [], OUT))
        settings = Settings((str(HARBOUR),), "rete", ("json",))
        records = [record for _, record in carry_out_part(jobs, settings, tmp_path / "other", "run")]
        assert [record["status"] for record in records] == ["bad", *["good"] * 5]
        assert records[0]["problems"][0]["line"] == 1

    def test_another_run_reads_its_packs_anew(self, fires: Path, tmp_path: Path) -> None:
        assert fires.is_dir()
        pack = tmp_path / "pack"
        shutil.copytree(HARBOUR, pack)
        jobs = list(planned(["in"], lambda _: [], OUT))
        settings = Settings((str(pack),), "reference", ("json",))
        first = carry_out_part(jobs, settings, tmp_path / "out", "one")
        file = next(path for path in sorted(pack.rglob("*.yaml")) if path.name == "pack.yaml")
        file.write_text(file.read_text("utf-8") + "# changed\n", "utf-8")
        again = carry_out_part(jobs, settings, tmp_path / "out", "two")
        assert all(one["key"] != other["key"] for (_, one), (_, other) in zip(first, again, strict=True))
