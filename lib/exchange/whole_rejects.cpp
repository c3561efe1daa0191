#include "exchange/whole_rejects.h"

#include "exchange/fault.h"

namespace crm {

std::size_t WholeRejects::read(char* into, std::size_t size) {
  if (given_ == row_.size()) {
    InputRow row;
    if (!rows_->next(row)) return 0;
    if (row.fault) throw_fault(*row.fault);
    row_ = row.fields.front().text;
    row_ += '\n';
    given_ = 0;
  }
  const std::size_t count = row_.copy(into, size, given_);
  given_ += count;
  return count;
}

}  // namespace crm
