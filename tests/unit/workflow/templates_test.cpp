#include "crm/templates.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "crm/error.h"
#include "crm/session.h"
#include "crm/workflow.h"
#include "unit/desk.h"

using namespace crm;

namespace {

// A database begun with that process; gone at the end.
class Begun {
 public:
  explicit Begun(const std::string& workflow, const std::string& login = "admin") {
    InitOptions options;
    options.path = path_;
    options.login = login;
    options.timezone = "Europe/Berlin";
    options.now = SystemClock().now();
    options.workflow = workflow;
    told = init_database(options);
    SessionOptions session_options;
    session_options.path = path_;
    session_options.now = options.now;
    session_options.login = login;
    session_ = std::make_unique<Session>(session_options);
  }
  ~Begun() {
    session_.reset();
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
  }
  Begun(const Begun&) = delete;
  Begun& operator=(const Begun&) = delete;

  Session& session() { return *session_; }
  const std::string& path() const { return path_; }

  std::vector<std::string> told;

 private:
  static std::string fresh_path() {
    static int count = 0;
    const std::string name = "crm-templates-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
    return (std::filesystem::temp_directory_path() / name).string();
  }
  std::string path_ = fresh_path();
  std::unique_ptr<Session> session_;
};

}  // namespace

TEST_CASE("each template can be begun with, as it stands") {
  const std::vector<ProcessTemplate> templates = process_templates();
  CHECK(templates.size() >= 5);
  CHECK(templates.front().name == "default");
  for (const ProcessTemplate& one : templates) {
    CAPTURE(one.name);
    CHECK_FALSE(one.description.empty());
    Begun database(template_text(one.name));
    CHECK(workflow_source(database.session()) == template_text(one.name));
    // Whom it names is there, but gets no work.
    test::CollectedRows users;
    ListQuery query;
    query.kind = Kind::user;
    query.fields = {"name", "active"};
    list(database.session(), query, users);
    for (const auto& user : users.rows)
      CHECK(user.at("active") == (user.at("name") == "admin" ? "true" : "false"));
    CHECK(database.told.empty() == (users.rows.size() == 1 && one.name != "company-policy"));
  }
}

TEST_CASE("a setting at the top of a template is replaced, or added") {
  const std::string text = template_text("b2b-sales");
  Begun database(with_setting(with_setting(text, "timezone", "America/New_York"), "currency", "USD"));
  CHECK(database.session().zone().name() == "America/New_York");
  CHECK(database.session().currency() == "USD");
  CHECK(database.session().country() == "CN");
  Begun other(with_setting("workflow: w\n", "timezone", "UTC"));
  CHECK(other.session().zone().name() == "UTC");
}

TEST_CASE("an unknown template has a nearest name; a process that cannot be applied leaves no database") {
  try {
    template_text("b2b-sale");
    FAIL("there is no such template");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(error.hint().find("b2b-sales") != std::string::npos);
  }
  InitOptions options;
  options.path =
      (std::filesystem::temp_directory_path() / ("crm-none-" + std::to_string(::getpid()))).string();
  options.login = "admin";
  options.timezone = "UTC";
  options.workflow = "workflow: w\nstages: {lead: 7}\n";
  CHECK_THROWS_AS(init_database(options), Error);
  CHECK_FALSE(std::filesystem::exists(options.path));
}
