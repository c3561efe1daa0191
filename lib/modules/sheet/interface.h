// What the sheet module and libcrm say to each other. The module links libzip and expat, and nothing of
// libcrm: it unpacks the parts of an office document and takes their XML apart; what they mean is for the
// taker of the events.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace crm {

// Names come without their namespace's prefix. Views live until the call returns.
class XmlEvents {
 public:
  virtual ~XmlEvents() = default;
  // `attributes`: name, value, name, value …, null at the end.
  virtual void begin(std::string_view name, const char* const* attributes) = 0;
  // A text may come in several pieces.
  virtual void text(std::string_view text) = 0;
  virtual void end(std::string_view name) = 0;
};

// One part of a package, unpacked block by block.
class PackagePart {
 public:
  enum class Step { more, end, fault };
  virtual ~PackagePart() = default;
  // Reads the next block and hands out its events. Exceptions of the events pass through.
  virtual Step parse(XmlEvents& events) = 0;
  // What was wrong; a constant of the module.
  virtual const char* fault() const = 0;
  // The line of the part's text that was reached, from 1.
  virtual std::size_t line() const = 0;
};

// Takes the text of a part as it stands.
class PartBytes {
 public:
  virtual ~PartBytes() = default;
  // A view of the call only.
  virtual void take(std::string_view bytes) = 0;
};

// A ZIP archive of XML parts.
class Package {
 public:
  virtual ~Package() = default;
  // Null where there is no such part. The package must outlive it.
  virtual std::unique_ptr<PackagePart> open(const char* name) = 0;
  // Unpacks a part without taking it apart, up to its end or what is wrong with it.
  virtual void read(const char* name, PartBytes& bytes) = 0;
  // 0 where there is no such part.
  virtual std::size_t packed_bytes(const char* name) = 0;
};

// What a part may be at most. Without these a file of some kilobytes could unpack to terabytes.
struct PackageLimits {
  std::size_t part_bytes = std::size_t{4} << 30;        // unpacked
  std::size_t ratio = 250;                              // unpacked to packed, beyond the first
  std::size_t ratio_free_bytes = std::size_t{8} << 20;  // … of which nothing is said
  std::size_t token_bytes = std::size_t{16} << 20;      // of one tag
  std::size_t depth = 64;                               // of elements
};

// What the entry point `crm_module_sheet` returns.
struct SheetModule {
  // Null and a fault (a constant of the module) where the file is no ZIP archive.
  std::unique_ptr<Package> (*open_package)(const char* path, const PackageLimits& limits, const char*& fault);
};

}  // namespace crm
