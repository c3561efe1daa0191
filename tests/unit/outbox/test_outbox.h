// An outbox, a channel that does what it is told, and a clock that is set by hand.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "outbox/channel.h"
#include "outbox/enqueue.h"
#include "store/sqlite/sqlite_connection.h"

namespace crm {

struct TestClock final : Clock {
  Moment at = Moment(std::chrono::seconds(1'800'000'000));
  Moment now() const override { return at; }
};

struct TestChannel final : Channel {
  std::vector<std::string> got;  // keys
  std::function<HandoverResult(const Message&)> answer = [](const Message&) { return HandoverResult{}; };
  std::string name() const override { return "test"; }
  HandoverResult hand_over(const Message& message) override {
    got.push_back(message.key);
    return answer(message);
  }
};

struct TestOutbox {
  std::filesystem::path directory;
  std::unique_ptr<Connection> connection;
  TestClock clock;
  TestChannel channel;

  TestOutbox() {
    std::string name = (std::filesystem::temp_directory_path() / "crm-outbox-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory = name;
    connection = open_sqlite({(directory / "crm.db").string(), AccessMode::write, true});
    for (const EmbeddedFile& file : embedded_files()) {
      if (file.name.starts_with("sqlite/")) connection->run_script(file.text);
    }
    connection->run_script(
        "INSERT INTO user (id, name, email, active, created_at, updated_at) VALUES (1, 'li', "
        "'li@example.com', 1, 0, 0), "
        "(2, 'wang', NULL, 1, 0, 0)");
  }
  ~TestOutbox() {
    connection.reset();
    std::filesystem::remove_all(directory);
  }
  TestOutbox(const TestOutbox&) = delete;
  TestOutbox& operator=(const TestOutbox&) = delete;

  bool put(const std::string& key, std::int64_t person = 1) {
    return enqueue(*connection, {key, "rule", person, "subject of " + key, "body\n"}, clock.at);
  }
  std::string text(const std::string& column, const std::string& key) {
    const Param params[] = {key};
    return connection->query_text("SELECT " + column + " FROM outbox WHERE key = $1", params)
        .value_or("(none)");
  }
  std::string state(const std::string& key) { return text("state", key); }
};

}  // namespace crm
