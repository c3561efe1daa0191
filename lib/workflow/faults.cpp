#include "workflow/faults.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "modules/yaml_tree.h"

namespace crm {
namespace {

// Nobody reads more; a hostile file could ask for a hundred thousand.
constexpr std::size_t kMaxShown = 200;

// The byte of the text that an expression's error points at.
std::size_t offset_of(std::string_view text, const Location& place) {
  std::size_t offset = 0;
  for (int line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n', offset);
    if (end == std::string_view::npos) return 0;
    offset = end + 1;
  }
  std::string_view rest = text.substr(offset);
  for (int column = 1; column < place.column && !rest.empty(); ++column) next_character(rest);
  return text.size() - rest.size();
}

}  // namespace

void Faults::add(const Node& at, std::string message, std::string hint) {
  add_at(at.line, at.column, std::move(message), std::move(hint));
}

void Faults::add_within(const Node& scalar, std::size_t offset, std::string message, std::string hint) {
  const std::string_view text = scalar.text;
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t last_break = before.rfind('\n');
  const std::size_t begin = last_break == std::string_view::npos ? 0 : last_break + 1;
  const std::string_view wanted = text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
  // A block of text begins on the line after its mark.
  const int line = scalar.line + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  for (const int candidate : {line, line + 1}) {
    const std::string source = line_text(text_, candidate);
    std::string_view before_scalar = source;
    if (candidate == scalar.line) {
      for (int i = 1; i < scalar.column && !before_scalar.empty(); ++i) next_character(before_scalar);
    }
    const std::size_t skipped = source.size() - before_scalar.size();
    const std::size_t found = source.find(wanted, skipped);
    if (wanted.empty() || found == std::string::npos) continue;
    const std::string_view shown = std::string_view(source).substr(0, found + offset - begin);
    add_at(candidate, static_cast<int>(character_count(shown)) + 1, std::move(message), std::move(hint));
    return;
  }
  add(scalar, std::move(message), std::move(hint));
}

void Faults::add_expression(const Node& scalar, const Error& error) {
  if (error.problems().empty()) {
    add(scalar, error.message(), error.hint());
    return;
  }
  const Problem& problem = error.problems().front();
  add_within(scalar, offset_of(scalar.text, problem.location), problem.message, problem.hint);
}

void Faults::warn(const Node& at, std::string message, std::string hint) {
  if (warnings_.size() < kMaxShown)
    warnings_.push_back(
        {{file_, at.line, at.column}, std::move(message), std::move(hint), line_text(text_, at.line)});
}

std::vector<Problem> Faults::warnings() const {
  std::vector<Problem> sorted = warnings_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.location.line, a.location.column) < std::tie(b.location.line, b.location.column);
  });
  return sorted;
}

void Faults::add_at(int line, int column, std::string message, std::string hint) {
  if (++count_ > kMaxShown) {
    if (ends_when_full_) throw TooManyFaults();
    return;
  }
  problems_.push_back({{file_, line, column}, std::move(message), std::move(hint), line_text(text_, line)});
}

void Faults::finish() {
  const auto key = [](const Problem& problem) {
    return std::tie(problem.location.line, problem.location.column, problem.message);
  };
  const auto begin = problems_.begin() + static_cast<std::ptrdiff_t>(first_);
  std::stable_sort(begin, problems_.end(),
                   [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  // A template that two reminders use is held against both.
  const auto same = [&](const Problem& a, const Problem& b) { return key(a) == key(b); };
  problems_.erase(std::unique(begin, problems_.end(), same), problems_.end());
  if (count_ > kMaxShown)
    problems_.push_back({{file_, 0, 0}, "there are more faults", "put these right first", {}});
}

std::string nearest_hint(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t kMaxListed = 12;
  if (const auto near = nearest(name, known)) return "did you mean " + quoted(*near) + "?";
  return known.empty() || known.size() > kMaxListed ? "" : "known here: " + listed(known);
}

}  // namespace crm
