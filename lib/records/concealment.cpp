#include "records/concealment.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "entity/descriptors.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::string_view kHidden = "***";
// Of options that are no fields: they name people, stages or days.
constexpr std::array<std::string_view, 4> kHarmless = {"to", "as", "role", "until"};

std::string_view name_behind(const Field& field) {
  return field.name_of.empty() ? field.name : std::string_view("name");
}

// The words of a line as they stand there; quotes hold one together.
std::vector<std::string_view> quoted_words(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t begin = std::string_view::npos;
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\'') in_quotes = !in_quotes;
    if (line[i] == '\\' && !in_quotes && i + 1 < line.size()) ++i;
    if (line[i] == ' ' && !in_quotes) {
      if (begin != std::string_view::npos) words.push_back(line.substr(begin, i - begin));
      begin = std::string_view::npos;
    } else if (begin == std::string_view::npos) {
      begin = i;
    }
  }
  if (begin != std::string_view::npos) words.push_back(line.substr(begin));
  return words;
}

// What an option's value, a term or a word of a command line may be.
class CommandText {
 public:
  explicit CommandText(Session& session) : session_(session), concealed_(rights(session).concealed) {}

  std::string of(std::string_view command) {
    constexpr std::size_t kVerbWords = 2;  // "crm lead"
    const std::vector<std::string_view> words = quoted_words(command);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string_view word = words[i];
      if (i < kVerbWords) {
        append(word);
      } else if (!word.starts_with("--")) {
        // A short option may have its value in the same word.
        append(word.starts_with('-') && word.size() > 2 ? std::string(kHidden) : shown_word(word));
      } else if (const std::size_t equals = word.find('='); equals != std::string_view::npos) {
        append(word.substr(0, equals + 1));
        text_ += shown_value(word.substr(2, equals - 2), word.substr(equals + 1));
      } else {
        append(word);
        if (i + 1 < words.size() && !words[i + 1].starts_with('-'))
          append(shown_value(word.substr(2), words[++i]));
      }
    }
    return std::move(text_);
  }

 private:
  void append(std::string_view word) { text_.append(text_.empty() ? "" : " ").append(word); }

  bool is_concealed(std::string_view field) const { return concealed_.find(field) != concealed_.end(); }

  // The field that options and terms of that name give, of whatever kind; null where there is none, or it is
  // not shown.
  const Field* open_field(std::string name) const {
    std::replace(name.begin(), name.end(), '-', '_');
    if (is_concealed(name)) return nullptr;
    for (const Entity& kind : entities()) {
      if (const Field* field = session_.view(kind.kind).find(name)) return field;
    }
    return nullptr;
  }

  std::string shown_value(std::string_view option, std::string_view value) const {
    if (option == "field") return shown_word(value);
    if (std::find(kHarmless.begin(), kHarmless.end(), option) != kHarmless.end()) return shown_text_of(value);
    const Field* field = open_field(std::string(option));
    return field == nullptr ? std::string(kHidden) : shown_value(*field, value);
  }
  std::string shown_value(const Field& field, std::string_view value) const {
    const bool is_text = field.type == FieldType::text || field.type == FieldType::note ||
                         field.type == FieldType::phone || field.type == FieldType::email ||
                         field.type == FieldType::reference || field.type == FieldType::record;
    return is_text ? shown_text_of(value) : std::string(value);
  }

  // A value of --field, a term, or what names a record.
  std::string shown_word(std::string_view word) const {
    const std::size_t begin = word.starts_with('\'') ? 1 : 0;
    const std::size_t end = word.find_first_of("=!<>~");
    if (end == std::string_view::npos) return shown_text_of(word);
    const Field* field = open_field(std::string(word.substr(begin, end - begin)));
    if (field != nullptr) return shown_value(*field, word);
    return std::string(word.substr(begin, end - begin)) + '=' + std::string(kHidden);
  }

  // Texts may hold a number or an address; a record may be called by one.
  std::string shown_text_of(std::string_view text) const {
    constexpr std::ptrdiff_t kShortestNumber = 5;
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool hides =
        digits >= kShortestNumber || text.find('@') != std::string_view::npos || is_concealed("name");
    return std::string(hides ? kHidden : text);
  }

  Session& session_;
  const Concealed& concealed_;
  std::string text_;
};

}  // namespace

bool is_guarded(Session& session, const Field& field) {
  if (field.sensitive) return true;
  const std::string_view name = name_behind(field);
  const auto& roles = session.state().process().roles;
  return std::any_of(roles.begin(), roles.end(), [&](const Role& role) {
    return std::find(role.reveal.begin(), role.reveal.end(), name) != role.reveal.end();
  });
}

Error reference_taken(Session& session, const std::string& ref, RecordId holder) {
  if (!may_see(session, holder))
    return Error(ErrorCode::conflict, "the reference " + quoted(ref) + " is taken", "give another reference")
        .about_field("ref");
  return Error(ErrorCode::conflict, "the reference " + quoted(ref) + " belongs to " + to_string(holder),
               "edit that record, or give another reference")
      .about_field("ref");
}

bool reads_everything(Session& session) {
  const Rights& mine = rights(session);
  return mine.everything || mine.concealed.empty();
}

std::string shown_command(Session& session, std::string_view command) {
  if (reads_everything(session)) return std::string(command);
  return CommandText(session).of(command);
}

}  // namespace crm
