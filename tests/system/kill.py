#!/usr/bin/env python3
"""kill -9 at random instants of an import and of a batch of edits: no torn change, nothing acknowledged is missing, the log verifies, and the
next run needs no manual step."""
import random
import signal
import subprocess
import time

from common import FULL, Box


def lead_file(box, rows):
    lines = ["lead_id,name,phone,amount"]
    lines += [f"L{i},Lead {i},139{i:08d},{i}.50" for i in range(rows)]
    return box.write("leads.csv", "\n".join(lines) + "\n")


def killed_import(rounds):
    with Box() as box:
        source = lead_file(box, 3000)
        start = time.perf_counter()
        box.ok("import", "lead", source, "--dry-run")
        whole = time.perf_counter() - start
        draw = random.Random(1)
        done = 0
        for _ in range(rounds):
            process = box.start("import", "lead", source, "--set", f"note=round {draw.random()}", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0, whole * 1.1))
            process.send_signal(signal.SIGKILL)
            acknowledged = process.wait() == 0
            notes = box.ok("lead", "list", "--fields", "note", "-o", "tsv").splitlines()
            # All rows of one run, or all of an earlier one, or none.
            assert len(notes) in (0, 3000), len(notes)
            assert len(set(notes)) <= 1, "a torn import"
            assert not acknowledged or notes, "an acknowledged import is missing"
            done += acknowledged
        assert box.run("verify").returncode == 0
        print(f"import: {rounds} kills, {done} came too late")


def killed_batch(rounds):
    with Box() as box:
        box.ok("lead", "add", "Counter", "--score", "0")
        batch = box.write("edits.jsonl", "".join('{"cmd": ["lead", "edit", "1", "--score", "%d"]}\n' % i for i in range(1, 2000)))
        draw = random.Random(2)
        for _ in range(rounds):
            box.ok("lead", "edit", "1", "--score", "0")
            with open(box.path("out"), "w", encoding="utf-8") as out:
                process = box.start("batch", batch, stdout=out, stderr=subprocess.DEVNULL)
                time.sleep(draw.uniform(0, 0.3))
                process.send_signal(signal.SIGKILL)
                process.wait()
            with open(box.path("out"), encoding="utf-8") as out:
                answered = sum(1 for line in out if line.endswith("\n"))
            score = int(box.ok("lead", "list", "--fields", "score", "-o", "tsv"))
            assert score >= answered, f"{answered} edits were acknowledged, {score} are there"
        assert box.run("verify").returncode == 0
        print(f"batch: {rounds} kills")


killed_import(500 if FULL else 40)
killed_batch(500 if FULL else 40)
