#include "exchange/reject_file.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "unit/exchange/import_desk.h"

using crm::ImportOptions;
using crm::ImportResult;
using crm::Kind;
using crm::test::ImportDesk;

namespace {

std::string rejects_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with(std::string text, const std::string& wrong, const std::string& right) {
  const std::size_t at = text.find(wrong);
  REQUIRE(at != std::string::npos);
  return text.replace(at, wrong.size(), right);
}

ImportOptions keep_going() {
  ImportOptions options;
  options.keep_going = true;
  return options;
}

}  // namespace

TEST_CASE("rejected rows that were put right are imported with nothing more to say") {
  ImportDesk desk;
  const ImportResult first = desk.import(Kind::lead, "name,email\nx,bad\ny,y@b.example\n", keep_going());
  const std::string mended = with(rejects_text(first.rejects), "x,bad", "x,x@b.example");
  const ImportResult again =
      crm::import_records(desk.session(), Kind::lead, desk.file("mended.csv", mended), {});
  CHECK(ImportDesk::counts(again) == "1 added");
  CHECK(again.warnings.empty());
  CHECK(desk.text({Kind::lead, 2}, "email") == "x@b.example");
}

TEST_CASE("a second file of rejected rows stands beside the first") {
  ImportDesk desk;
  const std::string rows = "name,email\nx,bad\n";
  CHECK(desk.import(Kind::lead, rows, keep_going()).rejects == desk.path("rows.rejects.csv"));
  const ImportResult second = desk.import(Kind::lead, rows, keep_going());
  CHECK(second.rejects == desk.path("rows.rejects-2.csv"));
  // The rejects of rejects are rejects of the first file.
  const ImportResult third = crm::import_records(desk.session(), Kind::lead, second.rejects, keep_going());
  CHECK(third.rejects == desk.path("rows.rejects-3.csv"));
  CHECK(rejects_text(third.rejects) == with(rejects_text(second.rejects), ",2,3,", ",2,3,"));
  ImportOptions named = keep_going();
  named.rejects = desk.path("named.csv");
  desk.import(Kind::lead, rows, named);
  CHECK(desk.import(Kind::lead, rows, named).rejects == desk.path("named-2.csv"));
}

TEST_CASE("objects and cards that were put right are imported from their cells") {
  ImportDesk desk;
  const ImportResult objects = crm::import_records(
      desk.session(), Kind::lead,
      desk.file("rows.jsonl", "{\"name\":\"x\",\"email\":\"bad\",\"tags\":[\"a\",\"b\"]}\n{\"name\":\"y\"\n"),
      keep_going());
  CHECK(ImportDesk::counts(objects) == "2 rejected");
  const std::string mended =
      with(with(rejects_text(objects.rejects), "bad\"\"", "x@b.example\"\""), "\"\"y\"\"", "\"\"y\"\"}");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, mended)) == "2 added");
  CHECK(desk.text({Kind::lead, 1}, "tags") == "a b");
  const ImportResult cards = crm::import_records(
      desk.session(), Kind::contact,
      desk.file("rows.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Zoe, \"Z\"\nEMAIL:bad\nEND:VCARD\n"), keep_going());
  CHECK(ImportDesk::counts(cards) == "1 rejected");
  const std::string card = with(rejects_text(cards.rejects), "bad\"\"", "z@b.example\"\"");
  CHECK(ImportDesk::counts(desk.import(Kind::contact, card)) == "1 added");
  CHECK(desk.text({Kind::contact, 1}, "name") == "Zoe, \"Z\"");
}

TEST_CASE("no file that is there is written over by rejected rows") {
  ImportDesk desk;
  ImportOptions options = keep_going();
  options.rejects = desk.file("other.txt", "precious\n");
  const std::string rows = "name,email\nx,bad\n";
  CHECK(crm::test::error_code([&] { desk.import(Kind::lead, rows, options); }) == 6);
  CHECK(rejects_text(options.rejects) == "precious\n");
  options.rejects = "-";
  CHECK(crm::test::error_code([&] { desk.import(Kind::lead, rows, options); }) == 2);
  options.rejects = desk.file("empty.csv", "");  // as mktemp makes it
  CHECK(ImportDesk::counts(desk.import(Kind::lead, rows, options)) == "1 rejected");
  options.resume = true;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, rows + "y,bad\n", options)) == "2 rejected");
}
