#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "crm/export.h"
#include "modules/workbook/interface.h"

namespace crm {
namespace {

const char* fault_of(lxw_error error) {
  return error == LXW_NO_ERROR ? nullptr : lxw_strerror(error);
}

constexpr const char* kNoRoom = "no space is left for its temporary files";
constexpr std::uintmax_t kRestOfSheet = 1 << 20;  // bytes: what surrounds the rows

// The library prints what fails, beside returning it.
class QuietErrors {
 public:
  QuietErrors() : kept_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept_ >= 0 && nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) ::close(nowhere);
  }
  ~QuietErrors() {
    if (kept_ < 0) return;
    ::dup2(kept_, STDERR_FILENO);
    ::close(kept_);
  }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;

 private:
  int kept_;
};

class XlsxFile final : public WorkbookFile {
 public:
  XlsxFile(lxw_workbook* workbook, const char* sheet)
      : workbook_(workbook), sheet_(workbook_add_worksheet(workbook, sheet)) {
    heading_ = workbook_add_format(workbook_);
    format_set_bold(heading_);
    date_ = with_format("yyyy-mm-dd");
    moment_ = with_format("yyyy-mm-dd hh:mm:ss");
    for (std::size_t i = 0; i < decimals_.size(); ++i)
      decimals_[i] = with_format(i == 0 ? "0" : ("0." + std::string(i, '0')).c_str());
    worksheet_freeze_panes(sheet_, 1, 0);
  }
  ~XlsxFile() override {
    if (workbook_ != nullptr) lxw_workbook_free(workbook_);
  }
  XlsxFile(const XlsxFile&) = delete;
  XlsxFile& operator=(const XlsxFile&) = delete;

  const char* text(std::uint32_t row, std::uint16_t column, const char* text, Style style) override {
    return fault_of(
        worksheet_write_string(sheet_, row, column, text, style == Style::heading ? heading_ : nullptr));
  }
  const char* number(std::uint32_t row, std::uint16_t column, double number, int decimals) override {
    const auto at = static_cast<std::size_t>(decimals < 0 ? 0 : decimals);
    lxw_format* const format = at < decimals_.size() ? decimals_[at] : nullptr;
    return fault_of(worksheet_write_number(sheet_, row, column, number, format));
  }
  const char* boolean(std::uint32_t row, std::uint16_t column, bool value) override {
    return fault_of(worksheet_write_boolean(sheet_, row, column, value ? 1 : 0, nullptr));
  }
  const char* day(std::uint32_t row, std::uint16_t column, double serial, Style style) override {
    return fault_of(
        worksheet_write_number(sheet_, row, column, serial, style == Style::date ? date_ : moment_));
  }
  const char* property(const char* name, const char* value) override {
    return fault_of(workbook_set_custom_property_string(workbook_, name, value));
  }
  void set_width(std::uint16_t column, double width) override {
    worksheet_set_column(sheet_, column, column, width, nullptr);
  }
  const char* finish() override {
    if (!has_room()) return kNoRoom;
    lxw_workbook* const workbook = workbook_;
    workbook_ = nullptr;  // closing it frees it
    const QuietErrors quiet;
    errno = 0;
    const lxw_error error = workbook_close(workbook);
    return error != LXW_NO_ERROR && errno != 0 ? ::strerrordesc_np(errno) : fault_of(error);
  }

 private:
  // The library does not look whether its temporary files take what it writes: the rows, and then the sheet,
  // in which they stand once more.
  bool has_room() const {
    std::FILE* const rows = sheet_->optimize_tmpfile;
    if (std::fflush(rows) != 0 || std::ferror(rows) != 0) return false;
    struct stat status {};
    struct statvfs disk {};
    if (::fstat(::fileno(rows), &status) != 0 || ::fstatvfs(::fileno(rows), &disk) != 0) return true;
    return std::uintmax_t{disk.f_bavail} * disk.f_frsize >=
           static_cast<std::uintmax_t>(status.st_size) + kRestOfSheet;
  }

  lxw_format* with_format(const char* code) {
    lxw_format* const format = workbook_add_format(workbook_);
    format_set_num_format(format, code);
    return format;
  }

  lxw_workbook* workbook_;
  lxw_worksheet* sheet_;
  lxw_format* heading_ = nullptr;
  lxw_format* date_ = nullptr;
  lxw_format* moment_ = nullptr;
  std::array<lxw_format*, 5> decimals_{};
};

std::unique_ptr<WorkbookFile> create(const char* path, const char* sheet) {
  // Rows go to a temporary file, so that memory does not grow with them.
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  lxw_workbook* const workbook = workbook_new_opt(path, &options);
  if (workbook == nullptr) return nullptr;
  return std::make_unique<XlsxFile>(workbook, sheet);
}

}  // namespace
}  // namespace crm

extern "C" CRM_API void* crm_module_workbook() {
  static crm::WorkbookModule module{crm::create};
  return &module;
}
