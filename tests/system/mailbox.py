"""A database with people who are to be reminded, and a mail program that keeps what it is given."""
import os
import sqlite3

from common import Box

# Appends the Message-ID in one write, as a mail server's log does.
SENDMAIL = """#!/bin/sh
printf '%s\\n' "$(sed -n 's/^Message-ID: //p;/^$/q')" >>"$(dirname "$0")/sent"
"""


class MailBox(Box):
    def __init__(self, people):
        super().__init__()
        self.people = people
        self.programs = self.path("programs")
        os.mkdir(self.programs)
        self.sendmail(SENDMAIL)
        self.environment["PATH"] = self.programs + ":" + self.environment["PATH"]
        lines = []
        for i in range(people):
            lines.append('{"cmd": ["user", "add", "u%d", "--email", "u%d@example.com"]}' % (i, i))
            lines.append('{"cmd": ["lead", "add", "Lead %d", "--owner", "u%d"]}' % (i, i))
            lines.append('{"cmd": ["followup", "plan", "lead/%d", "--due", "2026-01-01", "--owner", "u%d"]}' % (i + 1, i))
        self.ok("batch", "-", "--now", "2025-12-01", text="\n".join(lines) + "\n")

    def sendmail(self, script):
        path = os.path.join(self.programs, "sendmail")
        with open(path, "w", encoding="utf-8") as out:
            out.write(script)
        os.chmod(path, 0o755)

    def sent(self):
        """The Message-IDs, in the order they were handed over."""
        try:
            with open(os.path.join(self.programs, "sent"), encoding="utf-8") as log:
                return log.read().split()
        except FileNotFoundError:
            return []

    def query(self, sql, *values):
        connection = sqlite3.connect(self.db)
        try:
            with connection:
                return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def open_messages(self):
        return self.query("SELECT count(*) FROM outbox WHERE state <> 'sent'")[0][0]


MAIL = ["--channel", "sendmail", "--from", "crm@example.com"]
