// Chinese characters as data: their readings and their simplified forms.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// The usual reading in pinyin, without tone: "zhang"; empty for a character without one. As the first
// character of a person's name some are read differently (单 shan, 曾 zeng).
std::string_view pinyin(char32_t character);
std::string_view surname_pinyin(char32_t character);
// Another reading that is common in names (行: hang), or how one with ü is typed (吕: lv); empty for most.
std::string_view other_pinyin(char32_t character);

// The simplified form of a traditional character; any other character itself.
char32_t simplified(char32_t character);
std::string simplified(std::string_view text);

// What a name with Chinese characters is typed as where there is no Chinese keyboard: "张伟" gets " zhangwei
// zw" appended. Nothing for a name without any. Characters that are read in several ways give several pairs
// of them, at most four: "吕伟" gets " luwei lw lvwei lw".
void append_name_readings(std::string& out, std::string_view name);
// The same from further inside a company's name, where a word is likely to begin: "上海张江高科" gets
// " zhangjianggaoke zjgk gaoke gk" appended. Nothing for a name of fewer than four such characters.
void append_inner_readings(std::string& out, std::string_view name);
// Of what is only the company of somebody: its readings without its form, and from behind its place, so that
// they take little room. "上海张江高科有限公司" gets " shanghaizhangjianggaoke shzjgk zhangjianggaoke zjgk".
void append_company_readings(std::string& out, std::string_view company);

}  // namespace crm
