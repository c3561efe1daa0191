// One property of a vCard: its name, its parameters, its value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crm {

struct VcardProperty {
  std::string name;                // upper case, without its group
  std::vector<std::string> types;  // lower case: "cell", "work", "pref"; the service of an IMPP
  std::string label;               // the LABEL parameter of an address
  std::string omitted_year;        // of a date: the year that stands for none
  std::string value;               // decoded; what separates and escapes its parts still stands

  bool is_type(std::string_view type) const;
  // The whole value as one text, and its parts between ';' or another separator; without the spaces around
  // them.
  std::string text() const;
  // With them; empty where there is nothing else.
  std::string exact_text() const;
  std::vector<std::string> parts(char separator = ';') const;
};

// What stands before the colon of a property's line.
struct VcardHead {
  VcardProperty property;  // without its value
  std::string charset;     // as it is named; empty: none is
  bool quoted_printable = false;
};
VcardHead read_vcard_head(std::string_view head);

}  // namespace crm
