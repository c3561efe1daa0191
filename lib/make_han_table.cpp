// Writes the table of base/han.h as C++: for each Chinese character its reading in pinyin without tones, as a
// surname too, and its simplified form. By ICU's transliterators, at build time: they take too long to make
// in a command.
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using Transliterator = std::unique_ptr<icu::Transliterator>;

constexpr UChar32 kFirst = 0x4E00;
constexpr UChar32 kLast = 0x9FFF;

Transliterator make(const char* id) {
  UErrorCode status = U_ZERO_ERROR;
  Transliterator made(icu::Transliterator::createInstance(id, UTRANS_FORWARD, status));
  if (U_FAILURE(status)) {
    std::fprintf(stderr, "ICU has no transliterator %s: %s\n", id, u_errorName(status));
    return nullptr;
  }
  return made;
}

std::string transliterated(const icu::Transliterator& by, UChar32 character) {
  icu::UnicodeString text(character);
  by.transliterate(text);
  std::string out;
  text.toUTF8String(out);
  return out;
}

// A syllable of at most six letters a–z; nothing for a character that has no reading.
std::string reading(const icu::Transliterator& by, UChar32 character) {
  const std::string text = transliterated(by, character);
  if (text.empty() || text.size() > 6 ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
    return {};
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const Transliterator readings = make("Han-Latin; Latin-ASCII; Lower");
  const Transliterator surnames = make("Han-Latin/Names; Latin-ASCII; Lower");
  const Transliterator simplified = make("Traditional-Simplified");
  if (argc != 2 || !readings || !surnames || !simplified) return 1;
  std::map<std::string, int> numbers{{"", 0}};
  std::vector<std::string> syllables{""};
  const auto number = [&](const std::string& syllable) {
    const auto [place, is_new] = numbers.emplace(syllable, static_cast<int>(syllables.size()));
    if (is_new) syllables.push_back(syllable);
    return place->second;
  };
  std::FILE* out = std::fopen(argv[1], "w");
  if (out == nullptr) return 1;
  std::fprintf(out, "#include \"base/han_table.h\"\n\nnamespace crm {\n\nconst HanEntry kHanTable[] = {\n");
  for (UChar32 c = kFirst; c <= kLast; ++c) {
    const icu::UnicodeString form = [&] {
      icu::UnicodeString text(c);
      simplified->transliterate(text);
      simplified->transliterate(text);  // a few have a simpler form that has one again
      return text;
    }();
    const UChar32 simple = form.countChar32() == 1 && form.char32At(0) >= kFirst && form.char32At(0) <= kLast
                               ? form.char32At(0)
                               : c;
    std::fprintf(out, "{0x%X, %d, %d},\n", static_cast<unsigned>(simple), number(reading(*readings, c)),
                 number(reading(*surnames, c)));
  }
  std::fprintf(out, "};\n\nconst char kSyllables[][8] = {\n");
  for (const std::string& syllable : syllables) std::fprintf(out, "\"%s\",\n", syllable.c_str());
  std::fprintf(out, "};\n\n}  // namespace crm\n");
  return std::fclose(out) == 0 ? 0 : 1;
}
