#include "engine/test_expectation.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "engine/record_texts.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

struct SentMessage {
  std::string to, rule, template_name, about, subject;
  bool matched = false;
};

std::string or_none(const std::string& text) {
  return text.empty() ? "nothing" : quoted(text);
}

class Expectation {
 public:
  explicit Expectation(Session& session) : session_(session) {}

  std::vector<Mismatch> held_against(const Node& expected) {
    for (const NodeEntry& entry : expected.entries) {
      if (const auto record = parse_record_id(entry.key.text)) {
        check_record(*record, entry);
      } else if (entry.key.text == "followups") {
        check_count(entry, "open follow-ups", count_plans(""));
      } else if (entry.key.text == "overdue") {
        check_count(entry, "overdue follow-ups", count_plans(" AND due_at < $1"));
      } else if (entry.key.text == "outbox" || entry.key.text == "outbox-exactly") {
        check_outbox(entry, entry.key.text == "outbox-exactly");
      } else {
        fail(entry.key, "nothing is called " + quoted(entry.key.text) +
                            ": write KIND/ID, followups, overdue, outbox or outbox-exactly");
      }
    }
    return std::move(mismatches_);
  }

 private:
  void fail(const Node& at, std::string message) {
    mismatches_.push_back({std::move(message), at.line, at.column});
  }

  void check_record(RecordId id, const NodeEntry& entry) {
    const auto record = find_record(session_, id);
    if (!record) {
      if (entry.value.kind != Node::Kind::null) fail(entry.key, "there is no " + to_string(id));
      return;
    }
    if (entry.value.kind != Node::Kind::map) {
      fail(entry.value, to_string(id) + " is there");
      return;
    }
    for (const NodeEntry& field : entry.value.entries) check_field(*record, field);
  }

  void check_field(const StoredRecord& record, const NodeEntry& entry) {
    const KindView& view = session_.view(record.id.kind);
    const Field* field = view.find(entry.key.text);
    if (field == nullptr) {
      const auto near = nearest(entry.key.text, view.names());
      fail(entry.key, std::string(view.entity().plural.en) + " have no field " + quoted(entry.key.text) +
                          (near ? ": did you mean " + quoted(*near) + "?" : ""));
      return;
    }
    const TextUse reader{true, false, session_.zone()};
    const std::string got = value_text(session_, record, entry.key.text, reader);
    std::string wanted = entry.value.kind == Node::Kind::scalar ? entry.value.text : std::string();
    if (entry.value.kind == Node::Kind::list) wanted = joined(entry.value);
    if (got == wanted || (!wanted.empty() && got == normalised(record, *field, wanted))) return;
    fail(entry.value, to_string(record.id) + " " + entry.key.text + ": expected " + or_none(wanted) +
                          ", got " + or_none(got));
  }

  static std::string joined(const Node& list) {
    std::vector<std::string> items;
    for (const Node& item : list.items) items.push_back(item.text);
    std::sort(items.begin(), items.end());
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ";") + item;
    return text;
  }

  // The value as the program would write it.
  std::string normalised(const StoredRecord& record, const Field& field, const std::string& text) {
    if (field.is_derived() || field.type == FieldType::tags || field.type == FieldType::refs) return text;
    try {
      StoredRecord wanted = record;
      wanted[session_.view(record.id.kind).position(field.name)] =
          read_value(session_, {&field, text, session_.currency(), nullptr});
      return value_text(session_, wanted, std::string(field.name), {true, false, session_.zone()});
    } catch (const Error&) {
      return text;
    }
  }

  std::int64_t count_plans(const char* condition) {
    const Param params[] = {now_seconds(session_)};
    return session_.state()
        .connection
        ->query_integer(std::string("SELECT count(*) FROM followup WHERE due_at IS NOT NULL AND at IS NULL "
                                    "AND done_at IS NULL AND deleted_at IS NULL") +
                            condition,
                        params)
        .value_or(0);
  }

  void check_count(const NodeEntry& entry, const std::string& what, std::int64_t got) {
    if (entry.value.kind == Node::Kind::scalar && entry.value.text == std::to_string(got)) return;
    fail(entry.value, what + ": expected " + entry.value.text + ", got " + std::to_string(got));
  }

  // The template of the messages of a rule, a reminder, a step of a clock or the pool; several are joined.
  std::string template_of(const std::string& rule) {
    const Process& process = session_.state().process();
    std::string names;
    for (const Reminder& reminder : process.reminders) {
      if (reminder.name == rule) names += reminder.template_name + ' ';
    }
    for (const Rule& one : process.rules) {
      if (one.name != rule) continue;
      for (const RuleAction& action : one.actions) {
        if (action.type == ActionType::notify) names += action.template_name + ' ';
      }
    }
    for (const Entity& kind : entities()) {
      const auto& pool = process.pools[slot(kind.kind)];
      if (pool && rule == "pool-" + std::string(kind.name)) names += pool->warn_template + ' ';
      for (const SlaRow& row : process.sla_of(kind.kind)) {
        for (const SlaStep& step : row.steps) {
          const std::string percent = '-' + std::to_string(step.percent);
          if (rule == "sla-respond" + percent || rule == "sla-resolve" + percent)
            names += step.template_name + ' ';
        }
      }
    }
    return names;
  }

  std::vector<SentMessage> outbox() {
    std::vector<SentMessage> messages;
    session_.state().connection->each(
        "SELECT coalesce(u.name, ''), o.rule, o.about_kind, o.about, o.subject FROM outbox o LEFT JOIN user "
        "u ON u.id = o.person WHERE o.state <> 'cancelled' "
        "ORDER BY o.id",
        {}, [&](const Row& row) {
          SentMessage message{
              std::string(row.text(0)), std::string(row.text(1)), {}, {}, std::string(row.text(4))};
          if (!row.is_null(3))
            message.about = to_string(RecordId{static_cast<Kind>(row.integer(2)), row.integer(3)});
          messages.push_back(std::move(message));
        });
    for (SentMessage& message : messages) message.template_name = template_of(message.rule);
    return messages;
  }

  static bool has_word(const std::string& words, const std::string& word) {
    return (' ' + words).find(' ' + word + ' ') != std::string::npos;
  }

  bool fits(const SentMessage& message, const Node& wanted) {
    return std::all_of(wanted.entries.begin(), wanted.entries.end(), [&](const NodeEntry& entry) {
      const std::string& key = entry.key.text;
      const std::string& text = entry.value.text;
      if (key == "to") return message.to == text;
      if (key == "rule") return message.rule == text;
      if (key == "template") return has_word(message.template_name, text);
      if (key == "about") return message.about == text;
      return key == "subject" && message.subject == text;
    });
  }

  static std::string described(const Node& wanted) {
    std::string text;
    for (const NodeEntry& entry : wanted.entries)
      text += (text.empty() ? "" : ", ") + entry.key.text + ": " + entry.value.text;
    return '{' + text + '}';
  }

  void check_outbox(const NodeEntry& entry, bool exactly) {
    std::vector<SentMessage> messages = outbox();
    for (const Node& wanted : entry.value.items) {
      const auto found = std::find_if(messages.begin(), messages.end(), [&](const SentMessage& one) {
        return !one.matched && fits(one, wanted);
      });
      if (found == messages.end()) {
        fail(wanted, "outbox: expected " + described(wanted) + ", got " + listed_messages(messages));
      } else {
        found->matched = true;
      }
    }
    if (!exactly) return;
    for (const SentMessage& message : messages) {
      if (!message.matched)
        fail(entry.key, "outbox: one more message: {to: " + message.to + ", rule: " + message.rule +
                            ", subject: " + message.subject + '}');
    }
  }

  static std::string listed_messages(const std::vector<SentMessage>& messages) {
    std::string text;
    for (const SentMessage& message : messages) {
      if (!message.matched)
        text += (text.empty() ? "" : ", ") + ("{to: " + message.to + ", rule: " + message.rule + '}');
    }
    return text.empty() ? "no other message" : text;
  }

  Session& session_;
  std::vector<Mismatch> mismatches_;
};

}  // namespace

std::vector<Mismatch> hold_against(Session& session, const Node& expected) {
  return Expectation(session).held_against(expected);
}

}  // namespace crm
