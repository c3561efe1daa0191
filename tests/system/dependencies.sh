#!/bin/sh
# What the program loads at each start: no heavy library is among it.
set -eu
if ldd "$CRM" | grep -E 'libcurl|libpq|libphonenumber|libicu|libyaml-cpp|libxlsxwriter|libabsl|libboost'; then
  echo "a heavy library is a dynamic dependency of the program"
  exit 1
fi
# libcrm shows only what is ours: the static libraries inside it stay hidden.
library=$(ldd "$CRM" | sed -n 's/.*libcrm\.so[^ ]* => \([^ ]*\).*/\1/p')
if [ -n "$library" ] && nm -D --defined-only "$library" | c++filt | grep -E ' (SQLite|fmt|nlohmann)::' | head -n 3 | grep .; then
  echo "a library's symbols leak from libcrm"
  exit 1
fi
