#include "outbox/secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/descriptor.h"

namespace crm {
namespace {

constexpr std::string_view kFileReference = "file:";
constexpr std::string_view kCredential = "credential:";
constexpr std::string_view kVariable = "env:";
constexpr std::string_view kDescriptorReference = "fd:";
constexpr std::size_t kMostBytes = 4096;
// A redacted text must not lose every "a" to a secret of one letter.
constexpr std::size_t kLeastRedacted = 4;

bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '/' && c != '=';
  });
}

std::optional<int> descriptor_number(std::string_view text) {
  int number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

[[noreturn]] void fail(const std::string& what, std::string_view reference, const std::string& why) {
  throw Error(ErrorCode::io, "cannot read " + what + " from " + quoted(reference) + ": " + why);
}

std::string read_all(int descriptor, const std::string& what, std::string_view reference) {
  std::string text;
  std::array<char, 1024> bytes;
  for (;;) {
    const ssize_t size = ::read(descriptor, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail(what, reference, std::strerror(errno));
    if (size == 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(size));
    if (text.size() > kMostBytes) break;
  }
  sodium_memzero(bytes.data(), bytes.size());
  return text;
}

constexpr mode_t kNobodyElse = 077;
// systemd lets the service read a credential by an access list, which shows as a right of the group; its
// directory keeps everybody else out.
constexpr mode_t kNotAll = 007;

std::string read_file(const std::string& path, mode_t forbidden, const std::string& what,
                      std::string_view reference) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open()) fail(what, reference, std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) fail(what, reference, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) fail(what, reference, "it is no file");
  if ((status.st_mode & forbidden) != 0) {
    throw Error(ErrorCode::not_permitted, quoted(reference) + " can be read by others",
                "chmod 400 " + quoted(path));
  }
  return read_all(file.number(), what, reference);
}

// What was handed over outlived an exec; all that this process opens, its database among it, would not.
std::string read_descriptor(int number, const std::string& what, std::string_view reference) {
  const int flags = ::fcntl(number, F_GETFD);
  if (flags < 0 || (flags & FD_CLOEXEC) != 0)
    fail(what, reference, "no such descriptor was handed to this process");
  return read_all(number, what, reference);
}

std::string read_reference(std::string_view reference, const VariableLookup& variable,
                           const std::string& what) {
  const auto look_up = [&](const std::string& name) { return variable ? variable(name) : std::nullopt; };
  if (reference.starts_with(kFileReference)) {
    return read_file(std::string(reference.substr(kFileReference.size())), kNobodyElse, what, reference);
  }
  if (reference.starts_with(kCredential)) {
    const auto directory = look_up("CREDENTIALS_DIRECTORY");
    if (!directory) fail(what, reference, "systemd has given this process no credentials");
    return read_file(*directory + '/' + std::string(reference.substr(kCredential.size())), kNotAll, what,
                     reference);
  }
  if (reference.starts_with(kVariable)) {
    const auto value = look_up(std::string(reference.substr(kVariable.size())));
    if (!value) fail(what, reference, "the variable is not set");
    return *value;
  }
  return read_descriptor(*descriptor_number(reference.substr(kDescriptorReference.size())), what, reference);
}

}  // namespace

bool is_secret_reference(std::string_view text) {
  if (text.starts_with(kFileReference)) return text.substr(kFileReference.size()).starts_with('/');
  if (text.starts_with(kCredential)) return is_plain_name(text.substr(kCredential.size()));
  if (text.starts_with(kVariable)) return is_plain_name(text.substr(kVariable.size()));
  return text.starts_with(kDescriptorReference) &&
         descriptor_number(text.substr(kDescriptorReference.size()));
}

Secret::~Secret() {
  wipe();
}

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(text_, other.text_);
  return *this;
}

void Secret::wipe() {
  if (!text_.empty()) sodium_memzero(text_.data(), text_.size());
  text_.clear();
}

Secret read_secret(std::string_view reference, const VariableLookup& variable, const std::string& what) {
  std::string text = read_reference(reference, variable, what);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  Secret secret(std::move(text));
  const std::string& bytes = secret.text();
  const bool control = std::any_of(bytes.begin(), bytes.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
  if (bytes.empty() || control || bytes.size() > kMostBytes) {
    throw Error(ErrorCode::invalid, what + " in " + quoted(reference) +
                                        (bytes.empty() ? " is empty"
                                         : control     ? " is more than one line"
                                                       : " is longer than 4 KiB"));
  }
  return secret;
}

std::string redacted(std::string text, const Secret& secret) {
  if (secret.text().size() < kLeastRedacted) return text;
  for (std::size_t at = 0; (at = text.find(secret.text(), at)) != std::string::npos;) {
    text.replace(at, secret.text().size(), "***");
  }
  return text;
}

}  // namespace crm
