#include "base/digest.h"

#include <doctest/doctest.h>

#include <set>

#include "crm/error.h"

using namespace crm;

TEST_CASE("SHA-256 of FIPS 180-4's examples") {
  const std::string expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(hex(sha256("abc")) == expected);
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 pieces;
  pieces.update("a");
  pieces.update("");
  pieces.update("bc");
  CHECK(hex(pieces.digest()) == expected);
}

TEST_CASE("salted digests depend on the salt") {
  const std::string salt(16, 's');
  CHECK(salted_digest("row", salt).size() == 16);
  CHECK(salted_digest("row", salt) == salted_digest("row", salt));
  CHECK(salted_digest("row", salt) != salted_digest("row", std::string(16, 't')));
  CHECK(salted_digest("row", salt) != salted_digest("rows", salt));
  CHECK_THROWS_AS(salted_digest("row", "short"), Error);
}

TEST_CASE("random bytes do not repeat") {
  CHECK(random_bytes(0).empty());
  CHECK(random_bytes(10'000).size() == 10'000);
  std::set<std::string> drawn;
  for (int i = 0; i < 2'000; ++i) drawn.insert(random_bytes(16));
  CHECK(drawn.size() == 2'000);
}

TEST_CASE("bytes in hexadecimal") {
  CHECK(hex(std::string_view("\x00\xff\x1a", 3)) == "00ff1a");
}
