#include "output/writer.h"

#include <array>
#include <utility>

#include "output/formats.h"

namespace crm::cmd {

std::optional<Format> find_format(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Format>, 7> kFormats{{{"table", Format::table},
                                                                                {"json", Format::json},
                                                                                {"jsonl", Format::jsonl},
                                                                                {"csv", Format::csv},
                                                                                {"tsv", Format::tsv},
                                                                                {"yaml", Format::yaml},
                                                                                {"ids", Format::ids}}};
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

void Writer::fact(std::string_view /*name*/, const Cell& /*value*/) {}

bool has_facts(Format format) {
  return format == Format::json || format == Format::yaml;
}

std::unique_ptr<Writer> make_writer(Stream& stream, const WriterOptions& options) {
  switch (options.format) {
    case Format::json:
      return make_json_writer(stream, options.shape);
    case Format::jsonl:
      return make_json_lines_writer(stream);
    case Format::csv:
      return make_csv_writer(stream, options);
    case Format::yaml:
      return make_yaml_writer(stream, options.shape);
    case Format::ids:
      return make_ids_writer(stream);
    case Format::table:
      return options.shape == Shape::object ? make_record_writer(stream, options)
                                            : make_table_writer(stream, options);
    case Format::tsv:
      break;
  }
  return make_tsv_writer(stream, options);
}

}  // namespace crm::cmd
