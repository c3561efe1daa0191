#!/usr/bin/env python3
"""Quiet hours and holidays, by the clock of each person: a reminder that would disturb comes at the next hour that does not, once, also where
the clocks change. Cron's two commands are run by a clock that is set forward hour by hour."""
import datetime
import shutil
import subprocess
from zoneinfo import ZoneInfo

from common import CRM, skip
from mailbox import MailBox

if shutil.which("faketime") is None:
    skip("there is no faketime")

WORKFLOW = """workflow: hours
timezone: {zone}
calendar:
  hours: {{mon-fri: "09:00-18:00"}}
  holidays: ["2026-10-01..2026-10-07"]
  workdays: ["2026-10-10"]
stages: {{lead: [{{name: new}}, {{name: won, outcome: won}}]}}
reminders:
  - {{name: r, for: followup, when: due_at < now and done_at is null and at is null, to: owner, every: "{every}", hours: {hours}, template: t}}
templates:
  t: {{subject: "{{{{count}}}}", body: "{{{{date}}}}: {{{{#each rows}}}}{{{{record}}}} {{{{/each}}}}\\n"}}
"""


class Office(MailBox):
    """u0, u1, … live in these zones; the fake clock is the only one."""

    def __init__(self, zone, zones, every, hours):
        super().__init__(people=len(zones))
        self.zone = ZoneInfo(zone)
        for i, name in enumerate(zones):
            self.ok("user", "edit", f"u{i}", "--timezone", name, "-q")
        self.ok("outbox", "channel", "add", "mail", "--sendmail", "--from", "crm@example.com")
        self.write("w.yaml", WORKFLOW.format(zone=zone, every=every, hours=hours))
        self.environment["TZ"] = "UTC"

    def faked(self, moment, *words):
        text = moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        done = subprocess.run(["faketime", text, CRM, *words], env=self.environment, cwd=self.dir, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout if words[0] != "workflow" or words[1] != "apply" else "", done.stderr) == (0, "", ""), (moment, words, done)

    def arrivals(self, begin, end, step=datetime.timedelta(hours=1)):
        """Who got a message at which hour of their own day."""
        found, seen = [], set()
        self.faked(begin - datetime.timedelta(hours=1), "workflow", "apply", "w.yaml", "-q")
        moment = begin
        while moment <= end:
            self.faked(moment, "workflow", "run")
            self.faked(moment, "outbox", "flush")
            for key, person, zone in self.query("SELECT o.key, u.name, u.timezone FROM outbox o JOIN user u ON u.id = o.person WHERE o.state = 'sent'"):
                if key not in seen:
                    seen.add(key)
                    found.append((person, moment.astimezone(ZoneInfo(zone)).strftime("%a %m-%d %H:%M")))
            moment += step
        assert len(self.sent()) == len(found), (self.sent(), found)
        return {person: [when for name, when in found if name == person] for person in sorted({name for name, _ in found})}


def at(text, zone):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def other_zones():
    """Planned at eight in New York: too early there, in the afternoon of London, at night in Shanghai. On March 8 the clocks of New York go forward."""
    with Office("America/New_York", ["America/New_York", "Europe/London", "Asia/Shanghai"], "day at 08:00", "workdays 09:00-18:00") as office:
        got = office.arrivals(at("2026-03-06T00:00", "America/New_York"), at("2026-03-10T12:00", "America/New_York"))
        assert got == {"u0": ["Fri 03-06 09:00", "Mon 03-09 09:00", "Tue 03-10 09:00"],
                       # Sunday's waits until Monday morning, and Monday's own is planned at noon.
                       "u1": ["Fri 03-06 13:00", "Mon 03-09 09:00", "Mon 03-09 12:00", "Tue 03-10 12:00"],
                       "u2": ["Mon 03-09 09:00", "Tue 03-10 09:00"]}, got


def fold():
    """01:30 comes twice on November 1: one message."""
    with Office("America/New_York", ["America/New_York"], "day at 00:30", '"01:00-02:00"') as office:
        got = office.arrivals(at("2026-10-31T00:30", "America/New_York"), at("2026-11-02T03:00", "America/New_York"), datetime.timedelta(minutes=30))
        assert got == {"u0": ["Sat 10-31 01:00", "Sun 11-01 01:00", "Mon 11-02 01:00"]}, got


def holidays():
    """A week of holidays in China, ended by a Saturday that is worked: what piled up is one message."""
    with Office("Asia/Shanghai", ["Asia/Shanghai"], "day at 09:00", "calendar") as office:
        got = office.arrivals(at("2026-09-30T06:00", "Asia/Shanghai"), at("2026-10-12T12:00", "Asia/Shanghai"), datetime.timedelta(hours=3))
        assert got == {"u0": ["Wed 09-30 09:00", "Thu 10-08 09:00", "Fri 10-09 09:00", "Sat 10-10 09:00", "Mon 10-12 09:00"]}, got
        states = dict(office.query("SELECT state, count(*) FROM outbox GROUP BY 1"))
        assert states == {"sent": 5, "cancelled": 8}, states
    with Office("Asia/Shanghai", ["Asia/Shanghai"], "workday at 20:00", "calendar") as office:
        got = office.arrivals(at("2026-09-30T06:00", "Asia/Shanghai"), at("2026-10-09T12:00", "Asia/Shanghai"), datetime.timedelta(hours=1, minutes=30))
        assert got == {"u0": ["Thu 10-08 09:00", "Fri 10-09 09:00"]}, got


def outage():
    """Cron was away over the weekend: one message, at the next open hour; and none of what was done meanwhile."""
    with Office("Asia/Shanghai", ["Asia/Shanghai"], "day at 08:00", "workdays 09:00-18:00") as office:
        office.faked(at("2026-03-05T10:00", "Asia/Shanghai"), "workflow", "apply", "w.yaml", "-q")
        office.faked(at("2026-03-09T07:30", "Asia/Shanghai"), "workflow", "run")
        office.faked(at("2026-03-09T07:31", "Asia/Shanghai"), "outbox", "flush")
        assert office.sent() == []
        office.faked(at("2026-03-09T09:10", "Asia/Shanghai"), "workflow", "run")
        office.faked(at("2026-03-09T09:10", "Asia/Shanghai"), "outbox", "flush")
        assert len(office.sent()) == 1
        office.faked(at("2026-03-10T08:05", "Asia/Shanghai"), "workflow", "run")
        office.faked(at("2026-03-10T08:06", "Asia/Shanghai"), "followup", "done", "1", "-q")
        office.faked(at("2026-03-10T09:05", "Asia/Shanghai"), "workflow", "run")
        office.faked(at("2026-03-10T09:05", "Asia/Shanghai"), "outbox", "flush")
        assert len(office.sent()) == 1 and office.query("SELECT state FROM outbox ORDER BY id DESC LIMIT 1") == [("cancelled",)]


other_zones()
fold()
holidays()
outage()
