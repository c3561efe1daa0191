// What one reminder says to whom at a moment: the messages of a rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"
#include "outbox/enqueue.h"
#include "outbox/message_form.h"
#include "process/process.h"
#include "reminders/matching_rows.h"
#include "reminders/people.h"

namespace crm {

// For whom a rule is run.
struct DigestRecipients {
  std::optional<std::set<std::int64_t>> only = {};  // nothing: everybody
  bool again = false;                               // who has the period's message too
};

// The number of the last change; 0: none.
std::int64_t last_change(Session& session);

// The messages of one rule for the period at hand. Throws Error{invalid} for a rule whose template or
// condition no longer fits: `apply` lets none such through.
class DigestRun {
 public:
  DigestRun(Session& session, const Reminder& reminder, const People& people, DigestRecipients recipients,
            bool explain = false);

  // By recipient. What nobody is reminded of, and why, is added to `skipped`: with
  // `explain` also who is absent; nothing where only some people's messages are made.
  std::vector<NewMessage> messages(std::vector<std::string>& skipped);

 private:
  std::string key(const Person& person) const;
  // Whether that person is still to get a message; asked once for each.
  bool is_wanted(const Person& person);
  // Whether they have the period's message, or one of a later period.
  bool has_it(const Person& person);
  const Reader& reader(const Person& person);
  void collect(const Person& owner, std::string_view to, bool escalated);
  void collect_unowned();
  void explain_unreachable(const Person& owner);
  std::string note(std::int64_t count, const std::string& why) const;
  NewMessage message(const Person& person, std::vector<MatchingRow> rows);

  Session& session_;
  const Reminder& reminder_;
  const People& people_;
  bool explain_;
  DigestRecipients recipients_;
  MessageForm form_;
  MatchingRows rows_;
  std::string period_;
  std::int64_t as_of_;
  std::map<std::int64_t, bool> wanted_;
  std::optional<std::set<std::int64_t>> ahead_;  // who has a message of a later period; once it was asked
  std::map<std::int64_t, Reader> readers_;
  std::map<std::int64_t, std::vector<MatchingRow>> found_;  // by recipient
  std::int64_t unowned_ = 0;
  std::vector<std::string> skipped_;
};

}  // namespace crm
