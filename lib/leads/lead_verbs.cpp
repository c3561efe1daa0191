#include "base/text.h"
#include "crm/error.h"
#include "crm/leads.h"
#include "entity/descriptors.h"
#include "leads/lead_fields.h"
#include "leads/stages.h"
#include "outbox/carry_consent.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

using namespace lead_fields;

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

RecordId new_customer(Session& session, const StoredRecord& lead) {
  const auto text = [&](std::size_t position) { return lead[position]; };
  const bool company = !is_null(lead[field<Kind::lead>("company")]);
  StoredRecord customer = new_record(session, Kind::customer);
  customer[field<Kind::customer>("name")] =
      text(company ? field<Kind::lead>("company") : field<Kind::lead>("name"));
  customer[field<Kind::customer>("type")] = std::string(company ? "company" : "person");
  // A company is reached by its contact's phone until it has one of its own.
  customer[field<Kind::customer>("phone")] = text(field<Kind::lead>("phone"));
  if (!company || is_null(text(field<Kind::lead>("phone"))))
    customer[field<Kind::customer>("email")] = text(field<Kind::lead>("email"));
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

WriteResult advance_lead(Session& session, RecordId lead, std::string_view to) {
  return change_lead(session, lead, [&](const StoredRecord& before, StoredRecord& after) {
    begin_verb(session, lead, "advance");
    if (!to.empty()) {
      const Field& stage = *session.view(Kind::lead).fields()[kStage];
      after[kStage] = read_value(session, {&stage, to, {}, nullptr});
      return;
    }
    const Process& process = session.state().process();
    const auto& stages = process.stages_of(Kind::lead);
    const std::size_t at = process.stage_position(Kind::lead, before.text(kStage));
    if (at >= stages.size() || stages[at].outcome != Outcome::none || at + 1 >= stages.size() ||
        stages[at + 1].outcome == Outcome::lost) {
      const std::vector<std::string> open = stages_after(process, Kind::lead, before.text(kStage));
      throw Error(ErrorCode::invalid,
                  to_string(lead) + " is at the end of its way, in " + quoted(before.text(kStage)),
                  open.empty() ? "the workflow lets nothing leave that stage"
                               : "say with --to where it goes on: " + listed(open))
          .about_record(to_string(lead));
    }
    after[kStage] = stages[at + 1].name;
  });
}

WriteResult lose_lead(Session& session, RecordId lead, std::string_view reason) {
  return change_lead(session, lead, [&](const StoredRecord&, StoredRecord& after) {
    begin_verb(session, lead, "lose");
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
  if (customer_before && contact_before)
    return {{Kind::customer, *customer_before}, {Kind::contact, *contact_before}, Written::unchanged};
  begin_verb(session, id, "convert");
  Conversion conversion;
  conversion.written = Written::added;
  conversion.customer = customer ? load_record(session, *customer).id : new_customer(session, before);
  conversion.contact = new_contact(session, before, conversion.customer);
  carry_consent(session, id, conversion.contact);
  // Where no company is made, the customer is the person.
  if (!customer && is_null(before[field<Kind::lead>("company")]))
    carry_consent(session, id, conversion.customer);
  StoredRecord after = before;
  after[kCustomer] = conversion.customer.id;
  after[kContact] = conversion.contact.id;
  after[kStage] = stage_with_outcome(session.state().process(), Kind::lead, Outcome::won).name;
  update_record(session, before, after, Action::edit, Origin::command);
  write.commit();
  return conversion;
}

}  // namespace crm
