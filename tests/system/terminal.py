"""What a person sees at a terminal of 80 columns: no table wraps, and an import that is interrupted leaves no line behind."""
import os
import pty
import signal
import subprocess
import time
import unicodedata

from common import CRM, Box

WIDTH = 80


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def drained(terminal):
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            return shown.decode()
        if not part:
            return shown.decode()
        shown += part


def seen(box, *words):
    terminal, program = pty.openpty()
    done = subprocess.Popen([CRM, *words], env=dict(box.environment, COLUMNS=str(WIDTH), TERM="dumb"), cwd=box.dir, stdin=subprocess.DEVNULL, stdout=program, stderr=program)
    os.close(program)
    shown = drained(terminal)
    os.close(terminal)
    assert done.wait() in (0, 9), f"{words}: exit {done.returncode}: {shown}"
    return shown.replace("\r\n", "\n")


def fill(box):
    long = "一家名字很长的网络科技有限责任公司 with branches everywhere"
    box.write("leads.csv", "lead_id,name,company,owner,region,source,stage,amount,note\n" + "".join(
        f"L{i},王芳 {i},{long},somebody-with-a-long-name-{i % 3},内蒙古自治区,recommended by a friend,contacted,{10 ** (i % 9)}.50,{long * 3}\n" for i in range(40)))
    box.write("followups.csv", "lead_id,type,at,content,next_at\n" + "".join(
        f"L{i},{'call' if i % 2 else 'meeting'},2025-12-{i % 28 + 1:02} 09:00,{long},2026-01-{i % 28 + 1:02} 10:00\n" for i in range(40)))
    box.write("history.csv", "lead_id,to_stage,changed_at\n" + "".join(f"L{i},qualified,2025-12-20 09:00\n" for i in range(0, 40, 2)))
    box.ok("import", "lead", "leads.csv", "--on-unknown-owner", "create", "-q")
    box.ok("import", "stage-change", "history.csv", "--kind", "lead", "-q")
    box.ok("import", "followup", "followups.csv", "-q")
    box.ok("customer", "add", long, "--phone", "13800138000", "--address", long * 2, "-q")
    box.ok("contact", "add", "王芳", "--email", "wang.fang@" + "very-" * 8 + "long.example", "-q")
    box.ok("lead", "edit", "1", "--note", long * 5, "-q")
    box.ok("lead", "advance", "1", "--to", "negotiation", "-q")
    box.ok("segment", "add", "open", "--kind", "lead", "--where", "amount > 5000 and (region = '内蒙古自治区' or source = 'recommended by a friend')")
    box.ok("outbox", "channel", "add", "mail", "--smtp", "smtp://mail.with-a-very-long-name.example.com:587", "--from", "crm-of-the-whole-company@example.com")
    box.ok("remind")
    box.ok("undo", "-q")


LISTS = [
    ["lead", "list"], ["lead", "list", "--fields", "id,name,company,owner,region,source,stage,amount,created_at,updated_at"],
    ["lead", "history", "1"], ["lead", "dedupe", "--explain"], ["lead", "show", "1", "2", "-o", "table"],
    ["customer", "list"], ["customer", "view", "1"], ["contact", "list"], ["user", "list"], ["team", "list"], ["stage-change", "list"], ["consent", "list"],
    ["followup", "list"], ["followup", "overdue"], ["followup", "due"], ["followup", "agenda", "--days", "9000"],
    ["import", "list"], ["import", "presets"], ["import", "ids", "1"], ["log"], ["schema"], ["schema", "lead"], ["search", "王"],
    ["report", "funnel"], ["report", "activity"], ["report", "overdue"], ["quality", "check"],
    ["workflow", "list"], ["workflow", "runs"], ["workflow", "explain", "lead", "1"], ["approval", "list"],
    ["outbox", "list"], ["outbox", "channel", "list"], ["segment", "list"], ["outreach", "list"], ["doctor"],
]
AS_ONE = {("lead", "show")}  # a record is not a table: long text keeps its lines


def no_table_wraps(box):
    for words in LISTS:
        if tuple(words[:2]) in AS_ONE:
            continue
        shown = seen(box, *words)
        body = shown
        if words[:2] == ["customer", "view"]:  # the record stands before the table
            body = shown[shown.index("\nat "):] if "\nat " in shown else ""
        for line in body.splitlines():
            assert cells(line) <= WIDTH, f"crm {' '.join(words)}: {cells(line)} cells: {line}"
    overdue = seen(box, "followup", "overdue", "--limit", "3")
    assert "lead/1 " in overdue and "王芳 0" in overdue and "2026-01-01 10:00" in overdue, overdue
    assert "leads.csv" in seen(box, "import", "list")
    assert "nothing is wrong" in seen(box, "doctor")
    asked = seen(box, "lead", "list", "--limit", "1", "--fields", "created_at,updated_at,created_at,updated_at,created_at,name")
    assert "no room for 'created_at' and 'name'; --fields chooses columns" in asked, asked


def an_interrupted_import_leaves_no_line(box, number):
    terminal, program = pty.openpty()
    done = subprocess.Popen([CRM, "import", "lead", "-", "--format", "csv"], env=dict(box.environment, COLUMNS=str(WIDTH)), cwd=box.dir, stdin=subprocess.PIPE, stdout=program, stderr=program)
    os.close(program)
    done.stdin.write(b"name\n")
    shown = b""
    os.set_blocking(terminal, False)
    for start in range(0, 10_000_000, 2000):
        done.stdin.write(b"".join(b"Bob %d\n" % i for i in range(start, start + 2000)))
        done.stdin.flush()
        try:
            shown += os.read(terminal, 65536)
        except BlockingIOError:
            pass
        if b"rows/s" in shown:
            break
        time.sleep(0.02)
    assert b"rows/s" in shown, "no progress was shown"
    done.send_signal(number)
    assert done.wait() == -number, done.returncode
    os.set_blocking(terminal, True)
    shown += drained(terminal).encode()
    os.close(terminal)
    assert shown.endswith(b"\r\x1b[K"), shown[-200:]
    try:
        done.stdin.close()
    except BrokenPipeError:
        pass


with Box() as desk:
    fill(desk)
    no_table_wraps(desk)
    for ending in (signal.SIGINT, signal.SIGTERM):
        an_interrupted_import_leaves_no_line(desk, ending)
    assert desk.ok("lead", "list", "-o", "ids").count("\n") == 40
print("terminal ok")
