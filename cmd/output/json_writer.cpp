#include <crm/text.h>

#include <string>
#include <vector>

#include "output/formats.h"

namespace crm::cmd {
namespace {

void append_value(std::string& out, const Cell& cell) {
  switch (cell.type) {
    case CellType::null:
      out += "null";
      return;
    case CellType::text:
      append_json_string(out, cell.text);
      return;
    case CellType::number:
    case CellType::boolean:
      out += cell.text;
      return;
    case CellType::list:
      out += '[';
      for (std::size_t i = 0; i < cell.items.size(); ++i) {
        if (i > 0) out += ',';
        append_json_string(out, cell.items[i]);
      }
      out += ']';
  }
}

// The keys with what stands before them, escaped once: {"id":  ,"name":  …
class Keys {
 public:
  explicit Keys(std::span<const Column> columns) {
    ends_.reserve(columns.size());
    for (const Column& column : columns) {
      keys_ += ends_.empty() ? '{' : ',';
      append_json_string(keys_, column.name);
      keys_ += ':';
      ends_.push_back(keys_.size());
    }
  }
  Keys() = default;

  void append_object(std::string& out, std::span<const Cell> cells) const {
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
      out.append(keys_, begin, ends_[i] - begin);
      append_value(out, cells[i]);
    }
    out += ends_.empty() ? "{}" : "}";
  }

 private:
  std::string keys_;               // one after the other
  std::vector<std::size_t> ends_;  // where each of them ends
};

class JsonLinesWriter final : public Writer {
 public:
  explicit JsonLinesWriter(Stream& stream) : stream_(stream) {}

  void begin(std::span<const Column> columns) override { keys_ = Keys(columns); }
  bool row(std::span<const Cell> cells) override {
    keys_.append_object(stream_.buffer(), cells);
    stream_.buffer() += '\n';
    stream_.spill();
    return true;
  }
  void end() override {}

 private:
  Stream& stream_;
  Keys keys_;
};

// An array; one object; or an object of facts in which "rows" is the array.
class JsonWriter final : public Writer {
 public:
  JsonWriter(Stream& stream, Shape shape) : stream_(stream), shape_(shape) {}

  void begin(std::span<const Column> columns) override {
    keys_ = Keys(columns);
    rows_ = 0;
    if (shape_ == Shape::document) name("rows");
    if (shape_ != Shape::object) stream_.buffer() += '[';
  }
  bool row(std::span<const Cell> cells) override {
    if (rows_++ > 0) stream_.buffer() += ",\n";
    keys_.append_object(stream_.buffer(), cells);
    stream_.spill();
    return true;
  }
  void end() override {
    if (shape_ != Shape::object) stream_.buffer() += ']';
    if (shape_ != Shape::document) stream_.write("\n");
  }
  void fact(std::string_view fact_name, const Cell& value) override {
    name(fact_name);
    append_value(stream_.buffer(), value);
  }
  void finish() override {
    if (shape_ == Shape::document) stream_.write(names_ == 0 ? "{}\n" : "}\n");
  }

 private:
  void name(std::string_view text) {
    std::string& out = stream_.buffer();
    out += names_++ == 0 ? '{' : ',';
    append_json_string(out, text);
    out += ':';
  }

  Stream& stream_;
  Shape shape_;
  Keys keys_;
  std::size_t rows_ = 0;
  std::size_t names_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_json_writer(Stream& stream, Shape shape) {
  return std::make_unique<JsonWriter>(stream, shape);
}
std::unique_ptr<Writer> make_json_lines_writer(Stream& stream) {
  return std::make_unique<JsonLinesWriter>(stream);
}

}  // namespace crm::cmd
