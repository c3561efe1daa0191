// One maker for each format; make_writer() chooses.
#pragma once

#include <memory>

#include "output/writer.h"

namespace crm::cmd {

std::unique_ptr<Writer> make_json_writer(Stream& stream, Shape shape);
std::unique_ptr<Writer> make_json_lines_writer(Stream& stream);
std::unique_ptr<Writer> make_csv_writer(Stream& stream, const WriterOptions& options);
std::unique_ptr<Writer> make_tsv_writer(Stream& stream, const WriterOptions& options);
std::unique_ptr<Writer> make_ids_writer(Stream& stream);
std::unique_ptr<Writer> make_yaml_writer(Stream& stream, Shape shape);
std::unique_ptr<Writer> make_table_writer(Stream& stream, const WriterOptions& options);
// One record below the other, a line for each field that has a value.
std::unique_ptr<Writer> make_record_writer(Stream& stream, const WriterOptions& options);

}  // namespace crm::cmd
