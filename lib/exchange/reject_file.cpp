#include "exchange/reject_file.h"
#include "exchange/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "crm/formula_guard.h"
#include "exchange/delimited_writer.h"

namespace crm {
namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr std::array<std::string_view, kRejectColumns> kOwnColumns = {"line", "column", "reason"};

char delimiter_of(const RowSource& source) {
  return source.format() == RowFormat::csv ? source.delimiter() : ',';
}

// Whether later rows may bring new columns: then each is kept whole, in one.
bool grows(const RowSource& source) {
  return source.format() == RowFormat::json || source.format() == RowFormat::vcard;
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat first {};
  struct stat second {};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

// Whether the file is one of rejected rows, by its first line.
bool holds_rejects(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  std::string own;
  for (const std::string_view name : kOwnColumns) (own += own.empty() ? "" : ",") += name;
  std::replace(line.begin(), line.end(), '\t', ',');
  std::replace(line.begin(), line.end(), ';', ',');
  return line.ends_with(own);
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

int RejectFile::make() {
  constexpr int kFlags = O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
  constexpr int kMostNames = 1000;
  if (!fresh_) return ::open(path_.c_str(), kFlags | O_TRUNC, 0600);
  const std::filesystem::path first(path_);
  int file = ::open(path_.c_str(), kFlags | O_EXCL, 0600);
  for (int i = 2; file < 0 && errno == EEXIST && i <= kMostNames; ++i) {
    std::filesystem::path next(first);
    next.replace_filename(first.stem().string() + '-' + std::to_string(i) + first.extension().string());
    path_ = next.string();
    file = ::open(path_.c_str(), kFlags | O_EXCL, 0600);
  }
  return file;
}

void RejectFile::open(const RowSource& source) {
  opened_ = true;
  file_ = make();
  if (file_ < 0) {
    throw Error(ErrorCode::io,
                "cannot write the rejected rows to " + crm::quoted(path_) + ": " + std::strerror(errno),
                "name another file with --rejects");
  }
  const char delimiter = delimiter_of(source);
  if (grows(source)) {
    (buffer_ += kRejectRow) += delimiter;
  } else {
    for (const std::string& heading : source.headings()) {
      append_csv_cell(buffer_, heading, delimiter);
      buffer_ += delimiter;
    }
  }
  for (const std::string_view name : kOwnColumns)
    (buffer_ += name) += name == kOwnColumns.back() ? '\n' : delimiter;
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
  if (is_read_once(input)) return "rejects.csv";
  std::filesystem::path path(input);
  const std::string extension = path.extension() == ".tsv" ? ".tsv" : ".csv";
  path.replace_extension();
  const std::string stem = path.filename().string();
  const std::size_t own = stem.rfind(".rejects");
  const bool of_rejects =
      own != std::string::npos && stem.find_first_not_of("-0123456789", own + 8) == std::string::npos;
  path.replace_filename(stem.substr(0, of_rejects ? own : stem.size()) + ".rejects" + extension);
  return path.string();
}

RejectPath named_reject_path(const std::string& path, const std::string& input, bool resume) {
  const char* const hint = "name another file with --rejects";
  if (path == "-")
    throw Error(ErrorCode::usage, "rejected rows go to a file, not to the standard output", hint);
  if (is_same_file(path, input))
    throw Error(ErrorCode::usage, "the rejected rows would go over " + crm::quoted(input), hint);
  std::error_code ignored;
  const bool has_content =
      std::filesystem::is_regular_file(path, ignored) && std::filesystem::file_size(path, ignored) > 0;
  if (has_content && !holds_rejects(path)) {
    throw Error(ErrorCode::conflict, crm::quoted(path) + " is there already",
                std::string(hint) + ", or remove it");
  }
  return {path, has_content && !resume};
}

bool take_off_reject_columns(std::vector<std::string>& headings) {
  if (headings.size() <= kRejectColumns ||
      !std::equal(kOwnColumns.begin(), kOwnColumns.end(), headings.end() - kRejectColumns))
    return false;
  headings.resize(headings.size() - kRejectColumns);
  return true;
}

}  // namespace crm
