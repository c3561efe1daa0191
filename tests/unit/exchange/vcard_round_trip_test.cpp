#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "output/vcard_writer.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::FieldText;
using crm::Kind;
using crm::test::ImportDesk;

// What cards are made of: their own marks, marks of quoted-printable and of lists, and letters of any width.
const std::vector<std::string> kPieces = {"a",  "Z", "0", " ",   ",",   ":",          "\\",  "\"",
                                          "=",  "-", ".", "n",   "N",   "'",          "\\n", "张",
                                          "伟", "é", "😀", "=41", "=\n", "BEGIN:VCARD"};

class Drawn {
 public:
  explicit Drawn(unsigned seed) : draw_(seed) {}
  bool coin() { return draw_() % 2 == 0; }
  std::size_t below(std::size_t count) { return draw_() % count; }
  std::string line(std::size_t most) {
    std::string text = "x";
    for (std::size_t left = 1 + below(most); left > 0; --left) text += kPieces[below(kPieces.size())];
    std::erase(text, '\n');
    return text + 'y';
  }
  std::string text(std::size_t most) {
    std::string text;
    for (std::size_t left = 1 + below(most); left > 0; --left)
      text += below(6) == 0 ? "\n" : below(9) == 0 ? ";" : kPieces[below(kPieces.size())];
    return text + "\n\tend ";
  }

 private:
  std::mt19937 draw_;
};

std::string cards_of(ImportDesk& desk) {
  crm::cmd::Stream stream;
  crm::ListQuery query;
  query.kind = Kind::contact;
  query.fields = crm::export_fields(desk.session(), Kind::contact);
  query.sort = {"id"};
  crm::cmd::VcardWriter writer(stream, [&](std::string_view record) {
    return desk.text({Kind::customer, std::stoll(std::string(record.substr(record.find('/') + 1)))}, "name");
  });
  crm::list(desk.session(), query, writer);
  return stream.take();
}

std::string imported_again(const std::string& cards) {
  ImportDesk desk;
  crm::ImportOptions options;
  options.create_missing = {"customer"};
  const auto result = crm::import_records(desk.session(), Kind::contact, desk.file("a.vcf", cards), options);
  CHECK(result.rejected == 0);
  return cards_of(desk);
}

std::vector<FieldText> drawn_contact(Drawn& drawn, int number) {
  std::vector<FieldText> fields = {{"name", drawn.line(60)}};
  const auto perhaps = [&](const char* field, const std::string& text) {
    if (drawn.coin()) fields.push_back({field, text});
  };
  perhaps("customer", "customer/" + std::to_string(1 + drawn.below(3)));
  perhaps("title", drawn.line(20));
  perhaps("phone", drawn.coin() ? "+861380013" + std::to_string(8000 + number) : "010 8888 1234");
  perhaps("email", "a" + std::to_string(number) + "@b.example");
  perhaps("wechat", drawn.line(5));
  perhaps("role", "user");
  perhaps("birthday", "198" + std::to_string(drawn.below(10)) + "-02-03");
  perhaps("note", drawn.text(200));
  perhaps("tags", drawn.line(4) + ';' + drawn.line(4) + ";:::");
  return fields;
}

// A text as version 2.1 writes what its lines cannot hold.
std::string quoted_printable(const std::string& text) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    out += '=';
    out += kDigits[byte / 16];
    out += kDigits[byte % 16];
    if (i % 24 == 23) out += "=\r\n";
  }
  return out;
}

}  // namespace

TEST_CASE("contacts written as vCards, read and written again are the same bytes") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    Drawn drawn(seed);
    ImportDesk desk;
    for (int i = 1; i <= 3; ++i) desk.add(Kind::customer, {{"name", drawn.line(20) + std::to_string(i)}});
    for (int i = 0; i < 12; ++i) desk.add(Kind::contact, drawn_contact(drawn, i));
    const std::string cards = cards_of(desk);
    CHECK(imported_again(cards) == cards);
  }
}

TEST_CASE("notes in quoted-printable are read to the byte, and written again as the same bytes") {
  Drawn drawn(7);
  std::string old_cards;
  std::vector<std::string> notes;
  for (int i = 0; i < 20; ++i) {
    std::string note = drawn.text(80);
    std::erase(note, ';');
    notes.push_back(note);
    old_cards += "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" +
                 quoted_printable("张" + std::to_string(i)) +
                 "\r\nNOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:" + quoted_printable(note) +
                 "\r\nEND:VCARD\r\n";
  }
  ImportDesk desk;
  crm::import_records(desk.session(), Kind::contact, desk.file("old.vcf", old_cards), {});
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const crm::RecordId contact{Kind::contact, static_cast<std::int64_t>(i) + 1};
    CHECK(desk.text(contact, "name") == "张" + std::to_string(i));
    CHECK(desk.text(contact, "note") == notes[i]);
  }
  const std::string cards = cards_of(desk);
  CHECK(imported_again(cards) == cards);
}
