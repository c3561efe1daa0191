#include <crm/error.h>
#include <crm/records.h>
#include <crm/search.h>

#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// What a row shows of a record beside its number: fields of the kind, in this order, those that it has.
std::vector<std::string> shown_fields(const KindView& view) {
  std::vector<std::string> fields;
  for (const char* name : {"name", "about", "company", "customer", "phone", "email", "note"}) {
    const bool instead = !fields.empty() && std::string_view(name) == "note" && fields.front() == "name";
    if (view.find(name) != nullptr && !instead) fields.emplace_back(name);
  }
  return fields;
}

// The first cell as the name, the others as one text.
class HitSink final : public RowSink {
 public:
  // `alone`: the number stands without its kind, which must be in it.
  HitSink(Writer& writer, RecordId record, bool alone) : writer_(writer), record_(record), alone_(alone) {}
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    std::string detail;
    for (const Cell& cell : cells.subspan(cells.empty() ? 0 : 1)) {
      if (cell.type != CellType::null) detail += (detail.empty() ? "" : ", ") + std::string(cell.text);
    }
    RowBuilder row;
    row.text(std::string(entity(record_.kind).name));
    if (alone_) {
      row.text(to_string(record_));
    } else {
      row.number(record_.id);
    }
    row.text(cells.empty() ? std::string() : std::string(cells.front().text));
    row.text(detail.empty() ? std::nullopt : std::optional(detail));
    return writer_.row(row.cells());
  }
  void end() override {}

 private:
  Writer& writer_;
  RecordId record_;
  bool alone_;
};

int run_search(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  std::string words;
  for (const std::string& word : arguments.arguments("WORDS")) words += (words.empty() ? "" : " ") + word;
  const SearchResult found = search(session, words, arguments.integer("limit").value_or(20));
  const std::array<Column, 4> columns{{{.name = "kind", .label = "kind"},
                                       {.name = "id", .label = "ID", .right = true},
                                       {.name = "name", .label = "name"},
                                       {.name = "detail", .label = "", .wide = true}}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const SearchHit& hit : found.hits) {
    HitSink sink(*writer, hit.record, context.format() == Format::ids);
    show(session, {&hit.record, 1}, shown_fields(session.view(hit.record.kind)), sink);
  }
  writer->end();
  if (found.more) context.say("there are more; add a word, or give --limit");
  return 0;
}

}  // namespace

CommandSpec search_command() {
  CommandSpec spec;
  spec.words = {"search"};
  spec.summary = "look for records of all kinds by a few words";
  spec.details =
      "All words must be in a record's names, companies, phones, e-mails, addresses or notes: Latin words "
      "and numbers as they begin, Chinese "
      "characters as they stand, simplified or traditional. A Chinese name is found by its pinyin too, "
      "whole, begun or as "
      "initials, a company's also from behind its place; a "
      "phone number by its beginning and by any four of its digits or more that follow one another, also in "
      "groups (415 555, 138-0013). The best "
      "come first: those whose name it is, then those whose name begins so, then the latest. -o ids prints "
      "kind/ID, as other commands take it.";
  spec.examples = {{"crm search 张伟", "by name"},
                   {"crm search zhangw", "the same, by pinyin; zw does as well"},
                   {"crm search 'acme 138'", "by a company and the beginning of a number"},
                   {"crm search 0013", "by a part of a number"},
                   {"crm search '415 555'", "the same in groups"}};
  spec.arguments = {{.name = "WORDS", .help = "what to look for", .repeated = true}};
  spec.options = {
      {.name = "limit", .help = "at most so many; default 20", .value = "N", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_search;
  return spec;
}

}  // namespace crm::cmd
