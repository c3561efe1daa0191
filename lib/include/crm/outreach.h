// Outreach: one message to each person of a segment who agreed to get it, bound to what a preview showed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/outbox.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

// A named filter: the records of a kind for which the expression holds.
struct Segment {
  std::string name;  // [a-z][a-z0-9-]*
  Kind kind = Kind::customer;
  std::string expression;
  std::string description = {};
};

// Error{conflict} where there is one of that name, Error{invalid} for an expression that does not fit the
// kind.
CRM_API void add_segment(Session& session, const Segment& segment);
CRM_API void remove_segment(Session& session, const std::string& name);
// name, kind, expression, description.
CRM_API void list_segments(Session& session, RowSink& sink);
// The same of one, and how many records it has now. Error{not_found}.
CRM_API void show_segment(Session& session, const std::string& name, RowSink& sink);

struct Outreach {
  std::string name;
  Kind kind = Kind::customer;  // customer, contact or lead
  std::string segment;         // the name of one, or an expression
  std::string template_name;   // of the workflow file
  std::string purpose = "newsletter";
  std::string via = {};         // the channel; empty: the default one
  std::int64_t most = 1000;     // messages in one run
  std::int64_t per_person = 1;  // messages to one person in `per_days` days, of all outreach
  std::int64_t per_days = 7;
};

struct LeftOut {
  RecordId record;
  std::string name;
  std::string address;
  std::string reason;
};

struct OutreachPreview {
  std::int64_t matched = 0;
  std::vector<Message> messages;
  std::vector<LeftOut> left_out;  // in the order of the records
  std::string confirm;            // digest and count, for send_outreach()
};

// What a send would do now; the outreach is kept under its name, in place of an earlier one. Throws
// Error{not_found} for an unknown template, Error{invalid} for an expression, a purpose or caps that do not
// fit.
CRM_API OutreachPreview preview_outreach(Session& session, const Outreach& outreach);

// Puts the messages into the outbox. Error{conflict} where they are not those of the preview with this digest
// and count: nothing is sent then. Error{not_permitted} in a sandbox. Returns how many.
CRM_API std::int64_t send_outreach(Session& session, const std::string& name, const std::string& confirm);

// One of its messages to whoever asks, whether or not it has recipients who agreed; any number of times.
// Returns what was put into the outbox.
CRM_API Message test_outreach(Session& session, const std::string& name);

// name, kind, segment, template, purpose, previewed_at, previewed_by, messages (made), sent.
CRM_API void list_outreach(Session& session, RowSink& sink);

}  // namespace crm
