// The one normal form of each sort of value that is compared: what makes two spellings of it equal.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// Folded (base/text.h), simplified characters, words of letters and digits with one space between, none
// beside Chinese ones.
std::string plain_key(std::string_view text);
// The same of a company's name, without legal forms in Chinese and English and what stands in brackets around
// them.
std::string company_key(std::string_view text);
// A person's name: the plain key, words in alphabetical order.
std::string name_key(std::string_view text);
// The name in Latin letters, Chinese characters by their readings: "张伟", "Zhang 伟" and "zhang wei" are
// one.
std::string name_in_letters(std::string_view name_key);
// Whether two keys are one name in letters: "张伟" and "wei zhang", whose words are in the order of the
// alphabet, not of the name.
bool are_one_in_letters(std::string_view a, std::string_view b);
// Digits and letters only, for numbers and dates.
std::string number_key(std::string_view text);

}  // namespace crm
