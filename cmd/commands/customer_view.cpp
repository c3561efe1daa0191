#include <crm/customers.h>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/list.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// Takes one record and hands its fields on as the facts of a document.
class FactsOfRecord final : public RowSink {
 public:
  explicit FactsOfRecord(Writer& writer) : writer_(writer) {}
  void begin(std::span<const Column> columns) override { columns_.assign(columns.begin(), columns.end()); }
  bool row(std::span<const Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) writer_.fact(columns_[i].name, cells[i]);
    return true;
  }
  void end() override {}

 private:
  Writer& writer_;
  std::vector<Column> columns_;
};

int run_view(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const RecordId customer = resolve(session, Kind::customer, arguments.argument("CUSTOMER"));
  const auto writer = context.picking_writer(Shape::document);
  if (context.format() == Format::table) {
    show(session, {&customer, 1}, {}, *context.writer(Shape::object));
    context.out().write("\n");
  } else if (has_facts(context.format())) {
    FactsOfRecord facts(*writer);
    show(session, {&customer, 1}, {}, facts);
  }
  say_more(context, view_customer(session, customer, arguments.integer("limit"), *writer));
  writer->finish();
  return 0;
}

}  // namespace

CommandSpec customer_view_command() {
  CommandSpec spec;
  spec.kind = &entity(Kind::customer);
  spec.words = {"customer", "view"};
  spec.summary = "show everything known about a customer, newest first";
  spec.details =
      "Its fields; then, each once: the changes of its record, its contacts, the leads that became it with "
      "their stage changes, and all follow-ups about "
      "it, its contacts and those leads. A plan stands where it is due.";
  spec.examples = {{"crm customer view 7", "one customer"},
                   {"crm customer view 7 --limit 20 -o json", "the twenty latest events, for a script"}};
  spec.arguments = {{.name = "CUSTOMER",
                     .help = "a number, e-mail, phone, exact name or ref:SOURCE/KEY",
                     .completion = Completion::record}};
  spec.options = {
      {.name = "limit", .help = "at most so many events", .value = "N", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_view;
  return spec;
}

}  // namespace crm::cmd
