#!/usr/bin/env python3
"""What a mail server may do wrong: each fault with the state that it leaves, a clear line, and nothing lost."""
import email
import email.policy
import json
import os
import socket
import threading
import time

from common import FULL
from mailbox import MailBox
from servers import MailServer, certificate

PATIENCE = 45 if FULL else 3


def box_with(server_url, *options):
    box = MailBox(people=2)
    box.ok("outbox", "channel", "add", "mail", "--smtp", server_url, "--from", "crm@example.com", "--answer-within", str(PATIENCE), *options)
    box.ok("remind", "--now", "2026-03-02")
    return box


def states(box):
    return [tuple(row) for row in box.query("SELECT state, attempts, coalesce(reply, '') FROM outbox ORDER BY id")]


def one_line(done, code, *words):
    assert done.returncode == code and done.stdout == "" and done.stderr.count("\n") == 1, done
    for word in words:
        assert word in done.stderr, (word, done.stderr)


def due_again(box):
    box.query("UPDATE outbox SET next_try_at = 0")


def all_well():
    with MailServer() as server, box_with(server.url) as box:
        done = box.run("outbox", "flush")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
        assert server.connections == 1 and len(server.mails) == 2, (server.connections, server.mails)  # both over one line
        _, sender, to, text = server.mails[0]
        assert (sender, to) == ("crm@example.com", ["u0@example.com"])
        mail = email.message_from_string(text, policy=email.policy.default)
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert mail["Auto-Submitted"] == "auto-generated" and mail["Subject"] == "Overdue follow-ups: 1"
        assert all(len(line) <= 78 for line in text.split("\r\n")), text
        assert states(box)[0][:2] == ("sent", 1) and "kept" in states(box)[0][2]
        assert "2.0.0 kept" in box.ok("outbox", "show", "1", "-o", "json")


def answers():
    # What the server says to a command, the state and the exit code that it leaves, and whether the second message is tried too.
    for command, answer, state, both, code in (
            ("MAIL", "451 later", "queued", True, 7), ("MAIL", "552 too big", "failed", True, 7), ("RCPT", "451 greylisted", "queued", True, 7),
            ("RCPT", "421 closing", "queued", True, 7), ("RCPT", "530 not you", "queued", True, 7), ("RCPT", "550 no such user", "failed", True, 7),
            ("END", "452 disk full", "queued", True, 7), ("END", "554 spam", "failed", True, 7)):
        with MailServer(fault=lambda c, _, command=command, answer=answer: answer if c == command else None) as server, box_with(server.url) as box:
            one_line(box.run("outbox", "flush"), code, answer.split(" ", 1)[1])
            found = states(box)
            assert found[0][:2] == (state, 1) and answer in found[0][2], (command, answer, found)
            assert found[1][:2] == ((state, 1) if both else ("queued", 0)), (command, answer, found)
            assert server.mails == []
            server.fault = None
            due_again(box)
            box.ok("outbox", "flush")
            assert len(server.mails) == (0 if state == "failed" else 2)


def five_tries():
    with MailServer(fault=lambda c, _: "451 later" if c == "RCPT" else None) as server, box_with(server.url) as box:
        pauses = []
        for _ in range(6):
            before = time.time()
            box.run("outbox", "flush")
            pauses.append(round((box.query("SELECT next_try_at FROM outbox WHERE id = 1")[0][0] - before) / 60))
            due_again(box)
        assert pauses[:5] == [1, 5, 30, 120, 360], pauses
        assert [row[:2] for row in states(box)] == [("dead", 6)] * 2, states(box)
        server.fault = None
        box.ok("outbox", "flush")
        assert server.mails == []
        box.ok("outbox", "retry", "1")
        box.ok("outbox", "cancel", "2")
        box.ok("outbox", "flush")
        assert len(server.mails) == 1
        assert "it cannot be cancelled" in box.fails(6, "outbox", "cancel", "1")


def no_answer_after_the_mail():
    for fault in (lambda c, _: "drop" if c == "END" else None, lambda c, _: time.sleep(PATIENCE + (15 if FULL else 2)) if c == "END" else None,
                  lambda c, _: "\r\n".join(["250-" + "x" * 1000] * 10_000) if c == "END" else None):
        with MailServer(fault=fault) as server, box_with(server.url) as box:
            one_line(box.run("outbox", "flush"), 7, "after it had the message")
            assert [row[:2] for row in states(box)] == [("queued", 1), ("queued", 1)], states(box)
            server.fault = None
            due_again(box)
            box.ok("outbox", "flush")
            ids = server.message_ids()
            assert len(set(ids)) == 2 and len(ids) in (2, 3, 4), ids  # a repeat has the same Message-ID
        # Held, where the channel says so.
        with MailServer(fault=fault) as server, box_with(server.url, "--on-doubt", "hold") as box:
            one_line(box.run("outbox", "flush"), 7, "in doubt")
            assert [row[0] for row in states(box)] == ["doubt", "doubt"], states(box)
            assert len(box.ok("outbox", "list", "--state", "doubt", "-o", "jsonl").splitlines()) == 2


def no_answer_at_all():
    with MailServer(fault=lambda c, _: time.sleep(PATIENCE + (15 if FULL else 2)) if c == "RCPT" else None) as server, box_with(server.url) as box:
        one_line(box.run("outbox", "flush"), 7, f"did not answer within {PATIENCE} s")
        assert [row[:2] for row in states(box)] == [("queued", 1), ("queued", 1)], states(box)


def poison():
    """A message that makes the server drop the line, hang or ramble counts a try; the other one goes over a new line."""
    for command in ("RCPT", "DATA", "END"):
        for answer in ("drop", "550 " + "z" * 1_000_000, "\r\n".join(["250-" + "x" * 1000] * 10_000)):
            at = {"sender": ""}

            def fault(c, argument, command=command, answer=answer, at=at):
                at["sender"] = argument if c == "RCPT" else at["sender"]
                return answer if c == command and at["sender"].startswith("u0") else None

            with MailServer(fault=fault) as server, box_with(server.url) as box:
                one_line(box.run("outbox", "flush"), 7, "message 1", "broke the line off" if answer == "drop" else "reply without end")
                assert [row[:2] for row in states(box)] == [("queued", 1), ("sent", 1)], (command, answer[:20], states(box))
                before = len(server.mails)
                assert (box.run("outbox", "flush").returncode, len(server.mails)) == (0, before)  # it has its pause


def before_a_mail():
    """The line and the account are the channel's: every message waits, no try counts."""
    for command, answer, words in (("greeting", "421 too busy", "takes no mail now"), ("greeting", "554 no", "refused the line"), ("greeting", "drop", "broke the line"),
                                   ("EHLO", "drop", "broke the line"), ("EHLO", "\r\n".join(["250-" + "x" * 1000] * 10_000), "reply without end"),
                                   ("MAIL", "550 not this sender", "refused the sender"), ("MAIL", "530 who are you", "refused the account")):
        with MailServer(fault=lambda c, _, command=command, answer=answer: answer if c == command else None) as server, box_with(server.url) as box:
            one_line(box.run("outbox", "flush"), 74, words)
            assert [row[:2] for row in states(box)] == [("queued", 0), ("queued", 0)], states(box)
    with MailServer(fault=lambda c, _: time.sleep(PATIENCE + 2) if c == "greeting" else None) as server, box_with(server.url) as box:
        one_line(box.run("outbox", "flush"), 74, f"did not answer within {PATIENCE} s")
        assert [row[:2] for row in states(box)] == [("queued", 0), ("queued", 0)], states(box)
    with MailBox(people=0) as scratch:
        password = scratch.write("password", "correct horse\n")
        os.chmod(password, 0o400)
        account = ["--user", "crm", "--password-file", password]
        with MailServer() as server, box_with(server.url, *account) as box:  # it offers no AUTH
            one_line(box.run("outbox", "flush"), 74, "offers no login")
            assert server.mails == [] and [row[:2] for row in states(box)] == [("queued", 0)] * 2
        for answer, words in (("454 4.7.0 later", "cannot check the account now"), ("421 busy", "cannot check the account now"), ("550 no", "refused the account")):
            with MailServer(login=("crm", "correct horse"), fault=lambda c, _, answer=answer: answer if c == "AUTH" else None) as server, \
                    box_with(server.url, *account) as box:
                one_line(box.run("outbox", "flush"), 74, words, answer)
                assert [row[:2] for row in states(box)] == [("queued", 0)] * 2


def told():
    """What did not go out is an error, as every other command's."""
    with MailServer(fault=lambda c, _: "550 no such user" if c == "RCPT" else None) as server, box_with(server.url) as box:
        assert box.fails(7, "outbox", "flush", "-q").startswith("crm: message 1 to 'u0' did not go out: 550 no such user; and 1 other; ")
        box.ok("outbox", "retry", "1")
        error = json.loads(box.fails(7, "outbox", "flush", "-o", "json"))["error"]
        assert error["code"] == "partly-done" and error["exit"] == 7 and "550 no such user" in error["message"], error
        rows = json.loads(box.ok("outbox", "retry", "1", "2", "-o", "json"))
        assert [(row["id"], row["state"]) for row in rows] == [(1, "queued"), (2, "queued")], rows
        assert json.loads(box.ok("outbox", "cancel", "1", "-n", "-o", "json"))["state"] == "cancelled" and states(box)[0][0] == "queued"
        done = box.run("outbox", "channel", "test", "mail", "--to", "x@example.com", "-o", "json")
        assert (done.returncode, done.stdout) == (74, "") and "550" in json.loads(done.stderr)["error"]["message"], done


def killed():
    """What a killed sender left shows as in doubt, can be moved by hand, and goes at the next flush where it may."""
    held = threading.Event()

    def slow(command, _):
        if command == "END":
            held.set()
            time.sleep(1.5)

    for options, after in (((), "sent"), (("--on-doubt", "hold"), "doubt")):
        with MailServer(fault=slow) as server, box_with(server.url, *options) as box:
            held.clear()
            process = box.start("outbox", "flush")
            held.wait(10)
            assert box.ok("outbox", "list", "--state", "doubt") == "" and "it cannot be cancelled" in box.fails(6, "outbox", "cancel", "1")
            process.kill()
            process.communicate()
            row, = json.loads(box.ok("outbox", "list", "--state", "doubt", "-o", "json"))
            assert (row["id"], row["state"]) == (1, "doubt") and "sender was killed" in row["reply"], row
            assert box.ok("outbox", "list", "--state", "sending") == "" and states(box)[0][0] == "sending"
            server.fault = None
            box.run("outbox", "flush")
            assert states(box)[0][0] == after, states(box)
            if after == "doubt":
                box.ok("outbox", "cancel", "1")
            else:
                time.sleep(2)
                ids = server.message_ids()
                assert len(ids) == 3 and len(set(ids)) == 2, ids


def out_of_order():
    # The channel is at fault, not the message: it waits without counting a try.
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{unused.getsockname()[1]}"
    with box_with(url) as box:
        one_line(box.run("outbox", "flush"), 74, "cannot be reached")
        assert [row[:2] for row in states(box)] == [("queued", 0)] * 2
    with MailServer() as server, box_with(server.url, "--tls", "starttls") as box:
        one_line(box.run("outbox", "flush"), 74, "no encrypted line")
        assert [row[:2] for row in states(box)] == [("queued", 0)] * 2 and server.mails == []


def encrypted():
    with MailBox(people=0) as scratch:
        pair = certificate(scratch.dir)
        password = scratch.write("password", "correct horse\n")
        os.chmod(password, 0o400)
        for tls in ("starttls", "tls"):
            with MailServer(tls=tls, pair=pair, login=("crm", "correct horse")) as server:
                url = server.url.replace("smtp:", "smtps:") if tls == "tls" else server.url
                account = ["--user", "crm", "--password-file", password, "--tls", tls]
                with box_with(url, *account, "--ca", pair[1]) as box:
                    box.ok("outbox", "flush")
                    assert len(server.mails) == 2
                with box_with(url, *account) as box:  # nobody vouches for the certificate
                    one_line(box.run("outbox", "flush"), 74, "no encrypted line", "certificate")
                    assert len(server.mails) == 2
                server.login = ("crm", "another")
                with box_with(url, *account, "--ca", pair[1]) as box:
                    one_line(box.run("outbox", "flush"), 74, "refused the account")
                    assert [row[:2] for row in states(box)] == [("queued", 0)] * 2
        os.chmod(password, 0o644)
        with box_with("smtp://127.0.0.1:1", *account) as box:
            one_line(box.run("outbox", "flush"), 5, "can be read by others")


def stopped():
    """SIGTERM: the message at hand is noted, the rest waits."""
    begun = threading.Event()

    def slow(command, _):
        if command == "END":
            begun.set()
            time.sleep(1)

    with MailServer(fault=slow) as server, box_with(server.url) as box:
        process = box.start("outbox", "flush")
        begun.wait(10)
        process.terminate()
        out, error = process.communicate(timeout=20)
        assert (process.returncode, out, error) == (-15, b"", b""), (process.returncode, out, error)
        assert [row[0] for row in states(box)] == ["sent", "queued"], states(box)
        box.ok("outbox", "flush")
        assert len(server.mails) == 2


def paced():
    with MailServer() as server, box_with(server.url, "--per-minute", "60") as box:
        start = time.time()
        box.ok("outbox", "flush")
        assert len(server.mails) == 2 and time.time() - start >= 0.9
        box.ok("remind", "--now", "2026-03-03")
        done = box.run("outbox", "flush", "--wait", "0")
        assert (done.returncode, done.stderr) == (0, "") and len(server.mails) <= 3


all_well()
answers()
five_tries()
no_answer_after_the_mail()
no_answer_at_all()
poison()
before_a_mail()
told()
killed()
out_of_order()
encrypted()
stopped()
paced()
