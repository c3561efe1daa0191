#!/usr/bin/env python3
"""Cron's manners: not a byte when all is well, one line and an exit code when not, in cron's bare environment; the examples for cron and
systemd run as they are."""
import datetime
import os
import shutil
import sqlite3
import subprocess

from common import CRM, ROOT
from mailbox import MAIL, MailBox


def silent(done):
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done


def one_line(done, code):
    assert done.returncode == code and done.stdout == "" and done.stderr.count("\n") == 1, done


def manners():
    with MailBox(people=2) as box:
        silent(box.run("remind", *MAIL, "--now", "2025-12-15"))  # nothing is due
        silent(box.run("remind", "--dry-run", "--now", "2025-12-15"))
        silent(box.run("outbox", "flush", *MAIL))
        assert box.sent() == []
        assert "2 messages made, 2 messages sent" in box.run("remind", *MAIL, "-v", "--now", "2026-03-02").stderr
        silent(box.run("remind", *MAIL, "--now", "2026-03-02"))

        box.ok("user", "edit", "u0", "--email", "", "-q")
        done = box.run("remind", *MAIL, "--now", "2026-03-03")
        one_line(done, 7)
        assert "u0" in done.stderr and len(box.sent()) == 3
        silent(box.run("remind", *MAIL, "--now", "2026-03-03"))  # that is told once
        silent(box.run("workflow", "run", "--now", "2026-03-03"))
        silent(box.run("remind", "--now", "2026-03-03"))
        box.ok("user", "edit", "u0", "--email", "u0@example.com", "-q")
        silent(box.run("remind", *MAIL, "--now", "2026-03-03"))
        assert len(box.sent()) == 4


def failures():
    with MailBox(people=2) as box:
        box.sendmail("#!/bin/sh\necho 'mail server is away' >&2\nexit 75\n")
        done = box.run("remind", *MAIL, "--now", "2026-03-02")
        one_line(done, 7)
        assert "mail server is away" in done.stderr and "1 other" in done.stderr, done
        silent(box.run("remind", *MAIL, "--now", "2026-03-02"))  # it is not yet time for another try
        box.sendmail("#!/bin/sh\nexit 67\n")
        assert box.run("remind", *MAIL, "--now", "2026-03-03").returncode == 7
        assert [row[0] for row in box.query("SELECT state FROM outbox ORDER BY id")] == ["cancelled", "cancelled", "failed", "failed"]

        os.remove(os.path.join(box.programs, "sendmail"))
        os.symlink(CRM, os.path.join(box.programs, "crm"))
        if shutil.which("sendmail", path="/usr/bin:/bin:/usr/sbin:/usr/lib") is None:
            box.environment["PATH"] = "/usr/bin:/bin"
            one_line(box.run("remind", *MAIL, "--now", "2026-03-04"), 74)
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = box.start("remind", "--channel", "stdout", "--now", "2026-03-05", stdout=full)
            assert process.stderr.read().count(b"\n") == 1 and process.wait() == 74
        # What could not be printed was not sent.
        assert len(box.ok("remind", "--channel", "stdout", "--now", "2026-03-05", "-o", "jsonl").splitlines()) >= 2

        lock = sqlite3.connect(box.db)
        lock.execute("BEGIN IMMEDIATE")
        one_line(box.run("remind", "--now", "2026-03-06", "--timeout", "0"), 75)
        lock.rollback()
        lock.close()


def crontab():
    with MailBox(people=2) as box:
        os.symlink(CRM, os.path.join(box.programs, "crm"))
        box.ok("outbox", "channel", "add", "mail", "--sendmail", "--from", "crm@example.com")
        settings, commands = {}, []
        with open(os.path.join(ROOT, "examples", "crontab"), encoding="utf-8") as file:
            for line in file:
                line = line.strip()
                if line.startswith("#") or not line:
                    continue
                name = line.split("=", 1)[0]
                if name.isidentifier():
                    settings[name] = line.split("=", 1)[1]
                else:
                    commands.append(line.split(None, 5)[5])
        assert commands, "the example has no command"
        environment = {"HOME": box.dir, "LOGNAME": "root", "SHELL": "/bin/sh", **settings}
        environment["PATH"] = box.programs + ":" + settings.get("PATH", "/usr/bin:/bin")
        environment["CRM_DB"] = box.db
        # A reminder counts from when its workflow was put in force: its first time has come by the day after tomorrow.
        environment["CRM_NOW"] = (datetime.datetime.now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        for _ in range(2):
            for command in commands:
                silent(subprocess.run(["sh", "-c", command], env=environment, cwd="/", capture_output=True, text=True, check=False))
        assert len(box.sent()) == 2, box.sent()


def systemd():
    if shutil.which("systemd-analyze") is None:
        print("SKIP remind_cron.py: there is no systemd-analyze for the unit files")
        return
    units = os.path.join(ROOT, "examples", "systemd")
    with MailBox(people=0) as box:
        for name in os.listdir(units):
            with open(os.path.join(units, name), encoding="utf-8") as file:
                box.write(name, file.read().replace("/usr/bin/crm", "/bin/true"))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", box.path(name)], capture_output=True, text=True, check=False)
            complaints = [line for line in done.stderr.splitlines() if name in line]
            assert not complaints, complaints


manners()
failures()
crontab()
systemd()
