#!/usr/bin/env python3
"""Consent withdrawn between enqueue and send: no message after the withdrawal is there. The mail server keeps pace with the withdrawals, half
of which are of people whose turn is next."""
import random
import subprocess
import threading
import time

from common import FULL
from mailbox import MailBox
from servers import MailServer

ROUNDS = 1000 if FULL else 40
MESSAGES = 2 * ROUNDS

WORKFLOW = """workflow: outreach
stages: {lead: [{name: new}, {name: won, outcome: won}]}
templates:
  spring: {subject: "Hello {{name}}", body: "Dear {{name}}\\n"}
"""


def race():
    arrived, withdrawn = {}, {}
    withdrawals = threading.Condition()
    pace = 0.02  # seconds that a withdrawal takes, on this machine and now

    def note(command, text):
        if command != "END":
            return
        arrived[int(text.split("Subject: Hello C", 1)[1].split("\r\n", 1)[0])] = time.monotonic()
        with withdrawals:
            # No longer: it may be this very message that a withdrawal waits for.
            withdrawals.wait_for(lambda: len(withdrawn) >= len(arrived), timeout=3 * pace)

    with MailServer(fault=note) as server, MailBox(people=0) as box:
        box.ok("workflow", "apply", box.write("w.yaml", WORKFLOW))
        box.ok("outbox", "channel", "add", "mail", "--smtp", server.url, "--from", "crm@example.com")
        lines = []
        for i in range(MESSAGES):
            lines.append('{"cmd": ["contact", "add", "C%d", "--email", "c%d@example.org"]}' % (i, i))
            lines.append('{"cmd": ["consent", "give", "contact/%d", "--purpose", "newsletter", "--at", "2026-01-01"]}' % (i + 1))
        box.ok("batch", "-", text="\n".join(lines) + "\n")
        preview = box.ok("outreach", "preview", "spring", "--kind", "contact", "--segment", "id > 0", "--template", "spring", "-o", "json", "--most", "100000")
        confirm = preview.split('"confirm":', 1)[1].split('"')[1]
        assert confirm.endswith(f"-{MESSAGES}"), preview
        box.ok("outreach", "send", "spring", "--confirm", confirm)
        draw = random.Random(5)
        left = set(range(MESSAGES))
        sender = box.start("outbox", "flush", stdout=subprocess.DEVNULL)
        while len(withdrawn) < ROUNDS and left:
            if draw.random() < 0.5:
                turn = max(arrived, default=-1) + draw.randrange(4)
                person = turn if turn in left else min(left)
            else:
                person = draw.choice(sorted(left))
            left.discard(person)
            begun = time.monotonic()
            box.ok("consent", "withdraw", f"contact/{person + 1}", "--purpose", "newsletter", "-q")
            with withdrawals:
                withdrawn[person] = time.monotonic()
                pace = 0.8 * pace + 0.2 * (withdrawn[person] - begun)
                withdrawals.notify_all()
        while_sending = sender.poll() is None
        assert sender.wait() == 0, sender.stderr.read()
        late = {i: arrived[i] - withdrawn[i] for i in withdrawn if i in arrived and arrived[i] > withdrawn[i]}
        assert not late, late
        unsent = box.query("SELECT count(*) FROM outbox WHERE state = 'cancelled' AND reply = 'consent withdrawn'")[0][0]
        assert unsent + len(arrived) == MESSAGES, (unsent, len(arrived))
        assert while_sending, "the sender was done before the withdrawals were"
        print(f"{MESSAGES} messages, {len(withdrawn)} withdrawals while sending, {unsent} not sent")


race()
