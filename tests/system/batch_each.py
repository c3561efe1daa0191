#!/usr/bin/env python3
"""A batch says that something is done once it is on the disk: in groups and with a transaction for each line, as system calls show; where the disk cannot say
so, nobody is told otherwise; and a kill takes back no line that was answered."""
import json
import re
import shutil
import subprocess
import time

from common import CRM, FULL, Box, skip

MODES = ((), ("--each",))
LINES = 300


def operations(count):
    return "".join(json.dumps({"op": "add", "kind": "lead", "fields": {"name": f"Lead {i}", "phone": f"138{i:08d}"}}) + "\n" for i in range(count))


def traced(box, options, mode, source):
    return subprocess.run(["strace", "-f", "-qq", "-y", "-o", box.path("trace"), *options, CRM, "batch", *mode, source],
                          env=box.environment, cwd=box.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def said_after_the_sync(mode):
    with Box() as box:
        done = traced(box, ["-e", "trace=pwrite64,fdatasync,fsync,write"], mode, box.write("lines.jsonl", operations(LINES)))
        assert done.returncode == 0, done.stderr
        unsynced, said, syncs = 0, 0, 0
        with open(box.path("trace"), encoding="utf-8", errors="replace") as trace:
            for call in trace:
                if re.search(r"pwrite64\(\d+<[^>]*crm\.db-wal>", call):
                    unsynced += 1
                elif re.search(r"f(data)?sync\(\d+<[^>]*crm\.db-wal>", call):
                    unsynced = 0
                    syncs += 1
                elif re.search(r"write\(1<", call):
                    assert unsynced == 0, f"{mode}: said before the sync of {unsynced} writes: {call}"
                    said += 1
        assert said > 0, mode
        assert syncs < LINES / 2, f"{mode}: {syncs} syncs for {LINES} lines"


def fails_with_the_sync(mode):
    """What is not sure to be on the disk is not called done."""
    with Box() as box:
        box.ok("lead", "add", "First")
        done = traced(box, ["-P", box.db + "-wal", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=1+"], mode,
                      box.write("lines.jsonl", operations(20)))
        assert done.returncode == 74, (mode, done.returncode, done.stderr)
        assert done.stderr.count("\n") == 1, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert answers and all(answer["exit"] == 74 for answer in answers), (mode, answers)
        if mode:
            assert "power" in done.stderr, done.stderr
        assert box.run("verify").returncode == 0
        assert box.run("doctor").returncode == 0


def answered_lines_outlast_a_kill(mode, delay):
    with Box() as box:
        source = box.write("lines.jsonl", operations(3000))
        with open(box.path("answers"), "wb") as answers:
            process = box.start("batch", *mode, source, stdout=answers)
            time.sleep(delay)
            process.kill()
            process.wait()
        with open(box.path("answers"), encoding="utf-8") as answers:
            said = [json.loads(line)["result"]["id"] for line in answers if line.endswith("}\n")]
        kept = {int(line) for line in box.ok("lead", "list", "-o", "ids").split()}
        assert set(said) <= kept, f"{mode}: {set(said) - kept} were answered and are gone"
        assert box.run("verify").returncode == 0


def answered_at_once(mode):
    with Box() as box:
        process = box.start("batch", *mode, stdin=subprocess.PIPE)
        for line in operations(5).splitlines():
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["exit"] == 0
        process.stdin.close()
        assert process.wait() == 0


for chosen in MODES:
    answered_at_once(chosen)
    for step in range(1, 41 if FULL else 6):
        answered_lines_outlast_a_kill(chosen, step * (0.02 if FULL else 0.1))
if shutil.which("strace") is None or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode != 0:
    skip("strace cannot trace here")
for chosen in MODES:
    said_after_the_sync(chosen)
    fails_with_the_sync(chosen)
