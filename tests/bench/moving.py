#!/usr/bin/env python3
"""Benchmarks of moving in and out, like bench.py's: each a ratio, or a time that may not be passed, in one run.

usage: tests/bench/moving.py [--crm build/release/bin/crm] [--rows 1000000] [--dir DIR] [NAME …]

Names: dirty undo workbook dedupe search batch (default: all, in that order; search and undo use what dirty made).
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from bench import GIVEN, REGIONS, SOURCES, START, SURNAMES, Bench, main, text_time

QUERIES = ["王", "伟", "张伟", "欣怡", "有限公司", "科技", "zhangwei", "zhangw", "zhang", "z", "zw", "lxy", "1", "13", "138", "1380", "0000",
           "13800001234", "x", "x99", "mail", "example", "acme 138", "王 138", "王 1", "浙江 138", "zhang wei", "mail 7777", "none at all"]
WORD_PAIRS = "云 明 恒 天 海 华 金 瑞 德 信 达 远 航 创 新 星 光 宏 泰 安".split()


def dirty_phone(draw, digits):
    """The same number as people type it."""
    shape = draw.randrange(7)
    if shape == 0:
        return f"+86 {digits[:3]} {digits[3:7]} {digits[7:]}"
    if shape == 1:
        return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    if shape == 2:
        return f"0086{digits}"
    if shape == 3:
        return f"（86）{digits}"
    return digits


def make_customers(path, count, seed):
    """Customers as another system's export has them: phones of many shapes, one in twenty there twice under the same reference, one in ten like
    another under a reference of its own."""
    draw = random.Random(seed)
    kept = []
    with open(path, "w", encoding="utf-8") as out:
        out.write("customer_id,name,company,phone,email,region,source,created_at\n")
        for i in range(count):
            number = i
            if kept and draw.random() < 0.1:
                name, company, digits, region = draw.choice(kept)
                if draw.random() < 0.5:
                    company = company.replace("有限公司", "股份有限公司")
                if draw.random() < 0.3:
                    digits = digits[:-1] + str(draw.randrange(10))
            else:
                name = draw.choice(SURNAMES) + draw.choice(GIVEN) + (draw.choice(GIVEN) if draw.random() < 0.6 else "")
                company = f"{draw.choice(REGIONS)[:2]}{''.join(draw.choices(WORD_PAIRS, k=3))}{draw.choice(GIVEN)}科技有限公司"
                digits = f"1{draw.choice('35789')}{draw.randrange(10)}{draw.randrange(10 ** 8):08d}"
                region = draw.choice(REGIONS)
                if len(kept) < 100000:
                    kept.append((name, company, digits, region))
                elif draw.random() < 0.05:
                    kept[draw.randrange(len(kept))] = (name, company, digits, region)
            if i > 20 and draw.random() < 0.05:
                number = draw.randrange(i)
            out.write(f"C{number:07d},{name},{company},{dirty_phone(draw, digits)},x{i}@mail.example,{region},{draw.choice(SOURCES)},"
                      f"{text_time(START + draw.randrange(63072000))}\n")


class Moving(Bench):
    def customers(self, count):
        path = self.path(f"customers{count}.csv")
        if not os.path.exists(path):
            make_customers(path, count, 5)
        return path

    def dirty_database(self):
        self.use(self.path(f"customers{self.rows}.db"))
        if not os.path.exists(self.db):
            self.fresh()
            self.crm_run("import", "customer", self.customers(self.rows))

    def dirty(self):
        """Dirty customers, against the sqlite3 shell's .import and the same three indexes built after."""
        source = self.customers(self.rows)
        self.use(self.path(f"customers{self.rows}.db"))
        self.fresh()
        ours = self.crm_run("import", "customer", source)
        database, script = self.path("rival.db"), self.path("rival.sql")
        with open(script, "w", encoding="utf-8") as out:
            out.write("create table customer(customer_id text, name text, company text, phone text, email text, region text, source text, created_at text);\n"
                      f".import --csv --skip 1 {source} customer\n"
                      "create index a on customer(customer_id); create index b on customer(phone); create index c on customer(created_at);\n")
        if os.path.exists(database):
            os.remove(database)
        with open(script, encoding="utf-8") as stdin:
            rival = self.run(["sqlite3", database], stdin)
        self.compare(f"import of {self.rows} dirty customers", ours, rival, "<= 2.5, 100 MB")
        self.import_time = ours

    def undo(self):
        """The import is taken back, against the import itself."""
        if not hasattr(self, "import_time"):
            self.dirty()
        undone = self.crm_run("import", "undo", "1")
        self.compare(f"undo of the import of {self.rows}", undone, self.import_time, "<= 1.0")
        batch = self.path("few.jsonl")
        with open(batch, "w", encoding="utf-8") as out:
            for i in range(1000):
                out.write(json.dumps({"op": "add", "kind": "lead", "fields": {"name": f"Lead {i}"}}) + "\n")
        after = self.crm_run("batch", batch)
        print(f"  (a batch of 1000 after it: {after.seconds:.2f} s)", flush=True)
        os.remove(self.db)

    def workbook(self):
        """A workbook of rows / 10, as the program itself writes it, against unzipping and parsing its XML."""
        kept, count = self.db, self.rows // 10
        book = self.path(f"customers{count}.xlsx")
        with tempfile.TemporaryDirectory(dir=self.dir) as folder:
            self.use(os.path.join(folder, "crm.db"))
            self.fresh()
            self.crm_run("import", "customer", self.customers(count))
            if not os.path.exists(book):
                self.crm_run("export", "customer", "--to", book)
            rival = os.path.join(folder, "xlsx_parse")
            here = os.path.dirname(os.path.abspath(__file__))
            subprocess.run(["c++", "-O2", "-o", rival, os.path.join(here, "xlsx_parse.cpp"), "-lzip", "-lexpat"], check=True)
            self.fresh()
            ours = self.crm_run("import", "customer", book)
            self.compare(f"a workbook of {count} customers into an empty database", ours, self.run([rival, book]), "<= 3.0")
        self.use(kept)

    def dedupe(self):
        """All pairs, and how the time grows from a quarter of the records to all."""
        times = {}
        for count in (self.rows // 4, self.rows):
            with tempfile.TemporaryDirectory(dir=self.dir) as folder:
                self.use(os.path.join(folder, "crm.db"))
                self.fresh()
                self.crm_run("import", "customer", self.customers(count))
                times[count] = self.crm_run("customer", "dedupe", "-o", "jsonl")
        quarter, whole = times[self.rows // 4], times[self.rows]
        print(f"{f'dedupe of {self.rows} customers':<58} {whole.seconds:6.1f} s  cpu {whole.cpu:5.1f} s  (goal <= 180 s)  {whole.memory} MiB", flush=True)
        self.compare("  to a quarter of them", whole, quarter, "<= 4.5")

    def search(self):
        """Whole processes; the worst of the queries counts."""
        self.dirty_database()
        worst = (0, 0, "")
        for query in QUERIES:
            self.crm_run("search", query)
            runs = [self.crm_run("search", query) for _ in range(5)]
            best = min(runs, key=lambda run: run.seconds)
            print(f"  {query:<16} {best.seconds * 1000:7.1f} ms  cpu {best.cpu * 1000:7.1f} ms", flush=True)
            worst = max(worst, (best.seconds, best.cpu, query))
        print(f"{f'search in {self.rows} customers, the slowest query':<58} {worst[0] * 1000:6.1f} ms cpu {worst[1] * 1000:5.1f} ms  (goal <= 20 ms)  {worst[2]}", flush=True)

    def batch(self):
        """10,000 operations in one process, in groups and with a transaction for each, against processes (300 of them, scaled); and each sent only when the
        former is answered, which waits for a sync of the disk each time."""
        kept, count, measured = self.db, self.rows // 100, 300
        words = [["lead", "add", "--name", f"客户{i}", "--phone", f"138{i:08d}", "--source", "web"] for i in range(count)]
        forms = {"commands": [json.dumps({"cmd": line}, ensure_ascii=False) for line in words],
                 "operations": [json.dumps({"op": "add", "kind": "lead", "fields": {"name": line[3], "phone": line[5], "source": "web"}}, ensure_ascii=False) for line in words]}
        with tempfile.TemporaryDirectory(dir=self.dir) as folder:
            self.use(os.path.join(folder, "crm.db"))
            self.fresh()
            start = time.perf_counter()
            for line in words[:measured]:
                self.crm_run(*line)
            processes = (time.perf_counter() - start) * count / measured
            for form, lines in forms.items():
                path = os.path.join(folder, form)
                with open(path, "w", encoding="utf-8") as out:
                    out.write("".join(line + "\n" for line in lines))
                self.fresh()
                together = self.crm_run("batch", path).seconds
                self.fresh()
                each = self.crm_run("batch", "--each", path).seconds
                self.fresh()
                answered = self.answered(lines)
                print(f"{f'{count} {form} in groups, to as many processes':<58} {processes / together:6.1f}x  (goal >= 80)  {together:.2f} s to {processes:.1f} s", flush=True)
                print(f"{f'{count} {form}, a transaction for each':<58} {processes / each:6.1f}x  (goal >= 30)  {each:.2f} s", flush=True)
                print(f"{f'{count} {form}, sent one by one':<58} {processes / answered:6.1f}x  {answered:.2f} s", flush=True)
        self.use(kept)

    def answered(self, lines):
        start = time.perf_counter()
        with subprocess.Popen([self.crm, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment) as process:
            for line in lines:
                process.stdin.write(line.encode() + b"\n")
                process.stdin.flush()
                if b'"exit":0' not in process.stdout.readline():
                    sys.exit("an operation failed")
            process.stdin.close()
        return time.perf_counter() - start


if __name__ == "__main__":
    main(Moving, __doc__, ["dirty", "undo", "workbook", "dedupe", "search", "batch"])
