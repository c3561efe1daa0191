// The rows that an import left out, as a file that can be put right and imported again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/row_source.h"

namespace crm {

struct RejectPath {
  std::string path;    // empty: no file is written
  bool fresh = false;  // no file that is there is written over: NAME-2.csv, NAME-3.csv … are taken instead
};

class RejectFile {
 public:
  // The file is made with the first row, mode 0600.
  explicit RejectFile(RejectPath path) : path_(std::move(path.path)), fresh_(path.fresh) {}
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
  int make();
  void flush();

  std::string path_;
  bool fresh_;
  std::string none_;
  std::string buffer_;
  bool opened_ = false;
  int file_ = -1;
};

// "leads.rejects.csv" for "leads.csv" and for itself; in the working directory for the standard input.
std::string default_reject_path(const std::string& input);

// The file that was named for them: where it holds rejects, a file beside it, or with `resume` itself, which
// an interrupted import left. Throws Error{conflict} for one that holds anything else; Error{usage} for the
// imported file and "-".
RejectPath named_reject_path(const std::string& path, const std::string& input, bool resume);

// Whether the headings end in the columns that RejectFile puts behind those of the file: then takes them off.
bool take_off_reject_columns(std::vector<std::string>& headings);
constexpr std::size_t kRejectColumns = 3;
// The only other heading where it kept each row whole, as it does with JSON.
constexpr std::string_view kRejectRow = "row";

}  // namespace crm
