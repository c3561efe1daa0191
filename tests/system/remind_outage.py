#!/usr/bin/env python3
"""A mail server that is away for days: afterwards one message to each, which says what is so by then, whatever was done meanwhile."""
import shutil
import subprocess

from common import CRM, skip
from mailbox import SENDMAIL, MailBox

if shutil.which("faketime") is None:
    skip("there is no faketime")

KEEPS_ALL = SENDMAIL.replace("#!/bin/sh\n", '#!/bin/sh\nmail=$(cat); printf "%s\\n" "$mail" >>"$(dirname "$0")/mails"; printf "%s\\n" "$mail" | (\n') + ")\n"
AWAY = {"temporary": "#!/bin/sh\nexit 75\n", "no program": None}


def cron(box, moment):
    codes = []
    for words in (["workflow", "run"], ["outbox", "flush"]):
        codes.append(subprocess.run(["faketime", moment, CRM, *words], env=box.environment, cwd=box.dir, capture_output=True, check=False).returncode)
    return codes


def outage(script):
    with MailBox(people=3) as box:
        box.query("UPDATE workflow_revision SET applied_at = 0")  # under a clock that nothing is known of
        for i in range(3):
            box.ok("followup", "plan", f"lead/{i + 1}", "--due", "2026-01-02", "--owner", f"u{i}", "--now", "2025-12-01")
        box.ok("outbox", "channel", "add", "mail", "--sendmail", "--from", "crm@example.com")
        if script:
            box.sendmail(script)
        else:
            box.environment["PATH"] = "/usr/bin:/bin"
        for day in range(2, 7):
            for hour in (10, 14):
                if cron(box, f"2026-03-0{day} {hour}:00:00")[1] == 0:
                    assert day > 2 or hour > 10
        box.ok("followup", "done", "1", "-q")  # u0 has the other one left
        box.ok("followup", "done", "2", "-q")
        box.ok("followup", "ack", "5", "-q")  # u1 has nothing left
        box.sendmail(KEEPS_ALL)
        box.environment["PATH"] = box.programs + ":/usr/bin:/bin"
        subprocess.run(["faketime", "2026-03-06 23:00:00", CRM, "outbox", "flush"], env=box.environment, cwd=box.dir, check=True)
        assert len(box.sent()) == 2, box.query("SELECT key, state, reply FROM outbox")
        keys = [key for (key,) in box.query("SELECT key FROM outbox WHERE state = 'sent'")]
        assert all(key.endswith("/2026-03-06") for key in keys), keys
        assert box.query("SELECT count(*) FROM outbox WHERE state = 'queued'") == [(0,)]
        bodies = [body for (body,) in box.query("SELECT body FROM outbox WHERE state = 'sent' ORDER BY person")]
        assert "followup/1]" not in bodies[0] and "followup/4]" in bodies[0], bodies
        assert "followup/3]" in bodies[1] and "followup/6]" in bodies[1], bodies
        assert cron(box, "2026-03-07 10:00:00") == [0, 0] and len(box.sent()) == 4


for name, script in AWAY.items():
    outage(script)
    print(f"away ({name}): one message to each who has something left")
