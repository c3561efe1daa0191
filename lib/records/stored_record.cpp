#include "records/stored_record.h"

namespace crm {

const std::string& StoredRecord::text(std::size_t position) const {
  static const std::string kEmpty;
  const std::string* text = text_of(values[position]);
  return text == nullptr ? kEmpty : *text;
}

std::optional<std::int64_t> StoredRecord::integer(std::size_t position) const {
  const std::int64_t* integer = integer_of(values[position]);
  return integer == nullptr ? std::nullopt : std::optional(*integer);
}

}  // namespace crm
