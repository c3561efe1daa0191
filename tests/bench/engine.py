#!/usr/bin/env python3
"""Benchmarks of the workflow engine: figures against goals, since no other program does the same work.

usage: tests/bench/engine.py [--crm build/release/bin/crm] [--rows 1000000] [--dir DIR] [NAME …]

Names: rules due simulate check (default: all; due and simulate use what `bench.py import` made under --dir).
"""
import json
import os
import shutil
import statistics
import tempfile

from bench import Bench, main

HEAD = "workflow: bench\ntimezone: Asia/Shanghai\n"
ADDS = 1000
ROUNDS = 5


def report(name, figure, goal, detail=""):
    print(f"{name:<58} {figure:>12}  (goal {goal})  {detail}", flush=True)


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def apply(bench, folder, text, *words):
    bench.crm_run("workflow", "apply", write(os.path.join(folder, "workflow.yaml"), text), *words)


class Copy:
    """A copy of the database of leads, in a directory of its own."""

    def __init__(self, bench):
        self.bench, self.kept = bench, bench.db
        self.folder = tempfile.TemporaryDirectory(dir=bench.dir)

    def __enter__(self):
        shutil.copy(self.kept, os.path.join(self.folder.name, "crm.db"))
        self.bench.use(os.path.join(self.folder.name, "crm.db"))
        return self.folder.name

    def __exit__(self, *_):
        self.bench.use(self.kept)
        self.folder.cleanup()


def rule_set(count, acting):
    """Rules on a new lead, of which so many act."""
    rules = ["rules:"]
    actions = ("set: {note: \"{{name}} of {{company}}\"}", "tag: hot", "followup: {type: call, due: 16h business, note: \"First call to {{name}}\"}",
               "notify: {to: owner, template: new-lead}")
    for i in range(count):
        when = "source = 'web' and amount >= 100" if i < acting else f"source = 'web' and region = 'R{i}'"
        rules.append(f"  - {{name: rule-{i}, on: lead.created, when: \"{when}\", do: [{{{actions[i % len(actions)]}}}]}}")
    return HEAD + "templates: {new-lead: {subject: \"New lead: {{name}}\", body: \"{{name}} is yours.\"}}\n" + "\n".join(rules) + "\n"


def rules(bench):
    """What a set of 20 rules costs for one new lead, over the same add without rules."""
    kept = bench.db
    with tempfile.TemporaryDirectory(dir=bench.dir) as folder:
        batch = os.path.join(folder, "batch")
        with open(batch, "w", encoding="utf-8") as out:
            for i in range(ADDS):
                words = ["lead", "add", f"Lead {i}", "--company", f"Company {i}", "--source", "web", "--amount", "5000", "--owner", "u01"]
                out.write(json.dumps({"cmd": words}) + "\n")
        bench.use(os.path.join(folder, "crm.db"))

        def add_all(text):
            bench.fresh()
            apply(bench, folder, text)
            return bench.crm_run("batch", batch)

        variants = {"plain": HEAD, "4 act": rule_set(20, 4), "20 act": rule_set(20, 20)}
        runs = {name: [] for name in variants}
        for _ in range(ROUNDS):
            for name, text in variants.items():
                runs[name].append(add_all(text))
        middle = {name: statistics.median(run.seconds for run in ran) for name, ran in runs.items()}
        for name in ("4 act", "20 act"):
            extra = (middle[name] - middle["plain"]) / ADDS * 1000
            report(f"20 rules on a new lead, {name}: over a plain add", f"{extra:.3f} ms", "<= 1 ms", f"a plain add takes {middle['plain'] / ADDS * 1000:.3f} ms")
    bench.use(kept)


CLOCKS = HEAD + """sla: {lead: [{when: "amount < 900", resolve: 1d}]}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}]}
"""
SCHEDULE = CLOCKS + """  - {name: small, every: day at 02:00, for: lead, when: "amount < 900", do: [{tag: small}]}
"""


def due(bench):
    """`workflow run` over all leads: with nothing due, then with 1 % due by a schedule, and by clocks that have run out."""
    with Copy(bench) as folder:
        # Before the first lead was made: no clock has run out.
        apply(bench, folder, SCHEDULE, "--now", "2023-12-31T12:00")
        idle = statistics.median(bench.crm_run("workflow", "run", "--now", "2023-12-31T13:00").seconds for _ in range(100))
        start = statistics.median(bench.crm_run("lead", "show", "1", "--now", "2023-12-31T13:00").seconds for _ in range(100))
        report(f"workflow run over {bench.rows}, nothing due: over start-up", f"{(idle - start) * 1000:.2f} ms", "<= 10 ms", f"{idle * 1000:.2f} ms to {start * 1000:.2f} ms")
        for cause, now, tag in (("a schedule", "2024-01-01T03:00", "small"), ("clocks", "2027-01-01T01:00", "late")):
            if tag == "late":
                apply(bench, folder, CLOCKS, "--now", "2024-01-01T03:00")
            took = bench.crm_run("workflow", "run", "--now", now)
            done = bench.count(f"select count(*) from tag where name = '{tag}'")
            report(f"workflow run over {bench.rows}, {done} due by {cause}", f"{(took.seconds - start) * 1e6 / done:.1f} us", "<= 20 us a record",
                   f"{took.seconds:.2f} s, cpu {took.cpu:.2f} s, {took.memory} MiB")


def simulate(bench):
    """10 rows of an assignment table and 10 rules against today's records."""
    regions = ["浙江省", "江苏省", "上海市", "广东省", "山东省", "四川省", "湖北省", "北京市"]
    rows = [f"{{when: \"region = '{regions[i % 8]}' and amount >= {9000 - 1000 * i}\", to: [u01, u02], by: least-open}}" for i in range(9)] + ["{to: pool}"]
    rules = [f"{{name: event-{i}, on: lead.updated, when: \"source = '官网' and amount > {i * 500} and stage <> 'won'\", do: [{{tag: t{i}}}]}}" for i in range(5)]
    rules += [f"{{name: daily-{i}, every: day at 02:00, for: lead, when: \"stage = 'contacted' and age > {700 + i}d and followup_count = 0\", do: [{{tag: d{i}}}]}}" for i in range(5)]
    with Copy(bench) as folder:
        file = write(os.path.join(folder, "workflow.yaml"), HEAD + "assign:\n  lead:\n" + "".join(f"    - {row}\n" for row in rows)
                     + "rules:\n" + "".join(f"  - {rule}\n" for rule in rules))
        took = bench.crm_run("workflow", "simulate", file, "--on", "lead", "--now", "2026-01-02")
        report(f"simulate over {bench.rows}, 10 rows and 10 rules", f"{took.seconds:.2f} s", "<= 10 s", f"cpu {took.cpu:.2f} s, {took.memory} MiB")


def check(bench):
    """A file of 2,000 lines, of every section."""
    lines = [HEAD + "stages:\n  lead:", *(f"    - {{name: s{i}, within: {1 + i % 9}d}}" for i in range(40)), "    - {name: won, outcome: won}"]
    lines += ["fields:\n  lead:", *(f"    field_{i}: {{type: text, label: {{en: Field {i}}}}}" for i in range(100))]
    lines += ["templates:", *(f"  t{i}:\n    subject: \"{{{{name}}}}: {i}\"\n    body: \"{{{{name}}}} of {{{{company}}}}\"" for i in range(50))]
    lines += ["assign:\n  lead:", *(f"    - {{when: \"region = 'R{i}' and amount >= {i}\", to: pool}}" for i in range(280))]
    lines += ["score:\n  lead:", *(f"    - {{when: \"title like '%{i}%'\", points: {i % 30}}}" for i in range(200))]
    lines.append("rules:")
    for i in range(240):
        lines += [f"  - name: rule-{i}\n    on: lead.stage.s{i % 40}\n    when: field_{i % 100} = 'x' and amount > {i}\n    do:",
                  f"      - {{tag: t{i}}}"]
    text = "\n".join(lines) + "\n"
    text += "# the end\n" * (2000 - text.count("\n"))
    with tempfile.TemporaryDirectory(dir=bench.dir) as folder:
        file = write(os.path.join(folder, "workflow.yaml"), text)
        took = statistics.median(bench.crm_run("workflow", "check", file).seconds for _ in range(20))
        report(f"check of {text.count(chr(10))} lines", f"{took * 1000:.1f} ms", "<= 100 ms")


class EngineBench(Bench):
    rules, due, simulate, check = rules, due, simulate, check


if __name__ == "__main__":
    main(EngineBench, __doc__, ["rules", "due", "simulate", "check"])
