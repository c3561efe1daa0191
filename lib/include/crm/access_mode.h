// How a database is opened.
#pragma once

namespace crm {

enum class AccessMode { read, write };

}  // namespace crm
