#include "commands/bulk_write.h"

#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>
#include <optional>

#include "app/report_error.h"
#include "commands/list.h"

namespace crm::cmd {
namespace {

// Whether the fault is one row's own, so that the others can go on.
bool concerns_one_record(ErrorCode code) {
  return code == ErrorCode::invalid || code == ErrorCode::not_found || code == ErrorCode::conflict ||
         code == ErrorCode::not_permitted || code == ErrorCode::waiting;
}

// The error with what it is about before its message, unless the message says it.
Error about(std::string_view subject, const Error& error) {
  if (subject.empty() || error.message().find(subject) != std::string::npos) return error;
  Error named(error.code(), std::string(subject) + ": " + error.message(), error.hint());
  named.about_field(error.field()).about_record(error.record()).with_problems(error.problems());
  return named;
}

// Of more records no command asks for an approval at once.
constexpr std::size_t kMostAsked = 200;

constexpr std::size_t kFewRecords = 20;  // less than a pipe takes before its reader reads

bool is_tabular(Format format) {
  return format == Format::table || format == Format::tsv;
}

bool as_json(Format format) {
  return format == Format::json || format == Format::jsonl;
}

}  // namespace

BulkWrite::BulkWrite(Context& context, const Arguments& arguments)
    : context_(context),
      arguments_(arguments),
      keep_going_(arguments.has("keep-going")),
      write_(context.session(), arguments.text("reason").value_or("")) {}

void BulkWrite::step(std::string_view subject, const std::function<WriteResult()>& act) {
  const auto count = [this](const WriteResult& result) {
    ++counts_[static_cast<std::size_t>(result.written)];
    records_.push_back(result.record);
  };
  std::optional<Step> step;
  if (keep_going_ || !waiting_.empty()) step.emplace(context_.session());
  try {
    const WriteResult result = act();
    write_.settle();
    if (step) step->keep();
    count(result);
  } catch (const Error& error) {
    if (keep_going_ || error.code() != ErrorCode::waiting) {
      reject(subject, error);
      return;
    }
    waiting_.push_back(about(subject, error));
    if (waiting_.size() == kMostAsked) refuse_waiting();
  }
}

Targets BulkWrite::targets(std::span<const std::string> words, Kind kind, TargetRules rules) {
  if (keep_going_) {
    rules.unresolved = [this](const std::string& name, const Error& error) { reject(name, error); };
  }
  return find_targets(context_, arguments_, words, kind, rules);
}

void BulkWrite::reject(std::string_view subject, const Error& error) {
  if (!concerns_one_record(error.code())) throw error;
  const Error named = about(subject, error);
  const auto* const detailed = dynamic_cast<const DetailedError*>(&error);
  const auto report = [&](const auto& whole) {
    if (!keep_going_) throw whole;
    ++rejected_;
    report_error(context_.messages(), whole, as_json(context_.format()));
  };
  if (detailed != nullptr) {
    report(DetailedError(named, detailed->member(), detailed->json()));
  } else {
    report(named);
  }
}

// All or nothing: the whole is done once each of them may be.
void BulkWrite::refuse_waiting() const {
  if (waiting_.size() == 1) throw waiting_.front();
  constexpr std::size_t kMostNamed = 5;
  const std::size_t named = std::min(waiting_.size(), kMostNamed);
  std::string list;
  for (std::size_t i = 0; i < named; ++i) list += (i > 0 ? ", " : "") + waiting_[i].record();
  if (waiting_.size() > named) list += " and " + std::to_string(waiting_.size() - named) + " more";
  throw Error(ErrorCode::waiting, std::to_string(waiting_.size()) + " records wait for an approval: " + list,
              "all is done once each of them is given")
      .about_record(waiting_.front().record());
}

int BulkWrite::finish(bool several) {
  if (!waiting_.empty()) refuse_waiting();
  // A dry run is undone with the transaction, at the end of this object: its records can be shown until then.
  const bool fits = records_.size() <= kFewRecords;
  if (fits) print(several);
  write_.commit();
  if (!fits) print(several);
  if (context_.session().dry_run()) context_.say("dry run: nothing was changed");
  if (several) say_counts();
  return rejected_ > 0 ? static_cast<int>(ErrorCode::partly_done) : 0;
}

// What nobody can be told of is not done: few records are printed while they can still be taken back. More of
// them could wait for a reader who waits for the database.
void BulkWrite::print(bool several) {
  write_records(several);
  context_.out().flush();
}

void BulkWrite::write_records(bool several) {
  if (context_.settings().quiet) return;
  const auto writer =
      context_.writer(several || context_.format() == Format::table ? Shape::list : Shape::object, false,
                      records_.empty() ? std::vector<std::string>() : spare_columns(records_.front().kind));
  if (records_.empty()) {
    writer->begin({});
    writer->end();
    return;
  }
  const bool columns_asked =
      columns_.empty() || !context_.settings().fields.empty() || !is_tabular(context_.format());
  show(context_.session(), records_,
       columns_asked ? result_fields(context_, records_.front().kind) : columns_, *writer);
}

void BulkWrite::say_counts() {
  const char* const kWords[] = {"added", updated_, "unchanged", "skipped"};
  std::string line;
  for (std::size_t i = 0; i < std::size(kWords); ++i) {
    if (counts_[i] > 0) line += (line.empty() ? "" : ", ") + std::to_string(counts_[i]) + ' ' + kWords[i];
  }
  if (rejected_ > 0) line += (line.empty() ? "" : ", ") + std::to_string(rejected_) + " rejected";
  context_.say(line.empty() ? "nothing to change" : line);
}

std::vector<std::string> result_fields(Context& context, Kind kind) {
  const Format format = context.format();
  if (format == Format::ids) return {"id"};
  if (!context.settings().fields.empty()) return context.settings().fields;
  std::vector<std::string> fields;
  if (!is_tabular(format)) return fields;
  for (const Field* field : context.session().view(kind).fields()) {
    if (field->listed) fields.emplace_back(field->name);
  }
  return fields;
}

int write_each(Context& context, const Arguments& arguments, Kind kind,
               const std::function<WriteResult(RecordId)>& act, bool deleted_too) {
  BulkWrite bulk(context, arguments);
  TargetRules rules;
  rules.deleted_too = deleted_too;
  const Targets targets = bulk.targets(arguments.arguments("RECORD"), kind, rules);
  for (const RecordId record : targets.records) {
    bulk.step(to_string(record), [&] { return act(record); });
  }
  return bulk.finish(targets.several);
}

}  // namespace crm::cmd
