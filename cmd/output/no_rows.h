// For a result that nobody wants to see.
#pragma once

#include <crm/table.h>

namespace crm::cmd {

struct NoRows final : RowSink {
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> /*cells*/) override { return true; }
  void end() override {}
};

}  // namespace crm::cmd
