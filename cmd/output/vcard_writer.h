// Records as vCards of version 4.0 (RFC 6350).
#pragma once

#include <crm/table.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "output/stream.h"

namespace crm::cmd {

// One card for each row. What vCard has no property for is written as X-CRM-FIELD, which an import reads
// back; other records are named, not numbered.
class VcardWriter final : public RowSink {
 public:
  // The name of a record ("customer/7"), or nothing where it cannot be told.
  using FindName = std::function<std::string(std::string_view record)>;

  // The stream must outlive it.
  VcardWriter(Stream& stream, FindName find_name) : stream_(stream), find_name_(std::move(find_name)) {}

  // Throws Error{usage} where there is no column `name`.
  void begin(std::span<const Column> columns) override;
  bool row(std::span<const Cell> cells) override;
  void end() override {}

 private:
  void write_field(const std::string& field, const Cell& cell);
  void write_line(std::string_view head, std::string_view value);

  Stream& stream_;
  FindName find_name_;
  std::vector<std::string> fields_;
  std::string line_;
};

}  // namespace crm::cmd
