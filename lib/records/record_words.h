// The words by which a record of a kind is found: those of its fields that are searched, one after another.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"
#include "records/search_words.h"
#include "records/stored_record.h"
#include "store/connection.h"

namespace crm {

class RecordWords final : public WordMaker {
 public:
  RecordWords(const KindView& view, std::string country);

  // "" where nothing is to be found.
  std::string words_of(const StoredRecord& record) const;
  bool differ(const StoredRecord& a, const StoredRecord& b) const;

  // The record's values for append_words(), which another thread may call.
  void pack(const StoredRecord& record, std::string& values) const;
  void append_words(std::string& words, std::string_view values) const override;

  // The columns of the fields, for a SELECT from the table as `r`; the words of such a row.
  const std::string& columns() const { return columns_; }
  void append_words(std::string& words, const Row& row, int first_column) const;

  // By what rules the words are made: where these differ, so may the words of the same record.
  std::string rules() const;

 private:
  struct Searched {
    std::size_t position;  // in the record's values
    SearchedAs as;
    std::string name;
  };

  std::vector<Searched> fields_;
  std::string country_;
  std::string columns_;
};

// As the process in force has it.
const std::shared_ptr<const RecordWords>& record_words(Session& session, Kind kind);

// The rules for all kinds.
std::string search_rules(Session& session);

}  // namespace crm
