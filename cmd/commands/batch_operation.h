// One line of a batch: what it asks for, with what earlier lines gave.
#pragma once

#include <crm/records.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm::cmd {

struct BatchOperation {
  std::vector<std::string> command;  // the words of a command; or, where it is empty, an operation on a kind:
  std::string op;                    // add, edit, delete, restore, tag, untag
  const Entity* kind = nullptr;
  std::string record;  // its name; of all but add
  std::vector<FieldText> fields;
  std::vector<std::string> tags;
  bool allow_duplicate = false;
};

// What the lines of a batch resulted in, for "$1.id" in later ones.
class BatchResults {
 public:
  // `json`: the result of the next line; empty where it has none.
  void add(std::string_view json);
  // The text itself, or what it stands for: "$1.id", or "lead/$1.id" with a kind before it. Throws
  // Error{invalid} for a line that has not come yet, failed, or has no such value; other values than the id
  // are known of the last 1000 lines.
  std::string resolved(std::string text) const;

 private:
  static constexpr std::size_t kRemembered = 1000;
  std::vector<std::int64_t> ids_;  // by line; 0: none
  std::deque<std::string> recent_;
};

// The command that does the same as an operation on a kind.
std::vector<std::string> words_of(const BatchOperation& operation);

// Throws Error{invalid} that begins with the place.
BatchOperation read_operation(const std::string& line, const std::string& place, const BatchResults& results);

}  // namespace crm::cmd
