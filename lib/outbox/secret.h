// Secrets by reference: read when they are needed, never stored, printed or logged.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace crm {

using VariableLookup = std::function<std::optional<std::string>(const std::string&)>;

// Whether the text says where a secret is kept: file:PATH (absolute), credential:NAME, env:NAME, fd:N.
bool is_secret_reference(std::string_view text);
inline constexpr const char* kSecretForms = "file:PATH, credential:NAME, env:NAME or fd:N";

// A secret's text, wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  void wipe();
  std::string text_;
};

// The secret without a final line end. `what` begins the message ("the password of 'mail'"). Throws Error{io}
// where it cannot be read, Error{not_permitted} where others could read its file, Error{invalid} where it is
// empty, holds control characters or more than 4 KiB. None of these says what it holds.
Secret read_secret(std::string_view reference, const VariableLookup& variable, const std::string& what);

// The text with each of the secret's occurrences replaced by "***".
std::string redacted(std::string text, const Secret& secret);

}  // namespace crm
