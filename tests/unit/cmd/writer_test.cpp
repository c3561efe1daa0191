#include "output/writer.h"

#include <crm/error.h>
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "output/facts.h"

using namespace crm;
using namespace crm::cmd;

namespace {

const std::vector<Column>& columns() {
  static const std::vector<Column> all{{.name = "id", .label = "ID", .right = true},
                                       {.name = "name", .label = "name"},
                                       {.name = "tags", .label = "tags"},
                                       {.name = "open", .label = "open"},
                                       {.name = "at", .label = "at", .moment = true},
                                       {.name = "note", .label = "note", .wide = true}};
  return all;
}

Cell text(std::string_view value) {
  return {CellType::text, value, {}};
}
Cell number(std::string_view value) {
  return {CellType::number, value, {}};
}

void write_rows(Writer& writer) {
  static constexpr std::array<std::string_view, 2> kTags{"vip", "a;b"};
  writer.begin(columns());
  writer.row(std::array{number("1"), text("王芳"), Cell{CellType::list, {}, kTags},
                        Cell{CellType::boolean, "true", {}}, text("2026-03-01T09:00:00+08:00"),
                        text("a \"quote\", and\na line")});
  writer.row(std::array{number("12"), text("=cmd|' /C'!A1"), Cell(), Cell{CellType::boolean, "false", {}},
                        Cell(), text("\x1b[31mred\t\\")});
  writer.end();
}

std::string written(const WriterOptions& options, void (*write)(Writer&) = write_rows) {
  Stream stream;
  const auto writer = make_writer(stream, options);
  write(*writer);
  writer->finish();
  return stream.take();
}

void write_none(Writer& writer) {
  writer.begin(columns());
  writer.end();
}

void write_document(Writer& writer) {
  const std::array<Column, 1> stage{{{.name = "stage", .label = "stage"}}};
  writer.fact("report", text("funnel"));
  writer.begin(stage);
  writer.row(std::array{text("new")});
  writer.row(std::array{text("won")});
  writer.end();
  writer.fact("without_history", number("3"));
}

}  // namespace

TEST_CASE("JSON is an array with a row on each line") {
  CHECK(written({.format = Format::json}) ==
        "[{\"id\":1,\"name\":\"王芳\",\"tags\":[\"vip\",\"a;b\"],\"open\":true,\"at\":\"2026-03-01T09:00:00+"
        "08:00\","
        "\"note\":\"a \\\"quote\\\", and\\na line\"},\n"
        "{\"id\":12,\"name\":\"=cmd|' /C'!A1\",\"tags\":null,\"open\":false,\"at\":null,"
        "\"note\":\"\\u001b[31mred\\t\\\\\"}]\n");
  CHECK(written({.format = Format::json}, write_none) == "[]\n");
}

TEST_CASE("JSON lines") {
  const std::string lines = written({.format = Format::jsonl});
  CHECK(lines.substr(0, lines.find('\n')) ==
        "{\"id\":1,\"name\":\"王芳\",\"tags\":[\"vip\",\"a;b\"],\"open\":true,\"at\":\"2026-03-01T09:00:00+"
        "08:00\","
        "\"note\":\"a \\\"quote\\\", and\\na line\"}");
  CHECK(written({.format = Format::jsonl}, write_none).empty());
}

TEST_CASE("CSV always has its heading") {
  CHECK(written({.format = Format::csv}) ==
        "id,name,tags,open,at,note\n"
        "1,王芳,vip;a;b,true,2026-03-01T09:00:00+08:00,\"a \"\"quote\"\", and\na line\"\n"
        "12,=cmd|' /C'!A1,,false,,\x1b[31mred\t\\\n");
  CHECK(written({.format = Format::csv}, write_none) == "id,name,tags,open,at,note\n");
}

TEST_CASE("CSV for a spreadsheet runs nothing") {
  const auto safe = [](std::string_view value) {
    Stream stream;
    const auto writer = make_writer(stream, {.format = Format::csv, .guard = CsvGuard::formulas});
    writer->begin(std::array<Column, 1>{{{.name = "x", .label = {}}}});
    writer->row(std::array{text(value)});
    writer->end();
    return stream.take();
  };
  CHECK(safe("=1+1") == "x\n\"'=1+1\"\n");
  CHECK(safe("'=1+1") == "x\n\"''=1+1\"\n");
  CHECK(safe("@x") == "x\n\"'@x\"\n");
  CHECK(safe("＝1") == "x\n\"'＝1\"\n");
  CHECK(safe("-x") == "x\n\"'-x\"\n");
  CHECK(safe("-") == "x\n\"'-\"\n");
  CHECK(safe("+86 138 0013-8000") == "x\n+86 138 0013-8000\n");
  CHECK(safe("-12.50") == "x\n-12.50\n");
  CHECK(safe("'quoted'") == "x\n'quoted'\n");
}

TEST_CASE("a CSV line is never empty") {
  Stream stream;
  const auto writer = make_writer(stream, {.format = Format::csv});
  writer->begin(std::array<Column, 1>{{{.name = "x", .label = {}}}});
  writer->row(std::array{Cell()});
  writer->row(std::array{text("")});
  writer->row(std::array{text(" x")});
  writer->end();
  CHECK(stream.take() == "x\n\"\"\n\"\"\n\" x\"\n");
}

TEST_CASE("TSV is one line a row, whatever the text") {
  CHECK(written({.format = Format::tsv}) ==
        "1\t王芳\tvip;a;b\ttrue\t2026-03-01T09:00:00+08:00\ta \"quote\", and\\na line\n"
        "12\t=cmd|' /C'!A1\t\tfalse\t\t\\x1b[31mred\\t\\\\\n");
}

TEST_CASE("ids are the numbers alone") {
  CHECK(written({.format = Format::ids}) == "1\n12\n");
  Stream stream;
  const auto writer = make_writer(stream, {.format = Format::ids});
  CHECK_THROWS_AS(writer->begin(std::array<Column, 1>{{{.name = "x", .label = {}}}}), Error);
}

TEST_CASE("YAML") {
  CHECK(written({.format = Format::yaml}) ==
        "- id: 1\n  name: 王芳\n  tags: [vip, \"a;b\"]\n  open: true\n  at: \"2026-03-01T09:00:00+08:00\"\n"
        "  note: \"a \\\"quote\\\", and\\na line\"\n"
        "- id: 12\n  name: \"=cmd|' /C'!A1\"\n  tags: null\n  open: false\n  at: null\n"
        "  note: \"\\u001b[31mred\\t\\\\\"\n");
  CHECK(written({.format = Format::yaml}, write_none) == "[]\n");
  CHECK(written({.format = Format::yaml, .shape = Shape::document}, write_document) ==
        "report: funnel\nrows:\n- stage: new\n- stage: won\nwithout_history: 3\n");
}

TEST_CASE("YAML quotes what would be read as something else") {
  const auto yaml = [](std::string_view value) {
    Stream stream;
    const auto writer = make_writer(stream, {.format = Format::yaml, .shape = Shape::object});
    writer->begin(std::array<Column, 1>{{{.name = "xy", .label = {}}}});
    writer->row(std::array{text(value)});
    writer->end();
    return stream.take();
  };
  CHECK(yaml("plain text") == "xy: plain text\n");
  for (const char* value : {"yes", "No", "TRUE", "null", "~", "1", "1e3", "- a", "a: b", "a #b", "", " a",
                            "a ", "*x", "&x", "y", "2026-03-01"}) {
    CAPTURE(value);
    CHECK(yaml(value) == "xy: \"" + std::string(value) + "\"\n");
  }
}

TEST_CASE("a table lines up by display width") {
  CHECK(written({.format = Format::table}) ==
        "ID  name           tags     open  at                note\n"
        " 1  王芳           vip a;b  yes   2026-03-01 09:00  a \"quote\", and\\na line\n"
        "12  =cmd|' /C'!A1           no                      \\x1b[31mred\\t\\\n");
}

TEST_CASE("a table is cut to the terminal, long text first") {
  CHECK(written({.format = Format::table, .width = 60}) ==
        "ID  name        tags     open  at                note\n"
        " 1  王芳        vip a;b  yes   2026-03-01 09:00  a \"quote\",…\n"
        "12  =cmd|' /C…           no                      \\x1b[31mre…\n");
}

TEST_CASE("a table of nothing says so where somebody looks") {
  Stream out;
  Stream messages;
  const auto writer = make_writer(out, {.format = Format::table, .messages = &messages});
  write_none(*writer);
  CHECK(out.take().empty());
  CHECK(messages.take() == "nothing found\n");
}

TEST_CASE("columns that a narrow table leaves out are named, unless they say nothing") {
  const auto told = [](const std::vector<std::string>& spare, void (*write)(Writer&)) {
    Stream out;
    Stream messages;
    const auto writer =
        make_writer(out, {.format = Format::table, .width = 40, .spare = spare, .messages = &messages});
    write(*writer);
    writer->finish();
    return messages.take();
  };
  CHECK(told({"at"}, write_rows) == "no room for 'at'; --fields chooses columns\n");
  CHECK(told({"at"}, [](Writer& writer) {
          writer.begin(columns());
          writer.row(std::array{number("1"), text("王芳"), Cell(), text("yes"), Cell(),
                                text("a note that is long enough")});
          writer.end();
        }).empty());
}

TEST_CASE("a table longer than what is measured keeps its columns") {
  Stream stream;
  const auto writer = make_writer(stream, {.format = Format::table});
  writer->begin(std::array<Column, 2>{{{.name = "a", .label = "a"}, {.name = "b", .label = "b"}}});
  for (int i = 0; i < 1500; ++i) writer->row(std::array{text(i < 1200 ? "x" : "longer"), text("y")});
  writer->end();
  const std::string all = stream.take();
  CHECK(all.substr(0, 10) == "a  b\nx  y\n");
  CHECK(all.substr(all.size() - 10) == "longer  y\n");
}

TEST_CASE("one record is a line for each field that has a value") {
  Facts facts;
  facts.text("name", "王芳");
  facts.nothing("phone");
  facts.number("count", 3);
  facts.list("tags", {"a", "b"});
  Stream stream;
  facts.write(*make_writer(stream, {.format = Format::table, .shape = Shape::object}));
  CHECK(stream.take() == "name   王芳\ncount  3\ntags   a b\n");
  facts.write(*make_writer(stream, {.format = Format::json, .shape = Shape::object}));
  CHECK(stream.take() == "{\"name\":\"王芳\",\"phone\":null,\"count\":3,\"tags\":[\"a\",\"b\"]}\n");
}

TEST_CASE("a document has facts and rows") {
  CHECK(
      written({.format = Format::json, .shape = Shape::document}, write_document) ==
      "{\"report\":\"funnel\",\"rows\":[{\"stage\":\"new\"},\n{\"stage\":\"won\"}],\"without_history\":3}\n");
  CHECK(written({.format = Format::jsonl, .shape = Shape::document}, write_document) ==
        "{\"stage\":\"new\"}\n{\"stage\":\"won\"}\n");
  CHECK(written({.format = Format::table, .shape = Shape::document}, write_document) ==
        "stage\nnew\nwon\nwithout history: 3\n");
}

TEST_CASE("output that the system refuses is a fault of input or output") {
  Stream closed(-2, "nowhere");
  closed.write("x");
  CHECK_NOTHROW(closed.flush());  // memory
  Stream bad(9999, "the standard output");
  bad.write("x");
  CHECK_THROWS_WITH_AS(bad.flush(), "cannot write to the standard output: Bad file descriptor", Error);
}
