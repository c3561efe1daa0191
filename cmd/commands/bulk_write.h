// A command that writes records: all of it in one transaction, then the records as the result.
#pragma once

#include <crm/error.h>
#include <crm/records.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/context.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {

class BulkWrite {
 public:
  // Begins the transaction. The command's --keep-going and --reason are heeded where it has them.
  BulkWrite(Context& context, const Arguments& arguments);

  // The records that the words name or choose, as find_targets(). With --keep-going a name that no record has
  // is reported and counted.
  Targets targets(std::span<const std::string> words, Kind kind, TargetRules rules = {});

  // One write. With --keep-going a failure is reported and counted, and the others go on; without it is
  // thrown, and nothing is kept. One that waits for an approval is thrown by finish(): the others are asked
  // for too. `subject` ("lead/42", "the standard input:3", or empty) begins the message.
  void step(std::string_view subject, const std::function<WriteResult()>& act);

  // The columns of a table where --fields says nothing else; otherwise the kind's usual ones.
  void set_columns(std::vector<std::string> columns) { columns_ = std::move(columns); }

  // What became of the records that were written, where it is not "updated".
  void call_updated(const char* word) { updated_ = word; }

  // Commits (or, in a dry run, does not) and prints the records: as one object, or as a list where the
  // command line named `several`. Returns the exit code.
  int finish(bool several);

 private:
  // Reports and counts it; throws it where it concerns more than one record, or without --keep-going.
  void reject(std::string_view subject, const Error& error);
  void refuse_waiting() const;
  void write_records(bool several);
  void print(bool several);
  void say_counts();

  Context& context_;
  const Arguments& arguments_;
  bool keep_going_;
  Write write_;
  std::vector<RecordId> records_;
  std::vector<std::string> columns_;
  std::int64_t counts_[4] = {};  // by Written
  std::int64_t rejected_ = 0;
  std::vector<Error> waiting_;  // without --keep-going
  const char* updated_ = "updated";
};

// The fields that show a record in a result: those that were asked for, or the usual ones of the format.
std::vector<std::string> result_fields(Context& context, Kind kind);

// Runs the targets of the command's RECORD arguments through `act`: what most writing verbs are.
int write_each(Context& context, const Arguments& arguments, Kind kind,
               const std::function<WriteResult(RecordId)>& act, bool deleted_too = false);

}  // namespace crm::cmd
