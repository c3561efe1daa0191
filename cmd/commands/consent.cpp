#include <crm/consent.h>
#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// Whom the words mean: a record as KIND/ID, or an address.
ConsentStatement person_of(Context& context, const std::string& word) {
  ConsentStatement statement;
  if (word.find('@') != std::string::npos && word.find('/') == std::string::npos) {
    statement.address = word;
    return statement;
  }
  const auto record = parse_record_id(word);
  if (!record)
    throw Error(ErrorCode::usage, quoted(word) + " is no person",
                "write contact/7, lead/42, customer/3 or an address");
  statement.person = resolve(context.session(), record->kind, word);
  return statement;
}

int state(Context& context, const Arguments& arguments, bool given, const std::string& purpose) {
  std::vector<ConsentStatement> statements;
  for (const std::string& word : arguments.arguments("PERSON")) {
    ConsentStatement statement = person_of(context, word);
    statement.purpose = purpose;
    statement.given = given;
    statement.at = arguments.text("at").value_or("");
    statement.evidence = arguments.text("evidence").value_or("");
    statements.push_back(std::move(statement));
  }
  Session& session = context.session();
  const std::vector<WriteResult> results = state_consent(session, statements);
  if (session.dry_run() || context.settings().quiet) return 0;
  std::vector<RecordId> records;
  records.reserve(results.size());
  for (const WriteResult& result : results) records.push_back(result.record);
  const std::vector<std::string> columns = {"id", "about", "address", "purpose", "state", "at", "evidence"};
  const auto writer = context.writer(records.size() > 1 ? Shape::list : Shape::object);
  show(session, records, context.settings().fields.empty() ? columns : context.settings().fields, *writer);
  return 0;
}

std::string purpose_of(const Arguments& arguments) {
  if (const auto purpose = arguments.text("purpose")) return *purpose;
  throw Error(ErrorCode::usage, "nothing says what for", "give --purpose newsletter, or another");
}

int run_give(Context& context, const Arguments& arguments) {
  return state(context, arguments, true, purpose_of(arguments));
}

int run_consent_withdraw(Context& context, const Arguments& arguments) {
  return state(context, arguments, false, purpose_of(arguments));
}

int run_block(Context& context, const Arguments& arguments) {
  return state(context, arguments, false, kAnyContact);
}

int run_unblock(Context& context, const Arguments& arguments) {
  return state(context, arguments, true, kAnyContact);
}

int run_consent_show(Context& context, const Arguments& arguments) {
  const ConsentStatement person = person_of(context, arguments.argument("PERSON"));
  show_consent(context.session(), person.person, person.address, *context.picking_writer(Shape::list));
  return 0;
}

CommandSpec verb_on_people(const char* verb) {
  CommandSpec spec;
  spec.words = {"consent", verb};
  spec.arguments = {{.name = "PERSON",
                     .help = "contact/7, lead/42, customer/3 or an e-mail address",
                     .repeated = true,
                     .completion = Completion::record}};
  spec.options = {
      {.name = "evidence",
       .help = "how it is known: a form, a mail, a call",
       .value = "TEXT",
       .type = ValueType::text},
      {.name = "at", .help = "when it was said; default: now", .value = "TIME", .type = ValueType::text}};
  spec.needs = Needs::writing;
  spec.kind = &entity(Kind::consent);
  return spec;
}

OptionSpec purpose_option() {
  return {.name = "purpose",
          .help = "what for: newsletter, offers …",
          .value = "PURPOSE",
          .type = ValueType::text};
}

}  // namespace

CommandSpec consent_give_command() {
  CommandSpec spec = verb_on_people("give");
  spec.summary = "somebody agreed to be written to for a purpose";
  spec.details = "The latest statement on a purpose counts. It holds for the person and for their address.";
  spec.examples = {
      {"crm consent give contact/7 --purpose newsletter --evidence \"form of 2026-03-02\"", "one"}};
  spec.options.insert(spec.options.begin(), purpose_option());
  spec.run = run_give;
  return spec;
}

CommandSpec consent_withdraw_command() {
  CommandSpec spec = verb_on_people("withdraw");
  spec.summary = "somebody no longer wants to be written to for a purpose";
  spec.details =
      "When it returns, no message for that purpose goes to them any more, whatever waits in the outbox: it "
      "waits for a "
      "message that is on its way.";
  spec.examples = {
      {"crm consent withdraw contact/7 --purpose newsletter --evidence \"reply of today\"", "one"},
      {"crm consent withdraw wang@example.com --purpose newsletter", "an address, whoever has it"}};
  spec.options.insert(spec.options.begin(), purpose_option());
  spec.run = run_consent_withdraw;
  return spec;
}

CommandSpec consent_block_command() {
  CommandSpec spec = verb_on_people("block");
  spec.summary = "do not contact somebody at all";
  spec.details =
      "Stronger than any consent, for all purposes, now and later. It holds for every record of the same "
      "person: a lead and what it was converted to, merged records, the same address or phone; and of a "
      "company for its contacts.";
  spec.examples = {{"crm consent block lead/42 --evidence \"asked on the phone\"", "one"}};
  spec.run = run_block;
  return spec;
}

CommandSpec consent_unblock_command() {
  CommandSpec spec = verb_on_people("unblock");
  spec.summary = "take back that somebody is not to be contacted";
  spec.details = "What they agreed to, or not, counts again.";
  spec.examples = {{"crm consent unblock lead/42 --evidence \"wrote to us\"", "one"}};
  spec.run = run_unblock;
  return spec;
}

CommandSpec consent_show_command() {
  CommandSpec spec = verb_on_people("show");
  spec.summary = "show how it stands with a person: each purpose, since when and how it is known";
  spec.examples = {{"crm consent show contact/7", "one person"}};
  spec.arguments.front().repeated = false;
  spec.options = {};
  spec.needs = Needs::reading;
  spec.run = run_consent_show;
  return spec;
}

}  // namespace crm::cmd
