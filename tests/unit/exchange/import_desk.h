// A scratch database, files to import and the text of exports.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "crm/exchange.h"
#include "output/writer.h"
#include "unit/desk.h"

namespace crm::test {

class ImportDesk : public Desk {
 public:
  ImportDesk() {
    std::string name = std::filesystem::temp_directory_path() / "crm-import-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~ImportDesk() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ImportDesk(const ImportDesk&) = delete;
  ImportDesk& operator=(const ImportDesk&) = delete;

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  ImportResult import(Kind kind, const std::string& text, const ImportOptions& options = {}) {
    return import_records(session(), kind, file("rows.csv", text), options);
  }
  // "2 added, 1 unchanged": the counts that are not zero, in the order of the result.
  static std::string counts(const ImportResult& result) {
    std::string text;
    const auto add = [&](std::int64_t count, const char* word) {
      if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + word;
    };
    add(result.added, "added");
    add(result.updated, "updated");
    add(result.unchanged, "unchanged");
    add(result.skipped, "skipped");
    add(result.rejected, "rejected");
    return text;
  }

  std::string exported(Kind kind, cmd::Format format = cmd::Format::csv) {
    cmd::Stream stream;
    ListQuery query;
    query.kind = kind;
    query.fields = export_fields(session(), kind);
    const auto writer = cmd::make_writer(stream, {.format = format, .guard = cmd::CsvGuard::reversible});
    crm::list(session(), query, *writer);
    return stream.take();
  }

 private:
  std::filesystem::path folder_;
};

// The place and the message of the Error that the action throws, without the folder of its file.
template <typename Action>
std::string error_message(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message =
        error.problems().empty() ? error.message() : describe(error.problems().front(), false);
    const std::size_t name = message.find("rows.");
    return name == std::string::npos ? message : message.substr(name);
  }
  return {};
}

}  // namespace crm::test
