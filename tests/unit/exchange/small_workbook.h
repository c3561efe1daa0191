// A workbook put together by hand, in a ZIP archive without packing.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace crm::test {

using Parts = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::uint32_t, 256> crc32_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    table[byte] = crc;
  }
  return table;
}

inline std::uint32_t crc32_of(const std::string& text) {
  static constexpr auto kTable = crc32_table();
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : text) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return ~crc;
}

inline std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

inline std::string zip_of(const Parts& parts) {
  std::string out;
  std::string directory;
  for (const auto& [name, text] : parts) {
    const auto size = static_cast<std::uint32_t>(text.size());
    const std::string common =
        little_endian(20, 2) + little_endian(0, 2) + little_endian(0, 2) + little_endian(0, 4) +
        little_endian(crc32_of(text), 4) + little_endian(size, 4) + little_endian(size, 4) +
        little_endian(static_cast<std::uint32_t>(name.size()), 2) + little_endian(0, 2);
    directory += "PK\x01\x02" + little_endian(20, 2) + common + std::string(10, '\0') +
                 little_endian(static_cast<std::uint32_t>(out.size()), 4) + name;
    out += "PK\x03\x04" + common + name + text;
  }
  const auto count = static_cast<std::uint32_t>(parts.size());
  return out + directory + "PK\x05\x06" + std::string(4, '\0') + little_endian(count, 2) +
         little_endian(count, 2) + little_endian(static_cast<std::uint32_t>(directory.size()), 4) +
         little_endian(static_cast<std::uint32_t>(out.size()), 4) + std::string(2, '\0');
}

struct SmallWorkbook {
  std::vector<std::pair<std::string, std::string>> sheets;  // name, what is inside sheetData
  std::string texts;                                        // what is inside sst
  std::string styles;                                       // what is inside styleSheet
  std::string properties;                                   // attributes of workbookPr
  std::string hidden;                                       // the name of a hidden sheet
  std::vector<std::string> merged;                          // regions of each sheet: "A2:A5"

  std::string bytes() const {
    std::string list;
    std::string relations;
    Parts parts;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      list += "<sheet name=\"" + sheets[i].first + "\" sheetId=\"" + number + "\" r:id=\"r" + number + "\"" +
              (sheets[i].first == hidden ? " state=\"hidden\"" : "") + "/>";
      relations += relation("r" + number, "worksheet", "worksheets/s" + number + ".xml");
      parts.emplace_back("xl/worksheets/s" + number + ".xml", "<worksheet xmlns=\"m\"><sheetData>" +
                                                                  sheets[i].second + "</sheetData>" +
                                                                  merged_cells() + "</worksheet>");
    }
    relations += relation("t", "sharedStrings", "/xl/texts.xml") + relation("y", "styles", "styles.xml");
    parts.emplace_back("_rels/.rels", "<Relationships>" + relation("w", "officeDocument", "xl/book.xml") +
                                          "</Relationships>");
    parts.emplace_back("xl/_rels/book.xml.rels", "<Relationships>" + relations + "</Relationships>");
    parts.emplace_back("xl/book.xml", "<x:workbook xmlns:x=\"m\" xmlns:r=\"r\"><x:workbookPr " + properties +
                                          "/><sheets>" + list + "</sheets></x:workbook>");
    parts.emplace_back("xl/texts.xml", "<sst>" + texts + "</sst>");
    parts.emplace_back("xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>");
    return zip_of(parts);
  }

 private:
  std::string merged_cells() const {
    std::string cells;
    for (const std::string& region : merged) cells += "<mergeCell ref=\"" + region + "\"/>";
    return cells.empty() ? cells : "<mergeCells>" + cells + "</mergeCells>";
  }
  static std::string relation(const std::string& id, const std::string& type, const std::string& target) {
    return "<Relationship Id=\"" + id + "\" Type=\"http://schemas/" + type + "\" Target=\"" + target + "\"/>";
  }
};

// A file that is gone with the object.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& bytes) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor >= 0) ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~ScratchFile() { ::unlink(path_.c_str()); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/crm-test-XXXXXX";
};

}  // namespace crm::test
