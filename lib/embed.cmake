# Writes OUTPUT: a C++ file that holds each of FILES as text, found by its path below ROOT or beside it (base/embedded.h).
# String literals over 64 KiB are not portable, so a file is cut, at line ends, into
# pieces that the compiler joins again. Each file ends with a newline.
set(entries "")
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})
  string(REGEX REPLACE "^\\.\\./" "" name ${name})
  file(READ ${file} text)
  set(pieces "")
  string(LENGTH "${text}" left)
  set(at 0)
  while(at LESS left)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(FIND "${piece}" "\n" cut REVERSE)  # never inside a character
    math(EXPR cut "${cut} + 1")
    string(SUBSTRING "${text}" ${at} ${cut} piece)
    string(APPEND pieces "R\"crm_embedded(${piece})crm_embedded\"\n")
    math(EXPR at "${at} + ${cut}")
  endwhile()
  string(APPEND entries "    {\"${name}\", ${pieces}},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"base/embedded.h\"\n\nnamespace crm {\nnamespace {\nconstexpr EmbeddedFile kFiles[] = {\n${entries}};\n}  // namespace\n\nstd::span<const EmbeddedFile> embedded_files() { return kFiles; }\n}  // namespace crm\n")
