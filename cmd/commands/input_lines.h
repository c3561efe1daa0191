// The lines of the standard input.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace crm::cmd {

// One line at a time, without its end ("\n" or "\r\n"). Throws Error{io} where the input cannot be read and
// Error{invalid} for a line that is no UTF-8 or over 16 MiB: the next call gives the line behind it.
class InputLines {
 public:
  // 0: the standard input. `name` is what messages call it.
  InputLines(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

  // The next line, empty where it is blank; false at the end.
  bool next(std::string& line);
  // Whether next() need not wait for another process to write: it has a line, or there is more to read, or
  // the end.
  bool is_ready() const;
  int line_number() const { return number_; }  // of the line that next() gave or refused, from 1
  const std::string& name() const { return name_; }

 private:
  bool fill();
  void pass_over_line();

  int descriptor_;
  std::string name_;
  std::string buffer_;
  std::size_t begin_ = 0;
  int number_ = 0;
};

// The lines of the standard input that are not blank, trimmed: names of records.
std::vector<std::string> names_from_input();

}  // namespace crm::cmd
