#include <crm/error.h>
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../random.h"
#include "parse/line_parts.h"

using namespace crm::cmd;

namespace {

std::shared_ptr<const CommandSpec> spec_with_all_types() {
  CommandSpec spec;
  spec.words = {"lead", "try"};
  spec.options = {
      {.name = "name", .value = "NAME", .type = ValueType::text},
      {.name = "limit", .value = "N", .type = ValueType::count, .letter = 'l'},
      {.name = "change", .value = "N", .type = ValueType::integer},
      {.name = "field", .value = "NAME=VALUE", .type = ValueType::text, .letter = 'f', .repeated = true},
      {.name = "keep-going"},
      {.name = "all", .letter = 'a'},
  };
  return std::make_shared<const CommandSpec>(spec);
}

// What a line may be made of, with all that is odd.
const std::vector<std::string> kWords{"--name",
                                      "--limit",
                                      "--change",
                                      "--field",
                                      "--keep-going",
                                      "--all",
                                      "-l",
                                      "-f",
                                      "-a",
                                      "-o",
                                      "-q",
                                      "-n",
                                      "--name=",
                                      "--name=x",
                                      "--all=1",
                                      "--field=a=b",
                                      "-l5",
                                      "-l=5",
                                      "-al",
                                      "-aq",
                                      "-ax",
                                      "-x",
                                      "--nam",
                                      "--unknown",
                                      "--unknown=x",
                                      "--",
                                      "-",
                                      "-5",
                                      "--5",
                                      "",
                                      " ",
                                      "=",
                                      "+tag",
                                      "++",
                                      "王芳",
                                      "a=b",
                                      "stage=new",
                                      "json",
                                      "[a,b]",
                                      "{}",
                                      "'quoted'",
                                      "\"quoted\"",
                                      "%%",
                                      "a b",
                                      "--na me",
                                      "-é",
                                      "/name",
                                      "/l",
                                      "true",
                                      "false",
                                      "@file",
                                      std::string("-\0", 2),
                                      std::string("a\0b", 3),
                                      "---",
                                      "--=x",
                                      "-=",
                                      "-!",
                                      "!",
                                      "#",
                                      "help",
                                      "\n",
                                      "--name\n"};

std::string described(const std::vector<std::string>& line) {
  std::string text;
  for (const std::string& word : line) text += '[' + word + ']';
  return text;
}

}  // namespace

TEST_CASE("a plain line means what CLI11 makes of it") {
  const auto spec = spec_with_all_types();
  crm::Random random(20261);
  int plain = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::vector<std::string> line;
    const unsigned length = random.below(8);
    // Half of them of ordinary words, that many are plain.
    const unsigned end = random.one_in(2) ? 12 : static_cast<unsigned>(kWords.size());
    for (unsigned i = 0; i < length; ++i)
      line.push_back(
          kWords[random.one_in(3) ? random.below(static_cast<unsigned>(kWords.size())) : random.below(end)]);
    const auto quick = read_plain_line(*spec, line);
    if (!quick) continue;
    ++plain;
    CAPTURE(described(line));
    const LineParts full = read_any_line(spec, line);
    CHECK(quick->options == full.options);
    CHECK(quick->words == full.words);
    CHECK(full.unknown.empty());
  }
  CHECK(plain > 3'000);
}

TEST_CASE("what may mean something else is no plain line") {
  const auto spec = spec_with_all_types();
  const auto is_plain = [&](const std::vector<std::string>& line) {
    return read_plain_line(*spec, line).has_value();
  };
  CHECK(is_plain({}));
  CHECK(is_plain({"-o", "json", "王芳", "--name", "--all", "-a", "--field", "a=1", "-f", ""}));
  for (const char* word : {"--", "-", "-5", "--name=x", "-l5", "-aq", "--nam", "--unknown", "-x", "--name"}) {
    CAPTURE(word);
    CHECK_FALSE(is_plain({word}));
  }
}
