// The cards of a vCard file as rows: name, customer, title, phone, email …
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/row_source.h"
#include "exchange/vcard_reader.h"

namespace crm {

class VcardRows final : public RowSource {
 public:
  // Throws as open_rows() does; Error{invalid} for a file without a card.
  VcardRows(std::unique_ptr<ByteSource> bytes, const std::string& file, const std::string& encoding);

  const std::vector<std::string>& headings() const override { return headings_; }
  bool next(InputRow& row) override;
  Location place(std::size_t /*column*/) const override {
    return {reader_.file(), static_cast<int>(reader_.line()), 1};
  }
  std::string line_text(std::size_t /*column*/) const override { return {}; }

  RowFormat format() const override { return RowFormat::vcard; }
  char delimiter() const override { return '\0'; }
  const std::string& encoding() const override { return reader_.encoding(); }
  bool encoding_detected() const override { return detected_; }
  std::vector<std::string> warnings() const override;

 private:
  struct Value {
    std::size_t column;
    std::string text;
    std::vector<std::string> items;
    std::vector<std::string_view> views;  // of the items
  };
  bool read_next();
  void append_as_json(const InputRow& row);
  void read_card();
  void read_name();
  void read_phones();
  std::vector<std::string> texts_of(std::string_view name) const;
  void read_property(const VcardProperty& property);
  void add_tags(std::string_view tags);
  void add(std::string_view heading, std::string text);
  void add_several(std::string_view heading, const std::vector<std::string>& values);
  bool has(std::string_view heading) const;

  VcardReader reader_;
  bool detected_;
  bool ahead_ = false;       // the reader is at a card that was not handed out
  std::int64_t groups_ = 0;  // cards of groups, passed over
  std::vector<std::string> headings_;
  std::deque<Value> values_;  // of the card
  std::string record_;
};

}  // namespace crm
