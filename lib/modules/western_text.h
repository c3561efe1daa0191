// Whether bytes look like Western European text in Windows-1252.
#pragma once

#include <string_view>

namespace crm {

// Words with single accented letters in them, and the quotes and signs of prose where these stand. Nearly
// every byte has a meaning in Windows-1252, so that damage and other code pages can be read in it too:
// "ab£cd" or "Sm³ka" are no words, and more than a few such places say that the text is something else. False
// where the text has only ASCII.
bool looks_western(std::string_view text);

}  // namespace crm
