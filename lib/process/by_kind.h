// One of something for each kind of record, by the kind's number.
#pragma once

#include <array>
#include <cstddef>

#include "crm/kind.h"

namespace crm {

inline constexpr std::size_t kKindSlots = 9;  // kinds are numbered from 1 to 8

template <typename Item>
using ByKind = std::array<Item, kKindSlots>;

inline constexpr std::size_t slot(Kind kind) {
  return static_cast<std::size_t>(kind);
}

}  // namespace crm
