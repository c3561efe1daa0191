#include "manual/man_page.h"

#include <crm/error.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int run_man(Context& /*context*/, const Arguments& arguments) {
  const std::filesystem::path directory = arguments.argument("DIRECTORY");
  const std::filesystem::path prose = arguments.argument("PROSE");
  for (const std::string& name : man_pages()) {
    const std::filesystem::path path = directory / (name + ".1");
    std::ofstream file(path, std::ios::binary);
    file << man_page(name, prose.empty() ? std::string() : text_of(prose / (name + ".1.in")));
    file.close();
    if (!file) throw Error(ErrorCode::io, "cannot write '" + path.string() + "': " + std::strerror(errno));
  }
  return 0;
}

}  // namespace

CommandSpec man_command() {
  CommandSpec spec;
  spec.words = {"__man"};
  spec.summary = "write the manual pages into a directory; for the build";
  spec.arguments = {{.name = "DIRECTORY", .help = "where to", .completion = Completion::file},
                    {.name = "PROSE",
                     .help = "a directory with NAME.1.in, put behind the description",
                     .required = false,
                     .completion = Completion::file}};
  spec.run = run_man;
  return spec;
}

}  // namespace crm::cmd
