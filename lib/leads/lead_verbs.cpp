#include <algorithm>
#include <map>

#include "base/text.h"
#include "crm/error.h"
#include "crm/leads.h"
#include "entity/descriptors.h"
#include "leads/stages.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kOwner = field<Kind::lead>("owner");
constexpr std::size_t kTeam = field<Kind::lead>("team");
constexpr std::size_t kStage = field<Kind::lead>("stage");
constexpr std::size_t kLostReason = field<Kind::lead>("lost_reason");
constexpr std::size_t kCustomer = field<Kind::lead>("customer");
constexpr std::size_t kContact = field<Kind::lead>("contact");

template <typename Change>
WriteResult change_lead(Session& session, RecordId id, Change&& change) {
  Write write(session);
  const StoredRecord before = load_record(session, id);
  StoredRecord after = before;
  change(before, after);
  const bool changed = update_record(session, before, after, Action::edit, Origin::command);
  write.commit();
  return {id, changed ? Written::updated : Written::unchanged};
}

std::int64_t acting_user(Session& session) {
  if (const auto user = find_user(session, session.login())) return *user;
  throw Error(ErrorCode::not_permitted, quoted(session.login()) + " is no user of this database", "act as one with --as, or 'crm user add " + session.login() + "'");
}

void check_active(Session& session, std::int64_t user) {
  const StoredRecord record = load_record(session, {Kind::user, user});
  if (record.integer(field<Kind::user>("active")).value_or(1) == 0) {
    throw Error(ErrorCode::invalid, quoted(record.text(field<Kind::user>("name"))) + " is no longer active", "choose somebody else").about_field("owner");
  }
}

// Whom a lead of the team can go to, with how many open leads each has.
struct Candidates {
  std::string round;
  std::map<std::int64_t, std::int64_t> open_leads;  // by user
};

Candidates candidates_of(Session& session, std::optional<std::int64_t> team) {
  Candidates candidates;
  candidates.round = "lead/" + (team ? std::to_string(*team) : std::string("any"));
  const std::string today = format_date(session.zone().to_local(session.now()).date);
  Connection& connection = *session.state().connection;
  const Param who[] = {team, today};
  connection.each(
      "SELECT id FROM user WHERE active = 1 AND deleted_at IS NULL AND (absent_until IS NULL OR absent_until <= $2) AND " +
          std::string(team ? "team = $1" : "team IS NOT NULL"),
      who, [&](const Row& row) { candidates.open_leads[row.integer(0)] = 0; });
  std::string open_stages;
  std::vector<Param> params = {0};
  for (const Stage& stage : session.state().process().stages_of(Kind::lead)) {
    if (stage.outcome != Outcome::none) continue;
    params.emplace_back(stage.name);
    open_stages += (open_stages.empty() ? "$" : ", $") + std::to_string(params.size());
  }
  for (auto& [user, count] : candidates.open_leads) {
    params.front() = user;
    count = connection.query_integer("SELECT count(*) FROM lead WHERE owner = $1 AND deleted_at IS NULL AND stage IN (" + open_stages + ")", params).value_or(0);
  }
  return candidates;
}

// The one with the fewest; among equals the next after the last taken, in order of number.
std::int64_t take_turn(Session& session, Candidates& candidates) {
  const auto fewest = std::min_element(candidates.open_leads.begin(), candidates.open_leads.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; })
                          ->second;
  Connection& connection = *session.state().connection;
  const Param round[] = {candidates.round};
  const std::int64_t last = connection.query_integer("SELECT last_user FROM assignment_turn WHERE round = $1", round).value_or(0);
  std::int64_t first = 0, next = 0;
  for (const auto& [user, count] : candidates.open_leads) {
    if (count != fewest) continue;
    if (first == 0) first = user;
    if (next == 0 && user > last) next = user;
  }
  const std::int64_t chosen = next != 0 ? next : first;
  const Param turn[] = {candidates.round, chosen};
  connection.execute("INSERT INTO assignment_turn (round, last_user) VALUES ($1, $2) ON CONFLICT (round) DO UPDATE SET last_user = $2", turn);
  return chosen;
}

RecordId new_customer(Session& session, const StoredRecord& lead) {
  const auto text = [&](std::size_t position) { return lead[position]; };
  const bool company = !is_null(lead[field<Kind::lead>("company")]);
  StoredRecord customer = new_record(session, Kind::customer);
  customer[field<Kind::customer>("name")] = text(company ? field<Kind::lead>("company") : field<Kind::lead>("name"));
  customer[field<Kind::customer>("type")] = std::string(company ? "company" : "person");
  if (!company) {
    customer[field<Kind::customer>("phone")] = text(field<Kind::lead>("phone"));
    customer[field<Kind::customer>("email")] = text(field<Kind::lead>("email"));
  }
  customer[field<Kind::customer>("region")] = text(field<Kind::lead>("region"));
  customer[field<Kind::customer>("source")] = text(field<Kind::lead>("source"));
  customer[field<Kind::customer>("owner")] = text(kOwner);
  customer.tags = lead.tags;
  insert_record(session, customer, Origin::command);
  return customer.id;
}

RecordId new_contact(Session& session, const StoredRecord& lead, RecordId customer) {
  StoredRecord contact = new_record(session, Kind::contact);
  contact[field<Kind::contact>("name")] = lead[field<Kind::lead>("name")];
  contact[field<Kind::contact>("customer")] = customer.id;
  contact[field<Kind::contact>("title")] = lead[field<Kind::lead>("title")];
  contact[field<Kind::contact>("phone")] = lead[field<Kind::lead>("phone")];
  contact[field<Kind::contact>("email")] = lead[field<Kind::lead>("email")];
  contact[field<Kind::contact>("wechat")] = lead[field<Kind::lead>("wechat")];
  insert_record(session, contact, Origin::command);
  return contact.id;
}

}  // namespace

WriteResult assign_lead(Session& session, RecordId lead, std::string_view user) {
  Write write(session);
  const std::int64_t owner = require_user(session, user);
  check_active(session, owner);
  const WriteResult result = change_lead(session, lead, [&](const StoredRecord&, StoredRecord& after) { after[kOwner] = owner; });
  write.commit();
  return result;
}

std::vector<WriteResult> assign_leads_automatically(Session& session, std::span<const RecordId> leads) {
  Write write(session);
  std::map<std::int64_t, Candidates> by_team;  // 0: no team
  std::vector<WriteResult> results;
  for (const RecordId& id : leads) {
    const StoredRecord lead = load_record(session, id);
    const auto team = lead.integer(kTeam);
    auto found = by_team.find(team.value_or(0));
    if (found == by_team.end()) found = by_team.emplace(team.value_or(0), candidates_of(session, team)).first;
    Candidates& candidates = found->second;
    if (candidates.open_leads.empty()) {
      throw Error(ErrorCode::invalid, "nobody can take " + to_string(id) + ": no active user " + (team ? "of its team" : "has a team"),
                  "add one with 'crm user add NAME --team TEAM'")
          .about_record(to_string(id));
    }
    const std::int64_t chosen = take_turn(session, candidates);
    const bool open = !has_outcome(session.state().process(), Kind::lead, lead.text(kStage));
    const auto former = candidates.open_leads.find(lead.integer(kOwner).value_or(0));
    if (open && former != candidates.open_leads.end()) --former->second;
    if (open) ++candidates.open_leads[chosen];
    results.push_back(change_lead(session, id, [&](const StoredRecord&, StoredRecord& after) { after[kOwner] = chosen; }));
  }
  write.commit();
  return results;
}

WriteResult claim_lead(Session& session, RecordId lead) {
  return change_lead(session, lead, [&](const StoredRecord& before, StoredRecord& after) {
    const std::int64_t me = acting_user(session);
    const auto owner = before.integer(kOwner);
    if (owner && owner != me) {
      throw Error(ErrorCode::conflict, to_string(lead) + " belongs to " + quoted(session.state().name_of(Kind::user, *owner)),
                  "it can be claimed once it is released")
          .about_record(to_string(lead));
    }
    after[kOwner] = me;
  });
}

WriteResult release_lead(Session& session, RecordId lead) {
  return change_lead(session, lead, [](const StoredRecord&, StoredRecord& after) { after[kOwner] = Value(); });
}

WriteResult advance_lead(Session& session, RecordId lead, std::string_view to) {
  return change_lead(session, lead, [&](const StoredRecord& before, StoredRecord& after) {
    if (!to.empty()) {
      const Field& stage = *session.view(Kind::lead).fields()[kStage];
      after[kStage] = read_value(session, {&stage, to, {}, nullptr});
      return;
    }
    const Process& process = session.state().process();
    const auto& stages = process.stages_of(Kind::lead);
    const std::size_t at = process.stage_position(Kind::lead, before.text(kStage));
    if (at >= stages.size() || stages[at].outcome != Outcome::none || at + 1 >= stages.size() || stages[at + 1].outcome == Outcome::lost) {
      throw Error(ErrorCode::invalid, to_string(lead) + " is at the end of its way, in " + quoted(before.text(kStage)), "name a stage with --to")
          .about_record(to_string(lead));
    }
    after[kStage] = stages[at + 1].name;
  });
}

WriteResult lose_lead(Session& session, RecordId lead, std::string_view reason) {
  return change_lead(session, lead, [&](const StoredRecord&, StoredRecord& after) {
    const Field& why = *session.view(Kind::lead).fields()[kLostReason];
    after[kLostReason] = read_value(session, {&why, reason, {}, nullptr});
    after[kStage] = stage_with_outcome(session.state().process(), Kind::lead, Outcome::lost).name;
  });
}

Conversion convert_lead(Session& session, RecordId id, std::optional<RecordId> customer) {
  Write write(session);
  const StoredRecord before = load_record(session, id);
  const auto customer_before = before.integer(kCustomer);
  const auto contact_before = before.integer(kContact);
  if (customer_before && contact_before) return {{Kind::customer, *customer_before}, {Kind::contact, *contact_before}, Written::unchanged};
  Conversion conversion;
  conversion.written = Written::added;
  conversion.customer = customer ? load_record(session, *customer).id : new_customer(session, before);
  conversion.contact = new_contact(session, before, conversion.customer);
  StoredRecord after = before;
  after[kCustomer] = conversion.customer.id;
  after[kContact] = conversion.contact.id;
  after[kStage] = stage_with_outcome(session.state().process(), Kind::lead, Outcome::won).name;
  update_record(session, before, after, Action::edit, Origin::command);
  write.commit();
  return conversion;
}

}  // namespace crm
