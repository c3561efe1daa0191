#!/usr/bin/env python3
"""Every single write, sync, truncation and removal of a command, in turn: killed at it, told that the device failed, told that it is full. What was
acknowledged is there, nothing is torn, and the exit code says what happened. Quick runs take every few; CRM_TEST_SCALE=full takes all."""
import os
import shutil
import subprocess

from common import CRM, FULL, Box, skip

CALLS = ("pwrite64", "fdatasync", "ftruncate", "unlink", "fcntl", "pread64")
COMMANDS = {
    "add": ("lead", "add", "After", "--phone", "13800138000"),
    "edit": ("lead", "edit", "1", "--name", "After"),
    "import": ("import", "lead", "leads.csv"),
    "undo": ("undo",),
}
STEP = 1 if FULL else 7


def can_trace():
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def traced(box, call, action, number, words):
    files = [part for suffix in ("", "-wal", "-shm") for part in ("-P", box.db + suffix)]
    return subprocess.run(["strace", "-f", "-qq", "-o", box.path("trace"), *files, "-e", f"trace={call}", "-e", f"inject={call}:{action}:when={number}",
                           CRM, *words], env=box.environment, cwd=box.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def was_hit(box):
    with open(box.path("trace"), encoding="utf-8", errors="replace") as trace:
        text = trace.read()
    return "INJECTED" in text or "killed by SIGKILL" in text


def copy_database(origin, box):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(box.db + suffix):
            os.unlink(box.db + suffix)
        if os.path.exists(origin.db + suffix):
            shutil.copy2(origin.db + suffix, box.db + suffix)


def state(box):
    return box.ok("lead", "list", "--fields", "id,name,phone", "-o", "jsonl") + box.ok("log", "--fields", "change", "-o", "tsv")


def holds(box, before, after, done, where):
    """The database is as before the command or as after it, as the exit code says, and proves itself."""
    assert box.run("verify").returncode == 0, f"{where}: {box.run('verify').stdout}"
    assert box.run("doctor").returncode == 0, f"{where}: {box.run('doctor').stdout}"
    now = state(box)
    assert now in (before, after), f"{where}: torn:\n{now}"
    if done.returncode == 0:
        assert now == after, f"{where}: acknowledged, but not there"


def each_fault(origin, name, words):
    with Box(init=False) as box:
        shutil.copy(origin.path("leads.csv"), box.path("leads.csv"))
        before = state(origin)
        copy_database(origin, box)
        assert box.run(*words).returncode == 0, name
        after = state(box)
        count = 0
        for call in CALLS:
            for action in ("signal=KILL", "error=EIO", "error=ENOSPC"):
                if action == "error=ENOSPC" and call != "pwrite64" or action == "error=EIO" and call in ("fcntl", "unlink"):
                    continue
                number = 1
                while True:
                    copy_database(origin, box)
                    done = traced(box, call, action, number, words)
                    where = f"{name}, {call} {number}, {action}"
                    if not was_hit(box):
                        assert done.returncode == 0, f"{where}: {done.returncode}: {done.stderr}"
                        break
                    if action.startswith("error"):
                        # A failed checkpoint after the commit is no failure of the command.
                        assert done.returncode in (0, 74), f"{where}: exit {done.returncode}: {done.stderr}"
                        assert done.stderr.count("crm:") == (1 if done.returncode else 0), f"{where}: {done.stderr}"
                    holds(box, before, after, done, where)
                    count += 1
                    number += STEP
        return count


def main():
    if not can_trace():
        skip("strace cannot trace here")
    with Box() as origin:
        origin.write("leads.csv", "lead_id,name,phone\n" + "".join(f"L{i},Lead {i},1380013{i:04}\n" for i in range(40)))
        origin.ok("lead", "add", "Before")
        origin.ok("lead", "add", "Other")
        for name, words in COMMANDS.items():
            print(f"{name}: {each_fault(origin, name, words)} faults")


if __name__ == "__main__":
    main()
