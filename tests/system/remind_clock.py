#!/usr/bin/env python3
"""Jumps of the system's clock: one message for each person and day of the workflow's zone, never two, and nothing stays behind."""
import shutil
import subprocess

from common import CRM, skip
from mailbox import MAIL, MailBox

if shutil.which("faketime") is None:
    skip("there is no faketime")

# The clock goes wrong and is set right again: an hour, a day, a year, a month ahead.
JUMPS = ["2026-03-10 12:00", "2026-03-10 11:00", "2026-03-10 13:00", "2026-03-09 12:00", "2026-03-10 12:00", "2026-03-11 12:00",
         "2026-04-10 12:00", "2026-03-10 12:00", "2027-03-10 12:00", "2026-03-11 00:00", "2026-03-12 23:59"]


def days_of(jumps):
    return sorted({jump[:10] for jump in jumps})


def keys(box):
    return [key for (key,) in box.query("SELECT key FROM outbox ORDER BY key")]


def jumps():
    with MailBox(people=1) as box:
        for jump in JUMPS:
            done = subprocess.run(["faketime", jump + ":00", CRM, "remind", *MAIL], env=box.environment, cwd=box.dir, capture_output=True,
                                  text=True, check=False)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), (jump, done)
        assert [key.rsplit("/", 1)[1] for key in keys(box)] == days_of(JUMPS), keys(box)
        sent = box.sent()
        assert len(sent) == len(set(sent)) == len(days_of(JUMPS)), sent
        assert box.open_messages() == 0


def zones():
    # The workflow's zone decides, not the one of whoever runs it; half an hour before and after midnight in Shanghai.
    with MailBox(people=1) as box:
        for zone in ("Asia/Shanghai", "America/New_York", "UTC", ""):
            box.environment["TZ"] = zone
            box.ok("remind", "--now", "2026-03-08T15:30:00Z")
            box.ok("remind", "--now", "2026-03-08T16:30:00Z")
        assert [key.rsplit("/", 1)[1] for key in keys(box)] == ["2026-03-08", "2026-03-09"], keys(box)


jumps()
zones()
