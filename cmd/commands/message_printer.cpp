#include "commands/message_printer.h"

#include <crm/text.h>

#include <array>

namespace crm::cmd {
namespace {

// Each line by itself made safe for a terminal.
std::string visible_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += visible(text.substr(0, end)) + '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

}  // namespace

MessagePrinter::MessagePrinter(Context& context, bool expected) : context_(context), expected_(expected) {}

bool MessagePrinter::as_text() const {
  const auto format = context_.settings().format;
  return !format || *format == Format::table;
}

void MessagePrinter::begin() {
  if (writer_) return;
  static const std::array<Column, 6> kColumns{{{.name = "key", .label = "key"},
                                               {.name = "rule", .label = "rule"},
                                               {.name = "person", .label = "person"},
                                               {.name = "address", .label = "address"},
                                               {.name = "subject", .label = "subject"},
                                               {.name = "body", .label = "body", .wide = true}}};
  writer_ = context_.picking_writer(Shape::list);
  writer_->begin(kColumns);
}

void MessagePrinter::message(const Message& message) {
  if (!as_text()) {
    begin();
    const auto text = [](std::string_view value) {
      return Cell{value.empty() ? CellType::null : CellType::text, value, {}};
    };
    const std::array<Cell, 6> cells{{text(message.key), text(message.rule), text(message.person),
                                     text(message.address), text(message.subject), text(message.body)}};
    writer_->row(cells);
  } else {
    print_text(message);
  }
  first_ = false;
  context_.out().flush();
}

void MessagePrinter::finish() {
  if (expected_ && !as_text()) begin();
  if (writer_) writer_->end();
}

void MessagePrinter::print_text(const Message& message) {
  std::string text = first_ ? "" : "---\n";
  text += "To: " + visible(message.person);
  if (!message.address.empty()) text += " <" + visible(message.address) + '>';
  text += "\nSubject: " + visible(message.subject) + "\n\n" + visible_lines(message.body);
  context_.out().write(text);
}

}  // namespace crm::cmd
