// What stands before the decimals of an amount, where "1.500" and "1,500" could be either.
#pragma once

namespace crm {

enum class DecimalMark { unknown, point, comma };

}  // namespace crm
