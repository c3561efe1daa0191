// Records as JSON lines on the standard input.
#pragma once

#include <crm/records.h>

#include <string>
#include <vector>

namespace crm::cmd {

// {"name":"王芳","amount":1200,"tags":["a","b"],"note":null}: each member as the text of a field; null is the
// empty text, the items of an array are joined by ';'. `place` ("the standard input:3") begins the message.
// Throws Error{invalid}.
std::vector<FieldText> fields_of_json(const std::string& line, const std::string& place);

}  // namespace crm::cmd
