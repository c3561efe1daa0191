// Finds the next of a few characters in text, 16 at a time.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cstddef>

namespace crm {

// The bytes behind `end` that find_first_of may read, though it does not look at them: the caller owns that
// many.
constexpr std::size_t kScanSlack = 16;

// The first of the three characters in [begin, end), or `end`.
inline const char* find_first_of(const char* begin, const char* end, char a, char b, char c) {
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8(a);
  const __m128i second = _mm_set1_epi8(b);
  const __m128i third = _mm_set1_epi8(c);
  for (; begin < end; begin += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin));
    const __m128i found =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second)),
                     _mm_cmpeq_epi8(bytes, third));
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found)); mask != 0) {
      const char* at = begin + __builtin_ctz(mask);
      return at < end ? at : end;
    }
  }
  return end;
#else
  while (begin < end && *begin != a && *begin != b && *begin != c) ++begin;
  return begin;
#endif
}

}  // namespace crm
