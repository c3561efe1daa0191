#!/usr/bin/env python3
"""The README's tour: every command of its console blocks, on a terminal, prints what stands there. A line '…' stands for any lines."""
import os
import pty
import re
import subprocess
import sys

from common import CRM, ROOT, Box


def sessions(text):
    """(command, expected lines) of each console block."""
    for block in re.findall(r"```console\n(.*?)```", text, re.S):
        steps = []
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            else:
                steps[-1][1].append(line)
        yield steps


def on_terminal(command, directory, environment):
    control, terminal = pty.openpty()
    process = subprocess.Popen(["sh", "-c", command], cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal)
    os.close(terminal)
    printed = b""
    while True:
        try:
            part = os.read(control, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        printed += part
    os.close(control)
    process.wait()
    return [line.rstrip() for line in printed.decode().replace("\r\n", "\n").splitlines()]


def matches(expected, actual):
    pattern = "".join("(?:.*\n)*" if line == "…" else re.escape(line.rstrip()) + "\n" for line in expected)
    return re.fullmatch(pattern, "".join(line + "\n" for line in actual)) is not None


def main():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        blocks = list(sessions(file.read()))
    assert blocks, "the README has no tour"
    count = 0
    for steps in blocks:
        with Box(init=False) as box:
            os.symlink(os.path.join(ROOT, "examples"), box.path("examples"))
            environment = {**box.environment, "PATH": os.path.dirname(os.path.abspath(CRM)) + ":" + box.environment["PATH"], "TERM": "dumb",
                           "CRM_DB": "crm.db", "COLUMNS": "140", "CRM_NOW": "2026-03-02T09:00+08:00"}
            for command, expected in steps:
                actual = on_terminal(command, box.dir, environment)
                if not matches(expected, actual):
                    print(f"$ {command}", *actual, "--- the README says:", *expected, sep="\n")
                    return 1
                count += 1
    print(f"{count} commands")
    return 0


if __name__ == "__main__":
    sys.exit(main())
