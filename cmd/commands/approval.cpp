#include <crm/approvals.h>

#include <crm/error.h>
#include <crm/text.h>

#include "app/context.h"
#include "app/run.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

std::int64_t request_of(const Arguments& arguments) {
  const std::string text = arguments.argument("ID");
  if (const auto id = parse_integer(text)) return *id;
  throw Error(ErrorCode::usage, quoted(text) + " is no number of an approval",
              "list them with 'crm approval list'");
}

std::string reason_of(const Arguments& arguments) {
  return arguments.text("reason").value_or("");
}

int run_approval_list(Context& context, const Arguments& arguments) {
  ApprovalQuery query;
  query.state = arguments.text("state").value_or("");
  query.mine = arguments.has("mine");
  query.limit = arguments.integer("limit");
  list_approvals(context.session(), query,
                 *context.picking_writer(Shape::list, {"due_at", "asked_at", "command"}));
  return 0;
}

void show_request(Context& context, std::int64_t id) {
  const auto writer = context.picking_writer(Shape::object);
  FactsSink facts(*writer);
  show_approval(context.session(), id, facts);
}

int run_approval_show(Context& context, const Arguments& arguments) {
  show_request(context, request_of(arguments));
  return 0;
}

// The command that waited, as if who asked for it ran it now.
int carry_out(Context& context, std::int64_t id) {
  Session& session = context.session();
  const GrantedCommand granted(session, id);
  return run_line(granted.words(), context.environment(), context.out(), context.messages(), &session);
}

int run_approve(Context& context, const Arguments& arguments) {
  const std::int64_t id = request_of(arguments);
  const bool complete = approve(context.session(), id, reason_of(arguments));
  if (context.session().dry_run()) {
    context.say(complete ? "dry run: the command would be carried out"
                         : "dry run: it would wait for others still");
    return 0;
  }
  if (complete) return carry_out(context, id);
  context.say("approval " + std::to_string(id) + " waits for others still");
  return 0;
}

int run_skip(Context& context, const Arguments& arguments) {
  const std::int64_t id = request_of(arguments);
  skip_approval(context.session(), id, reason_of(arguments));
  if (context.session().dry_run()) {
    context.say("dry run: the command would be carried out");
    return 0;
  }
  return carry_out(context, id);
}

int run_reject(Context& context, const Arguments& arguments) {
  reject_approval(context.session(), request_of(arguments), reason_of(arguments));
  return 0;
}

int run_approval_withdraw(Context& context, const Arguments& arguments) {
  withdraw_approval(context.session(), request_of(arguments), reason_of(arguments));
  return 0;
}

int run_delegate(Context& context, const Arguments& arguments) {
  const auto to = arguments.text("to");
  if (!to) throw Error(ErrorCode::usage, "nothing says who is to decide", "give --to USER");
  delegate_approval(context.session(), request_of(arguments), *to);
  return 0;
}

int run_exceptions(Context& context, const Arguments& arguments) {
  list_exceptions(context.session(), {arguments.text("from").value_or(""), arguments.text("to").value_or("")},
                  *context.picking_writer(Shape::list));
  return 0;
}

CommandSpec verb(const char* name, const char* summary, int (*run)(Context&, const Arguments&)) {
  CommandSpec spec;
  spec.words = {"approval", name};
  spec.summary = summary;
  spec.arguments = {{.name = "ID", .help = "its number in 'crm approval list'"}};
  spec.options = {{.name = "reason", .help = "why, kept with it", .value = "TEXT", .type = ValueType::text}};
  spec.needs = Needs::writing;
  spec.run = run;
  return spec;
}

}  // namespace

CommandSpec approval_list_command() {
  CommandSpec spec;
  spec.words = {"approval", "list"};
  spec.summary = "list requests for approvals, newest first";
  spec.examples = {{"crm approval list --mine", "those that wait for me"},
                   {"crm approval list --state waiting -o json", "all that wait"}};
  spec.options = {{.name = "mine", .help = "only those that I can decide now"},
                  {.name = "state",
                   .help = "only those in this state",
                   .value = "STATE",
                   .type = ValueType::choice,
                   .choices = {"waiting", "approved", "skipped", "rejected", "withdrawn", "outdated"},
                   .completion = Completion::choices},
                  {.name = "limit", .help = "at most so many", .value = "N", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_approval_list;
  return spec;
}

CommandSpec approval_show_command() {
  CommandSpec spec;
  spec.words = {"approval", "show"};
  spec.summary = "show a request: what it holds back, who has decided, whom it waits for";
  spec.examples = {{"crm approval show 3", "one request"}};
  spec.arguments = {{.name = "ID", .help = "its number in 'crm approval list'"}};
  spec.needs = Needs::reading;
  spec.run = run_approval_show;
  return spec;
}

CommandSpec approval_approve_command() {
  CommandSpec spec = verb("approve", "agree to a request", run_approve);
  spec.details =
      "Once all have agreed whom the workflow asks for, the recorded command is carried out in the name of "
      "who asked for it, if the "
      "record has not changed since; what it prints is printed. Where it has, the request is outdated, and "
      "is to be asked again by running the command again. Nobody approves what they asked for "
      "themselves, unless the workflow allows it. "
      "Where the command fails, the approval stays given: run this again.";
  spec.examples = {{"crm approval approve 3", "yes"},
                   {"crm approval approve 3 --reason \"as agreed with the board\"", "with a word on it"}};
  return spec;
}

CommandSpec approval_reject_command() {
  CommandSpec spec = verb("reject", "refuse a request: its command is never carried out", run_reject);
  spec.examples = {{"crm approval reject 3 --reason \"the margin is too low\"", "no, and why"}};
  return spec;
}

CommandSpec approval_withdraw_command() {
  CommandSpec spec = verb("withdraw", "take back a request of one's own", run_approval_withdraw);
  spec.examples = {{"crm approval withdraw 3", "no longer wanted"}};
  return spec;
}

CommandSpec approval_delegate_command() {
  CommandSpec spec = verb("delegate", "let another user decide in one's place", run_delegate);
  spec.examples = {{"crm approval delegate 3 --to wang", "wang decides"}};
  spec.options = {{.name = "to",
                   .help = "who decides",
                   .value = "USER",
                   .type = ValueType::text,
                   .completion = Completion::user}};
  return spec;
}

CommandSpec approval_skip_command() {
  CommandSpec spec =
      verb("skip", "take the fast track: carry the command out without the approval", run_skip);
  spec.details =
      "For whom the workflow's 'fast-track' names. It is recorded as skipped, not as approved, with the "
      "reason; 'crm report exceptions' lists it.";
  spec.examples = {{"crm approval skip 3 --reason \"VIP, the board knows\"", "at once, and why"}};
  return spec;
}

CommandSpec report_exceptions_command() {
  CommandSpec spec;
  spec.words = {"report", "exceptions"};
  spec.summary = "list what was done past the usual approval";
  spec.details =
      "Approvals that were skipped by the fast track, given by who asked for them, or decided by others "
      "after their deadline.";
  spec.examples = {{"crm report exceptions --from 2026-01-01", "those of this year"}};
  spec.options = {
      {.name = "from", .help = "decided at or after", .value = "TIME", .type = ValueType::text},
      {.name = "to", .help = "decided up to, that day included", .value = "TIME", .type = ValueType::text}};
  spec.needs = Needs::reading;
  spec.run = run_exceptions;
  return spec;
}

}  // namespace crm::cmd
