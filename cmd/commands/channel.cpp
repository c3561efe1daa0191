#include <crm/channels.h>
#include <crm/error.h>
#include <crm/records.h>
#include <crm/text.h>

#include <filesystem>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/delivery.h"
#include "commands/message_printer.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// A path as cron must find it too: from the root on.
std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

// Where a secret is kept: a form of its own, or the path of a file.
std::string secret_reference(const std::string& text) {
  for (const char* form : {"credential:", "env:", "fd:"}) {
    if (text.starts_with(form)) return text;
  }
  constexpr std::string_view kFile = "file:";
  return text.empty()
             ? text
             : std::string(kFile) + absolute(text.starts_with(kFile) ? text.substr(kFile.size()) : text);
}

// A web hook's address: itself, or where it is kept.
std::string webhook_target(const std::string& text) {
  return text.starts_with("file:") ? secret_reference(text) : text;
}

int run_channel_add(Context& context, const Arguments& arguments) {
  const auto text = [&](const char* option) { return arguments.text(option).value_or(""); };
  ChannelSettings settings;
  settings.name = arguments.argument("NAME");
  int types = 0;
  for (const char* type : {"smtp", "webhook", "sendmail", "directory", "stdout"}) {
    if (!arguments.has(type)) continue;
    ++types;
    settings.type = type;
  }
  if (types != 1) {
    throw Error(ErrorCode::usage,
                types == 0 ? "nothing says where the channel leads" : "a channel leads to one place",
                "give one of '--smtp URL', '--webhook URL', '--sendmail', '--directory DIR' and '--stdout'");
  }
  settings.target = settings.type == "webhook"     ? webhook_target(text("webhook"))
                    : settings.type == "directory" ? absolute(text("directory"))
                                                   : text(settings.type.c_str());
  settings.sender = text("from");
  settings.tls = text("tls");
  settings.login = text("user");
  settings.password = secret_reference(text("password-file"));
  settings.authority = absolute(text("ca"));
  settings.format = text("format");
  settings.secret = secret_reference(text("secret"));
  settings.answer_within = arguments.integer("answer-within").value_or(settings.answer_within);
  settings.per_minute = arguments.integer("per-minute");
  settings.on_doubt = text("on-doubt");
  settings.hours = text("hours");
  settings.is_default = arguments.has("default");
  add_channel(context.session(), settings);
  return 0;
}

int run_channel_list(Context& context, const Arguments& /*arguments*/) {
  list_channels(context.session(), *context.picking_writer(Shape::list));
  return 0;
}

int run_channel_show(Context& context, const Arguments& arguments) {
  show_channel(context.session(), arguments.argument("NAME"), *context.picking_writer(Shape::object));
  return 0;
}

int run_channel_remove(Context& context, const Arguments& arguments) {
  remove_channel(context.session(), arguments.argument("NAME"));
  return 0;
}

// The address of who asks.
std::string own_address(Session& session) {
  struct Address final : RowSink {
    std::string text;
    void begin(std::span<const Column> /*columns*/) override {}
    bool row(std::span<const Cell> cells) override {
      text = cells[0].text;
      return false;
    }
    void end() override {}
  } address;
  ListQuery query;
  query.kind = Kind::user;
  query.fields = {"email"};
  query.selection.terms = {"name=" + session.login()};
  list(session, query, address);
  return address.text;
}

int run_channel_test(Context& context, const Arguments& arguments) {
  ChannelOptions options = chosen_channel(context, arguments);
  options.name = arguments.argument("NAME");
  Session& session = context.session();
  const std::string address = arguments.has("to") ? *arguments.text("to") : own_address(session);
  if (session.dry_run()) return 0;
  MessagePrinter printer(context, false);
  const std::string reply = test_channel(session, options, address, printer);
  printer.finish();
  context.say(options.name + ": " + (reply.empty() ? "sent" : reply));
  return 0;
}

CommandSpec verb_on_channel(const char* verb) {
  CommandSpec spec;
  spec.words = {"outbox", "channel", verb};
  spec.arguments = {{.name = "NAME", .help = "the channel"}};
  spec.needs = Needs::writing;
  return spec;
}

OptionSpec text_option(const char* name, const char* value, const char* help) {
  return {.name = name, .help = help, .value = value, .type = ValueType::text};
}

OptionSpec choice_option(const char* name, const char* value, const char* help,
                         std::vector<std::string> choices) {
  return {.name = name,
          .help = help,
          .value = value,
          .type = ValueType::choice,
          .choices = std::move(choices),
          .completion = Completion::choices};
}

}  // namespace

CommandSpec channel_add_command() {
  CommandSpec spec = verb_on_channel("add");
  spec.summary = "add a way for messages to go";
  spec.details =
      "A secret is never given itself, only where it is kept: a file that only its owner can read, "
      "'credential:NAME' "
      "(systemd's LoadCredential), 'env:NAME' or 'fd:N'. It is read when it is needed, and neither stored "
      "nor "
      "shown.\n\nThe first channel, or the one with --default, takes the messages that name none.";
  spec.examples = {
      {"crm outbox channel add mail --smtp smtp://127.0.0.1:2525 --from crm@example.com",
       "a mail server at hand"},
      {"crm outbox channel add mail --smtp smtp://mail.example.com:587 --from crm@example.com --user crm "
       "--password-file /etc/crm/mail-password",
       "another, by STARTTLS"},
      {"crm outbox channel add wecom --webhook env:WECOM_URL --format wecom", "a chat robot"}};
  spec.options = {
      text_option("smtp", "URL", "a mail server: smtp://HOST:PORT or smtps://HOST:PORT"),
      {.name = "webhook",
       .help = "a web hook: https://…, or where its address is kept, if it holds a key: FILE as file:PATH, "
               "env:NAME, credential:NAME, fd:N",
       .value = "URL",
       .type = ValueType::text,
       .secret_path = true},
      {.name = "sendmail", .help = "the local mail program"},
      {.name = "directory",
       .help = "a directory that gets a mail file for each message",
       .value = "DIR",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "stdout", .help = "the standard output of 'crm outbox flush'"},
      text_option("from", "ADDRESS", "the sender's address"),
      choice_option("tls", "TLS", "default: tls with smtps://, none with this machine, else starttls",
                    {"none", "starttls", "tls"}),
      text_option("user", "NAME", "the account at the mail server"),
      {.name = "password-file",
       .help = "where its password is kept",
       .value = "FILE",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "ca",
       .help = "certificates to trust in place of the system's",
       .value = "FILE",
       .type = ValueType::text,
       .completion = Completion::file},
      choice_option("format", "FORMAT", "what the web hook takes", webhook_formats()),
      {.name = "secret",
       .help = "where the key of the web hook's signature is kept",
       .value = "FILE",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "answer-within",
       .help = "how long the other side may take; default 45",
       .value = "SECONDS",
       .type = ValueType::count},
      {.name = "per-minute", .help = "at most so many messages", .value = "N", .type = ValueType::count},
      choice_option("on-doubt", "WHAT",
                    "what to do with a message that may have arrived; default: as it says itself",
                    {"resend", "hold"}),
      text_option("hours", "HOURS",
                  "when it may disturb people, by their own clock: 09:00-18:00, 'workdays 09:00-18:00', or "
                  "'calendar' for the workflow's open hours and holidays; default: always"),
      {.name = "default", .help = "it takes the messages that name no channel"}};
  spec.run = run_channel_add;
  return spec;
}

CommandSpec channel_list_command() {
  CommandSpec spec = verb_on_channel("list");
  spec.summary = "list the channels, with what waits for each";
  spec.examples = {{"crm outbox channel list", "all"}};
  spec.arguments = {};
  spec.needs = Needs::reading;
  spec.run = run_channel_list;
  return spec;
}

CommandSpec channel_show_command() {
  CommandSpec spec = verb_on_channel("show");
  spec.summary = "show a channel's settings, and where its secrets are kept";
  spec.examples = {{"crm outbox channel show mail", "one"}};
  spec.needs = Needs::reading;
  spec.run = run_channel_show;
  return spec;
}

CommandSpec channel_remove_command() {
  CommandSpec spec = verb_on_channel("remove");
  spec.summary = "remove a channel; messages that name it wait";
  spec.examples = {{"crm outbox channel remove wecom", "one"}};
  spec.run = run_channel_remove;
  return spec;
}

CommandSpec channel_test_command() {
  CommandSpec spec = verb_on_channel("test");
  spec.summary = "send a test message by a channel at once, past the outbox";
  spec.examples = {{"crm outbox channel test mail", "to yourself"},
                   {"crm outbox channel test mail --to li@example.com", "to somebody"}};
  spec.options = {
      {.name = "to", .help = "the address; default: your own", .value = "ADDRESS", .type = ValueType::text}};
  spec.run = run_channel_test;
  return spec;
}

}  // namespace crm::cmd
