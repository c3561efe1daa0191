// The rows that an import left out and kept whole, each in one cell, as the bytes of a file again.
#pragma once

#include <memory>
#include <string>

#include "exchange/byte_source.h"
#include "exchange/delimited_rows.h"

namespace crm {

class WholeRejects final : public ByteSource {
 public:
  explicit WholeRejects(std::unique_ptr<DelimitedRows> rows) : rows_(std::move(rows)) {}

  // Throws Error{invalid} too, for a row whose quotes are at fault.
  std::size_t read(char* into, std::size_t size) override;
  bool rewind() override { return false; }

 private:
  std::unique_ptr<DelimitedRows> rows_;
  std::string row_;
  std::size_t given_ = 0;  // of the row
};

}  // namespace crm
