#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "crm/error.h"
#include "outbox/channel.h"
#include "outbox/descriptor.h"
#include "outbox/mail_message.h"

namespace crm {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  const int reason = errno;
  throw Error(ErrorCode::io, "cannot " + what + ' ' + quoted(path) + ": " + std::strerror(reason));
}

// The same for the same key, different for different ones, and safe as a file's name.
std::string file_name(const std::string& key) {
  std::string name;
  for (const char c : key) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    name += plain ? c : '-';
  }
  constexpr std::size_t kMaxReadable = 150;
  return name.substr(0, kMaxReadable) + '-' + hex(sha256(key)).substr(0, 8) + ".eml";
}

class DirectoryChannel final : public Channel {
 public:
  DirectoryChannel(std::string directory, std::string from)
      : directory_(std::move(directory)), from_(std::move(from)), handle_(open_directory(directory_)) {}

  std::string name() const override { return "file:" + directory_; }

  HandoverResult hand_over(const Message& message) override {
    if (mail_address(message.address).empty())
      return {Handover::refused, quoted(message.address) + " is no address that mail can go to"};
    const std::string name = file_name(message.key);
    const std::string unfinished = '.' + name + ".part";
    const std::string path = directory_ + '/' + name;
    // What a killed sender left; an open() that follows it would write into somebody else's file.
    if (::unlinkat(handle_.number(), unfinished.c_str(), 0) != 0 && errno != ENOENT) fail("write", path);
    Descriptor file(::openat(handle_.number(), unfinished.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open() || !file.write_all(mail_text(message, from_, "\r\n")) ||
        ::fsync(file.number()) != 0 || !file.close() ||
        ::renameat(handle_.number(), unfinished.c_str(), handle_.number(), name.c_str()) != 0 ||
        ::fsync(handle_.number()) != 0) {
      fail("write", path);
    }
    return {Handover::sent, name};
  }

 private:
  static int open_directory(const std::string& directory) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) fail("make the directory", directory);
    const int handle = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) fail("open the directory", directory);
    return handle;
  }

  std::string directory_;
  std::string from_;
  Descriptor handle_;
};

}  // namespace

std::unique_ptr<Channel> open_directory_channel(const std::string& directory, const std::string& from) {
  return std::make_unique<DirectoryChannel>(directory, from);
}

}  // namespace crm
