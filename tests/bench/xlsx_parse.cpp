// The rival of the benchmark `workbook`: unzips a workbook's parts that hold rows and texts, and parses their
// XML, keeping nothing. Argument: FILE.
#include <expat.h>
#include <zip.h>

#include <array>
#include <cstdio>

namespace {

void begin(void* count, const XML_Char*, const XML_Char**) {
  ++*static_cast<long*>(count);
}
void end(void*, const XML_Char*) {}
void text(void* count, const XML_Char*, int size) {
  *static_cast<long*>(count) += size;
}

bool parse(zip_t* archive, const char* name, long& count) {
  zip_file_t* const part = zip_fopen(archive, name, 0);
  if (part == nullptr) return false;
  const XML_Parser parser = XML_ParserCreate(nullptr);
  XML_SetUserData(parser, &count);
  XML_SetElementHandler(parser, begin, end);
  XML_SetCharacterDataHandler(parser, text);
  static std::array<char, 65536> block;
  zip_int64_t read = 0;
  bool good = true;
  while (good && (read = zip_fread(part, block.data(), block.size())) > 0)
    good = XML_Parse(parser, block.data(), static_cast<int>(read), 0) == XML_STATUS_OK;
  XML_ParserFree(parser);
  zip_fclose(part);
  return good && read == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  zip_t* const archive = zip_open(argv[1], ZIP_RDONLY, nullptr);
  if (archive == nullptr) return 1;
  long count = 0;
  parse(archive, "xl/sharedStrings.xml", count);
  const bool good = parse(archive, "xl/worksheets/sheet1.xml", count);
  zip_discard(archive);
  std::printf("%ld\n", count);
  return good ? 0 : 1;
}
