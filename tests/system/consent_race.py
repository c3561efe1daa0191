#!/usr/bin/env python3
"""Consent withdrawn between enqueue and send: no message after the withdrawal is there."""
import random
import subprocess
import time

from common import FULL
from mailbox import MailBox
from servers import MailServer

ROUNDS = 1000 if FULL else 40

WORKFLOW = """workflow: outreach
stages: {lead: [{name: new}, {name: won, outcome: won}]}
templates:
  spring: {subject: "Hello {{name}}", body: "Dear {{name}}\\n"}
"""


def race():
    arrived = {}

    def note(command, text):
        if command == "END":
            arrived[text.split("Subject: Hello C", 1)[1].split("\r\n", 1)[0]] = time.monotonic()

    with MailServer(fault=note) as server, MailBox(people=0) as box:
        box.ok("workflow", "apply", box.write("w.yaml", WORKFLOW))
        box.ok("outbox", "channel", "add", "mail", "--smtp", server.url, "--from", "crm@example.com")
        lines = []
        for i in range(ROUNDS):
            lines.append('{"cmd": ["contact", "add", "C%d", "--email", "c%d@example.org"]}' % (i, i))
            lines.append('{"cmd": ["consent", "give", "contact/%d", "--purpose", "newsletter", "--at", "2026-01-01"]}' % (i + 1))
        box.ok("batch", "-", text="\n".join(lines) + "\n")
        preview = box.ok("outreach", "preview", "spring", "--kind", "contact", "--segment", "id > 0", "--template", "spring", "-o", "json", "--most", "100000")
        confirm = preview.split('"confirm":', 1)[1].split('"')[1]
        assert confirm.endswith(f"-{ROUNDS}"), preview
        box.ok("outreach", "send", "spring", "--confirm", confirm)
        sender = box.start("outbox", "flush", stdout=subprocess.DEVNULL)
        draw = random.Random(5)
        order = list(range(ROUNDS))
        draw.shuffle(order)
        withdrawn = {}
        for i in order:
            if box.query("SELECT count(*) FROM outbox WHERE state = 'queued'")[0][0] == 0:
                break
            box.ok("consent", "withdraw", f"contact/{i + 1}", "--purpose", "newsletter", "-q")
            withdrawn[str(i)] = time.monotonic()
        assert sender.wait() == 0, sender.stderr.read()
        late = {i: arrived[i] - withdrawn[i] for i in withdrawn if i in arrived and arrived[i] > withdrawn[i]}
        assert not late, late
        unsent = box.query("SELECT count(*) FROM outbox WHERE state = 'cancelled' AND reply = 'consent withdrawn'")[0][0]
        assert unsent + len(arrived) == ROUNDS, (unsent, len(arrived))
        print(f"{ROUNDS} messages, {len(withdrawn)} withdrawals while sending, {unsent} not sent")


race()
