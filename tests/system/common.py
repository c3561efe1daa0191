"""What the system tests share: the program, a database in a fresh directory, the exit of a test that cannot run here."""
import os
import shutil
import subprocess
import sys
import tempfile

CRM = os.environ.get("CRM", "crm")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.path.join(ROOT, "..", "shared", "data")
FULL = os.environ.get("CRM_TEST_SCALE") == "full"  # the counts that the promises name; else those that a quick run takes


def skip(why):
    print(f"SKIP {os.path.basename(sys.argv[0])}: {why}")
    sys.exit(0)


class Box:
    """A fresh directory with a database; gone at the end."""

    def __init__(self, init=True, directory=None):
        self.dir = tempfile.mkdtemp(dir=directory)
        self.db = os.path.join(self.dir, "crm.db")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.dir, "CRM_DB": self.db, "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "CRM_USER": "root",
            # The sanitizers' leak check needs ptrace, which a killed or traced process does not have.
            "ASAN_OPTIONS": "detect_leaks=0",
        }
        if init:
            self.ok("init")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        return self.path(name)

    def start(self, *words, **options):
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen([CRM, *words], env=self.environment, cwd=self.dir, stdin=options.pop("stdin", subprocess.DEVNULL), **options)

    def run(self, *words, text=None):
        return subprocess.run([CRM, *words], env=self.environment, cwd=self.dir, input=text, capture_output=True, text=True, check=False)

    def ok(self, *words, text=None):
        done = self.run(*words, text=text)
        assert done.returncode == 0, f"crm {' '.join(words)}: exit {done.returncode}: {done.stderr}"
        return done.stdout

    def fails(self, code, *words, text=None):
        done = self.run(*words, text=text)
        assert done.returncode == code, f"crm {' '.join(words)}: exit {done.returncode}, not {code}: {done.stderr}"
        return done.stderr
