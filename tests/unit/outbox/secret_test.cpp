#include "outbox/secret.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "crm/error.h"

using namespace crm;

TEST_CASE("a descriptor counts as handed over only where it would outlive an exec") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "hunter2\n", 8) == 8);
  ::close(ends[1]);
  const std::string reference = "fd:" + std::to_string(ends[0]);
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  CHECK_THROWS_AS(read_secret(reference, {}, "the key"), Error);
  ::fcntl(ends[0], F_SETFD, 0);
  CHECK(read_secret(reference, {}, "the key").text() == "hunter2");
  ::close(ends[0]);
  CHECK_THROWS_AS(read_secret(reference, {}, "the key"), Error);
}
