#!/usr/bin/env python3
"""Names, subjects and addresses made to break a header: the mail has exactly its headers and its one recipient; addresses with control
characters are refused on entry."""
import email
import email.policy
import os
import random

from common import FULL
from mailbox import MAIL, MailBox

HEADERS = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
PIECES = ["\r\nBcc: evil@example.com", "\nX-Evil: 1", "\r", "\n\nbody", "\0", "\u2028To: evil@example.com", "\u2029", "\u0085", "\v", "\f",
          ",", ";", "<evil@example.com>", ", evil@example.com", '"', "\\", "(", "=?utf-8?Q?=0D=0ABcc:_evil=40example.com?=", "王芳", "\u202e",
          "\U0001f600", "e\u0301", " ", "\t", "x" * 300, "a b"]
# Keeps the arguments and the mail.
KEEP = """#!/bin/sh
file=$(mktemp "$(dirname "$0")/../mails/XXXXXX")
printf '%s\\n' "$@" >"$file.arguments"
cat >"$file"
"""
BAD_ADDRESSES = ["a@b\r\nBcc: c@d.e", "a@b\nc", "a\0@b.c", "a@b\u2028.c", "-oQ/tmp@b.c", "a@b,c@d", "a@b>", "<a@b>", "a b@c"]


class HostileBox(MailBox):
    """Rows of users and messages that no command would store."""

    def __init__(self):
        super().__init__(people=0)

    def store(self, name, address, subject):
        self.query("INSERT INTO user (name, email, created_at, updated_at) VALUES (?, ?, 0, 0)", name, address)
        self.query("INSERT INTO outbox (key, rule, person, subject, body, created_at, state, on_doubt) "
                   "SELECT 'r/' || max(id), 'r', max(id), ?, 'text\n', 0, 'queued', 'resend' FROM user", subject)


def payload(draw):
    return "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 5)))


def check_mail(text, address):
    message = email.message_from_bytes(text, policy=email.policy.default)
    assert message.keys() == HEADERS, message.keys()
    assert not message.defects, message.defects
    recipients = message["To"].addresses
    assert [str(one.addr_spec) for one in recipients] == [address], message["To"]
    for name in ("To", "Subject"):
        assert not set(message[name]) & set("\r\n\0\v\f\x1c\x1d\x1e\x85\u2028\u2029"), (name, message[name])
    for line in text.split(b"\n\n", 1)[0].splitlines():
        assert len(line) <= 78 and line.isascii(), line
    plain, html = message.iter_parts()
    assert plain.get_content().rstrip("\n") == "text" and "<p>text</p>" in html.get_content()


def payloads(count):
    with HostileBox() as box:
        os.mkdir(box.path("mails"))
        box.sendmail(KEEP)
        draw = random.Random(4)
        for i in range(count):
            box.store(f"{i}" + payload(draw), f"u{i}@example.com", payload(draw))
        box.ok("outbox", "flush", *MAIL)
        seen = set()
        for name in os.listdir(box.path("mails")):
            if name.endswith(".arguments"):
                continue
            with open(os.path.join(box.path("mails"), name), "rb") as file:
                text = file.read()
            with open(os.path.join(box.path("mails"), name + ".arguments"), encoding="utf-8") as file:
                arguments = file.read().splitlines()
            assert arguments[:4] == ["-i", "-f", "crm@example.com", "--"] and len(arguments) == 5, arguments
            check_mail(text, arguments[4])
            seen.add(arguments[4])
        assert len(seen) == count, f"{len(seen)} mails, not {count}"


def bad_addresses():
    with HostileBox() as box:
        for address in BAD_ADDRESSES:
            if "\0" not in address and not address.startswith("-"):
                box.fails(4, "user", "add", "li", "--email", address)
        os.mkdir(box.path("mails"))
        box.sendmail(KEEP)
        for i, address in enumerate(BAD_ADDRESSES):
            box.store(f"u{i}", address, "s")
        assert box.run("outbox", "flush", *MAIL).returncode == 7
        assert os.listdir(box.path("mails")) == []
        assert {row[0] for row in box.query("SELECT state FROM outbox")} == {"failed"}


payloads(500 if FULL else 120)
bad_addresses()
