// How alike two texts are.
#pragma once

#include <cstddef>
#include <string_view>

namespace crm {

// Jaro's similarity with Winkler's bonus for a common beginning (Winkler 1990), by characters: 0 to 1.
double jaro_winkler(std::string_view a, std::string_view b);
// Twice the common pairs of neighbouring characters over all of them (Dice 1945): 0 to 1.
double bigram_dice(std::string_view a, std::string_view b);
// The number of characters inserted, left out, replaced or exchanged with their neighbour (optimal string
// alignment); anything above `most` counts as most + 1.
std::size_t edits(std::string_view a, std::string_view b, std::size_t most);

}  // namespace crm
