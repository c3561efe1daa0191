#include "exchange/xlsx_workbook.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/record_buffer.h"
#include "exchange/sheet_number.h"

namespace crm {
namespace {

constexpr std::size_t kMostTextBytes = std::size_t{176} << 20;
// Blocks of texts grow with what there is of them.
constexpr std::size_t kLeastTextBlock = std::size_t{16} << 10;
constexpr std::size_t kMostTextBlock = std::size_t{1} << 20;
constexpr std::size_t kMostSheets = 1'000;
constexpr std::size_t kMostStyles = 65'536;

bool is_true(std::string_view value) {
  return value == "1" || value == "true" || value == "on";
}

std::optional<int> integer(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// "xl/_rels/workbook.xml.rels" of "xl/workbook.xml".
std::string relations_part(const std::string& part) {
  const std::size_t slash = part.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  return part.substr(0, name) + "_rels/" + part.substr(name) + ".rels";
}

// A relation's target, which is relative to the part that has it, or to the package behind a slash.
std::string resolved(const std::string& part, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string folder = part.substr(0, part.rfind('/') == std::string::npos ? 0 : part.rfind('/') + 1);
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    const std::size_t slash = folder.size() < 2 ? std::string::npos : folder.rfind('/', folder.size() - 2);
    folder.resize(slash == std::string::npos ? 0 : slash + 1);
  }
  return folder + std::string(target);
}

// By its code or its number.
template <typename Format>
CellDate date_of_format(const Format& format) {
  if (!is_date_format(format)) return CellDate::none;
  return is_time_format(format) ? CellDate::moment : CellDate::day;
}

// Hands on the beginnings of elements alone.
class Elements final : public XmlEvents {
 public:
  using Visit = std::function<void(std::string_view name, const char* const* attributes)>;
  explicit Elements(Visit visit) : visit_(std::move(visit)) {}
  void begin(std::string_view name, const char* const* attributes) override { visit_(name, attributes); }
  void text(std::string_view /*text*/) override {}
  void end(std::string_view /*name*/) override {}

 private:
  Visit visit_;
};

class PropertyEvents final : public XmlEvents {
 public:
  void begin(std::string_view name, const char* const* attributes) override {
    if (name == "property") is_zone_ = attribute(attributes, "name") == kZoneProperty;
  }
  void text(std::string_view text) override {
    if (is_zone_ && zone_.size() < kLongestName) zone_ += text;
  }
  void end(std::string_view name) override {
    if (name == "property") is_zone_ = false;
  }
  const std::string& zone() const { return zone_; }

 private:
  static constexpr std::size_t kLongestName = 100;
  bool is_zone_ = false;
  std::string zone_;
};

class SharedTextEvents final : public XmlEvents {
 public:
  explicit SharedTextEvents(SharedTexts& texts) : texts_(texts) {}
  void begin(std::string_view name, const char* const* /*attributes*/) override {
    if (name == "si") {
      text_.clear();
    } else {
      text_.begin(name);
    }
  }
  void text(std::string_view text) override { text_.text(text); }
  void end(std::string_view name) override {
    if (name == "si") {
      texts_.add(text_.take());
    } else {
      text_.end(name);
    }
  }

 private:
  SharedTexts& texts_;
  RichText text_;
};

}  // namespace

std::string_view attribute(const char* const* attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    std::string_view own(*attributes);
    const std::size_t colon = own.find(':');
    if (colon != std::string_view::npos) own.remove_prefix(colon + 1);
    if (own == name) return attributes[1];
  }
  return {};
}

void SharedTexts::add(std::string_view text) {
  bytes_ += text.size() + sizeof(std::string_view);
  if (bytes_ > kMostTextBytes) {
    throw Error(ErrorCode::invalid, "the texts of the workbook are more than 176 MiB",
                "save its sheets as CSV, which takes no memory");
  }
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back();
    blocks_.back().reserve(std::max(std::clamp(bytes_, kLeastTextBlock, kMostTextBlock), text.size()));
  }
  std::string& block = blocks_.back();
  block += text;
  texts_.push_back(std::string_view(block).substr(block.size() - text.size()));
}

std::string_view SharedTexts::at(std::size_t number) const {
  return has(number) ? texts_[number] : std::string_view();
}

void RichText::clear() {
  text_.clear();
  in_text_ = false;
  pronunciation_ = 0;
}

void RichText::begin(std::string_view name) {
  if (name == "rPh") ++pronunciation_;
  if (name == "t" && pronunciation_ == 0) in_text_ = true;
}

void RichText::text(std::string_view text) {
  if (!in_text_) return;
  if (text_.size() + text.size() > kLongestField)
    throw Error(ErrorCode::invalid, "the workbook has a text of more than 1 MiB");
  text_ += text;
}

void RichText::end(std::string_view name) {
  if (name == "rPh" && pronunciation_ > 0) --pronunciation_;
  if (name == "t") in_text_ = false;
}

std::string_view RichText::take() {
  if (text_.find("_x") == std::string::npos) return text_;
  plain_.clear();
  for (std::size_t i = 0; i < text_.size(); ++i) {
    unsigned code = 0;
    const std::string_view form = std::string_view(text_).substr(i, 7);
    const bool escaped = form.size() == 7 && form.starts_with("_x") && form[6] == '_' &&
                         std::from_chars(form.data() + 2, form.data() + 6, code, 16).ptr == form.data() + 6;
    if (!escaped || code == 0 || (code >= 0xD800 && code < 0xE000)) {
      plain_ += text_[i];
      continue;
    }
    append_utf8(plain_, code);
    i += 6;
  }
  return plain_;
}

XlsxWorkbook::XlsxWorkbook(std::string file) : file_(std::move(file)), package_(open_package(file_)) {
  std::string workbook;
  for (const Relation& relation : relations_of("")) {
    if (relation.type.ends_with("/officeDocument")) workbook = relation.target;
    if (relation.type.ends_with("/custom-properties")) read_properties(relation.target);
  }
  if (workbook.empty()) {
    throw Error(ErrorCode::invalid, quoted(file_) + " is a ZIP archive, but no XLSX workbook",
                "save the table as XLSX or CSV");
  }
  const std::vector<Relation> relations = relations_of(workbook);
  read_sheets(workbook, relations);
  for (const Relation& relation : relations) {
    if (relation.type.ends_with("/styles")) read_styles(relation.target);
    if (relation.type.ends_with("/sharedStrings")) read_texts(relation.target);
  }
}

std::unique_ptr<PackagePart> XlsxWorkbook::open(const std::string& part) const {
  std::unique_ptr<PackagePart> opened = package_->open(part.c_str());
  if (opened == nullptr)
    throw Error(ErrorCode::invalid,
                quoted(file_) + " cannot be read: its part " + quoted(part) + " is missing");
  return opened;
}

bool XlsxWorkbook::parse_some(PackagePart& part, XmlEvents& events, const std::string& name) const {
  switch (part.parse(events)) {
    case PackagePart::Step::more:
      return true;
    case PackagePart::Step::end:
      return false;
    case PackagePart::Step::fault:
      break;
  }
  throw Error(ErrorCode::invalid, quoted(file_) + " cannot be read: " + part.fault(),
              "it is the part " + quoted(name) + ", line " + std::to_string(part.line()) +
                  "; save the workbook again, or as CSV");
}

void XlsxWorkbook::parse_all(const std::string& part, XmlEvents& events) const {
  const auto opened = open(part);
  while (parse_some(*opened, events, part)) continue;
}

std::vector<XlsxWorkbook::Relation> XlsxWorkbook::relations_of(const std::string& part) const {
  std::vector<Relation> relations;
  Elements events([&](std::string_view name, const char* const* attributes) {
    if (name != "Relationship" || relations.size() == kMostSheets + 100) return;
    relations.push_back({std::string(attribute(attributes, "Id")), std::string(attribute(attributes, "Type")),
                         resolved(part, attribute(attributes, "Target"))});
  });
  const std::string name = relations_part(part);
  if (const auto opened = package_->open(name.c_str())) {
    while (parse_some(*opened, events, name)) continue;
  }
  return relations;
}

void XlsxWorkbook::read_sheets(const std::string& part, const std::vector<Relation>& relations) {
  Elements events([&](std::string_view name, const char* const* attributes) {
    if (name == "workbookPr") dates_from_1904_ = is_true(attribute(attributes, "date1904"));
    if (name != "sheet" || sheets_.size() == kMostSheets) return;
    const std::string_view id = attribute(attributes, "id");
    const std::string_view state = attribute(attributes, "state");
    const auto relation =
        std::find_if(relations.begin(), relations.end(), [&](const Relation& each) { return each.id == id; });
    if (relation == relations.end() || !relation->type.ends_with("/worksheet")) return;
    sheets_.push_back({std::string(attribute(attributes, "name")), relation->target,
                       state != "hidden" && state != "veryHidden"});
  });
  parse_all(part, events);
  if (sheets_.empty()) throw Error(ErrorCode::invalid, quoted(file_) + " has no sheets");
}

void XlsxWorkbook::read_styles(const std::string& part) {
  std::map<int, CellDate> own;
  bool in_cells = false;
  Elements events([&](std::string_view name, const char* const* attributes) {
    const std::optional<int> number = integer(attribute(attributes, "numFmtId"));
    if (name == "cellXfs") in_cells = true;
    if (name == "cellStyles" || name == "dxfs") in_cells = false;
    if (name == "numFmt" && number) own[*number] = date_of_format(attribute(attributes, "formatCode"));
    if (name != "xf" || !in_cells || date_styles_.size() == kMostStyles) return;
    const auto known = own.find(number.value_or(0));
    date_styles_.push_back(known != own.end() ? known->second : date_of_format(number.value_or(0)));
  });
  parse_all(part, events);
}

void XlsxWorkbook::read_properties(const std::string& part) {
  PropertyEvents events;
  parse_all(part, events);
  const std::string zone(trimmed(events.zone()));
  if (!zone.empty()) zone_ = TimeZone::load(zone);
}

void XlsxWorkbook::read_texts(const std::string& part) {
  SharedTextEvents events(texts_);
  parse_all(part, events);
}

}  // namespace crm
