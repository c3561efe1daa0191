#include "exchange/record_buffer.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "exchange/byte_scan.h"

namespace crm {
namespace {

constexpr std::size_t kLongestShownLine = 400;
// TextReader::read wants room for at least one character.
constexpr std::size_t kLeastCapacity = 64;

}  // namespace

RecordBuffer::RecordBuffer(TextReader& text, std::size_t capacity)
    : text_(text), capacity_(std::max(capacity, kLeastCapacity)) {
  data_ = std::make_unique_for_overwrite<char[]>(capacity_ + kScanSlack);
}

bool RecordBuffer::refill() {
  if (at_end_) return false;
  const std::size_t kept = end_ - begin_;
  if (kept * 2 > capacity_) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_ * 2 + kScanSlack);
    std::memcpy(larger.get(), begin(), kept);
    data_ = std::move(larger);
    capacity_ *= 2;
  } else {
    std::memmove(data_.get(), begin(), kept);
  }
  begin_ = 0;
  end_ = kept;
  while (capacity_ - end_ >= kLeastCapacity / 2 && !at_end_) {
    const std::size_t count = text_.read(data_.get() + end_, capacity_ - end_);
    at_end_ = count == 0;
    end_ += count;
  }
  return end_ > kept;
}

std::int64_t count_line_ends(std::string_view text) {
  std::int64_t count = std::count(text.begin(), text.end(), '\n');
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') ++count;
  }
  return count;
}

Location place_in_record(std::string_view before, std::int64_t line, const std::string& file) {
  const std::size_t last = before.find_last_of("\r\n");
  const std::string_view in_line = last == std::string_view::npos ? before : before.substr(last + 1);
  return {file, static_cast<int>(line + count_line_ends(before)),
          static_cast<int>(character_count(in_line)) + 1};
}

std::string line_around(std::string_view text, std::size_t offset) {
  const std::size_t before = text.substr(0, offset).find_last_of("\r\n");
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find_first_of("\r\n", offset), text.size());
  return end - start > kLongestShownLine ? std::string() : std::string(text.substr(start, end - start));
}

}  // namespace crm
