// What every query of the outbox selects: messages with their recipients.
#pragma once

#include <string>
#include <utility>

namespace crm {

inline constexpr const char* kOutboxTables = " FROM outbox o LEFT JOIN user u ON u.id = o.person";

// The condition on the row `o` of messages that have not ended, as the index outbox_open has it: by another
// wording it is not found.
inline constexpr const char* kNotEnded = "(o.state = 'queued' OR o.state = 'sending' OR o.state = 'doubt')";

// SQL of a column of the person that the message `o` is to, as they now are: one of us (`u`), or a customer,
// contact or lead. NULL where there is nobody.
inline std::string of_recipient(const std::string& column) {
  // Kinds by number: 3 customer, 4 contact, 5 lead.
  std::string sql = "coalesce(u." + column + ", CASE o.recipient_kind";
  for (const auto& [kind, table] :
       {std::pair("3", "customer"), std::pair("4", "contact"), std::pair("5", "lead")})
    sql += " WHEN " + std::string(kind) + " THEN (SELECT " + column + " FROM " + table +
           " WHERE id = o.recipient)";
  return sql + " END)";
}

// What a Message is read from.
inline const std::string& message_columns() {
  static const std::string sql = "o.key, o.rule, coalesce(" + of_recipient("name") + ", ''), coalesce(" +
                                 of_recipient("email") +
                                 ", ''), o.subject, o.body, o.created_at, coalesce(o.purpose, ''), "
                                 "coalesce(o.payload, ''), coalesce(o.html, ''), o.first_sent_at";
  return sql;
}
inline constexpr int kMessageColumnCount = 11;

}  // namespace crm
