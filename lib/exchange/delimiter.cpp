#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/delimited_reader.h"

namespace crm {
namespace {

constexpr std::size_t kRecords = 20;
constexpr std::size_t kHead = std::size_t{64} << 10;

// The numbers of fields of the first records, were this the delimiter.
std::vector<std::size_t> field_counts(std::string_view head, char delimiter) {
  std::vector<std::size_t> counts;
  std::size_t fields = 1;
  bool quoted = false;
  bool at_start = true;  // of a field
  bool empty = true;
  for (std::size_t i = 0; i < head.size() && counts.size() < kRecords; ++i) {
    const char character = head[i];
    if (quoted) {
      quoted = character != '"';
      continue;
    }
    // A doubled quote closes the field and opens it again, which comes to the same.
    if (character == '"' && (at_start || (i > 0 && head[i - 1] == '"'))) {
      quoted = true;
      at_start = empty = false;
    } else if (character == delimiter) {
      ++fields;
      at_start = true;
      empty = false;
    } else if (character == '\n' || character == '\r') {
      if (!empty) counts.push_back(fields);
      fields = 1;
      at_start = empty = true;
    } else {
      at_start = empty = false;
    }
  }
  // What the head cuts off counts only where there is nothing else.
  if (counts.empty() && !empty) counts.push_back(fields);
  return counts;
}

// Which of them divides the records most alike, and into most fields; NUL where none does.
char best_of(std::initializer_list<char> delimiters, std::string_view head) {
  char best = '\0';
  std::pair<double, std::size_t> best_score{};  // the share of records like the first, then its fields
  for (const char delimiter : delimiters) {
    const std::vector<std::size_t> counts = field_counts(head, delimiter);
    if (counts.empty() || counts.front() < 2) continue;
    const auto alike = std::count(counts.begin(), counts.end(), counts.front());
    const std::pair score{static_cast<double>(alike) / static_cast<double>(counts.size()), counts.front()};
    if (score > best_score) {
      best = delimiter;
      best_score = score;
    }
  }
  return best;
}

// The same for a table under notes, which the delimiter does not divide; NUL where it is not certain.
char best_under_notes(std::initializer_list<char> delimiters, std::string_view head) {
  constexpr std::size_t kFewestFields = 3;
  for (const char delimiter : delimiters) {
    const std::vector<std::size_t> counts = field_counts(head, delimiter);
    const auto first =
        std::find_if(counts.begin(), counts.end(), [](std::size_t count) { return count > 1; });
    if (counts.end() - first < 2 || *first < kFewestFields) continue;
    if (std::count(first, counts.end(), *first) == counts.end() - first) return delimiter;
  }
  return '\0';
}

}  // namespace

char detect_delimiter(std::string_view head) {
  head = head.substr(0, kHead);
  if (head.size() >= 5 && head.starts_with("sep=") &&
      (head.size() == 5 || head[5] == '\r' || head[5] == '\n')) {
    return head[4];
  }
  const char usual = best_of({',', '\t', ';', '|'}, head);
  if (usual == '\0') {
    if (const char noted = best_under_notes({',', '\t', ';', '|'}, head); noted != '\0') return noted;
  }
  const char delimiter = usual == '\0' ? best_of({'^', '~', ':', '\x1F', '\x01'}, head) : usual;
  return delimiter == '\0' ? ',' : delimiter;
}

}  // namespace crm
