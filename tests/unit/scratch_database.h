// A database of its own for a test, in a temporary directory that goes with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "crm/session.h"

class ScratchDatabase {
 public:
  // Made by `crm init` of the user "admin", in Asia/Shanghai with CNY.
  ScratchDatabase() {
    std::string name = (std::filesystem::temp_directory_path() / "crm-test-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) directory_ = name;
    crm::InitOptions options;
    options.path = path();
    options.login = "admin";
    options.timezone = "Asia/Shanghai";
    options.now = crm::parse_when("2026-01-01T09:00:00Z", {}, {});
    crm::init_database(options);
  }
  ~ScratchDatabase() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  std::string path() const { return directory_ / "crm.db"; }

  // A session that writes, as "admin", at that moment of UTC.
  std::unique_ptr<crm::Session> open(const std::string& now = "2026-01-02T09:00:00Z",
                                     bool dry_run = false) const {
    crm::SessionOptions options;
    options.path = path();
    options.mode = crm::AccessMode::write;
    options.now = crm::parse_when(now, {}, {});
    options.login = "admin";
    options.command = "test";
    options.dry_run = dry_run;
    return std::make_unique<crm::Session>(options);
  }

 private:
  std::filesystem::path directory_;
};
