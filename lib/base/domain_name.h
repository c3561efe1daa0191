// Domain names in the letters that the mail and name servers know.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// The domain in ASCII: "例子.中国" → "xn--fsqu00a.xn--fiqs8s" (RFC 5891, 3492), after upper case, width and
// the ideographic full stop were levelled. One that is ASCII already stays as it is. Empty for what can be no
// domain name: a label that is empty, too long or holds anything but letters, digits and hyphens.
std::string ascii_domain(std::string_view domain);

}  // namespace crm
