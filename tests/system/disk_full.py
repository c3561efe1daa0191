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


# libxlsxwriter looks at its temporary files as little as at what it prints.
def full_disk_of_a_workbook():
    mount = tempfile.mkdtemp()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", mount], capture_output=True, check=False).returncode != 0:
        os.rmdir(mount)
        print("SKIP disk_full.py: no tmpfs can be mounted here")
        return
    try:
        with Box() as box:
            box.ok("import", "lead", lead_file(box, 20000))
            error = box.fails(74, "export", "lead", "--to", os.path.join(mount, "leads.xlsx"))
            assert "No space left on device" in error and error.count("\n") == 1, error
            assert os.listdir(mount) == []
            # Only the temporary files lack space: what would come out is a part of the rows.
            place = tempfile.mkdtemp(dir="/var/tmp")
            try:
                with Box(directory=place) as elsewhere:
                    elsewhere.ok("import", "lead", lead_file(elsewhere, 20000))
                    book = elsewhere.path("leads.xlsx")
                    # The program may itself lie under /tmp.
                    program = os.path.abspath(CRM)
                    tree = os.path.join(place, "tree")
                    os.mkdir(tree)
                    shell = (f"mount --bind {os.path.dirname(os.path.dirname(program))} {tree} && mount -t tmpfs -o size=1m tmpfs /tmp && "
                             f"exec {tree}/bin/{os.path.basename(program)} export lead --to {book}")
                    done = subprocess.run(["unshare", "-m", "sh", "-c", shell], env=elsewhere.environment, capture_output=True, text=True, check=False)
                    assert done.returncode == 74 and "temporary files" in done.stderr and done.stderr.count("\n") == 1, (done.returncode, done.stderr)
                    assert not os.path.exists(book)
                    os.rmdir(tree)
            finally:
                os.rmdir(place)
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


def results_nobody_sees():
    """What cannot be told is not done, or is said to be done."""
    def into_full(box, *words):
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = box.start(*words, stdout=full)
            error = process.stderr.read().decode()
            assert process.wait() == 74 and "cannot write to the standard output" in error, (process.returncode, error)
            return error

    with Box() as box:
        source = lead_file(box, 30)
        into_full(box, "import", "lead", source, "-o", "json")
        assert box.ok("lead", "list", "-o", "ids") == ""
        assert "failed" in box.ok("import", "list")
        box.ok("import", "lead", source, "-o", "json")
        kept = "is kept all the same: see 'crm log'"
        error = into_full(box, "consent", "give", "lead/1", "--purpose", "newsletter")
        assert kept in error, error
        assert "given" in box.ok("consent", "show", "lead/1")
        error = into_full(box, "batch", box.write("lines.jsonl", '{"cmd": ["lead", "add", "Zora"]}\n' * 3))
        assert kept in error, error
        assert len(box.ok("lead", "list", "name=Zora", "-o", "ids").splitlines()) == 3
        error = into_full(box, "lead", "edit", "--all", "--region", "East")
        assert kept in error, error
        assert kept not in into_full(box, "lead", "edit", "1", "--region", "West")
        assert "East" in box.ok("lead", "show", "1", "--fields", "region")


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


def read_only_places():
    with Box() as box:
        box.ok("lead", "add", "王芳")
        if os.geteuid() != 0:
            print("SKIP disk_full.py: only root can make directories that it may not write to")
            return
        os.chmod(box.dir, 0o755)
        os.chmod(box.db, 0o644)

        def as_nobody(*words):
            # A home of their own: the environment's is the directory of the test.
            return subprocess.run([CRM, *words], env={**box.environment, "HOME": "/nonexistent"}, capture_output=True, text=True, check=False,
                                  user=65534, group=65534, extra_groups=[])

        if as_nobody("--version").returncode != 0:
            print("SKIP disk_full.py: others may not run this program")
            return
        for left in ("-wal", "-shm"):
            if os.path.exists(box.db + left):
                os.unlink(box.db + left)
        refused = as_nobody("lead", "list")
        assert refused.returncode == 74 and "only others may write" in refused.stderr and refused.stderr.count("\n") == 1, refused
        # What nobody may write to does not change.
        os.chmod(box.dir, 0o555)
        os.chmod(box.db, 0o444)
        read = as_nobody("lead", "list", "--fields", "name")
        assert read.returncode == 0 and read.stdout == "王芳\n", read
        assert as_nobody("lead", "add", "x").returncode == 74
        with open(box.db + "-wal", "wb") as log:
            log.write(b"x" * 100)
        refused = as_nobody("lead", "list")
        assert refused.returncode == 74 and "crm.db-wal" in refused.stderr, refused
    mount = tempfile.mkdtemp()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", mount], capture_output=True, check=False).returncode != 0:
        os.rmdir(mount)
        print("SKIP disk_full.py: no tmpfs can be mounted here")
        return
    try:
        with Box(directory=mount) as box:
            odd = box.path("a?b#c%20.db")
            box.environment["CRM_DB"] = odd
            box.ok("init")
            box.ok("lead", "add", "王芳")
            subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
            assert box.ok("lead", "list", "--fields", "name") == "王芳\n"
            assert box.ok("report", "funnel", "-o", "json") != ""
            assert box.ok("verify") is not None
            box.fails(74, "lead", "add", "x")
            subprocess.run(["mount", "-o", "remount,rw", mount], check=True)
    finally:
        subprocess.run(["umount", mount], check=False)
        os.rmdir(mount)


full_disk()
read_only_places()
full_disk_of_a_workbook()
file_size_limit()
failing_outputs()
results_nobody_sees()
