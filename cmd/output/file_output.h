// A file that is there whole or not at all.
#pragma once

#include <string>

#include "output/stream.h"

namespace crm::cmd {

class FileOutput {
 public:
  // Writes beside the path, mode 0600. Throws Error{conflict} where the file is there and `replace` is false,
  // or it is a database, Error{io}.
  FileOutput(std::string path, bool replace);
  // What of that is known without writing. Throws Error{conflict}.
  static void check_free(const std::string& path, bool replace);
  // Without finish() nothing is left.
  ~FileOutput();
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;

  Stream& stream() { return stream_; }
  // Where the file is until finish(), for who writes it by name.
  const std::string& partial_path() const { return partial_; }
  // Puts the file in its place, safely on the disk. Throws Error{io}.
  void finish();

 private:
  std::string path_;
  std::string partial_;
  int descriptor_;
  Stream stream_;
};

}  // namespace crm::cmd
