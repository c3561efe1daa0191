// Rules that fight: on the same event they set one field to different values. And actions of one rule that
// tell the same person twice.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "filter/expression.h"
#include "workflow/sections.h"

namespace crm {

class RuleFights {
 public:
  // Warns where the rule's actions from that one on, read from the node, set what an earlier action on the
  // same event sets to something else, unless their conditions exclude each other. The event, the kind and
  // the condition of the rule are known.
  void note(const Rule& rule, std::size_t first, const Node& at, Reading& reading);

 private:
  // Where the action sends what an earlier one of the rule has sent by then.
  static void warn_of_one_message(const Rule& rule, std::size_t at, const Node& node, Reading& reading);

  struct Setting {
    std::string rule;
    int line = 0;
    std::string value;
    std::shared_ptr<const Expr> condition;  // null: always
  };
  // Of the rule in hand, however many settings it has.
  std::shared_ptr<const Expr> condition_of(const Rule& rule);

  std::string when_;
  std::shared_ptr<const Expr> condition_;
  std::map<std::string, std::vector<Setting>> earlier_;  // by kind, event and field
};

}  // namespace crm
