// When two records of a kind are the same (`dedupe`).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace crm {

struct SimilarField {
  std::string field;
  double threshold = 1;  // 0 to 1: how alike two values must be
};

struct DedupeRules {
  std::vector<std::vector<std::string>> same;  // each: fields that, all equal, make two records the same
  std::vector<SimilarField> similar;           // fields that, all so much alike, make them probably the same
  std::optional<double> threshold;             // the score from which a pair is listed; else the built-in one
};

}  // namespace crm
