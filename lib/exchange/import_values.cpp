#include "entity/descriptors.h"
#include "exchange/import_run.h"
#include "leads/stages.h"
#include "records/keep_figures.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kContactName = field<Kind::contact>("name");
constexpr std::size_t kContactCustomer = field<Kind::contact>("customer");
constexpr std::size_t kContactEmail = field<Kind::contact>("email");
constexpr std::size_t kContactPhone = field<Kind::contact>("phone");

}  // namespace

// Other systems say of an open deal when it should close; here closed_at is when it did.
bool ImportRun::expects_closing(const std::string& stage) const {
  return row_.stages.empty() && !is_null(row_.record[closing_]) &&
         !has_outcome(session_.state().process(), kind_, stage);
}

// A contact of a company alone, as address books have them, is called after it. A file without any names more
// likely has them under a heading that nobody knows.
bool ImportRun::name_unnamed(StoredRecord& contact) {
  if (kind_ != Kind::contact || !is_null(contact[kContactName])) return false;
  if (plan_.find_field("name") == nullptr && plan_.find(ColumnTarget::Part::name_part) == nullptr)
    return false;
  if (const auto customer = contact.integer(kContactCustomer))
    contact[kContactName] = load_record(session_, {Kind::customer, *customer})[field<Kind::customer>("name")];
  for (const std::size_t other : {kContactEmail, kContactPhone}) {
    if (is_null(contact[kContactName])) contact[kContactName] = contact[other];
  }
  return !is_null(contact[kContactName]);
}

// Puts what the row says over what the record has, or (to fill) only where it has nothing.
void ImportRun::set_given(StoredRecord& record) {
  const bool fill = options_.on_match == OnMatch::fill;
  const std::size_t currency_at = view_.position("currency");
  if (currency_at != KindView::npos && !row_.bare_amounts.empty()) {
    const std::string& currency = record.text(currency_at);
    if (!currency.empty() && currency != session_.currency()) reader_.read_amounts(row_, currency);
  }
  const std::string currency_before =
      currency_at == KindView::npos ? std::string() : record.text(currency_at);
  const Value closing = closing_ == KindView::npos ? Value() : record[closing_];
  for (std::size_t i = 1; i < record.values.size(); ++i) {
    if (is_null(row_.record[i]) || view_.fields()[i]->access == Access::closed) continue;
    if (!fill || is_null(record[i])) record[i] = row_.record[i];
  }
  if (plan_.closing_may_be_expected && expects_closing(record.text(stage_))) {
    record[closing_] = closing;
    ++expected_closings_;
  }
  keep_figures(session_, currency_before, record,
               [&](std::size_t position) { return !is_null(row_.record[position]); });
  if (!row_.record.tags.empty() && (!fill || record.tags.empty())) record.tags = row_.record.tags;
  record.refs.insert(record.refs.end(), row_.record.refs.begin(), row_.record.refs.end());
}

}  // namespace crm
