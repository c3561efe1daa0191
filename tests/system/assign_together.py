#!/usr/bin/env python3
"""Several `lead assign --auto` at once over the same leads: each lead is given once, and the spread stays fair."""
import collections
import json

from common import FULL, Box

WORKFLOW = """workflow: a
assign:
  lead: [{to: team/sales, by: round-robin}]
"""


def together(processes, leads):
    with Box() as box:
        for name in ("a", "b", "c"):
            box.ok("user", "add", name, "--team", "sales")
        ids = box.ok("lead", "add", "-", "-o", "ids", text="".join('{"name": "x"}\n' for _ in range(leads))).split()
        box.ok("workflow", "apply", box.write("a.yaml", WORKFLOW))
        running = [box.start("lead", "assign", *ids, "--auto", "-q") for _ in range(processes)]
        for process in running:
            _, error = process.communicate()
            assert process.returncode == 0, error
        owners = collections.Counter(lead["owner"] for lead in json.loads(box.ok("lead", "list", "-o", "json")))
        assert max(owners.values()) - min(owners.values()) <= 1 and len(owners) == 3, owners
        versions = [lead["version"] for lead in json.loads(box.ok("lead", "list", "-o", "json", "--fields", "version"))]
        assert set(versions) == {2}, "a lead was given twice"
        box.ok("verify")
        print(f"{processes} at once over {leads} leads: {dict(owners)}")


together(2, 30)
together(8, 1000 if FULL else 60)
