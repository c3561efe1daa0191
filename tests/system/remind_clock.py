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


WORKFLOW = """workflow: ny
timezone: America/New_York
stages: {lead: [{name: new}, {name: won, outcome: won}]}
reminders:
  - {name: r, for: followup, when: due_at < now and done_at is null, to: owner, every: "day at 02:30", template: t}
templates:
  t: {subject: "{{count}}", body: "{{date}}\\n"}
"""


def days_of(jumps):
    return sorted({jump[:10] for jump in jumps})


def keys(box):
    return [key for (key,) in box.query("SELECT key FROM outbox ORDER BY key")]


def jumps(*commands):
    with MailBox(people=1) as box:
        box.ok("outbox", "channel", "add", "mail", "--sendmail", "--from", "crm@example.com")
        box.query("UPDATE workflow_revision SET applied_at = 0")  # under a clock that nothing is known of
        for jump in JUMPS:
            for command in commands:
                done = subprocess.run(["faketime", jump + ":00", CRM, *command], env=box.environment, cwd=box.dir, capture_output=True, text=True,
                                      check=False)
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


def daylight():
    # New York in 2026: 02:30 on March 8 does not exist, 01:30 on November 1 comes twice. One message for each day, and the day's own.
    with MailBox(people=1) as box:
        box.ok("workflow", "apply", box.write("ny.yaml", WORKFLOW))
        for moment in ("2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z", "2026-03-09T03:59:00Z", "2026-03-09T04:00:00Z",
                       "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-02T04:59:00Z", "2026-11-02T05:00:00Z"):
            box.ok("remind", "--now", moment)
        assert [key.rsplit("/", 1)[1] for key in keys(box)] == ["2026-03-08", "2026-03-09", "2026-11-01", "2026-11-02"], keys(box)
    # Somebody in another zone reads their own times.
    with MailBox(people=1) as box:
        box.ok("user", "edit", "u0", "--timezone", "America/New_York", "-q")
        assert "- 2026-01-01 10:59" in box.ok("remind", "--dry-run", "--now", "2026-03-08T12:00:00Z")  # due until midnight in Shanghai


jumps(["remind", *MAIL])
jumps(["workflow", "run"], ["outbox", "flush"])
zones()
daylight()
