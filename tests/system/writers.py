#!/usr/bin/env python3
"""32 processes that each write: nothing lost, none fails; readers beside them neither fail nor write."""
import hashlib
import subprocess

from common import FULL, Box


def many_writers(processes, writes):
    with Box() as box:
        batch = box.write("batch.jsonl", '{"cmd": ["lead", "add", "Lead"]}\n' * writes)
        running = [box.start("batch", batch, stdout=subprocess.DEVNULL) for _ in range(processes)]
        readers = [box.start("report", "funnel", "-o", "json", stdout=subprocess.DEVNULL) for _ in range(8)]
        for process in running + readers:
            error = process.stderr.read()
            assert process.wait() == 0, error
        count = len(box.ok("lead", "list", "-o", "ids").splitlines())
        assert count == processes * writes, count
        assert box.run("verify").returncode == 0


def separate_processes(count):
    """Read-modify-write by processes of their own."""
    with Box() as box:
        box.ok("lead", "add", "Shared")
        running = [box.start("lead", "tag", "1", f"t{i}", stdout=subprocess.DEVNULL) for i in range(count)]
        for process in running:
            error = process.stderr.read()
            assert process.wait() == 0, error
        tags = box.ok("lead", "show", "1", "--fields", "tags", "-o", "csv").splitlines()[1].split(";")
        assert len(tags) == count, tags


def readers_write_nothing():
    with Box() as box:
        box.ok("lead", "add", "王芳", "--phone", "13800001234")

        def digest():
            with open(box.db, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()

        before = digest()
        for words in (["lead", "list"], ["lead", "show", "1"], ["report", "funnel"], ["followup", "overdue"], ["status"], ["verify"], ["log"], ["lead", "history", "1"],
                      ["lead", "add", "X", "--dry-run"], ["remind", "--dry-run"], ["schema"], ["lead", "list", "王芳"]):
            box.ok(*words)
            assert digest() == before, f"crm {' '.join(words)} wrote to the file"


many_writers(32, 100 if FULL else 25)
separate_processes(32)
readers_write_nothing()
