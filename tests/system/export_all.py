#!/usr/bin/env python3
"""Everything goes out as files, and a database made of them gives the same files, byte for byte. Files written by --to are whole and private."""
import json
import os
import subprocess
import zipfile

from common import CRM, FULL, Box

LEADS = """name,company,phone,email,region,stage,amount,owner,tags,note
王芳,远航物流,138 0013 8000,w@a.example,华东,contacted,11600.50,li,vip;展会,"first
second"
'=1+1,Acme "Ltd",+49 30 1,,,new,USD 5,,,"a,b"
"""


def fill(box):
    box.ok("user", "add", "li", "--team", "inbound", "--manager", "root")
    box.ok("team", "edit", "inbound", "--lead", "li")
    box.ok("import", "lead", box.write("leads.csv", LEADS))
    box.ok("customer", "add", "Acme", "--ref", "sf/001", "--phone", "+86 138 0013 8000", "--tags", "a;b")
    box.ok("customer", "add", "a_x000D_b", "--note", "one\r\ntwo\rthree\n", "--address", " '=1 ", "--website", "0012", "--allow-duplicate")
    box.ok("contact", "add", "Jo; Doe", "--customer", "1", "--birthday", "1980-04-05", "--email", "jo@a.example")
    box.ok("followup", "log", "lead/1", "--type", "call", "--note", "wants\na quote", "--next", "+3d")
    box.ok("lead", "advance", "1", "--to", "qualified")
    box.ok("lead", "lose", "2", "--reason", "price")


def files(directory):
    return {name: open(os.path.join(directory, name), "rb").read() for name in sorted(os.listdir(directory))}


def everything_comes_back():
    for fill_it in (fill, fill_everything):
        everything_of_one_comes_back(fill_it)


ANSWERS = [
    ["customer", "list", "--deleted"], ["contact", "list", "--deleted"], ["lead", "list", "--deleted"], ["user", "list", "--deleted"],
    ["customer", "show", "3"], ["customer", "show", "2"], ["contact", "list", "customer=customer/5"], ["followup", "list"],
    ["search", "总部"], ["search", "left"], ["search", "orphan"], ["segment", "list"], ["segment", "show", "large"],
    ["customer", "restore", "5"], ["contact", "restore", "3"], ["customer", "show", "ref:sf/left"], ["search", "left"],
    ["customer", "restore", "2"], ["customer", "unmerge", "2"], ["customer", "unmerge", "3"], ["customer", "list"], ["contact", "list"], ["followup", "list"],
]


def answers(box, database):
    """What a database says, without its versions, which count the changes in it, and the moments of what was written just now."""
    said = []
    for command in ANSWERS:
        done = box.run("--db", database, *command, "-o", "csv")
        said.append((command, done.returncode, [line.split(",")[:4] for line in done.stdout.splitlines()]))
    return said


def everything_answers_the_same():
    with Box() as box:
        fill_everything(box)
        box.ok("export", "--all", "out")
        done = subprocess.run(["sh", box.path("out/rebuild.sh"), "new.db"], cwd=box.dir, env={**box.environment, "CRM": CRM}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        before, after = answers(box, box.path("crm.db")), answers(box, box.path("new.db"))
        for one, other in zip(before, after):
            assert one == other, f"{one}\n{other}"
        assert [code for command, code, _ in after if command == ["customer", "restore", "2"]] == [6]  # it is part of another
        box.ok("--db", box.path("new.db"), "verify")
        box.fails(6, "--db", box.path("new.db"), "import", "rest", box.path("out/rest.jsonl"))


def a_part_says_so():
    """Who sees their own only gets a part, and is told."""
    with Box() as box:
        box.ok("workflow", "apply", box.write("roles.yaml", "workflow: roles\nroles:\n  admin: {see: all, edit: all, reveal: all}\n  rep: {see: own, edit: own}\n"))
        box.ok("user", "add", "rep", "--role", "rep")
        box.ok("lead", "add", "theirs", "--owner", "rep")
        box.ok("lead", "add", "hidden", "--owner", "root")
        box.ok("lead", "add", "gone")
        box.ok("lead", "delete", "3", "--yes")
        done = box.run("--as", "rep", "export", "--all", "part")
        assert done.returncode == 0 and "this is not everything" in done.stderr, done.stderr
        assert "hidden" not in open(box.path("part/lead.csv"), encoding="utf-8").read()
        assert not os.path.exists(box.path("part/rest.jsonl"))
        assert "rest" not in open(box.path("part/rebuild.sh"), encoding="utf-8").read()
        done = box.run("export", "--all", "whole")
        assert "this is not everything" not in done.stderr
        box.fails(5, "--as", "rep", "import", "rest", box.path("whole/rest.jsonl"))


def lines_that_are_none():
    """A file that was written by hand is refused with its place, and leaves nothing."""
    with Box() as box:
        box.ok("customer", "add", "one")
        for line in ["x", "[]", "{}", '{"record":"customer/9"}', '{"record":"customer/0","values":{}}', '{"record":"ghost/9","values":{"name":"x"}}',
                     '{"record":"customer/9","values":{}}', '{"record":"customer/9","values":{"name":5,"created_at":1,"updated_at":1}}',
                     '{"record":"customer/9","values":{"name":"x","ghost":1}}', '{"record":"customer/9","values":{"name":"x","ref":["/"]}}',
                     '{"record":"customer/9","values":{"name":"x\\u0000y"}}', '{"record":"customer/9","values":{"name":"x","deleted_at":99999999999999999999}}',
                     '{"record":"followup/9","values":{"about":"lead"}}', '{"set":"customer/1","values":{"parent":"x"}}',
                     '{"merged":"customer/1","into":1}', '{"segment":"x","kind":"ghost","expression":"y","created_at":1,"created_by":"z"}']:
            good = '{"record":"customer/7","values":{"name":"fine","created_at":1,"updated_at":1,"deleted_at":2}}\n'
            done = box.run("import", "rest", box.write("rest.jsonl", good + line + "\n"))
            assert done.returncode in (3, 4), (line, done.stderr)
            assert done.returncode == 3 or "rest.jsonl:2:1:" in done.stderr, (line, done.stderr)
            assert done.stderr.count("as rest.jsonl") <= 1, done.stderr
        box.fails(6, "import", "rest", box.write("rest.jsonl", '{"record":"customer/1","values":{"name":"again","created_at":1,"updated_at":1}}\n'))
        box.fails(3, "import", "rest", "nowhere.jsonl")
        assert box.ok("customer", "list", "--deleted") == ""
        box.ok("verify")


def everything_of_one_comes_back(fill_it):
    with Box() as box:
        fill_it(box)
        box.ok("export", "--all", "out")
        first = box.path("out")
        assert oct(os.stat(first).st_mode & 0o777) == "0o700"
        done = subprocess.run(["sh", os.path.join(first, "rebuild.sh"), "new.db"], cwd=box.dir, env={**box.environment, "CRM": CRM},
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        box.ok("--db", box.path("new.db"), "export", "--all", "again")
        before, after = files(first), files(box.path("again"))
        for name, content in before.items():
            assert content == after[name], f"{name}:\n{content.decode()}\n{after[name].decode()}"
        box.ok("--db", box.path("new.db"), "verify")
        box.fails(6, "export", "--all", "out")


WORKFLOW = """workflow: own
fields:
  lead:
    budget: {type: money}
    visited: {type: date}
    seats: {type: integer}
    urgent: {type: boolean}
    need: {type: note}
  customer:
    size: {type: choice, choices: [small, large]}
    boss: {type: reference, to: contact}
    seen: {type: moment}
stages:
  lead:
    - {name: new}
    - {name: qualified}
    - {name: won, outcome: won}
"""
KINDS = ["user", "customer", "contact", "lead", "followup", "stage-change", "consent"]


def fill_everything(box):
    """Each kind, with custom fields, links, lists, what is deleted or merged, and texts that formats could mangle."""
    box.ok("workflow", "apply", box.write("workflow.yaml", WORKFLOW))
    for who in ("boss", "li"):
        box.ok("user", "add", who, "--email", f"{who}@own.example")
    box.ok("user", "edit", "li", "--manager", "boss", "--team", "inbound")
    box.ok("team", "edit", "inbound", "--lead", "li")
    box.ok("customer", "add", "总部 & \"Söhne\" <x>", "--ref", "sf/001", "--phone", "+86 138 0013 8000", "--tags", "a;b;中 文", "--size", "large", "--seen",
           "2026-03-01T09:30:15")
    box.ok("customer", "edit", "1", "--ref", "erp/7/8")
    box.ok("customer", "add", "分公司", "--parent", "1", "--note", " leading\ttab\n\nend ", "--address", "=1+1", "--website", "0012")
    box.ok("customer", "add", "分公司二", "--phone", "021-38959000", "--ref", "old/9")
    box.ok("customer", "merge", "2", "--from", "3")
    box.ok("customer", "add", "gone", "--ref", "sf/gone")
    box.ok("customer", "delete", "4", "--yes")
    box.ok("contact", "add", "Jo; Doe", "--customer", "1", "--birthday", "1980-04-05", "--email", "jo@a.example", "--note", "-5")
    box.ok("customer", "edit", "1", "--boss", "contact/1")  # refers to a kind that comes later
    box.ok("lead", "add", "王芳", "--amount", "USD 11600.50", "--budget", "12.34", "--visited", "2026-02-28", "--seats", "0", "--urgent", "true", "--need", "a\r\nb",
           "--owner", "li", "--phone", "138 0013 8001")
    box.ok("lead", "add", "1e5", "--amount", "0", "--urgent", "false", "--tags", "x,y")
    box.ok("lead", "add", "gone")
    box.ok("followup", "log", "lead/1", "--type", "call", "--note", "wants, \"a\" quote", "--next", "+3d")
    box.ok("followup", "plan", "customer/1", "--due", "+5d", "--note", "plan")
    box.ok("followup", "log", "lead/3", "--note", "about what goes")
    box.ok("lead", "delete", "3", "--yes")
    box.ok("lead", "advance", "1", "--to", "qualified")
    box.ok("consent", "give", "lead/1", "contact/1", "--purpose", "news", "--evidence", "form; 2026")
    box.ok("consent", "withdraw", "contact/1", "--purpose", "news")
    # What is deleted may be referred to, and be the one that refers; what is merged, merged further.
    box.ok("contact", "add", "orphan", "--customer", "2", "--tags", "kept")
    box.ok("contact", "add", "gone with a boss", "--customer", "2", "--birthday", "1970-01-01", "--note", "é\"\\\n\u2028")
    box.ok("customer", "add", "left", "--boss", "contact/3", "--phone", "021-1234567", "--ref", "sf/left")
    box.ok("contact", "edit", "2", "--customer", "5")
    box.ok("followup", "log", "customer/5", "--note", "about what is deleted next")
    box.ok("contact", "delete", "3", "--yes")
    box.ok("customer", "delete", "5", "--yes")
    box.ok("customer", "add", "总部二", "--email", "two@own.example")
    box.ok("customer", "merge", "6", "--from", "2")
    box.ok("user", "add", "former")
    box.ok("user", "delete", "former", "--yes")
    box.ok("segment", "add", "large", "--kind", "customer", "--where", "size = 'large'", "--description", "多")


def everything_of(box, name):
    box.ok("export", "--all", name)
    return files(box.path(name))


def every_format_comes_back():
    """Into an empty database, from each format that holds every field: the same bytes."""
    with Box() as box:
        fill_everything(box)
        before = everything_of(box, "first")
        for kind in ["team", *KINDS]:  # into the database it comes from: nothing changes
            done = box.run("import", kind, box.path(f"first/{kind}.csv"))
            assert done.returncode == 0 and " 0 added, 0 updated, " in done.stderr, f"{kind}: {done.stderr}"
        assert everything_of(box, "unchanged") == before
        for form in ("csv", "tsv", "json", "jsonl", "xlsx"):
            with Box() as other:
                other.ok("workflow", "apply", box.path("workflow.yaml"))
                for kind in ["team", *KINDS]:
                    box.ok("export", kind, "--to", box.path(f"{kind}.{form}"), "--force")
                other.ok("import", "team", box.path(f"team.{form}"), "--map", "lead=ignore")
                other.ok("import", "user", box.path(f"user.{form}"))
                other.ok("import", "customer", box.path(f"customer.{form}"), "--map", "boss=ignore")
                for kind in ["team", *KINDS[2:], "customer"]:
                    other.ok("import", kind, box.path(f"{kind}.{form}"))
                other.ok("import", "rest", box.path("first/rest.jsonl"))
                after = everything_of(other, "again")
                for name, content in before.items():
                    assert content == after[name], f"{form} {name}:\n{content.decode()}\n{after[name].decode()}"
                other.ok("verify")


def one_moment_goes_out():
    """While other processes add customers with as many contacts, an export has as many of one as of the other."""
    with Box() as box:
        pairs = [json.dumps({"op": "add", "kind": kind, "fields": {"name": f"{kind} {i}"}, "allow_duplicate": True}) + "\n" for i in range(50) for kind in ("contact", "customer")]
        file = box.write("pairs.jsonl", "".join(pairs))
        for round in range(5 if not FULL else 100):
            with box.start("batch", "--atomic", file, stdout=subprocess.DEVNULL) as writer:
                box.ok("export", "--all", f"out{round}")
                rows = [len(open(box.path(f"out{round}/{kind}.csv"), encoding="utf-8").readlines()) for kind in ("customer", "contact")]
                assert rows[0] == rows[1], rows
                assert writer.wait() == 0, writer.stderr.read()


def formats_come_back():
    with Box() as box:
        fill(box)
        for kind in ("customer", "contact", "lead"):
            box.ok("export", kind, "--to", "x.xlsx", "--force")
            assert "xl/workbook.xml" in zipfile.ZipFile(box.path("x.xlsx")).namelist()
            assert oct(os.stat(box.path("x.xlsx")).st_mode & 0o777) == "0o600"
            before = box.ok("export", kind)
            done = box.run("import", kind, "x.xlsx")
            assert done.returncode == 0, done.stderr
            assert " 0 added, 0 updated, " in done.stderr, done.stderr
            assert before == box.ok("export", kind)
        assert box.ok("export", "contact", "--format", "vcf").splitlines()[:3] == ["BEGIN:VCARD", "VERSION:4.0", "FN:Jo\\; Doe"]
        box.ok("export", "contact", "--to", "x.vcf")
        with Box() as other:
            other.ok("import", "contact", box.path("x.vcf"))
            row = other.ok("contact", "list", "--fields", "name,customer,birthday,email", "-o", "csv").splitlines()[1]
            assert row == "Jo; Doe,customer/1,1980-04-05,jo@a.example", row
        assert box.ok("export", "customer", "--bom").startswith("\ufeff")
        box.fails(2, "export", "customer", "--format", "xlsx")
        box.fails(2, "export")
        box.fails(6, "export", "customer", "--to", "x.vcf")


if __name__ == "__main__":
    everything_comes_back()
    everything_answers_the_same()
    a_part_says_so()
    lines_that_are_none()
    every_format_comes_back()
    one_moment_goes_out()
    formats_come_back()
