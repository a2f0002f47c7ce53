# Programs of Debian in a folder of their own, with every library they need: without root, and without touching the
# machine's own packages. For sourcing; `set -euo pipefail` is expected.
#
#   need_debian
#   fetch_packages FOLDER SUITE PACKAGE…     apt with a state of its own, in which nothing counts as installed
#   loader_of FOLDER                         the dynamic loader that came along
#   libraries_of FOLDER                      the folder of the C library that came along

need_debian() {
  local program
  for program in apt-get dpkg-deb dpkg; do
    command -v "$program" > /dev/null && continue
    echo "$0: needs $program, that is a Debian or Ubuntu machine." >&2
    exit 1
  done
}

fetch_packages() {
  local folder=$1 suite=$2 work mirror keyring package
  shift 2
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  # An empty list of what is installed: even the C library is brought along.
  touch "$work/status"
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2> /dev/null | grep -m 1 '/debian/\?$' || true)
  for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do [ -e "$keyring" ] && break; done
  echo "deb [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian/} $suite main" > "$work/sources.list"
  cat > "$work/apt.conf" << CONF
Dir::State "$work";
Dir::State::Lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  APT_CONFIG=$work/apt.conf apt-get -qq update
  APT_CONFIG=$work/apt.conf apt-get -qq --yes --download-only install "$@" > /dev/null
  for package in "$work"/cache/archives/*.deb; do dpkg-deb --extract "$package" "$folder"; done
}

loader_of() {
  find "$1/usr" -name 'ld-linux-*.so.*' | head -n 1
}

libraries_of() {
  dirname "$(find "$1/usr/lib" -name 'libc.so.6' | head -n 1)"
}
