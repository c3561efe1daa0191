// An XLSX workbook: its sheets, texts and formats. The cells of a sheet are read by xlsx_sheet.h.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/time.h"
#include "modules/sheet.h"

namespace crm {

// The property in which a workbook of ours names the time zone of its moments.
inline constexpr const char* kZoneProperty = "crm time zone";

// The value of an attribute by its name without prefix; empty where it is not there.
std::string_view attribute(const char* const* attributes, std::string_view name);

// The texts that cells refer to by number.
class SharedTexts {
 public:
  void add(std::string_view text);
  // Nothing for a number that there is not.
  std::string_view at(std::size_t number) const;
  bool has(std::size_t number) const { return number < texts_.size(); }

 private:
  std::deque<std::string> blocks_;  // what the texts view
  std::vector<std::string_view> texts_;
  std::size_t bytes_ = 0;
};

// What the number format of a cell makes of its number.
enum class CellDate { none, day, moment };

class XlsxWorkbook {
 public:
  struct Sheet {
    std::string name;
    std::string part;  // in the package
    bool visible = true;
  };

  // `file` is how the user names it, for errors. Throws Error{invalid} for a file that is no such workbook,
  // or that unpacks to more than a workbook does.
  explicit XlsxWorkbook(std::string file);

  const std::string& file() const { return file_; }
  const std::vector<Sheet>& sheets() const { return sheets_; }
  const SharedTexts& texts() const { return texts_; }
  bool dates_from_1904() const { return dates_from_1904_; }
  // Of its moments, where it says so.
  const std::optional<TimeZone>& zone() const { return zone_; }
  // What cells of the style show of a date.
  CellDate date_of_style(std::size_t style) const {
    return style < date_styles_.size() ? date_styles_[style] : CellDate::none;
  }
  // Throws Error{invalid} where the part is not there.
  std::unique_ptr<PackagePart> open(const std::string& part) const;
  // The part's text as it stands, block by block; no more of one that is not there or is damaged.
  void read(const std::string& part, PartBytes& bytes) const { package_->read(part.c_str(), bytes); }
  // 0 for a part that is not there.
  std::size_t packed_bytes(const std::string& part) const { return package_->packed_bytes(part.c_str()); }
  // Throws Error{invalid} for a part that cannot be read.
  bool parse_some(PackagePart& part, XmlEvents& events, const std::string& name) const;

 private:
  struct Relation {
    std::string id;
    std::string type;
    std::string target;
  };
  void parse_all(const std::string& part, XmlEvents& events) const;
  std::vector<Relation> relations_of(const std::string& part) const;
  void read_sheets(const std::string& part, const std::vector<Relation>& relations);
  void read_styles(const std::string& part);
  void read_texts(const std::string& part);
  void read_properties(const std::string& part);

  std::string file_;
  std::unique_ptr<Package> package_;
  std::vector<Sheet> sheets_;
  SharedTexts texts_;
  std::vector<CellDate> date_styles_;
  bool dates_from_1904_ = false;
  std::optional<TimeZone> zone_;
};

// Collects the text of a shared or inline string, whose pieces (runs) may be formatted apart; pronunciation
// (rPh) is left out. Fed with the events inside it.
class RichText {
 public:
  void clear();
  void begin(std::string_view name);
  void text(std::string_view text);
  void end(std::string_view name);
  // With the characters that are written _x000D_.
  std::string_view take();

 private:
  std::string text_;
  std::string plain_;
  bool in_text_ = false;
  int pronunciation_ = 0;
};

}  // namespace crm
