// Writes the table of base/han.h as C++: for each Chinese character its reading in pinyin without tones, as a
// surname and its other common one too, and its simplified form. By ICU's transliterators, at build time:
// they take too long to make in a command.
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
  std::string text = transliterated(by, character);
  if (text.empty() || text.size() > 6 ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
    return {};
  return text;
}

struct Reading {
  UChar32 character;  // simplified
  const char* syllable;
};

// Where the usual reading in names is another than ICU's.
constexpr Reading kUsual[] = {{U'地', "di"},   {U'都', "du"},    {U'佛', "fo"},   {U'什', "shi"},
                              {U'拓', "tuo"},  {U'似', "si"},    {U'薄', "bo"},   {U'长', "chang"},
                              {U'著', "zhu"},  {U'厦', "xia"},   {U'翟', "zhai"}, {U'卜', "bu"},
                              {U'爪', "zhua"}, {U'幢', "zhuang"}};
// What else a character is read as in names of people, companies and places. In 银行 and 长沙银行, 校长,
// 重庆, 音乐, 朝阳 …
constexpr Reading kOther[] = {
    {U'行', "hang"}, {U'长', "zhang"}, {U'重', "chong"}, {U'乐', "yue"},   {U'厦', "sha"},   {U'朝', "zhao"},
    {U'会', "kuai"}, {U'藏', "zang"},  {U'调', "tiao"},  {U'传', "zhuan"}, {U'六', "lu"},    {U'蚌', "beng"},
    {U'番', "pan"},  {U'单', "shan"},  {U'解', "xie"},   {U'曾', "zeng"},  {U'盛', "cheng"}, {U'晟', "cheng"},
    {U'柏', "bo"},   {U'茜', "xi"},    {U'覃', "qin"},   {U'缪', "miao"},  {U'朴', "piao"},  {U'阚', "kan"},
    {U'隽', "jun"},  {U'参', "shen"},  {U'弹', "tan"},   {U'仔', "zai"},   {U'校', "jiao"},  {U'莘', "xin"},
    {U'埔', "bu"},   {U'种', "chong"}, {U'区', "ou"},    {U'查', "zha"},   {U'仇', "qiu"},   {U'牟', "mu"},
    {U'折', "she"},  {U'秘', "bi"},    {U'浚', "xun"},   {U'都', "dou"}};

template <std::size_t count>
std::string listed_reading(const Reading (&readings)[count], UChar32 character) {
  for (const Reading& one : readings) {
    if (one.character == character) return one.syllable;
  }
  return {};
}

// As it is typed: "lv" for lü, "nve" for nüe; nothing for a syllable without ü.
std::string typed_with_v(const icu::Transliterator& by, UChar32 character) {
  const std::string text = transliterated(by, character);
  std::string out;
  bool has_umlaut = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      out += text[i];
    } else if (text.compare(i, 2, "\xC3\xBC") == 0) {
      out += 'v';
      has_umlaut = true;
      ++i;
    }
  }
  return has_umlaut ? out : std::string();
}

}  // namespace

int main(int argc, char** argv) {
  const Transliterator readings = make("Han-Latin; Latin-ASCII; Lower");
  const Transliterator surnames = make("Han-Latin/Names; Latin-ASCII; Lower");
  const Transliterator umlauts = make("Han-Latin; NFD; [[:Mn:]-[\u0308]] Remove; NFC; Lower");
  const Transliterator simplified = make("Traditional-Simplified");
  if (argc != 2 || !readings || !surnames || !umlauts || !simplified) return 1;
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
    const std::string usual = listed_reading(kUsual, simple);
    const std::string plain = usual.empty() ? reading(*readings, c) : usual;
    // Where ICU knows no other one of a surname, it is read as usual, or as its simplified form is.
    const auto as_surname = [&](UChar32 one) {
      std::string syllable = reading(*surnames, one);
      return syllable == reading(*readings, one) ? std::string() : syllable;
    };
    std::string surname = as_surname(c);
    if (surname.empty()) surname = as_surname(simple);
    std::string other = listed_reading(kOther, simple);
    if (other.empty()) other = typed_with_v(*umlauts, c);
    std::fprintf(out, "{0x%X, %d, %d, %d},\n", static_cast<unsigned>(simple), number(plain),
                 number(surname.empty() ? plain : surname), number(other));
  }
  std::fprintf(out, "};\n\nconst char kSyllables[][8] = {\n");
  for (const std::string& syllable : syllables) std::fprintf(out, "\"%s\",\n", syllable.c_str());
  std::fprintf(out, "};\n\n}  // namespace crm\n");
  return std::fclose(out) == 0 ? 0 : 1;
}
