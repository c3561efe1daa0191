// A record at hand, as the evaluator of conditions asks for its values.
#pragma once

#include "crm/session.h"
#include "filter/evaluate.h"
#include "records/stored_record.h"

namespace crm {

class RecordValues final : public RecordAccess {
 public:
  // Where derived fields come from. One that is `absent` is null; of a record that is `coming` to be there is
  // nothing yet: no follow-ups, an age of zero; of a `stored` one it is asked of the database.
  enum class Derived { absent, coming, stored };

  // Both must outlive it.
  RecordValues(Session& session, const StoredRecord& record, Derived derived = Derived::absent);

  Value value(const Field& field) const override;
  Value key(const Field& field) const override;
  std::vector<std::string> tags() const override { return record_.tags; }
  std::vector<std::string> refs() const override { return record_.refs; }
  std::string search_text() const override;

 private:
  Value derived_value(const Field& field) const;

  Session& session_;
  const KindView& view_;
  const StoredRecord& record_;
  Derived derived_;
};

}  // namespace crm
