#include "records/new_refs.h"

#include <functional>
#include <new>

namespace crm {
namespace {

constexpr std::size_t kFilterLines = std::size_t{1} << 17;
constexpr int kBitsOfOne = 8;
constexpr std::size_t kSharp = 2'000'000;

std::uint64_t mixed(std::uint64_t bits) {
  bits ^= bits >> 31;
  bits *= 0x9e3779b97f4a7c15U;
  return bits ^ (bits >> 29);
}

}  // namespace

NewRefs::NewRefs(Connection& connection)
    : lines_(static_cast<Line*>(std::calloc(kFilterLines, sizeof(Line)))) {  // NOLINT: zeros, untouched
  if (!lines_) throw std::bad_alloc();
  connection.each("SELECT kind, source, key FROM external_ref", {},
                  [&](const Row& row) { note(static_cast<Kind>(row.integer(0)), row.text(1), row.text(2)); });
}

NewRefs::Bits NewRefs::bits_of(Kind kind, std::string_view source, std::string_view key) {
  const std::hash<std::string_view> hash;
  const std::uint64_t whole = mixed(hash(key) + 31 * hash(source) + static_cast<std::uint64_t>(kind));
  Bits bits;
  bits.place = whole % kFilterLines;
  std::uint64_t rest = mixed(whole);
  for (int i = 0; i < kBitsOfOne; ++i, rest >>= 9) {
    if (i == kBitsOfOne / 2) rest = mixed(whole + 1);
    bits.line[(rest >> 6) % 8] |= std::uint64_t{1} << (rest % 64);
  }
  return bits;
}

bool NewRefs::may_be_known(Kind kind, std::string_view source, std::string_view key) const {
  const Bits bits = bits_of(kind, source, key);
  const Line& line = lines_[bits.place];
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((line[i] & bits.line[i]) != bits.line[i]) return false;
  }
  return true;
}

bool NewRefs::note(Kind kind, std::string_view source, std::string_view key) {
  const Bits bits = bits_of(kind, source, key);
  Line& line = lines_[bits.place];
  std::uint64_t missing = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    missing |= bits.line[i] & ~line[i];
    line[i] |= bits.line[i];
  }
  if (missing != 0) ++noted_;
  return missing == 0;
}

bool NewRefs::is_sharp() const {
  return noted_ <= kSharp;
}

}  // namespace crm
