#include "duplicates/similarity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/text.h"

namespace crm {
namespace {

// The characters of a text, the first ones of a very long one.
class Characters {
 public:
  explicit Characters(std::string_view text) {
    while (!text.empty() && size_ < items_.size()) {
      const auto byte = static_cast<unsigned char>(text.front());
      if (byte < 0x80) {
        items_[size_++] = byte;
        text.remove_prefix(1);
      } else {
        items_[size_++] = next_character(text);
      }
    }
  }
  std::span<const char32_t> get() const { return {items_.data(), size_}; }

 private:
  std::array<char32_t, 96> items_;
  std::size_t size_ = 0;
};

double jaro(std::span<const char32_t> a, std::span<const char32_t> b) {
  if (a.empty() || b.empty()) return 0;
  const std::size_t longest = std::max(a.size(), b.size());
  const std::size_t reach = longest > 3 ? longest / 2 - 1 : 0;
  std::array<bool, 96> taken_a{}, taken_b{};
  std::size_t common = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t end = std::min(b.size(), i + reach + 1);
    for (std::size_t j = i > reach ? i - reach : 0; j < end; ++j) {
      if (taken_b[j] || a[i] != b[j]) continue;
      taken_a[i] = taken_b[j] = true;
      ++common;
      break;
    }
  }
  if (common == 0) return 0;
  std::size_t moved = 0;
  for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
    if (!taken_a[i]) continue;
    while (!taken_b[j]) ++j;
    if (a[i] != b[j]) ++moved;
    ++j;
  }
  const std::size_t transposed = moved / 2;
  const auto m = static_cast<double>(common);
  return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
          (m - static_cast<double>(transposed)) / m) /
         3;
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) {
  const Characters first(a), second(b);
  const auto x = first.get();
  const auto y = second.get();
  const double similarity = jaro(x, y);
  constexpr std::size_t kMostPrefix = 4;
  constexpr double kBonus = 0.1;
  std::size_t prefix = 0;
  while (prefix < std::min({x.size(), y.size(), kMostPrefix}) && x[prefix] == y[prefix]) ++prefix;
  return similarity + static_cast<double>(prefix) * kBonus * (1 - similarity);
}

double bigram_dice(std::string_view a, std::string_view b) {
  const auto pairs = [](std::span<const char32_t> text, std::array<std::uint64_t, 96>& out) {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
      out[count++] = (std::uint64_t{text[i]} << 32) | text[i + 1];
    std::sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  };
  const Characters first(a), second(b);
  std::array<std::uint64_t, 96> x, y;
  const std::size_t n = pairs(first.get(), x), m = pairs(second.get(), y);
  if (n + m == 0) return 0;
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    if (x[i] == y[j]) {
      ++common, ++i, ++j;
    } else {
      x[i] < y[j] ? ++i : ++j;
    }
  }
  return 2 * static_cast<double>(common) / static_cast<double>(n + m);
}

std::size_t edits(std::string_view a, std::string_view b, std::size_t most) {
  const Characters first(a), second(b);
  const auto x = first.get();
  const auto y = second.get();
  if (std::max(x.size(), y.size()) - std::min(x.size(), y.size()) > most) return most + 1;
  std::array<std::array<std::size_t, 97>, 3> rows;
  for (std::size_t j = 0; j <= y.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return std::min(rows[x.size() % 3][y.size()], most + 1);
}

}  // namespace crm
