#include "outbox/standing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace crm;

namespace {

constexpr std::int64_t kSaidNow = 1'800'000'000;
constexpr std::int64_t kDay = 86'400;

bool agrees(const std::vector<Statement>& statements) {
  return decisive(statements).given;
}

}  // namespace

TEST_CASE("of what was said on a purpose the latest counts, a withdrawal before what was said with it") {
  CHECK(agrees({{1, true, kSaidNow, kSaidNow}}));
  CHECK_FALSE(agrees({{1, false, kSaidNow, kSaidNow}}));
  CHECK_FALSE(agrees({{1, true, kSaidNow, kSaidNow}, {2, false, kSaidNow, kSaidNow}}));
  CHECK_FALSE(agrees({{1, false, kSaidNow, kSaidNow}, {2, true, kSaidNow, kSaidNow}}));
  CHECK(agrees({{1, false, kSaidNow, kSaidNow}, {2, true, kSaidNow + 1, kSaidNow + 1}}));
  // From a file, in any order.
  CHECK(agrees({{1, true, kSaidNow - kDay, kSaidNow}, {2, false, kSaidNow - 2 * kDay, kSaidNow}}));
  CHECK(decisive(std::vector<Statement>{{1, true, kSaidNow - kDay, kSaidNow}, {2, true, kSaidNow, kSaidNow}})
            .id == 2);
  CHECK(
      decisive(std::vector<Statement>{{1, false, kSaidNow, kSaidNow}, {2, false, kSaidNow - kDay, kSaidNow}})
          .id == 1);
}

TEST_CASE("consent that is dated ahead does not outlive what is entered after it") {
  for (const std::int64_t entered :
       {kSaidNow, kSaidNow + 40 * kDay}) {  // by its date alone, or by a clock ahead too
    const Statement ahead{1, true, kSaidNow + 40 * kDay, entered};
    CHECK_FALSE(agrees({ahead, {2, false, kSaidNow + 5, kSaidNow + 5}}));
    // Nor does one that was entered before it keep them from agreeing again.
    CHECK(agrees({{1, false, kSaidNow - kDay, kSaidNow - kDay}, {2, true, kSaidNow + 40 * kDay, entered}}));
    CHECK(agrees({ahead, {2, false, kSaidNow + 5, kSaidNow + 5}, {3, true, kSaidNow + 9, kSaidNow + 9}}));
  }
}

TEST_CASE("whoever says no now is not written to, whatever was said and entered before") {
  std::mt19937 random(20261122);
  const auto some = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(-most, most)(random);
  };
  for (int round = 0; round < 5000; ++round) {
    std::vector<Statement> statements;
    for (std::int64_t id = 1; id <= 6; ++id)
      statements.push_back({id, some(1) > 0, kSaidNow + some(30 * kDay), kSaidNow + some(30 * kDay)});
    statements.push_back({7, false, kSaidNow, kSaidNow});
    // A consent of this minute may be later by the clocks' difference.
    for (Statement& one : statements) {
      if (one.at > kSaidNow && one.at <= kSaidNow + 60) one.at = kSaidNow;
    }
    std::shuffle(statements.begin(), statements.end(), random);
    REQUIRE_FALSE(agrees(statements));
    statements.push_back({8, true, kSaidNow + 40 * kDay, kSaidNow + 1});
    REQUIRE(agrees(statements));
  }
}
