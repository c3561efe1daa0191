// A result of a few named values, put together by hand and written as one record.
#pragma once

#include <crm/table.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crm::cmd {

class Facts {
 public:
  void text(std::string_view name, std::string_view value);
  // Absent.
  void nothing(std::string_view name);
  void number(std::string_view name, std::int64_t value);
  void boolean(std::string_view name, bool value);
  void list(std::string_view name, std::vector<std::string> values);
  // What is JSON already: an array of objects.
  void json(std::string_view name, std::string value);
  // A value from a row that is passed on.
  void cell(std::string_view name, const Cell& value);

  // As the columns and the only row.
  void write(RowSink& sink) const;

 private:
  struct Fact {
    std::string name;
    CellType type = CellType::null;
    std::string text;
    std::vector<std::string> items;
  };
  std::vector<Fact> facts_;
};

// Takes rows of a name and a value, and writes them as one record at the end.
class FactsSink final : public RowSink {
 public:
  explicit FactsSink(RowSink& target) : target_(target) {}
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override;
  void end() override { facts_.write(target_); }

 private:
  RowSink& target_;
  Facts facts_;
};

}  // namespace crm::cmd
