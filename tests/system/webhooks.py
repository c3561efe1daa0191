#!/usr/bin/env python3
"""Web hooks to a real HTTPS receiver: what each format posts, its signature, and what becomes of a message by what is answered."""
import base64
import hashlib
import hmac
import json
import os
import socket
import time
import urllib.parse

from mailbox import MailBox
from servers import WebHook, certificate

KEY = "key-of-the-signature"


def box_with(scratch, pair, hook, form, *options, path="/robot/send?key=0123456789"):
    box = MailBox(people=1)
    box.ok("lead", "edit", "1", "--name", '王芳 <Acme> & "Sons"', "-q")
    address = scratch.write("address", hook + path + "\n")
    os.chmod(address, 0o400)
    box.ok("outbox", "channel", "add", "hook", "--webhook", "file:" + address, "--format", form, "--ca", pair[1], *options)
    box.ok("remind", "--now", "2026-03-02T10:00")
    return box


def signed(text, key=KEY):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def formats(scratch, pair):
    key = scratch.write("key", KEY + "\n")
    os.chmod(key, 0o400)
    for form in ("wecom", "dingtalk", "feishu", "slack", "json"):
        options = ["--secret", "file:" + key] if form in ("dingtalk", "feishu", "json") else []
        with WebHook(pair) as hook, box_with(scratch, pair, hook.url, form, *options) as box:
            assert box.ok("outbox", "flush") == ""
            (path, headers, body), = hook.posts
            parts = urllib.parse.urlsplit(path)
            query = {name: values[0] for name, values in urllib.parse.parse_qs(parts.query).items()}
            assert parts.path == "/robot/send" and query.pop("key") == "0123456789" and headers["Content-Type"].startswith("application/json")
            said = json.loads(body)
            text = {"wecom": lambda: said["text"]["content"], "dingtalk": lambda: said["text"]["content"], "feishu": lambda: said["content"]["text"],
                    "slack": lambda: said["text"], "json": lambda: said["body"]}[form]()
            shown = '王芳 &lt;Acme&gt; &amp; "Sons"' if form == "slack" else '王芳 <Acme> & "Sons"'
            assert shown in text, text
            assert (text.startswith("u0: Overdue") if form != "json" else (said["person"], said["rule"]) == ("u0", "overdue-followups")), text
            if form == "dingtalk":
                assert abs(int(query["timestamp"]) / 1000 - time.time()) < 60
                assert query["sign"] == signed(query["timestamp"] + "\n" + KEY), query
            elif form == "feishu":
                assert abs(int(said["timestamp"]) - time.time()) < 60
                assert said["sign"] == signed("", said["timestamp"] + "\n" + KEY), said
            elif form == "json":
                assert headers["X-Crm-Signature"] == "sha256=" + hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()
            assert box.query("SELECT state FROM outbox") == [("sent",)]


def answers(scratch, pair):
    # Format, what is answered, the state that it leaves, the tries counted, the exit code.
    for form, answer, state, tries, code in (
            ("wecom", (200, '{"errcode":45009,"errmsg":"api freq out of limit"}'), "queued", 1, 7),
            ("wecom", (200, '{"errcode":40058,"errmsg":"bad"}'), "failed", 1, 7), ("wecom", (200, ""), "queued", 1, 7),
            ("wecom", (200, "<html>a proxy</html>"), "queued", 1, 7), ("dingtalk", (200, '{"errcode":310000,"errmsg":"keywords not in content"}'), "failed", 1, 7),
            ("feishu", (200, '{"code":9499,"msg":"too many request"}'), "queued", 1, 7), ("feishu", (200, '{"StatusCode":0,"StatusMessage":"success"}'), "sent", 1, 0),
            ("slack", (200, "ok"), "sent", 1, 0), ("slack", (429, "rate_limited"), "queued", 1, 7), ("slack", (400, "invalid_payload"), "failed", 1, 7),
            ("slack", (200, "no_text"), "failed", 1, 7), ("json", (200, '{"ok":false}'), "failed", 1, 7), ("json", (403, ""), "queued", 1, 7),
            ("json", (204, ""), "sent", 1, 0), ("json", (500, "oops"), "queued", 1, 7), ("json", (503, ""), "queued", 1, 7),
            ("json", (422, "no"), "failed", 1, 7),
            # The channel is at fault: no try counts.
            ("wecom", (200, '{"errcode":93000,"errmsg":"invalid webhook url"}'), "queued", 0, 74),
            ("dingtalk", (200, '{"errcode":300001,"errmsg":"token is not exist"}'), "queued", 0, 74),
            ("feishu", (200, '{"code":19021,"msg":"sign match fail"}'), "queued", 0, 74),
            ("json", (404, "not here"), "queued", 0, 74), ("slack", (403, "invalid_token"), "queued", 0, 74), ("json", (302, ""), "queued", 0, 74)):
        with WebHook(pair, answer) as hook, box_with(scratch, pair, hook.url, form) as box:
            done = box.run("outbox", "flush")
            found = box.query("SELECT state, attempts FROM outbox")
            assert (done.returncode, found) == (code, [(state, tries)]), (form, answer, done, found)
            assert done.stdout == "" and done.stderr.count("\n") == (code != 0), done
            assert len(hook.posts) == 1 and "0123456789" not in done.stderr


def doubt(scratch, pair):
    """It may have arrived: a message that must not come twice is held."""
    for answer in ((504, "gateway timeout"), (200, "")):
        with WebHook(pair, answer) as hook, box_with(scratch, pair, hook.url, "wecom", "--on-doubt", "hold") as box:
            box.fails(7, "outbox", "flush")
            assert box.query("SELECT state FROM outbox") == [("doubt",)]
    with WebHook(pair, lambda path: time.sleep(3) or (200, "{}")) as hook, \
            box_with(scratch, pair, hook.url, "wecom", "--answer-within", "1", "--on-doubt", "hold") as box:
        box.fails(7, "outbox", "flush")
        assert box.query("SELECT state FROM outbox") == [("doubt",)]


def line_that_dies(scratch, pair):
    """A line that was kept open for the next message, and closed once that was read: the message may have arrived, and is not sent again unnoticed."""
    for on_doubt, state in (("resend", "queued"), ("hold", "doubt")):
        answers = [(200, '{"errcode":0}'), (None, "")]
        with WebHook(pair, lambda path: answers.pop(0)) as hook, MailBox(people=2) as box:
            address = scratch.write("address", hook.url + "/robot/send?key=0123456789\n")
            os.chmod(address, 0o400)
            box.ok("outbox", "channel", "add", "hook", "--webhook", "file:" + address, "--format", "wecom", "--ca", pair[1], "--on-doubt", on_doubt)
            box.ok("remind", "--now", "2026-03-02T10:00")
            assert "before an answer came" in box.fails(7, "outbox", "flush")
            assert len({body for _, _, body in hook.posts}) == len(hook.posts) == 2, hook.posts
            assert box.query("SELECT state FROM outbox ORDER BY id") == [("sent",), (state,)]


def secret_that_others_can_read(scratch, pair):
    """It stops its own channel, no other."""
    with WebHook(pair) as hook, box_with(scratch, pair, hook.url, "wecom") as box:
        others = scratch.write("others", hook.url + "/robot/send?key=0123456789\n")
        os.chmod(others, 0o644)
        box.ok("outbox", "channel", "add", "a", "--webhook", "file:" + others, "--format", "wecom", "--ca", pair[1])
        box.query("UPDATE outbox SET via = 'a', made_for = NULL")  # no reminder, or the later one would take its place
        box.ok("remind", "--now", "2026-03-03T10:00")
        done = box.run("outbox", "flush")
        assert done.returncode == 7 and done.stderr.count("\n") == 1 and "can be read by others" in done.stderr, done
        assert box.query("SELECT state FROM outbox ORDER BY id") == [("queued",), ("sent",)]
        assert "can be read by others" in box.fails(5, "outbox", "flush")  # nothing else was left to do


def out_of_order(scratch, pair):
    with WebHook(pair, lambda path: time.sleep(3) or (200, "{}")) as hook, box_with(scratch, pair, hook.url, "wecom", "--answer-within", "1") as box:
        assert "did not answer within 1 s" in box.fails(7, "outbox", "flush")
    with WebHook(pair, (200, "x" * 10_000_000)) as hook, box_with(scratch, pair, hook.url, "wecom") as box:
        assert "answer without end" in box.fails(7, "outbox", "flush")
        assert box.query("SELECT state, length(reply) < 500 FROM outbox") == [("queued", 1)]
    with WebHook(pair) as hook:
        # Nobody vouches for the certificate; it speaks no TLS; nobody is there.
        with box_with(scratch, (None, "/etc/ssl/certs/ca-certificates.crt"), hook.url, "slack") as box:
            assert "no encrypted line" in box.fails(74, "outbox", "flush") and hook.posts == []
    with WebHook() as hook, box_with(scratch, pair, hook.url.replace("http:", "https:"), "slack") as box:
        box.fails(74, "outbox", "flush")
        assert hook.posts == [] and box.query("SELECT state, attempts FROM outbox") == [("queued", 0)]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with box_with(scratch, pair, f"https://127.0.0.1:{unused.getsockname()[1]}", "slack") as box:
            assert "cannot be reached" in box.fails(74, "outbox", "flush")
    with WebHook(pair) as hook, box_with(scratch, pair, hook.url, "wecom", "--default") as box:
        box.ok("outbox", "sandbox", "on")
        assert "sandbox" in box.fails(5, "outbox", "flush") and hook.posts == []


with MailBox(people=0) as directory:
    keys = certificate(directory.dir)
    formats(directory, keys)
    answers(directory, keys)
    doubt(directory, keys)
    line_that_dies(directory, keys)
    secret_that_others_can_read(directory, keys)
    out_of_order(directory, keys)
