#include "store/sqlite/run_reader.h"

#include "store/sqlite/varint.h"

namespace crm {

RunReader::RunReader(sqlite3* side, std::int64_t run)
    : select_(side, "SELECT bytes FROM piece WHERE id = ?1"), next_piece_(first_piece(run)) {}

std::string_view RunReader::take_bytes() {
  std::string_view rest = std::string_view(piece_).substr(at_);
  std::uint64_t size = 0;
  take_varint(rest, size);
  const std::string_view bytes = rest.substr(0, size);
  at_ = piece_.size() - rest.size() + bytes.size();
  return bytes;
}

bool RunReader::next() {
  if (at_ == piece_.size()) {
    select_.bind(1, next_piece_++);
    if (!select_.step()) return false;
    piece_ = select_.bytes(0);
    at_ = 0;
    select_.step();  // to its end: it can be used again
  }
  word_ = take_bytes();
  doclist_ = take_bytes();
  order_ = WordOrder(word_, word_beginning(word_));
  return true;
}

}  // namespace crm
