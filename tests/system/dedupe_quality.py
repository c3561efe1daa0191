#!/usr/bin/env python3
"""Duplicates found on data with known answers: pair F1 at the program's own threshold, and the precision of what --auto would merge. The same
settings for all of it."""
import csv
import itertools
import json
import os
import subprocess
import sys

from common import SHARED, Box, skip


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [{key.strip(): (value or "").strip().strip('"').strip() for key, value in row.items()} for row in csv.DictReader(file, skipinitialspace=True)]


def person(row, first, last):
    # Dates and addresses that cannot be are kept as they are written.
    row = {{"date_of_birth": "birth_number", "dob": "birth_number", "email": "mail_text"}.get(key, key): value for key, value in row.items()}
    return {"name": f"{row.pop(first)} {row.pop(last)}".strip() or "?", **row}


def febrl(*files):
    rows = []
    for file in files:
        for row in rows_of(os.path.join(SHARED, "febrl", file)):
            key = row.pop("rec_id")
            rows.append((key.split("-")[1], person(row, "given_name", "surname")))
    return "contact", rows


def splink():
    rows = []
    for row in rows_of(os.path.join(SHARED, "splink", "fake_1000.csv")):
        row.pop("unique_id")
        rows.append((row.pop("cluster"), person(row, "first_name", "surname")))
    return "contact", rows


def restaurants():
    return "customer", [(row.pop("unique_id"), row) for row in rows_of(os.path.join(SHARED, "restaurants", "restaurant-nophone-training.csv"))]


def generated(box, seed, customers):
    out = box.path(f"generated-{seed}")
    subprocess.run([sys.executable, os.path.join(SHARED, "generated", "gen_crm.py"), "--out", out, "--seed", str(seed), "--customers", str(customers), "--leads", "10",
                    "--hard"], check=True, stdout=subprocess.DEVNULL)
    entity = {row["customer_id"]: row["entity_id"] for row in rows_of(os.path.join(out, "gold_duplicates.csv"))}
    with open(os.path.join(out, "customers.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return "customer", [(entity[row.pop("customer_id")], {key: value for key, value in row.items() if key not in ("owner", "created_at", "notes")}) for row in rows]


def measure(title, kind, rows, least):
    with Box() as box:
        path = box.path("rows.csv")
        columns = list(rows[0][1])
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([f"{kind}_id", *columns])
            for number, (_, row) in enumerate(rows, 1):
                writer.writerow([number, *(row[column] for column in columns)])
        box.ok("import", kind, path, "--keep-unknown")
        entity = {}
        for line in box.ok(kind, "list", "--fields", "id,ref", "-o", "tsv").splitlines():
            number, ref = line.split("\t")
            entity[int(number)] = rows[int(ref.split("/")[1]) - 1][0]
        groups = {}
        for number, its in entity.items():
            groups.setdefault(its, []).append(number)
        gold = {tuple(sorted(pair)) for group in groups.values() for pair in itertools.combinations(group, 2)}
        found = [json.loads(line) for line in box.ok(kind, "dedupe", "--min-score", "0", "-o", "jsonl").splitlines()]
        scores = [pair["score"] for pair in found]
        assert scores == sorted(scores, reverse=True), "not best first"
        pairs = {(pair["a"], pair["b"]): pair["score"] for pair in found}

        def quality(threshold):
            chosen = {pair for pair, score in pairs.items() if score >= threshold}
            true = len(chosen & gold)
            precision = true / len(chosen) if chosen else 1.0
            recall = true / len(gold)
            return precision, recall, 2 * precision * recall / (precision + recall) if true else 0.0

        precision, recall, f1 = quality(0.6)
        auto, auto_recall, _ = quality(0.97)
        blocking = len(gold & set(pairs)) / len(gold)
        best = max((quality(threshold / 20)[2], threshold / 20) for threshold in range(1, 20))
        print(f"{title}: {len(rows)} records, {len(gold)} pairs, {len(pairs)} compared (recall {blocking:.4f}): F1 {f1:.4f} (P {precision:.4f}, R {recall:.4f}; best {best[0]:.4f} at {best[1]}), "
              f"--auto precision {auto:.4f} at recall {auto_recall:.4f}")
        if os.environ.get("SHOW"):
            shown = 0
            for pair in sorted(gold, key=lambda p: pairs.get(p, -1)):
                if pairs.get(pair, -1) < 0.6 and shown < int(os.environ["SHOW"]):
                    shown += 1
                    print("  missed", pairs.get(pair), *[list(rows[int(box.ok(kind, "show", str(n), "--fields", "ref", "-o", "tsv").strip().split("/")[1]) - 1][1].values()) for n in pair], sep="\n    ")
            shown = 0
            for pair, score in pairs.items():
                if score >= 0.6 and pair not in gold and shown < int(os.environ["SHOW"]):
                    shown += 1
                    print("  wrong", score, *[list(rows[int(box.ok(kind, "show", str(n), "--fields", "ref", "-o", "tsv").strip().split("/")[1]) - 1][1].values()) for n in pair], sep="\n    ")
        return f1 >= least and auto >= 0.99


if not os.path.isdir(os.path.join(SHARED, "febrl")):
    skip("the shared data is missing")
fine = True
with Box(init=False) as scratch:
    for title, make, least in [("febrl 1", lambda: febrl("dataset1.csv"), 0.99), ("febrl 4", lambda: febrl("dataset4a.csv", "dataset4b.csv"), 0.99),
                               ("restaurants", restaurants, 0.95), ("splink fake_1000", splink, 0.80), ("generated --hard 7", lambda: generated(scratch, 7, 1000), 0.85),
                               ("generated --hard 8", lambda: generated(scratch, 8, 3000), 0.85)]:
        if len(sys.argv) > 1 and sys.argv[1] not in title:
            continue
        fine = measure(title, *make(), least) and fine
sys.exit(0 if fine else 1)
