#!/usr/bin/env python3
"""Flipped bits, zeroed and swapped pages, truncations: nothing crashes, and no change of what records say passes verify and doctor unseen."""
import os
import random
import sys

from common import FULL, Box

PAGE = 4096
ROUNDS = {"flip": 1000 if FULL else 60, "zero": 100 if FULL else 10, "swap": 100 if FULL else 10, "truncate": 100 if FULL else 10}


def damage(how, data, rng):
    pages = len(data) // PAGE
    if how == "flip":
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif how == "zero":
        page = rng.randrange(pages)
        data[page * PAGE:(page + 1) * PAGE] = bytes(PAGE)
    elif how == "swap":
        a, b = rng.sample(range(pages), 2)
        a, b = a * PAGE, b * PAGE
        data[a:a + PAGE], data[b:b + PAGE] = data[b:b + PAGE], data[a:a + PAGE]
    else:
        del data[rng.randrange(len(data)):]
    return data


def main():
    seed = random.randrange(1 << 30) if FULL else 7
    rng = random.Random(seed)
    with Box() as box:
        rows = "".join(f"L{i},Lead {i},1380013{i:04},{'east' if i % 2 else 'west'},note number {i}\n" for i in range(300))
        box.ok("import", "lead", box.write("leads.csv", "lead_id,name,phone,region,note\n" + rows))
        for kind, number in (("lead/1", 3), ("lead/2", 1)):
            for _ in range(number):
                box.ok("followup", "log", kind, "--type", "call", "--note", "a talk")
        listing = ("lead", "list", "--fields", "id,name,phone,region,stage,note", "-o", "jsonl")
        told = box.ok(*listing)
        with open(box.db, "rb") as file:
            sound = file.read()
        assert not os.path.exists(box.db + "-wal") or os.path.getsize(box.db + "-wal") == 0
        seen = 0
        for how, count in ROUNDS.items():
            for round_number in range(count):
                with open(box.db, "wb") as file:
                    file.write(damage(how, bytearray(sound), rng))
                where = f"{how} {round_number}, seed {seed}"
                listed = box.run(*listing)
                found = [box.run(command).returncode for command in ("verify", "doctor")]
                for code in (listed.returncode, *found):
                    assert code >= 0, f"{where}: ended by signal {-code}"
                if found != [0, 0]:
                    seen += 1
                if listed.returncode == 0 and listed.stdout != told:
                    assert found != [0, 0], f"{where}: the list differs, and neither verify nor doctor says so"
                for suffix in ("-wal", "-shm"):
                    if os.path.exists(box.db + suffix):
                        os.unlink(box.db + suffix)
        assert seen > 0, "no damage was ever found: the test is blind"
        print(f"{sum(ROUNDS.values())} damaged files, {seen} seen by verify or doctor")


if __name__ == "__main__":
    sys.exit(main())
