#include "commands/exact_json.h"

#include <utility>
#include <vector>

namespace crm::cmd {
namespace {

class ExactReader final : public nlohmann::json_sax<ExactJson> {
 public:
  // A null of the library is made by a function that throws for other values.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  ExactReader() = default;
  // What is open is pointed at.
  ExactReader(const ExactReader&) = delete;
  ExactReader& operator=(const ExactReader&) = delete;

  ExactJson take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override { return put(value); }
  bool number_float(double /*value*/, const std::string& text) override { return put(text); }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(ExactJson::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(ExactJson::object()); }
  bool key(std::string& value) override {
    key_ = std::move(value);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(ExactJson::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t /*place*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*fault*/) override {
    return false;
  }

 private:
  ExactJson& place(ExactJson value) {
    if (open_.empty()) return root_ = std::move(value);
    ExactJson& inside = *open_.back();
    if (inside.is_object()) return inside[key_] = std::move(value);
    inside.push_back(std::move(value));
    return inside.back();
  }
  bool put(ExactJson value) {
    place(std::move(value));
    return true;
  }
  // What is open does not move: nothing is put beside it before it is closed.
  bool open(ExactJson value) {
    open_.push_back(&place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  ExactJson root_;
  std::vector<ExactJson*> open_;
  std::string key_;
};

}  // namespace

std::optional<ExactJson> parse_exactly(std::string_view text) {
  ExactReader reader;
  if (!ExactJson::sax_parse(text.begin(), text.end(), &reader)) return std::nullopt;
  return reader.take();
}

std::optional<std::string> plain_text(const ExactJson& value) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

}  // namespace crm::cmd
