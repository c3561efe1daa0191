#!/usr/bin/env python3
"""Cells of very much text: imports keep to their memory, whether the text stands in a file or merged cells make it."""
import os
import zipfile

from common import Box

MOST_KB = 150_000

CONTENT_TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                 '<Default Extension="xml" ContentType="application/xml"/>'
                 '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')
RELATIONSHIPS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                 '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="{1}"/></Relationships>')
WORKBOOK = ('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{0}</sheetData>{1}</worksheet>'


def cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def write_workbook(path, rows, note):
    """One note that is merged over all rows."""
    inside = f"<row>{cell('note')}{cell('name')}</row><row>{cell(note)}{cell('first')}</row>"
    inside += "".join(f"<row><c/>{cell(f'n{i}')}</row>" for i in range(1, rows))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", CONTENT_TYPES)
        package.writestr("_rels/.rels", RELATIONSHIPS.format("officeDocument", "xl/workbook.xml"))
        package.writestr("xl/workbook.xml", WORKBOOK)
        package.writestr("xl/_rels/workbook.xml.rels", RELATIONSHIPS.format("worksheet", "worksheets/sheet1.xml"))
        package.writestr("xl/worksheets/sheet1.xml", SHEET.format(inside, '<mergeCells count="1"><mergeCell ref="A2:A1048576"/></mergeCells>'))


def run(box, *words):
    """Its exit, what it said, and the most memory that it had, in KB."""
    process = box.start(*words)
    said = process.stdout.read() + process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said.decode(), usage.ru_maxrss


def main():
    with Box() as box:
        long_text = " ".join(f"word{i % 1000}" for i in range(100_000))  # 790 KB
        csv = box.path("long.csv")
        with open(csv, "w", encoding="utf-8") as out:
            out.write("name,note\n")
            for i in range(250):
                out.write(f"n{i},{long_text}\n")
        sheet = box.path("sheet.xlsx")
        write_workbook(sheet, 250, long_text)
        for path in (csv, sheet):
            code, said, peak = run(box, "import", "customer", path, "--dry-run")
            assert code == 0 and "250 added" in said, f"{path}: exit {code}: {said}"
            assert peak < MOST_KB, f"{path}: {peak} KB"

        bomb = box.path("bomb.xlsx")
        write_workbook(bomb, 5000, long_text)
        assert os.path.getsize(bomb) < 100_000
        code, said, peak = run(box, "import", "customer", bomb, "--dry-run")
        assert code == 4 and "merged cells that stand for more than 256 MiB" in said, f"exit {code}: {said}"
        assert peak < MOST_KB, f"{bomb}: {peak} KB"
    print("ok: texts of 200 MB, in cells and by merged cells, and a small workbook that stands for 4 GB")


main()
