#include "app/account.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace crm::cmd {

std::string operating_system_account() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? std::string(found->pw_name) : std::to_string(::getuid());
}

}  // namespace crm::cmd
