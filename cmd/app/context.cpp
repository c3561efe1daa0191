#include "app/context.h"

#include <crm/acting_moment.h>
#include <crm/approvals.h>
#include <crm/error.h>
#include <crm/identity.h>
#include <crm/text.h>
#include <unistd.h>

#include <utility>

#include "app/account.h"
#include "output/column_picker.h"
#include "output/terminal.h"

namespace crm::cmd {
namespace {

// The answer to a question, up to the end of the line.
std::string read_answer() {
  std::string answer;
  char character = 0;
  while (::read(STDIN_FILENO, &character, 1) == 1 && character != '\n') answer += character;
  return answer;
}

}  // namespace

Context::Context(const Environment& environment, Settings settings, Needs needs,
                 std::function<std::string()> command, Stream& out, Stream& messages, Session* shared)
    : environment_(environment),
      settings_(std::move(settings)),
      needs_(needs),
      command_(std::move(command)),
      out_(out),
      messages_(messages),
      shared_(shared) {}

SessionOptions Context::session_options() const {
  SessionOptions options;
  options.path = settings_.database;
  options.mode = needs_ == Needs::writing ? AccessMode::write : AccessMode::read;
  options.timeout = settings_.timeout;
  options.now = SystemClock().now();
  options.now_text = environment_.find("CRM_NOW").value_or("");
  options.login = settings_.user;
  options.command = logged_command();
  options.words = words_;
  options.dry_run = settings_.dry_run;
  return options;
}

Session& Context::session() {
  if (shared_ != nullptr) {
    if (!std::exchange(told_shared_, true)) shared_->note_words(words_);
    return *shared_;
  }
  if (!own_) {
    auto session = std::make_unique<Session>(session_options());
    if (settings_.now && settings_.now != environment_.find("CRM_NOW")) act_at(*session, *settings_.now);
    check_identity(*session, operating_system_account);
    // The log would name somebody who never was.
    if (settings_.acts_as && needs_ == Needs::writing && whoami(*session).user.empty()) {
      throw Error(ErrorCode::not_found, "there is no user " + crm::quoted(settings_.user),
                  "name another with --as; see 'crm user list'");
    }
    own_ = std::move(session);
  }
  return *own_;
}

bool Context::has_kept() const {
  const Session* session = shared_ != nullptr ? shared_ : own_.get();
  return session != nullptr && session->has_kept();
}

void Context::leave_open() {
  static Session* left = nullptr;
  if (own_ && needs_ != Needs::writing) delete std::exchange(left, own_.release());
}

Format Context::format() const {
  if (settings_.format) return *settings_.format;
  return out_.is_terminal() ? Format::table : Format::tsv;
}

std::vector<std::string> Context::aftermath(bool rest_was_done) {
  Session* session = shared_ != nullptr ? shared_ : own_.get();
  if (session == nullptr || needs_ != Needs::writing) return {};
  if (shared_ != nullptr) {
    if (!has_aftermath(*shared_)) return {};
    return write_aftermath_of(*shared_, words_, logged_command(), rest_was_done);
  }
  return write_aftermath(*session, rest_was_done);
}

std::size_t Context::width() const {
  return out_.is_terminal() ? terminal_width(environment_.find("COLUMNS")) : 0;
}

WriterOptions Context::writer_options(Shape shape) {
  WriterOptions options;
  options.format = format();
  options.shape = shape;
  options.terminal = out_.is_terminal();
  options.width = width();
  if (options.terminal) {
    options.color =
        settings_.color == Settings::Color::automatic && environment_.find("TERM").value_or("dumb") != "dumb";
    if (!settings_.quiet) options.messages = &messages_;
  }
  if (settings_.color == Settings::Color::always) options.color = true;
  return options;
}

std::unique_ptr<Writer> Context::writer(Shape shape, bool safe_csv, std::vector<std::string> spare) {
  WriterOptions options = writer_options(shape);
  if (safe_csv) options.guard = CsvGuard::formulas;
  if (settings_.fields.empty()) options.spare = std::move(spare);
  return make_writer(out_, options);
}

std::unique_ptr<Writer> Context::picking_writer(Shape shape, std::vector<std::string> spare) {
  auto all = writer(shape, false, std::move(spare));
  return settings_.fields.empty() ? std::move(all) : pick_columns(std::move(all), settings_.fields);
}

void Context::say(std::string_view line) {
  if (settings_.quiet) return;
  messages_.write(visible(line) + '\n');
}

void Context::say_notices() {
  Session* session = shared_ != nullptr ? shared_ : own_.get();
  if (session == nullptr) return;
  for (const std::string& notice : session->take_notices()) say(notice);
}

void Context::confirm(std::string_view question) {
  if (in_batch() || ::isatty(STDIN_FILENO) != 1 || !messages_.is_terminal()) {
    throw Error(ErrorCode::usage, "this needs a confirmation", "give '--yes'");
  }
  out_.flush();
  messages_.write(visible(question) + "? [y/N] ");
  messages_.flush();
  const std::string answer = read_answer();
  if (answer != "y" && answer != "Y" && answer != "yes") throw Error(ErrorCode::failed, "nothing was done");
}

}  // namespace crm::cmd
