// Digests (SHA-256 by Nettle, BLAKE2b by libsodium) and randomness (libsodium).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace crm {

// SHA-256 (FIPS 180-4), fed piece by piece. A copy goes on from where the original stands.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  std::string digest();  // 32 bytes; the object takes no more after that

 private:
  // Nettle's state, which no header outside this room's sources need know.
  alignas(16) std::array<std::byte, 128> state_;
};

// BLAKE2b-256 (RFC 7693), fed piece by piece: four times as fast. A copy goes on from where the original
// stands.
class Blake2b {
 public:
  Blake2b();
  void update(std::string_view bytes);
  std::string digest();  // 32 bytes; the object takes no more after that

 private:
  alignas(64) std::array<std::byte, 384> state_;
};

std::string sha256(std::string_view bytes);  // 32 bytes
// BLAKE2b-128 (RFC 7693) with a salt of 16 bytes: 16 bytes. For row digests: fast (a key would cost a block
// more), and nothing can be guessed from it without the salt.
std::string salted_digest(std::string_view bytes, std::string_view salt);
// Cryptographically random bytes. Drawn from the system in blocks: not to be called in a child after fork().
std::string random_bytes(std::size_t count);
// Two lower-case digits for each byte.
std::string hex(std::string_view bytes);

}  // namespace crm
