#!/usr/bin/env python3
"""Runs each tests/transcript/NAME/cmd as a shell script and holds all it prints against NAME/expected.

usage: run.py [--update] --crm PROGRAM [NAME ...]

A script runs in an empty directory of its own, with `crm` on PATH, HOME and the XDG directories in it, a fixed time, zone, user
and locale; and again in other ones, with another terminal, which must change nothing. Files beside `cmd` are copied into it, and the repository's `examples` are there. `expected` holds the standard output, the standard error and the exit code,
each below a line "=== stdout", "=== stderr", "=== exit N". --update writes it anew.
"""

import argparse
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent
NOW = "2026-03-02T10:00:00+08:00"  # a Monday
# What must make no difference to what goes into a pipe.
SURROUNDINGS = (
    {},
    {"LC_ALL": "C", "TERM": "dumb", "COLUMNS": "40"},
    {"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8", "TERM": "xterm-256color", "COLUMNS": "200"},
)


def environment(directory, program, surroundings):
    programs = directory / ".bin"
    programs.mkdir()
    (programs / "crm").symlink_to(program)
    return {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(directory),
        "XDG_DATA_HOME": str(directory / ".data"),
        "XDG_CONFIG_HOME": str(directory / ".config"),
        "LC_ALL": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "LOGNAME": "li",
        "CRM_NOW": NOW,
        **surroundings,
    }


def printed(data, directory):
    text = data.decode("utf-8", "backslashreplace").replace(str(directory), "$HOME")
    if text and not text.endswith("\n"):
        text += "\n(no line end)\n"
    return text


def run(case, program, surroundings):
    with tempfile.TemporaryDirectory(prefix="crm-transcript-") as name:
        directory = pathlib.Path(name).resolve()
        for file in case.iterdir():
            if file.name not in ("cmd", "expected"):
                shutil.copy(file, directory)
        (directory / "examples").symlink_to(ROOT.parent.parent / "examples")
        done = subprocess.run(
            ["sh", str(case / "cmd")],
            cwd=directory,
            env=environment(directory, program, surroundings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        return (
            f"=== stdout\n{printed(done.stdout, directory)}"
            f"=== stderr\n{printed(done.stderr, directory)}"
            f"=== exit {done.returncode}\n"
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--crm", required=True)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    program = os.path.abspath(options.crm)
    cases = sorted(path.parent for path in ROOT.glob("*/cmd"))
    if options.names:
        cases = [case for case in cases if case.name in options.names]
    failed = 0
    for case in cases:
        file = case / "expected"
        if options.update:
            actual = run(case, program, {})
            if not file.exists() or file.read_text(encoding="utf-8") != actual:
                file.write_text(actual, encoding="utf-8")
                print(f"updated {case.name}")
            continue
        expected = file.read_text(encoding="utf-8") if file.exists() else ""
        for surroundings in SURROUNDINGS:
            actual = run(case, program, surroundings)
            if actual == expected:
                continue
            failed += 1
            where = " ".join(f"{name}={value}" for name, value in surroundings.items())
            expected_lines, actual_lines = expected.splitlines(keepends=True), actual.splitlines(keepends=True)
            sys.stdout.writelines(difflib.unified_diff(expected_lines, actual_lines, f"{case.name}/expected", f"{case.name}/actual {where}"))
            break
    print(f"{len(cases)} transcripts, {failed} differ")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
