// The pages of a segment of an FTS5 index, as FTS5 itself would write them (the format is described at the
// top of SQLite's fts5_index.c and is part of its file format).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

class SegmentPages {
 public:
  // Gets each page: its number within the segment (FTS5's id without the segment's), and its bytes.
  using TakePage = std::function<void(std::int64_t id, std::string_view page)>;
  // Gets what finds a page by its first word: a beginning of that, and FTS5's number for the page.
  using TakeBeginning = std::function<void(std::string_view beginning, std::int64_t page)>;

  SegmentPages(TakePage take_page, TakeBeginning take_beginning);

  // In the order of their bytes, each once.
  void begin_word(std::string_view word);
  // A text that holds the word last begun: its key, greater than the one before; its places there, as a
  // doclist has them, without their size.
  void add(std::int64_t key, std::string_view places);
  // Texts that follow the one last added, as a doclist has them behind that: fewer bytes than there is room.
  void add_encoded(std::string_view postings, std::int64_t last_key) {
    page_ += postings;
    key_ = last_key;
  }
  std::size_t room() const;
  // How many pages there are in the end. Nothing can be added then.
  std::int64_t finish();

 private:
  // A level of the doclist index: where the pages of a long doclist begin.
  struct DoclistLevel {
    std::int64_t page = 0;
    std::int64_t last_key = 0;
    bool has_last_key = false;
    std::string bytes;
  };

  std::size_t filled() const { return page_.size() + footer_.size(); }
  void write_page();
  void write_beginning();
  bool write_doclist_index();
  void note_first_key(std::int64_t key);

  TakePage take_page_;
  TakeBeginning take_beginning_;
  std::int64_t page_number_ = 1;
  std::string page_;
  std::string footer_;  // where the words of the page begin
  std::size_t last_in_footer_ = 0;
  std::string word_;  // the last, with FTS5's mark of the main index before it
  std::string beginning_;
  std::int64_t beginning_page_ = 1;  // 0: none waits to be written
  std::int64_t key_ = 0;
  bool first_word_in_page_ = true;
  bool first_key_in_page_ = true;
  bool first_key_of_word_ = false;
  int pages_without_word_ = 0;
  std::vector<DoclistLevel> levels_;
};

}  // namespace crm
