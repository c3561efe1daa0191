#include "store/sqlite/early_writeback.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

namespace crm {
namespace {

// Less is synced in no time.
constexpr sqlite3_int64 kMuch = 16 << 20;
// The system is told of so much at once.
constexpr sqlite3_int64 kAtOnce = 2 << 20;

// Where the descriptor of a write goes, while somebody asks for it.
thread_local int* asked_for = nullptr;

using Write = ssize_t (*)(int, const void*, std::size_t, off_t);
Write system_write = nullptr;

void begin([[maybe_unused]] int descriptor, [[maybe_unused]] off_t from, [[maybe_unused]] off_t to) {
#ifdef SYNC_FILE_RANGE_WRITE
  static_cast<void>(::sync_file_range(descriptor, from, to - from, SYNC_FILE_RANGE_WRITE));
#endif
}

ssize_t write_and_note(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  if (asked_for != nullptr) *asked_for = descriptor;
  return system_write(descriptor, bytes, size, offset);
}

}  // namespace

// A thread that has the system begin with what is written to a file.
class EarlyWriteback::Beginner {
 public:
  Beginner() : thread_([this] { work(); }) {}
  ~Beginner() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      changed_.notify_one();
    }
    thread_.join();
  }
  Beginner(const Beginner&) = delete;
  Beginner& operator=(const Beginner&) = delete;

  void add(int descriptor, sqlite3_int64 from, sqlite3_int64 to) {
    const std::lock_guard lock(mutex_);
    descriptor_ = descriptor;
    from_ = is_empty() ? from : std::min(from_, from);
    to_ = std::max(to_, to);
    if (to_ - from_ >= kAtOnce) changed_.notify_one();
  }

 private:
  bool is_empty() const { return to_ == 0; }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return ended_ || to_ - from_ >= kAtOnce; });
      if (ended_) return;
      const sqlite3_int64 from = std::exchange(from_, 0), to = std::exchange(to_, 0);
      const int descriptor = descriptor_;
      lock.unlock();
      begin(descriptor, from, to);
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int descriptor_ = -1;
  sqlite3_int64 from_ = 0;  // with what was written in between
  sqlite3_int64 to_ = 0;
  bool ended_ = false;
  std::thread thread_;
};

EarlyWriteback::EarlyWriteback() = default;
EarlyWriteback::~EarlyWriteback() {
  end();
}

int EarlyWriteback::write(sqlite3_file& file, const void* bytes, int amount, sqlite3_int64 offset) {
  int descriptor = -1;
  asked_for = &descriptor;
  const int code = file.pMethods->xWrite(&file, bytes, amount, offset);
  asked_for = nullptr;
  written_ += amount;
  if (code != SQLITE_OK || descriptor < 0 || written_ < kMuch) return code;
  try {
    if (!beginner_) beginner_ = std::make_unique<Beginner>();
  } catch (const std::system_error&) {
    return code;  // no thread can be had
  } catch (const std::bad_alloc&) {
    return code;
  }
  beginner_->add(descriptor, offset, offset + amount);
  return code;
}

void EarlyWriteback::end() noexcept {
  beginner_.reset();
  written_ = 0;
}

void note_descriptors(sqlite3_vfs& unix_files) {
  if (unix_files.iVersion < 3 || unix_files.xGetSystemCall == nullptr || system_write != nullptr) return;
  for (const char* name : {"pwrite64", "pwrite"}) {
    const sqlite3_syscall_ptr call = unix_files.xGetSystemCall(&unix_files, name);
    if (call == nullptr) continue;
    system_write = reinterpret_cast<Write>(call);
    unix_files.xSetSystemCall(&unix_files, name, reinterpret_cast<sqlite3_syscall_ptr>(write_and_note));
    return;
  }
}

}  // namespace crm
