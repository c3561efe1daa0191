#!/usr/bin/env python3
"""Two senders to a real mail server, killed with -9 at random instants: no message is lost, at most one repeat for each kill, each with the
same Message-ID."""
import random
import signal
import subprocess
import time

from common import FULL
from mailbox import MailBox
from servers import MailServer

MESSAGES, KILLS = (4000, 1000) if FULL else (300, 40)


def killed_senders():
    with MailServer() as server, MailBox(people=MESSAGES) as box:
        box.ok("outbox", "channel", "add", "mail", "--smtp", server.url, "--from", "crm@example.com")
        box.ok("remind", "--now", "2026-03-02")
        draw = random.Random(3)
        kills = 0
        while kills < KILLS and box.open_messages() > 0:
            running = [box.start("outbox", "flush", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
            for process in running:
                time.sleep(draw.uniform(0, 0.03))
                process.send_signal(signal.SIGKILL)
            kills += sum(process.wait() != 0 for process in running)
        box.ok("outbox", "flush")
        ids = server.message_ids()
        assert box.open_messages() == 0
        assert len(set(ids)) == MESSAGES, f"{len(set(ids))} different messages, not {MESSAGES}"
        assert len(ids) - MESSAGES <= kills, f"{len(ids) - MESSAGES} repeats, {kills} kills"
        print(f"{MESSAGES} messages, {kills} kills, {len(ids) - MESSAGES} repeats")


killed_senders()
