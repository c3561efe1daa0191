#include "outbox/channel.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crm/error.h"
#include "outbox/mail_message.h"
#include "outbox/program.h"

using namespace crm;
namespace fs = std::filesystem;

namespace {

struct TestDirectory {
  fs::path path;
  TestDirectory() {
    std::string name = (fs::temp_directory_path() / "crm-channel-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TestDirectory() { fs::remove_all(path); }
};

struct NoSink final : MessageSink {
  void message(const Message&) override { FAIL("nothing is to be printed"); }
};

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void make_program(const fs::path& path, const std::string& script) {
  std::ofstream(path) << "#!/bin/sh\n" << script;
  fs::permissions(path, fs::perms::owner_all);
}

Message sample(const std::string& address = "li@example.com") {
  Message message;
  message.key = "overdue/7/2026-03-02";
  message.person = "li";
  message.address = address;
  message.subject = "s";
  message.body = "b\n";
  return message;
}

ChannelOptions options(const std::string& name, const std::string& sendmail = {}) {
  return {name, "crm@example.com", sendmail, {"PATH=/usr/bin:/bin"}};
}

}  // namespace

TEST_CASE("a channel is named, and mail needs a sender") {
  NoSink sink;
  for (const char* bad : {"", "smtp", "file:", "Stdout"})
    CHECK_THROWS_AS(open_channel(options(bad), sink), Error);
  ChannelOptions no_sender = options("sendmail", "/bin/true");
  no_sender.from = "crm";
  CHECK_THROWS_AS(open_channel(no_sender, sink), Error);
  CHECK_THROWS_AS(open_channel(options("sendmail"), sink), Error);  // no such program was found
  CHECK_FALSE(open_channel(options("stdout"), sink)->needs_address());
}

TEST_CASE("a directory gets one file for a key, of mode 0600, and nothing unfinished") {
  const TestDirectory directory;
  const fs::path out = directory.path / "mail";
  NoSink sink;
  const auto channel = open_channel(options("file:" + out.string()), sink);
  CHECK(channel->hand_over(sample()).outcome == Handover::sent);
  Message repeat = sample();
  repeat.subject = "again";
  CHECK(channel->hand_over(repeat).outcome == Handover::sent);
  Message other = sample();
  other.key = "overdue/8/2026-03-02";
  const HandoverResult result = channel->hand_over(other);
  CHECK(std::distance(fs::directory_iterator(out), fs::directory_iterator()) == 2);
  struct stat status {};
  REQUIRE(::stat((out / result.reply).c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(contents(out / result.reply) == mail_text(other, "crm@example.com", "\r\n"));
  REQUIRE(::stat(out.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("a link that waits in the directory is not followed") {
  const TestDirectory directory;
  std::ofstream(directory.path / "target") << "mine";
  NoSink sink;
  const auto channel = open_channel(options("file:" + directory.path.string()), sink);
  const std::string name = channel->hand_over(sample()).reply;
  fs::remove(directory.path / name);
  fs::create_symlink("target", directory.path / name);
  fs::create_symlink("target", directory.path / ('.' + name + ".part"));
  CHECK(channel->hand_over(sample()).outcome == Handover::sent);
  CHECK(contents(directory.path / "target") == "mine");
}

TEST_CASE("a file in the directory's place is a fault of the channel") {
  const TestDirectory directory;
  std::ofstream(directory.path / "file") << "x";
  NoSink sink;
  CHECK_THROWS_AS(open_channel(options("file:" + (directory.path / "file").string()), sink), Error);
}

TEST_CASE("sendmail is run by argument vector and gets the whole mail") {
  const TestDirectory directory;
  const fs::path program = directory.path / "sendmail";
  make_program(program,
               "dir=$(dirname \"$0\"); printf '%s\\n' \"$@\" >$dir/arguments; cat >$dir/mail; env "
               ">$dir/environment\n");
  NoSink sink;
  const auto channel = open_channel(options("sendmail", program), sink);
  CHECK(channel->hand_over(sample("o'brien;$(id)@example.com")).outcome == Handover::refused);
  CHECK(channel->hand_over(sample("o'brien&|`id`@example.com")).outcome == Handover::sent);
  CHECK(contents(directory.path / "arguments") == "-i\n-f\ncrm@example.com\n--\no'brien&|`id`@example.com\n");
  CHECK(contents(directory.path / "mail") ==
        mail_text(sample("o'brien&|`id`@example.com"), "crm@example.com", "\n"));
  CHECK(contents(directory.path / "environment").find("HOME=") == std::string::npos);
}

TEST_CASE("how sendmail ends decides what becomes of the message") {
  const TestDirectory directory;
  const fs::path program = directory.path / "sendmail";
  NoSink sink;
  const auto ended = [&](const std::string& script) {
    make_program(program, script);
    return open_channel(options("sendmail", program), sink)->hand_over(sample());
  };
  CHECK(ended("exit 0").outcome == Handover::sent);
  CHECK(ended("exit 75").outcome == Handover::retry);
  CHECK(ended("exit 1").outcome == Handover::retry);
  CHECK(ended("exit 67").outcome == Handover::refused);
  CHECK(ended("kill -9 $$").outcome == Handover::doubt);  // it may have taken it before
  const HandoverResult said = ended("echo 'no such\033user' >&2; exit 67");
  CHECK(said.reply == "sendmail ended with code 67: no such\\x1buser");
  // What it leaves running in the background is not waited for.
  CHECK(ended("sleep 30 & exit 0").outcome == Handover::sent);
  fs::remove(program);
  CHECK_THROWS_AS(open_channel(options("sendmail", program), sink)->hand_over(sample()), Error);
}

TEST_CASE("a program that takes too long is ended") {
  const std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  const ProgramEnd end = run_program({"/bin/sleep", {"60"}, {}, "", std::chrono::seconds(1)});
  CHECK(end.how == ProgramEnd::How::timed_out);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("a program reads input of any size and may ignore it") {
  const std::string input(3'000'000, 'x');
  const ProgramEnd counted = run_program({"/usr/bin/wc", {"-c"}, {}, input, std::chrono::seconds(20)});
  CHECK(counted.said == "3000000\n");
  CHECK(run_program({"/bin/true", {}, {}, input, std::chrono::seconds(20)}).code == 0);
}
