#!/usr/bin/env python3
"""`crm workflow run` under fault: two at once, killed at random instants, under a clock that jumps. Every effect is there once, none is
there by half, and cron is told nothing."""
import random
import signal
import sqlite3
import subprocess
import time

from common import FULL, Box

WORKFLOW = """workflow: test
timezone: Asia/Shanghai
stages: {lead: [{name: new, within: 1d}, {name: won, outcome: won}]}
templates: {late: {subject: "{{name}}", body: "{{record}}"}}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}, {followup: {due: 1h}}, {notify: {to: owner, template: late}}]}
  - {name: daily, every: day at 02:00, for: lead, when: "source = 'web'", do: [{set: {note: "{{note}}x"}}, {tag: daily}]}
"""


def leads(box, count):
    rows = "".join(f"L{i},web,li\n" for i in range(count))
    box.write("leads.csv", "name,source,owner\n" + rows)
    box.ok("import", "lead", "leads.csv", "--now", "2026-03-01T10:00")


def prepared(count):
    box = Box()
    box.ok("user", "add", "li")
    box.write("w.yaml", WORKFLOW)
    box.ok("workflow", "apply", "w.yaml", "--now", "2026-03-01T09:00")
    leads(box, count)
    return box


def state(box):
    database = sqlite3.connect(box.db)
    one = lambda sql: database.execute(sql).fetchone()[0]
    found = {
        "late": one("SELECT count(*) FROM tag WHERE name = 'late'"),
        "plans": one("SELECT count(*) FROM followup"),
        "messages": one("SELECT count(*) FROM outbox"),
        "daily": one("SELECT count(*) FROM lead WHERE note = 'x'"),
        "noted": one("SELECT count(*) FROM lead WHERE note IS NOT NULL"),
    }
    database.close()
    return found


def together(rounds):
    """Two at once: one of them may end with 75, or both do what is due; nothing twice."""
    busy = 0
    with prepared(20) as box:
        for _ in range(rounds):
            running = [box.start("workflow", "run", "--now", "2026-03-02T10:00") for _ in range(2)]
            for process in running:
                out, error = process.communicate()
                assert process.returncode in (0, 75), (process.returncode, error)
                assert out == b"" and (process.returncode == 75 or error == b""), (out, error)
                busy += process.returncode == 75
            box.ok("workflow", "run", "--now", "2026-03-02T10:00", "--wait", "20")
            assert state(box) == {"late": 20, "plans": 20, "messages": 20, "daily": 20, "noted": 20}, state(box)
            # The next round begins with the same leads in another stay.
            database = sqlite3.connect(box.db)
            database.executescript(
                "DELETE FROM followup; DELETE FROM outbox; DELETE FROM tag; DELETE FROM rule_match; UPDATE lead SET note = NULL;"
                "UPDATE schedule_run SET ran_for = NULL;"
                "UPDATE timer SET step = 0, state = 'running', due_at = limit_at;")
            database.commit()
            database.close()
        skipped = box.run("workflow", "run", "--if-busy", "skip", "--now", "2026-03-02T10:00")
        assert skipped.returncode == 0
    print(f"{rounds} rounds of two at once, {busy} ended with 75")


def killed(rounds):
    """kill -9 at random instants, until so many have hit: of each lead all that a rule does is there, or nothing; then the rest is done."""
    draw = random.Random(7)
    count = 3000  # enough for several transactions
    everything = {"late": count, "plans": count, "messages": count, "daily": count, "noted": count}
    kills = databases = between = 0
    with prepared(count) as box:
        start = time.perf_counter()
        box.ok("workflow", "run", "--now", "2026-03-02T10:00")
        longest = time.perf_counter() - start
    while kills < rounds:
        databases += 1
        with prepared(count) as box:
            ended, done = False, 0
            while not ended:
                process = box.start("workflow", "run", "--now", "2026-03-02T10:00", "--wait", "20", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(draw.uniform(0, longest))
                process.send_signal(signal.SIGKILL)
                code = process.wait()
                assert code in (0, -signal.SIGKILL), code
                ended = code == 0
                kills += not ended
                found = state(box)
                assert found["late"] == found["plans"] == found["messages"], found
                assert found["daily"] == found["noted"], found
                before, done = done, found["late"] + found["daily"]
                between += 0 < done < 2 * count
                # However busy the machine is just now: about every second run comes to a commit, few to the end.
                longest *= 0.8 if ended else 0.95 if done > before else 1.05
            assert state(box) == everything, state(box)
            assert box.ok("workflow", "run", "--now", "2026-03-02T10:00") == ""
            box.ok("verify", "-q")
    print(f"{kills} kills in {databases} databases, {between} of them with a part done")


def clock():
    """Back a day and forward a month: once, caught up."""
    with prepared(5) as box:
        wanted = {"late": 5, "plans": 5, "messages": 5, "daily": 5, "noted": 5}
        for now in ("2026-03-02T10:00", "2026-03-01T10:00", "2026-04-02T10:00", "2026-03-02T10:00", "2026-04-02T10:00", "2026-04-03T01:00"):
            assert box.ok("workflow", "run", "--now", now) == ""
            assert state(box) == wanted, (now, state(box))
    print("clock set back and forward")


def held():
    """Somebody else has the database in hand: who does not want to wait is told at once, and no run is lost in silence."""
    with prepared(1) as box:
        box.ok("workflow", "run", "--now", "2026-03-01T10:00")
        other = sqlite3.connect(box.db, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for words, most in ((["--wait", "0"], 1), (["--wait", "0", "--if-busy", "skip"], 1), (["--if-busy", "skip"], 3)):
            begin = time.monotonic()
            told = box.fails(75, "workflow", "run", "--now", "2026-03-02T10:00", *words)
            assert told.count("\n") == 1 and time.monotonic() - begin < most, (words, told, time.monotonic() - begin)
        other.execute("ROLLBACK")
        # Another run is at work: it does what is due.
        other.execute("INSERT INTO lease (name, holder, until) VALUES ('workflow-run', 'elsewhere 1 1', ?)", (int(time.time()) + 30,))
        assert box.ok("workflow", "run", "--now", "2026-03-02T10:00", "--if-busy", "skip") == ""
        box.fails(75, "workflow", "run", "--now", "2026-03-02T10:00", "--wait", "0")
    print("a busy database is told of at once")


together(100 if FULL else 10)
killed(1000 if FULL else 20)
clock()
held()
