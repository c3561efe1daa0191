// Lists in which each item stands once, in the order of their first mention.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace crm {

template <typename Item>
void add_once(std::vector<Item>& items, Item item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(std::move(item));
}

}  // namespace crm
