#include "store/sqlite/guard.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace crm {
namespace {

constexpr std::array<std::string_view, 13> kTables = {"user",
                                                      "team",
                                                      "customer",
                                                      "contact",
                                                      "lead",
                                                      "followup",
                                                      "stage_change",
                                                      "consent",
                                                      "tag",
                                                      "external_ref",
                                                      "search_index",
                                                      "search_index_data",
                                                      "search_index_idx"};
constexpr std::array<std::string_view, 16> kFunctions = {
    "group_concat", "char", "lower", "length", "coalesce", "max",   "min", "count",
    "abs",          "like", "match", "round",  "substr",   "upper", "sum", "nullif"};

template <typename List>
bool contains(const List& list, const char* name) {
  return name != nullptr && std::find(list.begin(), list.end(), std::string_view(name)) != list.end();
}

int authorize(void*, int action, const char* first, const char* second, const char* database, const char*) {
  switch (action) {
    case SQLITE_SELECT:
      return SQLITE_OK;
    case SQLITE_READ:
      return contains(kTables, first) && (database == nullptr || std::string_view(database) == "main")
                 ? SQLITE_OK
                 : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return contains(kFunctions, second) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

Guard::Guard(sqlite3* database) : database_(database) {
  sqlite3_set_authorizer(database_, authorize, nullptr);
}
Guard::~Guard() {
  sqlite3_set_authorizer(database_, nullptr, nullptr);
}

}  // namespace crm
