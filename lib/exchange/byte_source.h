// Bytes from a file or a pipe, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace crm {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads up to `size` bytes; 0 only at the end. Throws Error{io}.
  virtual std::size_t read(char* into, std::size_t size) = 0;
  // Goes back to the first byte, or returns false where that cannot be done (a pipe).
  virtual bool rewind() = 0;
  // How many bytes there are in all; 0 where that is not known.
  virtual std::uint64_t size() const { return 0; }
};

// The file at the path; "-" is standard input. Throws Error{not_found} where there is none, Error{io} where
// it cannot be opened or is a directory.
std::unique_ptr<ByteSource> open_bytes(const std::string& path);

// Whether what the path names gives its bytes once, as standard input, a pipe or /dev/stdin does: whoever
// opened it again would take them from the first reader, or wait for a writer for ever.
bool is_read_once(const std::string& path);

}  // namespace crm
