#!/usr/bin/env python3
"""Several `crm remind` in the same minute: no message is lost, none is sent twice, and nobody says a word."""
from common import FULL
from mailbox import MAIL, MailBox


def together(processes, rounds):
    with MailBox(people=4) as box:
        for day in range(rounds):
            now = f"{2026 + day // 300}-{1 + day // 25 % 12:02}-{2 + day % 25:02}"
            running = [box.start("remind", *MAIL, "--now", now) for _ in range(processes)]
            for process in running:
                out, error = process.communicate()
                assert (process.returncode, out, error) == (0, b"", b""), (process.returncode, out, error)
        sent = box.sent()
        assert len(sent) == rounds * box.people, f"{len(sent)} messages, not {rounds * box.people}"
        assert len(set(sent)) == len(sent), "a message was sent twice"
        assert box.open_messages() == 0
        print(f"{processes} at once: {rounds} rounds, {len(sent)} messages")


together(2, 1000 if FULL else 10)
together(8, 100 if FULL else 10)
