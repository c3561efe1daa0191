"""Every example of every --help, run as it is printed, each on a copy of one database that has what the examples name.

An example that fails because of itself (an option that is not there, a field that the kind lacks) teaches what does not work."""
import csv
import json
import os
import re
import shutil
import subprocess

from common import CRM, ROOT, Box, skip

COUNT = 60  # of each kind: the examples name records up to 60

# What must be so before an example makes sense.
BEFORE = [
    (r"^crm \S+ restore 42", "crm {kind} delete 42 --yes -q"),
    (r"^crm \S+ unmerge 57", "crm {kind} merge 12 --from 57 -q"),
    (r"^crm \S+ claim 42", "crm {kind} release 42 -q"),
    (r"^crm consent (withdraw|unblock|show)", "crm consent give contact/7 --purpose newsletter --evidence form -q; crm consent block lead/42 --evidence phone -q"),
    (r"^crm workflow (diff|rollback)", "crm workflow apply b2b.yaml; crm workflow show 1 > first.yaml; crm workflow apply first.yaml; crm workflow apply b2b.yaml"),
    (r"^crm workflow runs first-call", "crm workflow apply b2b.yaml"),
    (r"^crm workflow apply b2b.yaml --map", "sed -i s/contacted/reached/g b2b.yaml"),
    (r"^crm segment (show|remove)|--segment stale", "crm segment add stale --kind lead --where \"last_followup_at < now - 30d\"; crm segment add key-accounts --where \"level = 'A'\""),
    (r"^crm (outreach|workflow apply|outbox)", "crm workflow show > w.yaml; printf '%s\\n' '  spring: {subject: \"Spring\", body: \"Dear {{name}}\"}' >> w.yaml; crm workflow apply w.yaml"),
    (r"^crm outbox channel (show|test)", "crm outbox channel add mail --smtp smtp://127.0.0.1:2525 --from crm@example.com"),
    (r"^crm outbox channel (remove)", "WECOM_URL=https://127.0.0.1:1/ crm outbox channel add wecom --webhook env:WECOM_URL --format wecom"),
    (r"--if-version 3", "crm {kind} tag 42 a -q; crm {kind} show 42 -o json | jq -e '.version == 3' || crm {kind} tag 42 b -q"),
    (r"^crm export lead --to leads.csv", "rm leads.csv"),
    (r"^crm init --template", "rm crm.db"),
    (r"--auto --explain", "crm workflow show > w.yaml; printf 'assign:\\n  lead: [{to: pool}]\\n  customer: [{to: pool}]\\n' >> w.yaml; crm workflow apply w.yaml"),
    (r"^crm undo 17", "for i in $(seq 20); do crm lead edit $i --note x$i -q; done"),
]

# What an example may end with here, and why that is not its own fault.
MAY_END = [
    (r"^crm \S+ delete 42$", {2}, "it asks on a terminal"),
    (r"^crm consent history 42", {3}, "few statements"),
    (r"^crm approval (show|approve|reject|withdraw|delegate|skip) ", {3}, "nothing was asked for"),
    (r"^crm outbox (show|retry|cancel) ", {3, 6}, "no such message"),
    (r"sendmail", {1, 74}, "the machine has no sendmail"),
    (r"^crm outbox channel test", {1, 2, 74}, "nobody answers, and nobody has an address"),
    (r"^crm quality check --check", {0, 9}, "a check"),
    (r"^crm outreach (send|test)", {2, 3, 6}, "the digest of a preview, somebody to send it"),
    (r"^crm init$", {6}, "the database is there"),
    (r"password-file", {74, 3, 2}, "no such file"),
    (r"^crm doctor", {0, 9}, "a check"),
]


def rows(names, make):
    return [dict(zip(names, make(i))) for i in range(1, COUNT + 1)]


def fixture(box):
    def load(kind, table, *options):
        with open(box.path(f"{kind}.csv"), "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
        box.ok("import", kind, f"{kind}.csv", "-q", *options)

    people = {2: "li", 3: "wang"}
    load("team", rows(["name"], lambda i: [{1: "east", 2: "inbound"}.get(i, f"Acme team {i}")]))
    load("user", rows(["name", "team", "email"], lambda i: [people.get(i, f"Acme p{i}"), "east", f"p{i}@example.com"]))
    load("customer", rows(["name", "phone", "email", "region", "owner", "level"],
                          lambda i: [f"Acme {i}", f"1380013{i:04}", f"c{i}@example.com", "华东", "" if i % 5 == 0 else "li", "A"]))
    load("contact", rows(["name", "customer", "email"], lambda i: [f"张伟 {i}", f"customer/{i}", "wang@example.com" if i == 7 else f"k{i}@example.com"]))
    load("lead", rows(["name", "company", "phone", "email", "stage", "owner", "amount"],
                      lambda i: [f"张伟{i}", f"Acme {i}", f"1390013{i:04}", f"l{i}@example.com", "proposal" if i % 7 == 1 and i > 1 else "new", "" if i % 5 == 0 else "li", str(5000 + i)]))
    load("followup", rows(["about", "type", "due_at", "owner"], lambda i: ["lead/1" if i == 12 else f"lead/{i}", "call", f"2026-01-10 09:{i % 60:02}", "li"]))
    load("contact", rows(["name", "email"], lambda i: [f"Bo {i}", f"bo{i}@example.com"]))
    load("stage-change", rows(["record", "to", "at"], lambda i: [f"lead/{i}", "new", "2026-01-01 09:00"]), "--kind", "lead")
    files = {
        "users": [{"name": "new user"}], "teams": [{"name": "new team"}], "customers": [{"name": "New", "email": "new@example.com", "ref": "erp/1"}],
        "contacts": [{"name": "New"}], "leads": [{"name": "New"}], "followups": [{"about": "lead/1", "type": "call", "at": "2026-01-02"}],
        "operations": [{"cmd": ["lead", "add", "--name", "王芳"]}],
    }
    for name, lines in files.items():
        box.write(f"{name}.jsonl", "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    os.makedirs(box.path("backup"), exist_ok=True)
    box.write("backup/rest.jsonl", "")
    box.write("leads.csv", "lead_id,name,owner\nL1,New lead,somebody\n")
    box.write("stage_history.csv", "record,to,at\nlead/2,contacted,2026-01-03 09:00\n")
    box.write("pipeline.csv", "opportunity,who,deal_stage\nO1,New,Won\n")
    box.write("mapping.yaml", "columns: {opportunity: ref, who: name, deal_stage: stage}\n")
    # The preset that the help shows, as it stands there.
    details = next(one for one in json.loads(box.ok("help", "--json"))["commands"] if one["command"] == "import presets")["details"]
    box.write("oldcrm.yaml", "\n".join(line for line in details.splitlines() if line.startswith("  ")) + "\n")
    box.write("firms.csv", "Firm,Firm No,Tel.,Rep\nNew firm,7,13700137000,somebody\n")
    for name, path in {"b2b.yaml": "workflow.yaml", "tests.yaml": "tests.yaml"}.items():
        shutil.copy(os.path.join(ROOT, "examples", "b2b-sales", path), box.path(name))
    shutil.copy(os.path.join(ROOT, "examples", "b2b-sales", "workflow.yaml"), box.path("workflow.yaml"))


def prepared(command):
    kind = command.split()[1] if " " in command else ""
    return "; ".join(steps.format(kind=kind) if "{kind}" in steps else steps for pattern, steps in BEFORE if re.search(pattern, command))


def run_example(box, command):
    directory = box.path("copy")
    shutil.copytree(box.dir, directory, ignore=shutil.ignore_patterns("copy"))
    environment = dict(box.environment, CRM_DB=os.path.join(directory, "crm.db"), HOME=directory, CRM_USER="root")
    environment["PATH"] = directory + "/.bin:" + environment["PATH"]
    os.makedirs(directory + "/.bin", exist_ok=True)
    os.makedirs(directory + "/.config/fish/completions", exist_ok=True)
    os.symlink(os.path.abspath(shutil.which(CRM)), directory + "/.bin/crm")
    with open(directory + "/.bin/generate", "w", encoding="utf-8") as script:
        script.write("#!/bin/sh\ncat operations.jsonl\n")
    os.chmod(directory + "/.bin/generate", 0o755)
    try:
        before = prepared(command)
        if before:
            subprocess.run(["bash", "-c", before], env=environment, cwd=directory, capture_output=True, check=False)
        return subprocess.run(["bash", "-o", "pipefail", "-c", command], env=environment, cwd=directory, capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL)
    finally:
        shutil.rmtree(directory)


def main():
    if shutil.which("bash") is None or shutil.which("jq") is None:
        skip("needs bash and jq")
    with Box() as box:
        fixture(box)
        commands = json.loads(box.ok("help", "--json"))["commands"]
        examples = {example["command"] for command in commands for example in command["examples"]}
        wrong = []
        for example in sorted(examples):
            done = run_example(box, example)
            fine = next((codes for pattern, codes, _ in MAY_END if re.search(pattern, example)), set()) | {0}
            # `head` ends a pipe that the program then ends by.
            if done.returncode not in fine and not (done.returncode == 141 and "| head" in example):
                wrong.append(f"{example}\n  exit {done.returncode}: {done.stderr.strip()}")
        assert not wrong, "examples that fail:\n" + "\n".join(wrong)
        print(f"{len(examples)} examples")


main()
