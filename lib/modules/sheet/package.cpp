#include <expat.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <utility>

#include "crm/export.h"
#include "modules/sheet/interface.h"

namespace crm {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;
constexpr zip_int64_t kMostParts = 10'000;

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

std::string_view local_name(const char* name) {
  const std::string_view text(name);
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

std::size_t most_unpacked(std::size_t packed, const PackageLimits& limits) {
  return packed < limits.part_bytes / limits.ratio ? limits.ratio_free_bytes + packed * limits.ratio
                                                   : limits.part_bytes;
}

class ZipPart final : public PackagePart {
 public:
  ZipPart(zip_file_t* file, std::size_t packed, const PackageLimits& limits)
      : file_(file, zip_fclose), parser_(XML_ParserCreate(nullptr), XML_ParserFree), limits_(limits) {
    most_ = most_unpacked(packed, limits);
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_begin, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    // Declared entities could stand for gigabytes; no office program writes any.
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
  }

  Step parse(XmlEvents& events) override {
    events_ = &events;
    void* const block = XML_GetBuffer(parser_.get(), static_cast<int>(kBlock));
    if (block == nullptr) return refuse("there is no memory for it");
    const zip_int64_t count = zip_fread(file_.get(), block, kBlock);
    if (count < 0) return refuse("its packed data is damaged");
    bytes_ += static_cast<std::size_t>(count);
    if (bytes_ > most_) return refuse("it unpacks to far more than such a file can hold");
    const XML_Status status = XML_ParseBuffer(parser_.get(), static_cast<int>(count), count == 0 ? 1 : 0);
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (fault_ != nullptr) return Step::fault;
    if (status != XML_STATUS_OK) return refuse(XML_ErrorString(XML_GetErrorCode(parser_.get())));
    const auto taken = static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_.get()));
    if (bytes_ > taken + limits_.token_bytes) return refuse("one of its tags is too long");
    return count == 0 ? Step::end : Step::more;
  }
  const char* fault() const override { return fault_; }
  std::size_t line() const override {
    return static_cast<std::size_t>(XML_GetCurrentLineNumber(parser_.get()));
  }

 private:
  Step refuse(const char* fault) {
    fault_ = fault;
    return Step::fault;
  }
  void stop(const char* fault) {
    fault_ = fault;
    XML_StopParser(parser_.get(), XML_FALSE);
  }
  // Exceptions may not pass through the parser, which is written in C.
  template <typename Action>
  void guarded(Action action) {
    if (thrown_ || fault_ != nullptr) return;
    try {
      action();
    } catch (...) {
      thrown_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }

  static void on_begin(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& part = *static_cast<ZipPart*>(self);
    if (++part.depth_ > part.limits_.depth) return part.stop("its elements are nested too deeply");
    part.guarded([&] { part.events_->begin(local_name(name), attributes); });
  }
  static void on_end(void* self, const XML_Char* name) {
    auto& part = *static_cast<ZipPart*>(self);
    --part.depth_;
    part.guarded([&] { part.events_->end(local_name(name)); });
  }
  static void on_text(void* self, const XML_Char* text, int size) {
    auto& part = *static_cast<ZipPart*>(self);
    part.guarded([&] { part.events_->text({text, static_cast<std::size_t>(size)}); });
  }
  static void on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<ZipPart*>(self)->stop("it declares a document type, as no workbook does");
  }

  std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  PackageLimits limits_;
  std::size_t most_ = 0;
  std::size_t bytes_ = 0;
  std::size_t depth_ = 0;
  XmlEvents* events_ = nullptr;
  const char* fault_ = nullptr;
  std::exception_ptr thrown_;
};

class ZipPackage final : public Package {
 public:
  ZipPackage(Archive archive, const PackageLimits& limits) : archive_(std::move(archive)), limits_(limits) {}

  std::unique_ptr<PackagePart> open(const char* name) override {
    const Found found = find(name);
    zip_file_t* const file = found.is_there ? zip_fopen_index(archive_.get(), found.index, 0) : nullptr;
    return file == nullptr ? nullptr : std::make_unique<ZipPart>(file, found.packed, limits_);
  }

  void read(const char* name, PartBytes& bytes) override {
    const Found found = find(name);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        found.is_there ? zip_fopen_index(archive_.get(), found.index, 0) : nullptr, zip_fclose);
    const auto block = std::make_unique<std::array<char, kBlock>>();
    std::size_t left = file == nullptr ? 0 : most_unpacked(found.packed, limits_);
    while (left > 0) {
      const zip_int64_t count = zip_fread(file.get(), block->data(), std::min(block->size(), left));
      if (count <= 0) return;
      left -= static_cast<std::size_t>(count);
      bytes.take({block->data(), static_cast<std::size_t>(count)});
    }
  }

  std::size_t packed_bytes(const char* name) override { return find(name).packed; }

 private:
  struct Found {
    bool is_there = false;
    zip_uint64_t index = 0;
    std::size_t packed = 0;
  };
  Found find(const char* name) const {
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_stat(archive_.get(), name, ZIP_FL_NOCASE, &status) != 0) return {};
    return {true, status.index, (status.valid & ZIP_STAT_COMP_SIZE) != 0 ? status.comp_size : 0};
  }

  Archive archive_;
  PackageLimits limits_;
};

std::unique_ptr<Package> open_package(const char* path, const PackageLimits& limits, const char*& fault) {
  int error = 0;
  Archive archive(zip_open(path, ZIP_RDONLY, &error), zip_discard);
  if (archive == nullptr) {
    fault = "it is no ZIP archive, or a damaged one";
    return nullptr;
  }
  if (zip_get_num_entries(archive.get(), 0) > kMostParts) {
    fault = "it has more parts than any workbook";
    return nullptr;
  }
  return std::make_unique<ZipPackage>(std::move(archive), limits);
}

}  // namespace
}  // namespace crm

extern "C" CRM_API void* crm_module_sheet() {
  static crm::SheetModule module{crm::open_package};
  return &module;
}
