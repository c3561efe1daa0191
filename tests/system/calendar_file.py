#!/usr/bin/env python3
"""Follow-ups as an iCalendar file (RFC 5545), read back by libical: lines of 75 octets, texts, identity over changes, moments in any zone."""
import ctypes
import ctypes.util
import datetime
import os

from common import Box, skip

VEVENT = 4  # of libical's enum


class Time(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")] + [("zone", ctypes.c_void_p)]


def load_libical():
    for name in (ctypes.util.find_library("ical"), "libical.so.3"):
        try:
            library = ctypes.CDLL(name) if name else None
        except OSError:
            library = None
        if library:
            break
    else:
        skip("there is no libical (Debian package libical3)")
    for name, result, arguments in (
            ("icalparser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]), ("icalcomponent_count_errors", ctypes.c_int, [ctypes.c_void_p]),
            ("icalrestriction_check", ctypes.c_int, [ctypes.c_void_p]), ("icalcomponent_get_first_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
            ("icalcomponent_get_next_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]), ("icalcomponent_get_uid", ctypes.c_char_p, [ctypes.c_void_p]),
            ("icalcomponent_get_summary", ctypes.c_char_p, [ctypes.c_void_p]), ("icalcomponent_get_description", ctypes.c_char_p, [ctypes.c_void_p]),
            ("icalcomponent_get_sequence", ctypes.c_int, [ctypes.c_void_p]), ("icalcomponent_get_dtstart", Time, [ctypes.c_void_p]),
            ("icalcomponent_get_dtend", Time, [ctypes.c_void_p]), ("icalcomponent_get_dtstamp", Time, [ctypes.c_void_p]),
            ("icaltime_is_utc", ctypes.c_int, [Time])):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


ICAL = load_libical()


def moment(time):
    assert ICAL.icaltime_is_utc(time) and not time.is_date
    return datetime.datetime(time.year, time.month, time.day, time.hour, time.minute, time.second, tzinfo=datetime.timezone.utc)


def events(data):
    """What libical reads; the raw lines are looked at before."""
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"") and b"\r" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode("utf-8")  # no character is cut
    calendar = ICAL.icalparser_parse_string(data)
    assert calendar and ICAL.icalcomponent_count_errors(calendar) == 0
    assert ICAL.icalrestriction_check(calendar) == 1  # no property too many, none missing
    assert ICAL.icalcomponent_count_errors(calendar) == 0
    found = []
    event = ICAL.icalcomponent_get_first_component(calendar, VEVENT)
    while event:
        description = ICAL.icalcomponent_get_description(event)
        found.append({"uid": ICAL.icalcomponent_get_uid(event).decode(), "summary": ICAL.icalcomponent_get_summary(event).decode(),
                      "description": description.decode() if description else "", "sequence": ICAL.icalcomponent_get_sequence(event),
                      "start": moment(ICAL.icalcomponent_get_dtstart(event)), "end": moment(ICAL.icalcomponent_get_dtend(event)),
                      "stamp": moment(ICAL.icalcomponent_get_dtstamp(event))})
        event = ICAL.icalcomponent_get_next_component(calendar, VEVENT)
    return found


def printed(box, *words):
    """The bytes, line ends and all."""
    process = box.start(*words)
    out, error = process.communicate()
    assert process.returncode == 0, error
    return out


def agenda(box, *words):
    return events(printed(box, "followup", "agenda", "--days", "400", "--ics", *words))


def texts():
    names = ["王芳" * 60, "a,b;c\\d", "é" * 80, "\U0001f600" * 40, "x" * 300, "Smith, John; \"Jr.\"", "=SUM(A1)", "a:b"]
    note = "第一行，逗号；分号\n第二行 \\n 不是换行\nthird, line; with\\backslash " + "长" * 200
    with Box() as box:
        for i, name in enumerate(names):
            box.ok("lead", "add", name)
            box.ok("followup", "plan", f"lead/{i + 1}", "--due", "2026-03-09T09:00", "--type", "call", "--note", note, "--now", "2026-03-02")
        found = agenda(box, "--now", "2026-03-02")
        assert [event["summary"] for event in found] == ["call: " + name for name in names], found
        assert all(event["description"].endswith(note) for event in found), found[0]["description"]
        assert len({event["uid"] for event in found}) == len(names)
        assert all((event["end"] - event["start"]).seconds == 1800 for event in found)


def identity():
    with Box() as box:
        box.ok("lead", "add", "王芳")
        box.ok("followup", "plan", "lead/1", "--due", "2026-03-09T09:00", "--now", "2026-03-02T10:00")
        first = agenda(box, "--now", "2026-03-02")[0]
        assert agenda(box, "--now", "2026-03-05")[0] == first  # nothing changed: the same, whenever it is asked for
        box.ok("followup", "reschedule", "1", "--due", "2026-03-10T09:00", "--now", "2026-03-03T10:00")
        second = agenda(box, "--now", "2026-03-03")[0]
        assert second["uid"] == first["uid"] and second["sequence"] > first["sequence"] and second["stamp"] > first["stamp"]
        box.ok("followup", "cancel", "1", "--now", "2026-03-04T10:00")
        data = printed(box, "export", "followup", "--ics")
        last = events(data)[0]
        assert last["uid"] == first["uid"] and last["sequence"] > second["sequence"] and b"STATUS:CANCELLED" in data
        assert agenda(box, "--now", "2026-03-05") == []
        assert events(printed(box, "export", "followup", "--ics", "id=99")) == []


def zones():
    """The moments are the same ones, whatever the zone that they were typed in; New York before, at and after its changes of 2026."""
    for zone, typed, utc in (("America/New_York", "2026-03-07T09:00", "2026-03-07T14:00"), ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00"),
                             ("America/New_York", "2026-03-09T09:00", "2026-03-09T13:00"), ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
                             ("Asia/Shanghai", "2026-03-09T09:00", "2026-03-09T01:00"), ("Asia/Kathmandu", "2026-03-09T09:00", "2026-03-09T03:15")):
        with Box(init=False) as box:
            box.ok("init", "--timezone", zone)
            box.ok("lead", "add", "A")
            box.ok("followup", "plan", "lead/1", "--due", typed, "--now", "2026-03-02")
            start = agenda(box, "--now", "2026-03-02")[0]["start"]
            assert start == datetime.datetime.fromisoformat(utc).replace(tzinfo=datetime.timezone.utc), (zone, typed, start)


def a_file():
    with Box() as box:
        box.ok("lead", "add", "A")
        box.ok("followup", "plan", "lead/1", "--due", "+1d")
        box.ok("export", "followup", "--ics", "--to", "plans.ics")
        assert os.stat(box.path("plans.ics")).st_mode & 0o777 == 0o600
        with open(box.path("plans.ics"), "rb") as file:
            assert len(events(file.read())) == 1


texts()
identity()
zones()
a_file()
