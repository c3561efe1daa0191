// What a command runs in: its settings, its streams, and the database, opened when it is first asked for.
#pragma once

#include <crm/session.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/environment.h"
#include "app/settings.h"
#include "output/stream.h"
#include "output/writer.h"
#include "spec/command_spec.h"

namespace crm::cmd {

class Context {
 public:
  // `command`: gives the line as the change log is to keep it, once it is asked for; none: empty. `shared`:
  // the session of a batch, used instead of an own one. All references must outlive the context.
  Context(const Environment& environment, Settings settings, Needs needs,
          std::function<std::string()> command, Stream& out, Stream& messages, Session* shared = nullptr);

  const Environment& environment() const { return environment_; }
  const Settings& settings() const { return settings_; }

  // Whether the command, or another of its batch, has kept a change by now.
  bool has_kept() const;
  // The command line as it was given.
  void keep_words(std::vector<std::string> words) { words_ = std::move(words); }
  // What the command left to be written once it had ended; what to tell of it.
  std::vector<std::string> aftermath(bool rest_was_done);

  // Throws as Session does; also Error{usage} for a --now that cannot be read.
  Session& session();
  // A session that only read has nothing to complete, and the system frees what it holds faster than we do:
  // it stays open until the process ends. One that writes, or is shared, is left alone.
  void leave_open();
  // How long to wait for a busy database, before session() is first called.
  void wait_at_most(std::chrono::seconds time) { settings_.timeout = time; }
  // What session() opens the database with.
  SessionOptions session_options() const;
  bool in_batch() const { return shared_ != nullptr; }

  Stream& out() { return out_; }
  Stream& messages() { return messages_; }
  // The format that was asked for, or table on a terminal, else tsv.
  Format format() const;
  // Cells of a line of the terminal that the result goes to; 0 where it goes elsewhere.
  std::size_t width() const;
  // A writer of the result in that format, for results whose columns the library chose by --fields. `spare`:
  // those that a table leaves out, in this order, where the terminal has no room for all and no --fields asks
  // for them.
  std::unique_ptr<Writer> writer(Shape shape, bool safe_csv = false, std::vector<std::string> spare = {});
  // The same for results that come with all their columns: --fields picks among them here.
  std::unique_ptr<Writer> picking_writer(Shape shape, std::vector<std::string> spare = {});
  // One line for the user beside the result, unless --quiet.
  void say(std::string_view line);
  // Prints what the library's verbs had to tell.
  void say_notices();
  // Asks on a terminal; throws Error{usage} without one, and Error{failed} where the answer is no. `question`
  // without its mark.
  void confirm(std::string_view question);

 private:
  WriterOptions writer_options(Shape shape);

  std::string logged_command() const { return command_ ? command_() : std::string(); }

  const Environment& environment_;
  Settings settings_;
  Needs needs_;
  std::function<std::string()> command_;
  std::vector<std::string> words_;
  Stream& out_;
  Stream& messages_;
  Session* shared_;
  bool told_shared_ = false;  // whose line it is to carry out
  std::unique_ptr<Session> own_;
};

}  // namespace crm::cmd
