// A database with random records of all kinds, absent values and hard ones among them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "filter/evaluate.h"
#include "store/connection.h"
#include "unit/filter/context.h"
#include "unit/random.h"

namespace crm {

// A record's values, read back from the database.
struct SampleRecord final : RecordAccess {
  Value value(const Field& field) const override { return values.at(std::string(field.name)); }
  Value key(const Field& field) const override { return keys.at(std::string(field.name)); }
  std::vector<std::string> tags() const override { return tag_list; }
  std::vector<std::string> refs() const override { return ref_list; }
  std::string search_text() const override { return text; }

  std::int64_t id = 0;
  std::map<std::string, Value> values;
  std::map<std::string, Value> keys;
  std::vector<std::string> tag_list;
  std::vector<std::string> ref_list;
  std::string text;
};

class SampleDatabase {
 public:
  SampleDatabase(Random& random, int records_of_a_kind);
  ~SampleDatabase();
  SampleDatabase(const SampleDatabase&) = delete;
  SampleDatabase& operator=(const SampleDatabase&) = delete;

  Connection& connection() { return *connection_; }
  // The records of the kind in order of id; derived fields as of the context's moment.
  std::vector<SampleRecord> records(const TestContext& context);

 private:
  void add(Kind kind, std::int64_t id, int count);
  Value value_for(const Field& field, int count);

  Random& random_;
  std::filesystem::path path_;
  std::unique_ptr<Connection> connection_;
  std::map<std::int64_t, std::string> searched_;  // by key of the search index
};

// Texts that stand in records and are looked for.
const std::vector<std::string>& sample_texts();

}  // namespace crm
