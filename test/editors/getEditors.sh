#!/bin/bash
# Brings Neovim (0.12 or newer) and Helix for the editor tests into one folder, without root and without touching the
# machine's own packages. Both come from Debian, with every library they need.
#
#   test/editors/getEditors.sh [FOLDER]
#
# FOLDER: $UNDERSTUDY_EDITORS, or understudy-tests/editors in the user's cache. What is there already is kept.
# The programs remember the folder: after moving it, delete it and run this again.
# The suite moves on, nothing is pinned; the last lines say which versions were found.
set -euo pipefail

folder=${1:-${UNDERSTUDY_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy-tests/editors}}
suite=${UNDERSTUDY_EDITORS_SUITE:-sid}

main() {
  folder=$(mkdir -p "$folder" && cd "$folder" && pwd)
  if ! versions 2> /dev/null; then
    need apt-get dpkg-deb dpkg
    fetch_packages
    bind_libraries
    versions
  fi
}

versions() {
  "$folder/usr/bin/nvim" --version | head -n 1
  HELIX_RUNTIME=$folder/usr/lib/hx/runtime "$folder/usr/bin/hx" --version
}

need() {
  local program
  for program in "$@"; do
    command -v "$program" > /dev/null && continue
    echo "$0: needs $program, that is a Debian or Ubuntu machine." >&2
    exit 1
  done
}

# apt with a state of its own. Nothing counts as installed in it, so that even the C library is brought along.
fetch_packages() {
  local work mirror keyring package
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
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
  export APT_CONFIG=$work/apt.conf
  apt-get -qq update
  apt-get -qq --yes --download-only install neovim hx patchelf > /dev/null
  for package in "$work"/cache/archives/*.deb; do dpkg-deb --extract "$package" "$folder"; done
}

# Written into the programs themselves: Neovim starts itself again by its own path, and a library path in the
# environment would reach every program that the editors start.
bind_libraries() {
  local libraries loader program
  libraries=$(dirname "$(find "$folder/usr/lib" -name 'libc.so.6' | head -n 1)")
  loader=$(find "$folder/usr" -name 'ld-linux-*.so.*' | head -n 1)
  for program in nvim hx; do
    program=$(realpath_inside "$folder/usr/bin/$program")
    "$loader" --library-path "$libraries" "$folder/usr/bin/patchelf" \
      --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$program"
  done
}

# Debian's alternatives are absolute links; here they mean a place inside the folder.
realpath_inside() {
  local target
  target=$(readlink -f "$1")
  case $target in "$folder"/*) echo "$target" ;; *) echo "$folder$target" ;; esac
}

main
