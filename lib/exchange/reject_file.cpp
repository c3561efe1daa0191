#include "exchange/reject_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "crm/formula_guard.h"
#include "exchange/delimited_writer.h"

namespace crm {
namespace {

constexpr std::size_t kBlock = 64 * 1024;

char delimiter_of(const RowSource& source) {
  return source.format() == RowFormat::csv ? source.delimiter() : ',';
}

// Whether later rows may bring new columns: then each is kept whole, in one.
bool grows(const RowSource& source) {
  return source.format() == RowFormat::json || source.format() == RowFormat::vcard;
}

void append_defused_cell(std::string& out, std::string_view text, char delimiter) {
  std::string harmless;
  append_defused(harmless, text);
  append_csv_cell(out, harmless, delimiter);
}

}  // namespace

RejectFile::~RejectFile() {
  if (file_ >= 0) ::close(file_);
}

void RejectFile::open(const RowSource& source) {
  opened_ = true;
  file_ = ::open(path_.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0) {
    throw Error(ErrorCode::io,
                "cannot write the rejected rows to " + crm::quoted(path_) + ": " + std::strerror(errno),
                "name another file with --rejects");
  }
  const char delimiter = delimiter_of(source);
  if (grows(source)) {
    buffer_ += "row";
    buffer_ += delimiter;
  } else {
    for (const std::string& heading : source.headings()) {
      append_csv_cell(buffer_, heading, delimiter);
      buffer_ += delimiter;
    }
  }
  for (const char* name : {"line", "column"}) (buffer_ += name) += delimiter;
  buffer_ += "reason\n";
}

void RejectFile::add(const RowSource& source, const InputRow& row, const Problem& problem) {
  if (path_.empty()) return;
  if (!opened_) open(source);
  const char delimiter = delimiter_of(source);
  if (grows(source)) {
    append_csv_cell(buffer_, row.text, delimiter);
    buffer_ += delimiter;
  } else if (row.fault && row.fields.empty()) {  // its quotes are at fault: as one cell
    append_csv_cell(buffer_, row.text, delimiter);
    buffer_.append(source.headings().size(), delimiter);
  } else if (row.fault) {  // it does not fit the headings: as it stands
    (buffer_ += row.text) += delimiter;
  } else {
    for (const InputField& field : row.fields) {
      append_defused_cell(buffer_, field.text, delimiter);
      buffer_ += delimiter;
    }
  }
  (buffer_ += std::to_string(problem.location.line)) += delimiter;
  (buffer_ += std::to_string(problem.location.column)) += delimiter;
  append_csv_cell(buffer_, problem.message, delimiter);
  buffer_ += '\n';
  if (buffer_.size() >= kBlock) flush();
}

void RejectFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw Error(ErrorCode::io,
                  "cannot write the rejected rows to " + crm::quoted(path_) + ": " + std::strerror(errno));
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void RejectFile::close() {
  if (file_ >= 0) flush();
}

std::string default_reject_path(const std::string& input) {
  if (input == "-") return "rejects.csv";
  std::filesystem::path path(input);
  const std::string extension = path.extension() == ".tsv" ? ".tsv" : ".csv";
  path.replace_extension(".rejects" + extension);
  return path.string();
}

}  // namespace crm
