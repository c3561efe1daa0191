#!/usr/bin/env python3
"""The tests of each example's workflow pass, and its files have no problems."""
import glob
import os

from common import ROOT, Box

with Box(init=False) as box:
    for tests in sorted(glob.glob(os.path.join(ROOT, "examples", "*", "tests.yaml"))):
        for file in sorted(glob.glob(os.path.join(os.path.dirname(tests), "*.yaml"))):
            if file != tests:
                box.ok("workflow", "check", file)
        print(os.path.basename(os.path.dirname(tests)), box.run("workflow", "test", tests).stderr.strip())
        box.ok("workflow", "test", tests)
