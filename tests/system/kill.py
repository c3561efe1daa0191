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


def killed_bulk_load(rounds):
    """New rows, so many that a thread of its own indexes their texts: rows and search index come together or not at all."""
    with Box() as box:
        source = lead_file(box, 8000)
        start = time.perf_counter()
        box.ok("import", "lead", source, "--dry-run")
        whole = time.perf_counter() - start
        draw = random.Random(3)
        leads = 0
        for i in range(rounds):
            process = box.start("import", "lead", source, "--source", f"round{i}", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.3, 1.2) * whole)
            process.send_signal(signal.SIGKILL)
            leads += 8000 if process.wait() == 0 else 0
            found = [len(box.ok("lead", "list", *words, "-o", "ids").splitlines()) for words in ([], ["lead"], ["7999"])]
            assert found[0] == found[1] == 8000 * found[2], found
            assert found[0] in (leads, leads + 8000), (found, leads)
            leads = found[0]
        assert box.run("verify").returncode == 0
        assert box.run("doctor").returncode == 0
        print(f"bulk load: {rounds} kills, {leads // 8000} came too late")


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
killed_bulk_load(100 if FULL else 8)
killed_batch(500 if FULL else 40)
