#!/usr/bin/env python3
"""Five secrets, none of which shows up in what is printed, the database, the process list or a child's environment."""
import os
import subprocess
import threading
import time

from common import CRM
from mailbox import MailBox
from servers import MailServer, WebHook, certificate

SECRETS = {"password": "canary-password-7f3a", "token": "canary-token-91bc", "signature": "canary-signature-5d2e", "variable": "canary-variable-c0de",
           "credential": "canary-credential-4b1d"}


def secrets():
    seen = []
    with MailBox(people=2) as box, MailBox(people=0) as scratch:
        pair = certificate(scratch.dir)

        def secret_file(name, text):
            path = scratch.write(name, text + "\n")
            os.chmod(path, 0o400)
            return path

        def echo(path):
            time.sleep(0.3)
            signed = SECRETS["signature"] if "/robot" in path or "/hook" in path else "nothing"
            return (500, f"cannot take {path} signed {signed}")

        with MailServer(tls="starttls", pair=pair, login=("crm", "x"), fault=lambda c, _: f"535 no {SECRETS['password']}" if c == "AUTH" else None) as mail, \
                WebHook(pair, echo) as hook:
            password, signature = secret_file("password", SECRETS["password"]), secret_file("signature", SECRETS["signature"])
            token = secret_file("url", f"{hook.url}/robot?access_token={SECRETS['token']}")
            os.mkdir(scratch.path("credentials"))
            secret_file("credentials/hook", f"{hook.url}/hook/{SECRETS['credential']}")
            box.environment["CREDENTIALS_DIRECTORY"] = scratch.path("credentials")
            box.environment["HOOK"] = f"{hook.url}/{SECRETS['variable']}"
            # The mail program's environment is kept: it must hold none of them.
            box.sendmail("#!/bin/sh\nenv >>\"$(dirname \"$0\")/environment\"\ncat >/dev/null\n")

            def crm(*words):
                process = box.start(*words)
                watcher = threading.Thread(target=watch, args=(process, seen))
                watcher.start()
                out, error = process.communicate()
                watcher.join()
                seen.extend([out.decode(), error.decode()])
                return process.returncode

            crm("outbox", "channel", "add", "mail", "--smtp", mail.url, "--from", "a@example.com", "--tls", "starttls", "--user", "crm", "--password-file",
                password, "--ca", pair[1])
            crm("outbox", "channel", "add", "ding", "--webhook", "file:" + token, "--format", "dingtalk", "--secret", signature, "--ca", pair[1])
            crm("outbox", "channel", "add", "env", "--webhook", "env:HOOK", "--format", "wecom", "--ca", pair[1])
            crm("outbox", "channel", "add", "cred", "--webhook", "credential:hook", "--format", "json", "--secret", signature, "--ca", pair[1])
            crm("outbox", "channel", "add", "local", "--sendmail", "--from", "a@example.com")
            crm("remind", "--now", "2026-03-02")
            for channel in ("mail", "ding", "env", "cred"):
                crm("outbox", "channel", "show", channel, "-o", "json")
                assert crm("outbox", "channel", "test", channel) != 0
                assert crm("outbox", "flush", "--channel", channel, "-v") in (7, 74), channel
                box.query("UPDATE outbox SET next_try_at = 0")
            assert crm("outbox", "flush", "--channel", "local") == 0
            for words in (("outbox", "list"), ("outbox", "show", "1"), ("log",), ("outbox", "channel", "list"), ("doctor",)):
                crm(*words, "-o", "json") if words[0] != "doctor" else crm(*words)
            # A secret on the command line is refused without being repeated.
            for bad in (["--smtp", "smtp://mail.example.com", "--from", "a@b.c", "--user", "u", "--password-file", "env:" + "=" + SECRETS["password"]],
                        ["--smtp", f"smtp://crm:{SECRETS['password']}@mail.example.com:587", "--from", "a@b.cc"],
                        ["--smtp", f"smtp://mail.example.com/?password={SECRETS['password']}", "--from", "a@b.cc"],
                        ["--webhook", f"https://h/services/{SECRETS['token']}", "--format", "json"],
                        ["--webhook", f"https://h/?key={SECRETS['token']}", "--format", "wecom"]):
                done = box.run("outbox", "channel", "add", "bad", *bad)
                assert done.returncode == 2, done
                seen.append(done.stderr)
                seen.append(box.run("outbox", "channel", "add", "bad", *bad[2:]).stderr)
            # A descriptor that was not handed over is none of ours, such as the database.
            for number in range(3, 9):
                box.ok("outbox", "channel", "add", f"fd{number}", "--webhook", f"fd:{number}", "--format", "wecom")
                assert "was handed to this process" in box.fails(74, "outbox", "channel", "test", f"fd{number}")
            # They did arrive where they belong.
            posts = repr(hook.posts)
            for name in ("token", "variable", "credential"):
                assert SECRETS[name] in posts, name
            assert SECRETS["signature"] not in posts
        with open(os.path.join(box.programs, "environment"), encoding="utf-8") as file:
            seen.append(file.read())
        box.query("PRAGMA wal_checkpoint(TRUNCATE)")
        for name in os.listdir(box.dir):
            if os.path.isfile(box.path(name)):
                with open(box.path(name), "rb") as file:
                    seen.append(file.read().decode("latin-1"))
    everything = "\n".join(seen)
    assert "535" in everything and "500" in everything and "HOME=" in everything
    for name, secret in SECRETS.items():
        assert secret not in everything, f"the {name} leaked: ...{everything[max(0, everything.index(secret) - 200):][:300]}"


def watch(process, seen):
    """What the process list shows of it and its children."""
    while process.poll() is None:
        for line in subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=False).stdout.splitlines():
            if CRM in line or "sendmail" in line:
                seen.append(line)
        time.sleep(0.05)


secrets()
