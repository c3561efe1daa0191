// Checks of workflow files without a database.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/text.h"
#include "crm/workflow.h"
#include "workflow/definition.h"

namespace crm {
namespace {

// One byte more than read_yaml takes: enough for it to see that a file is too large.
constexpr std::size_t kMaxBytes = (std::size_t{1} << 20) + 1;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

[[noreturn]] void throw_unreadable(const std::string& file, int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  throw Error(missing ? ErrorCode::not_found : ErrorCode::io,
              "cannot read the workflow file " + quoted(file) + ": " + std::strerror(error),
              missing ? "check its name" : "check its rights");
}

}  // namespace

std::string read_workflow_file(const std::string& file) {
  const std::string path = file == "-" ? "/dev/stdin" : file;
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(path.c_str(), "rbe"));
  if (!stream) throw_unreadable(file, errno);
  std::string text;
  std::array<char, 65536> block{};
  while (text.size() < kMaxBytes) {
    const std::size_t size = std::fread(block.data(), 1, block.size(), stream.get());
    if (std::ferror(stream.get()) != 0) throw_unreadable(file, errno);
    if (size == 0) break;
    text.append(block.data(), std::min(size, kMaxBytes - text.size()));
  }
  return text;
}

std::vector<Problem> check_workflow(std::string_view text, const std::string& file) {
  std::vector<Problem> problems;
  read_definition(text, file, problems);
  return problems;
}

CheckedWorkflows check_workflow_files(std::span<const std::string> files) {
  CheckedWorkflows checked;
  for (const std::string& file : files) {
    try {
      read_definition(read_workflow_file(file), file, checked.problems, &checked.warnings);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::io) throw;
      checked.unreadable.push_back(error);
    }
  }
  return checked;
}

}  // namespace crm
