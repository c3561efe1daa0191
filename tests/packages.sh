# The Debian packages that the build and the tests need; sourced by tests/run.sh and examples/quickstart.sh.
build_packages="g++ cmake ninja-build pkg-config libcli11-dev libsqlite3-dev libsqlitecpp-dev libfmt-dev libyaml-cpp-dev \
nlohmann-json3-dev libutf8proc-dev libsodium-dev nettle-dev tao-pegtl-dev libphonenumber-dev libuchardet-dev libicu-dev libzip-dev libexpat1-dev libxlsxwriter-dev libcurl4-openssl-dev \
doctest-dev"
test_packages="sqlite3 python3 jq strace faketime mandoc tmux zsh dpkg-dev procps openssl libical3 python3-aiosmtpd"
tidy_packages="clang-14 clang-tidy-14 clang-format-14"

# Installs those of the named packages that are missing, by apt, as root or with sudo. On other systems, and where it may not, it says
# which are missing and ends with 1.
install_packages() {
  missing=""
  if command -v dpkg-query >/dev/null 2>&1; then
    for package in "$@"; do
      dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
  else
    echo "This is no Debian or Ubuntu. Please install what these Debian packages hold:" >&2
    echo "  $*" >&2
    echo "The README lists the names for Fedora and macOS. Then run this again with CRM_SKIP_INSTALL=1." >&2
    return 1
  fi
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" = 0 ]; then sudo=""; elif command -v sudo >/dev/null 2>&1; then sudo="sudo"; else
    echo "Missing packages; install them as root:" >&2
    echo "  apt-get install$missing" >&2
    return 1
  fi
  echo "Installing:$missing"
  $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
