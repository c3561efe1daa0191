#include "outbox/channel_settings.h"

#include <doctest/doctest.h>

#include "crm/error.h"

using namespace crm;

namespace {

// What is said where the settings are refused; empty where they are not.
std::string refusal_of_settings(const std::string& type, const std::string& target) {
  ChannelSettings settings;
  settings.name = "c";
  settings.type = type;
  settings.target = target;
  settings.sender = "crm@example.com";
  if (type == "webhook") settings.format = "json";
  try {
    complete_settings(settings);
  } catch (const Error& error) {
    return error.message() + error.hint();
  }
  return {};
}

}  // namespace

TEST_CASE("loopback is an address, not how a name begins") {
  for (const char* here :
       {"http://127.0.0.1", "http://127.9.9.9:80/x", "http://localhost/x", "http://[::1]:8/"})
    CHECK(is_loopback_url(here));
  for (const char* elsewhere :
       {"http://127.evil.example/x", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
        "http://[::1].evil.example", "http://127.0.0.1@evil.example", "http://[::2]/", "http://128.0.0.1/"})
    CHECK_FALSE(is_loopback_url(elsewhere));
  CHECK_FALSE(refusal_of_settings("webhook", "http://127.evil.example/x").empty());
}

TEST_CASE("an address that is refused is not repeated: it may hold a password") {
  for (const char* bad :
       {"smtp://crm:hunter2secret@mail.example.com:587", "smtps://hunter2secret@mail.example.com",
        "smtp://mail.example.com/?password=hunter2secret", "hunter2secret"}) {
    const std::string said = refusal_of_settings("smtp", bad);
    CHECK_FALSE(said.empty());
    CHECK(said.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a web hook whose path may be a key is not given on the command line") {
  for (const char* bad :
       {"https://h.example.com/services/T0/B0/hunter2secret", "https://h.example.com/?key=k",
        "https://h.example.com/550e8400-e29b-41d4-a716-446655440000",
        "https://h.example.com/abcdefghijklmnopqrstuvwxyz", "https://h.example.com/x/canary-token-91bc"})
    CHECK_FALSE(refusal_of_settings("webhook", bad).empty());
  for (const char* good :
       {"https://h.example.com", "https://h.example.com/hook", "https://h.example.com/api/v2/crm-events",
        "https://h.example.com/customer-notifications", "http://127.0.0.1:8/hunter2secret"})
    CHECK(refusal_of_settings("webhook", good).empty());
}
