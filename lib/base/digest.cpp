#include "base/digest.h"

#include <nettle/sha2.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>

#include "crm/error.h"

namespace crm {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// BLAKE2b chooses its fastest form here, and the generator its source.
void start_sodium() {
  static const bool started = sodium_init() >= 0;
  if (!started)
    throw Error(ErrorCode::failed, "cannot start libsodium",
                "see that the system has a source of randomness");
}

sha256_ctx* state_of(std::byte* storage) {
  return std::launder(reinterpret_cast<sha256_ctx*>(storage));
}
crypto_generichash_state* blake_state(std::byte* storage) {
  return std::launder(reinterpret_cast<crypto_generichash_state*>(storage));
}

}  // namespace

Sha256::Sha256() {
  static_assert(sizeof(state_) >= sizeof(sha256_ctx));
  static_assert(alignof(Sha256) >= alignof(sha256_ctx));
  sha256_init(new (state_.data()) sha256_ctx);
}

void Sha256::update(std::string_view bytes) {
  sha256_update(state_of(state_.data()), bytes.size(), bytes_of(bytes));
}

std::string Sha256::digest() {
  std::string out(SHA256_DIGEST_SIZE, '\0');
  sha256_digest(state_of(state_.data()), out.size(), bytes_of(out));
  return out;
}

Blake2b::Blake2b() {
  static_assert(sizeof(state_) >= sizeof(crypto_generichash_state));
  static_assert(alignof(Blake2b) >= alignof(crypto_generichash_state));
  start_sodium();
  crypto_generichash_init(new (state_.data()) crypto_generichash_state, nullptr, 0, crypto_generichash_BYTES);
}

void Blake2b::update(std::string_view bytes) {
  crypto_generichash_update(blake_state(state_.data()), bytes_of(bytes), bytes.size());
}

std::string Blake2b::digest() {
  std::string out(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(blake_state(state_.data()), bytes_of(out), out.size());
  return out;
}

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.digest();
}

std::string salted_digest(std::string_view bytes, std::string_view salt) {
  start_sodium();
  if (salt.size() != crypto_generichash_blake2b_SALTBYTES)
    throw Error(ErrorCode::failed, "a digest needs a salt of 16 bytes");
  std::string out(crypto_generichash_blake2b_BYTES_MIN, '\0');
  crypto_generichash_blake2b_salt_personal(bytes_of(out), out.size(), bytes_of(bytes), bytes.size(), nullptr,
                                           0, bytes_of(salt), nullptr);
  return out;
}

std::string random_bytes(std::size_t count) {
  // A system call for each of the salts of an import would cost more than the digests.
  constexpr std::size_t kBlock = 4096;
  thread_local std::string block;
  start_sodium();
  std::string out;
  while (out.size() < count) {
    if (block.empty()) {
      // Drawn from a seed of the system's: it would be asked for these many bytes by many calls.
      std::array<unsigned char, randombytes_SEEDBYTES> seed;
      randombytes_buf(seed.data(), seed.size());
      block.resize(kBlock);
      randombytes_buf_deterministic(block.data(), block.size(), seed.data());
    }
    const std::size_t taken = std::min(count - out.size(), block.size());
    out.append(block, block.size() - taken, taken);
    block.resize(block.size() - taken);
  }
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xF];
  }
  return out;
}

}  // namespace crm
