#include "output/progress_line.h"

#include <doctest/doctest.h>

using crm::cmd::progress_text;
using std::chrono::seconds;

TEST_CASE("progress says rows, part, rate and time left") {
  CHECK(progress_text({12000, 0.4}, seconds(4)) == "12000 rows, 40 %, 3000 rows/s, 00:06 left");
  CHECK(progress_text({12000, 0.001}, seconds(10)) == "12000 rows, 0 %, 1200 rows/s, 2:46:30 left");
}

TEST_CASE("what is not known is left out") {
  CHECK(progress_text({2000, 0}, seconds(2)) == "2000 rows, 1000 rows/s");
  CHECK(progress_text({2000, 0.5}, seconds(0)) == "2000 rows, 50 %");
}

TEST_CASE("nothing is shown where there is no terminal") {
  crm::cmd::Stream messages;
  crm::cmd::ProgressLine line(messages);
  CHECK_FALSE(line.listener());
  CHECK(messages.take().empty());
}
