// The rows that an import left out, as a file that can be put right and imported again.
#pragma once

#include <string>
#include <vector>

#include "exchange/row_source.h"

namespace crm {

class RejectFile {
 public:
  // The file is made with the first row, mode 0600, in place of what was there. An empty path: no file.
  explicit RejectFile(std::string path) : path_(std::move(path)) {}
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  // The row as it stands in the file, then line, column and reason. Throws Error{io}.
  void add(const RowSource& source, const InputRow& row, const Problem& problem);
  // Writes what is left. Throws Error{io}.
  void close();
  // Empty where no row was added.
  const std::string& path() const { return opened_ ? path_ : none_; }

 private:
  void open(const RowSource& source);
  void flush();

  std::string path_;
  std::string none_;
  std::string buffer_;
  bool opened_ = false;
  int file_ = -1;
};

// "leads.rejects.csv" for "leads.csv"; in the working directory for the standard input.
std::string default_reject_path(const std::string& input);

}  // namespace crm
