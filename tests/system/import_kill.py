#!/usr/bin/env python3
"""kill -9 at random instants of an import: nothing or all of it is there, it is listed as what it was, and --resume finishes it once, with the
counts of an import that nothing disturbed."""
import json
import random
import signal
import subprocess
import time

from common import FULL, Box

ROWS = 2000


def one_round(source, options, code, draw, whole):
    with Box() as box:
        box.ok("import", "lead", box.write("before.csv", "lead_id,name\n" + "".join(f"L{i},before\n" for i in range(0, ROWS, 4))))
        process = box.start("import", "lead", source, *options, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0, whole * 1.1))
        process.send_signal(signal.SIGKILL)
        finished = process.wait() == code
        runs = json.loads(box.ok("import", "list", "-o", "json"))
        there = len(box.ok("lead", "list", "name=before", "-o", "ids").splitlines())
        assert there in (0, ROWS // 4), f"a torn import: {there}"
        assert not finished or there == 0, "an acknowledged import is missing"
        state = runs[0]["state"] if len(runs) == 2 else "none"
        assert state in ("none", "interrupted", "done") and (state == "done") == (there == 0), state
        for _ in range(2):  # the second time there is nothing left to do
            done = box.run("import", "lead", source, *options, "--resume", "-o", "json")
            assert done.returncode in (0, code), done.stderr
            result = json.loads(done.stdout)
            assert (result["added"], result["updated"], result["rejected"]) == (ROWS - ROWS // 4, ROWS // 4, 1 if code else 0), result
        assert len(json.loads(box.ok("import", "list", "-o", "json"))) == 2
        assert len(box.ok("lead", "list", "-o", "ids").splitlines()) == ROWS
        assert box.run("verify").returncode == 0
        box.ok("import", "undo", "2")
        assert len(box.ok("lead", "list", "name=before", "-o", "ids").splitlines()) == ROWS // 4
        assert box.run("verify").returncode == 0
        return state


with Box() as first:
    rows = "".join(f"L{i},Lead {i},139{i:08d},{i}.50\n" for i in range(ROWS))
    heading = "lead_id,name,phone,amount\n"
    file = first.write("leads.csv", heading + rows)
    faulty = first.write("faulty.csv", heading + rows.replace("\nL1000,", "\nfault,x,,x\nL1000,"))
    start = time.perf_counter()
    first.ok("import", "lead", file, "--dry-run")
    length = time.perf_counter() - start
    first.ok("import", "lead", file)
    workbook = first.path("leads.xlsx")
    first.ok("export", "lead", "--fields", "ref,name,phone,amount", "--to", workbook)
    sources = [(file, [], 0), (faulty, ["--keep-going", "--rejects", first.path("rejects.csv")], 7), (workbook, [], 0)]
    drawn = random.Random(1)
    states = [one_round(*sources[i % 3], drawn, length) for i in range(1000 if FULL else 30)]
    print({state: states.count(state) for state in sorted(set(states))})
