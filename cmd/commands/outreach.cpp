#include <crm/error.h>
#include <crm/outreach.h>
#include <crm/text.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/message_printer.h"
#include "commands/outreach_options.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr std::size_t kSamples = 3;

// "2/30d" or "2": messages in so many days.
std::pair<std::int64_t, std::int64_t> cap_of(const std::string& text, std::int64_t days) {
  const std::size_t slash = text.find('/');
  const auto count = parse_integer(text.substr(0, slash));
  std::optional<std::int64_t> span = days;
  if (slash != std::string::npos) {
    const std::string rest = text.substr(slash + 1);
    span = rest.ends_with('d') ? parse_integer(rest.substr(0, rest.size() - 1)) : std::nullopt;
  }
  if (!count || !span)
    throw Error(ErrorCode::usage, quoted(text) + " is no cap", "write 1/7d: one in seven days");
  return {*count, *span};
}

void print_left_out(Context& context, const std::vector<LeftOut>& people) {
  static const std::vector<Column> kColumns = {{.name = "record", .label = "record"},
                                               {.name = "name", .label = "name"},
                                               {.name = "address", .label = "address"},
                                               {.name = "reason", .label = "reason"}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(kColumns);
  for (const LeftOut& one : people) {
    const std::string record = to_string(one.record);
    const auto text = [](std::string_view value) {
      return Cell{value.empty() ? CellType::null : CellType::text, value, {}};
    };
    const Cell cells[] = {text(record), text(one.name), text(one.address), text(one.reason)};
    writer->row(cells);
  }
  writer->end();
}

std::vector<std::string> reasons_of(const OutreachPreview& preview) {
  std::map<std::string, std::int64_t> counts;
  for (const LeftOut& one : preview.left_out) ++counts[one.reason];
  std::vector<std::string> reasons;
  reasons.reserve(counts.size());
  for (const auto& [reason, count] : counts) reasons.push_back(reason + ": " + std::to_string(count));
  return reasons;
}

// For people: the counts, who is left out and why, the first messages, and what to confirm with.
void print_text(Context& context, const std::string& name, const OutreachPreview& preview) {
  for (std::size_t i = 0; i < std::min(kSamples, preview.messages.size()); ++i) {
    MessagePrinter(context, true).message(preview.messages[i]);
    context.out().write("---\n");
  }
  std::string text = std::to_string(preview.matched) + " in the segment, " +
                     std::to_string(preview.messages.size()) + " to be written to, " +
                     std::to_string(preview.left_out.size()) + " left out\n";
  for (const std::string& reason : reasons_of(preview)) text += "  " + reason + '\n';
  context.out().write(text + "crm outreach send " + name + " --confirm " + preview.confirm + '\n');
}

// A JSON object of texts, in this order.
std::string json_object(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  std::string out = "{";
  for (const auto& [name, text] : texts) {
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, text);
  }
  return out + '}';
}

std::string samples_json(const OutreachPreview& preview) {
  std::string out;
  for (std::size_t i = 0; i < std::min(kSamples, preview.messages.size()); ++i) {
    const Message& message = preview.messages[i];
    out += (out.empty() ? "" : ",") + json_object({{"name", message.person},
                                                   {"address", message.address},
                                                   {"subject", message.subject},
                                                   {"body", message.body}});
  }
  return '[' + out + ']';
}

std::string left_out_json(const OutreachPreview& preview) {
  std::string out;
  for (const LeftOut& one : preview.left_out) {
    out += (out.empty() ? "" : ",") + json_object({{"record", to_string(one.record)},
                                                   {"name", one.name},
                                                   {"address", one.address},
                                                   {"reason", one.reason}});
  }
  return '[' + out + ']';
}

void print_preview(Context& context, const std::string& name, const OutreachPreview& preview) {
  const auto format = context.settings().format;
  if (!format || *format == Format::table) return print_text(context, name, preview);
  Facts facts;
  facts.number("matched", preview.matched);
  facts.number("messages", static_cast<std::int64_t>(preview.messages.size()));
  facts.list("why", reasons_of(preview));
  const std::string samples = samples_json(preview);
  const std::string left_out = left_out_json(preview);
  facts.cell("samples", {CellType::number, samples, {}});
  facts.cell("left_out", {CellType::number, left_out, {}});
  facts.text("confirm", preview.confirm);
  facts.write(*context.picking_writer(Shape::object));
}

int run_preview(Context& context, const Arguments& arguments) {
  Outreach outreach;
  outreach.name = arguments.argument("NAME");
  outreach.kind = kind_option(arguments, Kind::customer);
  outreach.segment = arguments.text("segment").value_or("");
  outreach.template_name = arguments.text("template").value_or("");
  if (outreach.template_name.empty())
    throw Error(ErrorCode::usage, "nothing says what is written",
                "give --template with one of the workflow file");
  outreach.purpose = arguments.text("purpose").value_or(outreach.purpose);
  outreach.via = arguments.text("channel").value_or("");
  outreach.most = arguments.integer("most").value_or(outreach.most);
  if (const auto cap = arguments.text("per-person"))
    std::tie(outreach.per_person, outreach.per_days) = cap_of(*cap, outreach.per_days);
  const OutreachPreview preview = preview_outreach(context.session(), outreach);
  if (arguments.has("left-out")) {
    print_left_out(context, preview.left_out);
  } else {
    print_preview(context, outreach.name, preview);
  }
  return 0;
}

int run_send(Context& context, const Arguments& arguments) {
  const auto confirm = arguments.text("confirm");
  const std::string name = arguments.argument("NAME");
  if (!confirm) {
    throw Error(ErrorCode::usage, "nothing says that the messages were looked at",
                "give --confirm with what 'crm outreach preview " + name + "' prints");
  }
  Session& session = context.session();
  const std::int64_t count = send_outreach(session, name, *confirm);
  context.say(std::to_string(count) + (count == 1 ? " message" : " messages") +
              (session.dry_run() ? " would be put into the outbox"
                                 : " in the outbox: 'crm outbox flush' sends them"));
  return 0;
}

int run_outreach_test(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const Message message = test_outreach(session, arguments.argument("NAME"));
  if (session.dry_run()) {
    MessagePrinter(context, true).message(message);
    return 0;
  }
  context.say("a test to " + crm::quoted(message.person) + " is in the outbox: 'crm outbox flush' sends it");
  return 0;
}

int run_outreach_list(Context& context, const Arguments& /*arguments*/) {
  list_outreach(context.session(), *context.picking_writer(Shape::list));
  return 0;
}

CommandSpec verb_on_outreach(const char* verb) {
  CommandSpec spec;
  spec.words = {"outreach", verb};
  spec.arguments = {{.name = "NAME", .help = "the outreach"}};
  spec.needs = Needs::writing;
  return spec;
}

OptionSpec outreach_text(const char* name, const char* value, const char* help) {
  return {.name = name, .help = help, .value = value, .type = ValueType::text};
}

}  // namespace

CommandSpec outreach_preview_command() {
  CommandSpec spec = verb_on_outreach("preview");
  spec.summary = "show who would get what, who is left out and why; nothing is sent";
  spec.details =
      "Each person of the segment who gave consent for the purpose gets one message of this name, ever. Left "
      "out are: "
      "who is not to be contacted, gave no consent or withdrew it, has no address or one that somebody "
      "before them "
      "has, had enough messages lately (--per-person), and who comes after --most.\n\nThe names in the "
      "template are "
      "the fields of the kind. 'confirm' stands for just these messages: 'crm outreach send' asks for it.";
  spec.examples = {{"crm outreach preview spring --segment \"level = 'A' and +newsletter\" --template spring",
                    "customers"},
                   {"crm outreach preview spring --segment stale --kind lead --template spring --left-out",
                    "who is left out"}};
  spec.options = {
      outreach_text("segment", "SEGMENT", "the name of a segment, or an expression"),
      outreach_text("template", "NAME", "a template of the workflow file"),
      kind_option_spec("what the expression is about: customer (the default), contact or lead"),
      outreach_text("purpose", "PURPOSE", "what they must have agreed to; default: newsletter"),
      outreach_text("channel", "CHANNEL", "the channel; default: the default one"),
      {.name = "most",
       .help = "at most so many messages; default 1000",
       .value = "N",
       .type = ValueType::count},
      outreach_text("per-person", "N/DAYSd", "at most so many to one person, of all outreach; default 1/7d"),
      {.name = "left-out", .help = "list who is left out and why"}};
  spec.run = run_preview;
  return spec;
}

CommandSpec outreach_test_command() {
  CommandSpec spec = verb_on_outreach("test");
  spec.summary = "put one of its messages into the outbox, to yourself";
  spec.details = "Any number of times; it counts for nothing.";
  spec.examples = {{"crm outreach test spring", "see how it looks"}};
  spec.run = run_outreach_test;
  return spec;
}

CommandSpec outreach_send_command() {
  CommandSpec spec = verb_on_outreach("send");
  spec.summary = "put the messages that the preview showed into the outbox";
  spec.details =
      "Exit code 6 where they are others by now: nothing is sent then. Whether a person still agrees is "
      "asked again "
      "when their message is taken for sending.";
  spec.examples = {{"crm outreach send spring --confirm 4f9c81d2-212", "with what the preview printed"}};
  spec.options = {outreach_text("confirm", "DIGEST-COUNT", "what the preview printed")};
  spec.run = run_send;
  return spec;
}

CommandSpec outreach_list_command() {
  CommandSpec spec = verb_on_outreach("list");
  spec.summary = "list outreach, with what was made and sent";
  spec.examples = {{"crm outreach list", "all"}};
  spec.arguments = {};
  spec.needs = Needs::reading;
  spec.run = run_outreach_list;
  return spec;
}

}  // namespace crm::cmd
