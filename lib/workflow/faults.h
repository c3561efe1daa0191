// The faults found in one workflow file, each with its place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "crm/error.h"

namespace crm {

// Thrown by a report beyond those that are shown, where end_when_full() was called: reading on would only
// take time.
struct TooManyFaults {};

class Faults {
 public:
  // `text` must outlive it; problems are appended.
  Faults(std::string_view text, std::string file, std::vector<Problem>& problems)
      : text_(text), file_(std::move(file)), problems_(problems), first_(problems.size()) {}

  void add(const Node& at, std::string message, std::string hint = {});
  // At a byte within a scalar's text, where the file's text shows that place; else where the scalar begins.
  void add_within(const Node& scalar, std::size_t offset, std::string message, std::string hint = {});
  // Where an expression, read from a scalar's text, was refused by parse_expression or check_expression.
  void add_expression(const Node& scalar, const Error& error);

  // Something that the file may say, though it is hardly meant.
  void warn(const Node& at, std::string message, std::string hint);

  void end_when_full() { ends_when_full_ = true; }

  // In order of place.
  std::vector<Problem> warnings() const;
  // Those that are too many to be shown included.
  std::size_t count() const { return count_; }
  // Sorts this file's problems by place. Call it last.
  void finish();

 private:
  void add_at(int line, int column, std::string message, std::string hint);

  std::string_view text_;
  std::string file_;
  std::vector<Problem>& problems_;
  std::size_t first_;  // of this file's problems
  std::size_t count_ = 0;
  bool ends_when_full_ = false;
  std::vector<Problem> warnings_;
};

// The hint for an unknown name: the nearest of those known there, or all of them where they are few.
std::string nearest_hint(std::string_view name, const std::vector<std::string>& known);

}  // namespace crm
