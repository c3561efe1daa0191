#!/usr/bin/env python3
"""Mail to aiosmtpd, a mail server that is not of ours: with STARTTLS and an account, Chinese and English, a long list; what it refuses."""
import email
import email.policy
import os
import socket
import subprocess
import sys
import time

from common import skip
from mailbox import MailBox
from servers import certificate

SERVER = """
import os, ssl, sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
directory, port, key, cert, utf8 = sys.argv[1:]
class Handler:
    count = 0
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('unknown'):
            return '550 5.1.1 no such mailbox'
        envelope.rcpt_tos.append(address)
        return '250 OK'
    async def handle_DATA(self, server, session, envelope):
        Handler.count += 1
        with open(os.path.join(directory, '%03d' % Handler.count), 'wb') as file:
            file.write(('%s\\n%s\\n%s\\n' % (envelope.mail_from, ','.join(envelope.rcpt_tos), session.ssl is not None)).encode() + envelope.content)
        return '250 2.0.0 kept as %d' % Handler.count
def account(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b'crm', b'correct horse'), handled=False)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
controller = Controller(Handler(), hostname='127.0.0.1', port=int(port), tls_context=context, require_starttls=True, authenticator=account, auth_required=True,
                        enable_SMTPUTF8=utf8 == 'utf8')
controller.start()
print('ready', flush=True)
time.sleep(600)
"""


def python_with_aiosmtpd():
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run([python, "-c", "import aiosmtpd.controller"], capture_output=True, check=False).returncode == 0:
            return python
    return skip("there is no aiosmtpd (Debian package python3-aiosmtpd)")


def start(directory, pair, utf8=""):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([python_with_aiosmtpd(), "-W", "ignore", "-c", SERVER, directory, str(port), *pair, utf8], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    assert process.stdout.readline() == "ready\n", "aiosmtpd did not start"
    return process, port


def received(directory):
    found = []
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), "rb") as file:
            sender, to, secure, text = file.read().split(b"\n", 3)
        found.append((sender.decode(), to.decode(), secure == b"True", email.message_from_bytes(text, policy=email.policy.default)))
    return found


def add_channel(box, port, password, pair):
    box.ok("outbox", "channel", "add", "mail", "--smtp", f"smtp://127.0.0.1:{port}", "--from", "crm@example.com", "--tls", "starttls", "--user", "crm",
           "--password-file", password, "--ca", pair[1])


def other_letters():
    """A domain in other letters goes by its ASCII form to any server, a name in other letters only to one that takes such."""
    for utf8 in ("utf8", ""):
        with MailBox(people=3) as box:
            pair = certificate(box.dir)
            kept = box.path("kept")
            os.mkdir(kept)
            password = box.write("password", "correct horse\n")
            os.chmod(password, 0o400)
            for user, address in (("u0", "wang@例子.中国"), ("u1", "王@例子.中国"), ("u2", "a@😀.example")):
                box.ok("user", "edit", user, "--email", address, "-q")
            box.ok("remind", "--now", "2026-03-02")
            server, port = start(kept, pair, utf8)
            try:
                add_channel(box, port, password, pair)
                box.fails(7, "outbox", "flush")
            finally:
                server.kill()
                server.wait()
            mails = [(to, str(mail["To"].addresses[0].addr_spec).encode("utf-8", "surrogateescape").decode()) for _, to, _, mail in received(kept)]
            assert mails == [(to, to) for to in ["wang@xn--fsqu00a.xn--fiqs8s", "王@xn--fsqu00a.xn--fiqs8s"][:2 if utf8 else 1]], mails
            first, second, third = box.query("SELECT state, address, coalesce(reply, '') FROM outbox ORDER BY id")
            assert first[:2] == ("sent", "wang@例子.中国") and third[0] == "failed" and "no address that mail can go to" in third[2], (first, third)
            assert second[0] == ("sent" if utf8 else "failed") and (utf8 or "offers no SMTPUTF8" in second[2]), second


def delivery():
    with MailBox(people=3) as box:
        pair = certificate(box.dir)
        kept = box.path("kept")
        os.mkdir(kept)
        password = box.write("password", "correct horse\n")
        os.chmod(password, 0o400)
        server, port = start(kept, pair)
        try:
            add_channel(box, port, password, pair)
            box.ok("user", "edit", "u1", "--language", "zh", "-q")
            box.ok("user", "edit", "u2", "--email", "unknown@example.com", "-q")
            lines = ['{"cmd": ["followup", "plan", "lead/1", "--due", "2026-01-02", "--owner", "u0", "--note", "第%d次 %s"]}' % (i, "长" * 300) for i in range(300)]
            box.ok("batch", "-", "--now", "2025-12-01", text="\n".join(lines) + "\n")
            box.ok("lead", "edit", "2", "--name", "王芳 <b>", "-q")
            box.ok("remind", "--now", "2026-03-02")
            done = box.run("outbox", "flush")
            assert done.returncode == 7 and done.stdout == "" and "550 5.1.1 no such mailbox" in done.stderr and done.stderr.count("\n") == 1, done
            (first_from, first_to, first_secure, first), (_, second_to, _, second) = received(kept)
            assert (first_from, first_to, first_secure) == ("crm@example.com", "u0@example.com", True)
            assert first["Subject"] == "Overdue follow-ups: 301" and first["Message-ID"] and first["Date"].datetime
            plain, html = first.iter_parts()
            assert plain.get_content().count("[followup/") == 301 and html.get_content().count("<tr>") == 302
            assert second_to == "u1@example.com" and second["Subject"] == "1 条跟进已逾期", second["Subject"]
            plain, html = second.iter_parts()
            assert "王芳 <b>" in plain.get_content() and "王芳 &lt;b&gt;" in html.get_content() and "您好" in html.get_content()
            states = box.query("SELECT u.name, o.state, o.reply FROM outbox o JOIN user u ON u.id = o.person ORDER BY o.id")
            assert states == [("u0", "sent", "250 2.0.0 kept as 1"), ("u1", "sent", "250 2.0.0 kept as 2"), ("u2", "failed", "550 5.1.1 no such mailbox")], states
            # A wrong password, and no account at all.
            os.chmod(password, 0o600)
            box.write("password", "wrong\n")
            os.chmod(password, 0o400)
            box.ok("remind", "--now", "2026-03-03")
            assert "refused the account" in box.fails(74, "outbox", "flush")
            assert box.query("SELECT DISTINCT state, attempts FROM outbox WHERE id > 3") == [("queued", 0)]
        finally:
            server.kill()
            server.wait()
        time.sleep(0.1)
        assert "cannot be reached" in box.fails(74, "outbox", "flush")


delivery()
other_letters()
