#!/usr/bin/env python3
"""Benchmarks: each a ratio to the sqlite3 shell on the same work, whole processes, in one run; of the time that passed, then
of the processors' (user and system), which says more where others use the machine.

usage: tests/bench/bench.py [--crm build/release/bin/crm] [--rows 1000000] [--dir DIR] [NAME …]

Names: start import append ask funnel out write enqueue deliver (default: all, in that order; ask, funnel, out and append use what import made).
Data is generated (seeded) under --dir, which is kept between runs; give it 5 GB for a million rows. Run it on a calm machine.
"""
import argparse
import collections
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚桂英华玉萍红娥玲丹梅鑫浩宇轩梓涵欣怡"
REGIONS = ["浙江省", "江苏省", "上海市", "广东省", "山东省", "四川省", "湖北省", "北京市"]
SOURCES = ["官网", "展会", "转介绍", "广告", "电话营销"]
STAGES = ["new", "contacted", "qualified", "proposal", "negotiation", "won"]
START = 1704067200  # 2024-01-01
KIND_LEAD = 5


Run = collections.namedtuple("Run", "seconds cpu memory")


def text_time(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


def make_leads(path, first, count, seed):
    draw = random.Random(seed)
    with open(path, "w", encoding="utf-8") as out:
        out.write("lead_id,name,company,phone,email,region,source,owner,stage,amount,created_at\n")
        for i in range(first, first + count):
            name = draw.choice(SURNAMES) + draw.choice(GIVEN) + (draw.choice(GIVEN) if draw.random() < 0.6 else "")
            company = f"{draw.choice(REGIONS)[:2]}{draw.choice(GIVEN)}{draw.choice(GIVEN)}科技有限公司"
            phone = f"1{draw.choice('35789')}{draw.randrange(10)}0000{draw.randrange(10000):04d}"
            stage = STAGES[min(int(draw.expovariate(0.7)), 5)]
            out.write(f"L{i:07d},{name},{company},{phone},x{i}@mail.example,{draw.choice(REGIONS)},{draw.choice(SOURCES)},"
                      f"u{draw.randrange(1, 13):02d},{stage},{draw.randrange(1, 9000000) / 100:.2f},{text_time(START + draw.randrange(63072000))}\n")


def make_history(leads, path, seed):
    """Every lead's way to its stage, as stage changes."""
    draw = random.Random(seed)
    with open(leads, encoding="utf-8") as source, open(path, "w", encoding="utf-8") as out:
        out.write("lead_id,from_stage,to_stage,changed_at,by\n")
        next(source)
        for line in source:
            cells = line.rstrip("\n").split(",")
            moment = START + draw.randrange(50000000)
            before = ""
            for stage in STAGES[: STAGES.index(cells[8]) + 1]:
                out.write(f"{cells[0]},{before},{stage},{text_time(moment)},{cells[7]}\n")
                before = stage
                moment += draw.randrange(3600, 900000)


def make_followups(path, leads, count, seed):
    draw = random.Random(seed)
    with open(path, "w", encoding="utf-8") as out:
        out.write("followup_id,lead_id,type,at,due_at,done_at,owner,outcome\n")
        for i in range(count):
            at = text_time(START + draw.randrange(63072000))
            lead, owner = f"L{draw.randrange(leads):07d}", f"u{draw.randrange(1, 13):02d}"
            if draw.random() < 0.05:  # an open plan
                out.write(f"F{i:07d},{lead},call,,{at},,{owner},\n")
            else:
                out.write(f"F{i:07d},{lead},wechat,{at},,,{owner},有兴趣\n")


class Bench:
    def __init__(self, options):
        self.crm = os.path.abspath(options.crm)
        self.rows = options.rows
        self.dir = options.dir
        os.makedirs(self.dir, exist_ok=True)
        self.environment = dict(os.environ, TZ="Asia/Shanghai", CRM_USER="root", LC_ALL="C.UTF-8", HOME=self.dir)
        self.environment.pop("CRM_NOW", None)
        self.use(self.path(f"crm{self.rows}.db"))

    def path(self, name):
        return os.path.join(self.dir, name)

    def use(self, database):
        self.db = database
        self.environment["CRM_DB"] = database

    def run(self, command, stdin=None):
        """Seconds, processor seconds and peak memory (MiB) of one process; its output is thrown away by the system."""
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=stdin or subprocess.DEVNULL, env=self.environment)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            sys.exit(f"{command} failed: {error.decode()}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)

    def crm_run(self, *words):
        return self.run([self.crm, *words])

    def sqlite(self, sql, *flags):
        return ["sqlite3", *flags, self.db, sql]

    def count(self, sql):
        return int(subprocess.run(self.sqlite(sql), capture_output=True, text=True, check=True).stdout)

    def report(self, name, ratio, cpu, goal, detail):
        print(f"{name:<58} {ratio:6.2f}x  cpu {cpu:5.2f}x  (goal {goal})  {detail}", flush=True)

    def figure(self, name, figure, goal, detail):
        print(f"{name:<58} {figure}  (goal {goal})  {detail}", flush=True)

    def compare(self, name, ours, rival, goal):
        self.report(name, ours.seconds / rival.seconds, ours.cpu / rival.cpu, goal, f"{ours.seconds:.2f} s to {rival.seconds:.2f} s, {ours.memory} MiB")

    def pairs(self, name, ours, theirs, rounds, goal):
        """Ours and theirs in turn; prints the median of the ratios."""
        self.run(ours), self.run(theirs)
        runs = [(self.run(ours), self.run(theirs)) for _ in range(rounds)]
        ratio = statistics.median(mine.seconds / other.seconds for mine, other in runs)
        cpu = statistics.median(mine.cpu / other.cpu for mine, other in runs)
        mine, other = (statistics.median(pair[i].seconds for pair in runs) for i in (0, 1))
        memory = max(mine.memory for mine, _ in runs)
        self.report(name, ratio, cpu, goal, f"{mine * 1000:.2f} ms to {other * 1000:.2f} ms, {memory} MiB")

    def fresh(self):
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(self.db + suffix):
                os.remove(self.db + suffix)
        self.crm_run("init")
        for i in range(1, 13):
            self.crm_run("user", "add", f"u{i:02d}", "--team", "sales")

    # The benchmarks.

    def start(self):
        kept = self.db
        with tempfile.TemporaryDirectory() as folder:
            self.use(os.path.join(folder, "crm.db"))
            self.fresh()
            self.crm_run("lead", "add", "王芳", "--phone", "13800001234", "--amount", "100")
            columns = "id, name, company, title, phone, email, wechat, region, source, stage, amount, currency, owner, team, score, lost_reason, note, created_at, updated_at"
            self.pairs("lead show 1", [self.crm, "lead", "show", "1"], self.sqlite(f"select {columns} from lead where id = 1"), 300, "<= 1.1, static 0.9")
        self.use(kept)

    def rival_import(self, source):
        """The sqlite3 shell: .import into a plain table, the same three indexes built after."""
        database, script = self.path("rival.db"), self.path("rival.sql")
        with open(script, "w") as out:
            out.write("create table lead(lead_id text, name text, company text, phone text, email text, region text, source text, owner text, stage text, amount real, created_at text);\n"
                      f".import --csv --skip 1 {source} lead\n"
                      "create index a on lead(owner, created_at); create index b on lead(stage, amount); create index c on lead(created_at);\n")
        if os.path.exists(database):
            os.remove(database)
        with open(script) as stdin:
            return self.run(["sqlite3", database], stdin)

    def import_(self):
        leads = self.path("leads.csv")
        if not os.path.exists(leads):
            make_leads(leads, 0, self.rows, 1)
        self.fresh()
        ours = self.crm_run("import", "lead", leads)
        self.compare(f"import of {self.rows} leads into an empty database", ours, self.rival_import(leads), "<= 2.0, 100 MB")

    def append(self):
        more = self.path("more.csv")
        if not os.path.exists(more):
            make_leads(more, self.rows, self.rows // 10, 2)
        kept, copy = self.db, self.path("append.db")
        shutil.copy(kept, copy)
        self.use(copy)
        ours = self.crm_run("import", "lead", more)
        self.use(kept)
        os.remove(copy)
        self.compare(f"{self.rows // 10} more onto {self.rows}", ours, self.rival_import(self.path("leads.csv")), "<= 0.5")

    def load_rest(self):
        """Five follow-ups for each lead, and the stage history; once."""
        if self.count("select count(*) from followup") != 0:
            return
        history, followups = self.path("history.csv"), self.path("followups.csv")
        if not os.path.exists(history):
            make_history(self.path("leads.csv"), history, 3)
        if not os.path.exists(followups):
            make_followups(followups, self.rows, self.rows * 5, 4)
        for words in (("stage-change", history, "--kind", "lead"), ("followup", followups)):
            ours = self.crm_run("import", *words)
            print(f"  (import {words[0]}: {ours.seconds:.1f} s, {ours.cpu:.1f} s of processors, {ours.memory} MiB)", flush=True)
        self.crm_run("customer", "add", "Bench Ltd")

    def ask(self):
        self.load_rest()
        now = START + 63072000
        low = KIND_LEAD << 48
        user = "(select id from user where name = 'u03')"
        goal = "<= 1.3"
        self.pairs("followup overdue --owner u03 --limit 50",
                   [self.crm, "followup", "overdue", "--owner", "u03", "--limit", "50", "--now", "2026-01-01"],
                   self.sqlite(f"select * from followup where owner = {user} and due_at < {now} and done_at is null and due_at is not null and deleted_at is null order by due_at limit 50"), 40, goal)
        self.pairs("lead show", [self.crm, "lead", "show", str(self.rows // 2)], self.sqlite(f"select * from lead where id = {self.rows // 2}"), 40, goal)
        self.pairs("customer view", [self.crm, "customer", "view", "1"],
                   self.sqlite("select 1, at, note from followup where about_kind = 3 and about_id = 1 union all select 2, created_at, name from contact where customer = 1 "
                               "union all select 3, created_at, name from lead where customer = 1 union all select 4, change, action from event where kind = 3 and record = 1 order by 2 desc"), 40, goal)
        self.pairs("lead list 张伟 --limit 50", [self.crm, "lead", "list", "张伟", "--limit", "50"],
                   self.sqlite(f"select r.* from lead r where r.id in (select rowid - {low} from search_index where search_index match '\"张 伟\"' and rowid between {low} and {low + (1 << 48) - 1}) "
                               "and deleted_at is null order by r.id limit 50"), 40, goal)
        self.pairs("lead list stage=contacted amount>=5000 --sort -amount", [self.crm, "lead", "list", "stage=contacted", "amount>=5000", "--sort", "-amount", "--limit", "20"],
                   self.sqlite("select * from lead where stage = 'contacted' and amount >= 500000 and deleted_at is null order by amount desc, id desc limit 20"), 40, goal)

    def funnel(self):
        self.load_rest()
        self.pairs("report funnel", [self.crm, "report", "funnel", "-o", "json"],
                   self.sqlite(f"select to_stage, count(distinct record_id) from stage_change where record_kind = {KIND_LEAD} and deleted_at is null group by 1"), 3, "<= 0.5")

    def out(self):
        columns = ("id, name, company, title, phone, email, wechat, region, source, stage, amount, currency, owner, team, score, lost_reason, note, customer, contact, "
                   "created_at, updated_at, assigned_at, stage_entered_at, closed_at, version")
        for flag, form, goal in (("-json", "jsonl", "<= 0.7, 30 MB"), ("-csv", "csv", "<= 0.9, 30 MB")):
            self.pairs(f"{self.rows} rows out as {form}", [self.crm, "lead", "list", "-o", form, "--fields", columns.replace(" ", "")],
                       self.sqlite(f"select {columns} from lead where deleted_at is null", flag), 3, goal)

    def write(self):
        """8 processes, each a batch of 1,000 small writes, against one."""
        kept = self.db
        with tempfile.TemporaryDirectory(dir=self.dir) as folder:
            self.use(os.path.join(folder, "crm.db"))
            batch = os.path.join(folder, "batch")
            with open(batch, "w", encoding="utf-8") as out:
                for i in range(1000):
                    out.write('{"cmd": ["lead", "add", "Lead %d"]}\n' % i)

            def rate(processes):
                self.fresh()
                start = time.perf_counter()
                running = [subprocess.Popen([self.crm, "batch", batch], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.environment) for _ in range(processes)]
                for process in running:
                    error = process.stderr.read()
                    if process.wait() != 0:
                        sys.exit(f"a writer failed: {error.decode()}")
                return processes * 1000 / (time.perf_counter() - start)

            one, eight = rate(1), rate(8)
            print(f"{'8 processes x 1000 small writes, rate to one process':<58} {eight / one:6.2f}x  (goal >= 0.5)  {eight:.0f}/s to {one:.0f}/s", flush=True)
            waits = self.waits(8, 200)
            print(f"{'8 processes that wait for each answer, the longest wait':<58} {waits[-1] * 1000:6.0f} ms  (goal <= 200 ms)  "
                  f"median {waits[len(waits) // 2] * 1000:.1f} ms, 99 % {waits[len(waits) * 99 // 100] * 1000:.1f} ms", flush=True)
        self.use(kept)

    def waits(self, processes, lines):
        """How long each of many writers waits for the answer to each of its lines, in order; each line is a commit of its own."""
        self.fresh()
        waits = []

        def write():
            with subprocess.Popen([self.crm, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment) as process:
                for i in range(lines):
                    start = time.perf_counter()
                    process.stdin.write(b'{"cmd": ["lead", "add", "Lead %d"]}\n' % i)
                    process.stdin.flush()
                    answer = process.stdout.readline()
                    if i > 0:  # the first waits for the program's start too
                        waits.append(time.perf_counter() - start)
                    if b'"exit":0' not in answer.replace(b" ", b""):
                        sys.exit(f"a writer failed: {answer.decode()}")
                process.stdin.close()

        threads = [threading.Thread(target=write) for _ in range(processes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(waits)

    def enqueue(self):
        """100,000 overdue plans of 1,000 people among 5,000,000 follow-ups, as one message for each person."""
        kept = self.db
        self.use(self.path(f"reminders{self.rows}.db"))
        if not os.path.exists(self.db):
            self.crm_run("init")
            sql = ("insert into user (name, email, active, created_at, updated_at) select 'p' || value, 'p' || value || '@example.com', 1, 0, 0 from generate_series(1, 1000);"
                   "insert into lead (name, stage, created_at, updated_at) select 'Lead ' || value, 'new', 0, 0 from generate_series(1, 10000);"
                   "insert into followup (about_kind, about_id, type, at, due_at, done_at, owner, created_at, updated_at) select 5, 1 + value % 10000, 'call', "
                   f"iif(value % 50 = 0, null, {START}), {START}, iif(value % 50 = 0, null, {START}), 2 + (value / 50) % 1000, 0, 0 from generate_series(1, {self.rows * 5});")
            self.run(["sqlite3", self.db, sql])
        runs = []
        for day in range(3):
            runs.append(self.crm_run("remind", "--now", f"2026-03-{1 + day:02}T10:00"))
            self.run(self.sqlite("delete from outbox"))
        middle = statistics.median_low(runs)
        self.figure(f"remind: {self.rows // 10} plans of 1000 people out of {self.rows * 5}", f"{middle.seconds:6.2f} s", "<= 3.0 s for 5000000",
                    f"{middle.cpu:.2f} s of processors, {middle.memory} MiB")
        self.use(kept)

    def deliver(self):
        """10,000 small mails to a local server, against a bare loop of libcurl on one connection."""
        sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))
        from servers import MailServer
        kept, count = self.db, self.rows // 100
        with tempfile.TemporaryDirectory(dir=self.dir) as folder, MailServer() as server:
            loop = os.path.join(folder, "loop")
            subprocess.run(["c++", "-O2", "-o", loop, os.path.join(os.path.dirname(os.path.abspath(__file__)), "curl_loop.cpp"), "-lcurl"], check=True)
            self.use(os.path.join(folder, "crm.db"))
            self.crm_run("init")
            self.crm_run("outbox", "channel", "add", "mail", "--smtp", server.url, "--from", "crm@example.com")
            self.run(["sqlite3", self.db, "insert into user (name, email, active, created_at, updated_at) values ('li', 'li@example.com', 1, 0, 0);"
                      "insert into outbox (key, rule, person, subject, body, on_doubt, created_at, state) select 'k/' || value, 'k', 2, 'Subject', 'Body' || char(10), 'resend', "
                      f"0, 'queued' from generate_series(1, {count})"])
            rival = self.run([loop, server.url, str(count)])
            ours = self.crm_run("outbox", "flush")
            if len(server.mails) != 2 * count:
                sys.exit(f"{len(server.mails)} mails, not {2 * count}")
            self.figure(f"{count} mails to a local server, rate to libcurl's", f"{rival.seconds / ours.seconds:6.2f}x", ">= 0.5",
                        f"{count / ours.seconds:.0f}/s to {count / rival.seconds:.0f}/s, {ours.cpu:.2f} s to {rival.cpu:.2f} s of processors, {ours.memory} MiB")
        self.use(kept)


def main(kind, about, names):
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crm", default="build/release/bin/crm")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--dir", default=os.path.join(tempfile.gettempdir(), "crm-bench"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    bench = kind(options)
    for name in options.names or names:
        getattr(bench, "import_" if name == "import" else name)()


if __name__ == "__main__":
    main(Bench, __doc__, ["start", "import", "append", "ask", "funnel", "out", "write", "enqueue", "deliver"])
