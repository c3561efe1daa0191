#!/usr/bin/env python3
"""A full disk, a file-size limit and outputs that fail: exit 74 with a message, what was there is there, and the same command finishes once there is space."""
import os
import resource
import subprocess
import tempfile

from common import CRM, Box, skip


def lead_file(box, rows):
    return box.write("leads.csv", "lead_id,name,note\n" + "".join(f"L{i},Lead {i},{'x' * 200}\n" for i in range(rows)))


def full_disk():
    mount = tempfile.mkdtemp()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount], capture_output=True, check=False).returncode != 0:
        os.rmdir(mount)
        print("SKIP disk_full.py: no tmpfs can be mounted here")
        return
    try:
        with Box(directory=mount) as box, tempfile.TemporaryDirectory() as outside:
            box.ok("lead", "add", "Before")
            source = os.path.join(outside, "leads.csv")
            with open(source, "w", encoding="utf-8") as out:
                out.write("lead_id,name,note\n" + "".join(f"L{i},Lead {i},{'x' * 200}\n" for i in range(20000)))
            error = box.fails(74, "import", "lead", source)
            assert "no space left" in error and "bytes are free" in error and error.count("\n") == 1, error
            assert box.ok("lead", "list", "--fields", "name", "-o", "tsv") == "Before\n"
            assert box.run("verify").returncode == 0
            subprocess.run(["mount", "-o", "remount,size=100m", mount], check=True)
            box.ok("import", "lead", source)
            assert len(box.ok("lead", "list", "-o", "ids").splitlines()) == 20001
    finally:
        subprocess.run(["umount", mount], check=False)
        os.rmdir(mount)


def file_size_limit():
    with Box() as box:
        source = lead_file(box, 20000)
        done = subprocess.run([CRM, "import", "lead", source], env=box.environment, capture_output=True, text=True, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
        assert done.returncode == 74, (done.returncode, done.stderr)
        assert box.ok("lead", "list") == ""
        assert box.run("doctor").returncode == 0


def failing_outputs():
    with Box() as box:
        box.ok("import", "lead", lead_file(box, 20000))  # more than a pipe holds
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = box.start("lead", "list", stdout=full)
            error = process.stderr.read().decode()
            assert process.wait() == 74 and error.count("\n") == 1, (process.returncode, error)
        shell = f"{CRM} lead list | head -n 1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", shell], env=box.environment, capture_output=True, text=True, check=False)
        assert done.stdout.splitlines()[-1] == "141" and done.stderr == "", (done.stdout[-200:], done.stderr)
        done = subprocess.run(["bash", "-c", f"{CRM} lead list >&-; echo $?"], env=box.environment, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "74", (done.stdout, done.stderr)


full_disk()
file_size_limit()
failing_outputs()
