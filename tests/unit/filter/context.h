// What the tests of the filter room check expressions against.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/phone.h"
#include "filter/check.h"
#include "filter/parse.h"
#include "filter/terms.h"

namespace crm {

// A kind as it is without a workflow file, on 2026-03-01 09:00 in Shanghai, for the user 2.
struct TestContext {
  explicit TestContext(Kind kind, std::string_view zone = "Asia/Shanghai") : view(entity(kind), {}) {
    context.view = &view;
    context.now = Moment(std::chrono::seconds(1772326800));
    context.zone = TimeZone::load(zone);
    context.currency = "CNY";
    context.stages = {"new", "contacted", "qualified", "won", "lost"};
    context.me = 2;
    context.find_record = [](Kind, std::string_view name) -> std::optional<std::int64_t> {
      if (name == "li") return 1;
      if (name == "wang") return 2;
      return std::nullopt;
    };
    context.phone_key = [](std::string_view phone) { return usual_phone(phone, "CN"); };
  }
  TestContext(const TestContext&) = delete;
  TestContext& operator=(const TestContext&) = delete;

  Condition check(std::string_view text) const { return check_expression(parse_expression(text), context); }
  Condition check_term(std::string_view term) const { return check_expression(parse_term(term), context); }

  KindView view;
  FilterContext context;
};

}  // namespace crm
