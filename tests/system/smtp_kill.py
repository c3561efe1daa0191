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
        draw = random.Random(3)
        kills, days, on_the_way = 0, 0, 0
        pace = 0.06  # seconds within which each sender is killed: so that every second round comes to a mail, on this machine and now
        while kills < KILLS:
            if days == 0 or box.open_messages() == 0:
                days += 1
                box.ok("remind", "--now", f"2026-03-{1 + days:02}")
            before = len(server.mails)
            running = [box.start("outbox", "flush", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
            for process in running:
                time.sleep(draw.uniform(0, pace))
                process.send_signal(signal.SIGKILL)
            kills += sum(process.wait() != 0 for process in running)
            on_the_way += box.query("SELECT count(*) FROM outbox WHERE state = 'sending'")[0][0]
            pace *= 0.87 if len(server.mails) > before else 1.15
        box.ok("outbox", "flush")
        ids, messages = server.message_ids(), days * MESSAGES
        assert box.open_messages() == 0
        assert len(set(ids)) == messages, f"{len(set(ids))} different messages, not {messages}"
        assert len(ids) - messages <= kills, f"{len(ids) - messages} repeats, {kills} kills"
        # A repeat is the same mail to the same person, and enough of the kills came while one was on its way.
        whom = {(one, mail[2][0]) for one, mail in zip(ids, server.mails)}
        assert len(whom) == messages, f"{len(whom) - messages} Message-IDs went to two people"
        assert on_the_way >= KILLS // 10, f"only {on_the_way} messages were on their way when their sender was killed"
        print(f"{messages} messages, {kills} kills, {on_the_way} on their way, {len(ids) - messages} repeats")


killed_senders()
