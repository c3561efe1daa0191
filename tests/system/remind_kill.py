#!/usr/bin/env python3
"""kill -9 at random instants of two senders: no message is lost, at most one repeat for each kill, each with the same Message-ID."""
import random
import signal
import subprocess
import time

from common import FULL
from mailbox import MAIL, MailBox

KILLS = 1000 if FULL else 40


def killed_senders():
    with MailBox(people=8) as box:
        draw = random.Random(3)
        kills = 0
        day = 0
        while kills < KILLS:
            if box.open_messages() == 0:
                day += 1
                box.ok("remind", "--now", f"{2026 + day // 300}-{1 + day // 25 % 12:02}-{2 + day % 25:02}")
            running = [box.start("outbox", "flush", *MAIL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
            time.sleep(draw.uniform(0, 0.1))
            running[0].send_signal(signal.SIGKILL)
            kills += running[0].wait() != 0
            if draw.random() < 0.5:
                running[1].send_signal(signal.SIGKILL)
                kills += running[1].wait() != 0
            running[1].wait()
        box.ok("outbox", "flush", *MAIL)
        time.sleep(1)  # what a killed sender had started
        sent = box.sent()
        messages = day * box.people
        assert box.open_messages() == 0
        assert len(set(sent)) == messages, f"{len(set(sent))} different messages, not {messages}"
        assert len(sent) - messages <= kills, f"{len(sent) - messages} repeats, {kills} kills"
        print(f"{messages} messages, {kills} kills, {len(sent) - messages} repeats")


killed_senders()
