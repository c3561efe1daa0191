// Whether bytes are Japanese in Shift-JIS, judged by what its two-byte characters come to.
#pragma once

#include <string_view>

namespace crm {

// Also of a few words: where there are kana, which no other encoding of the same bytes has, or several of the
// usual Chinese characters and nothing else. `whole` as likely_charset() has it.
bool looks_shift_jis(std::string_view text, bool whole);

}  // namespace crm
