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
# shellcheck source=debianPackages.sh
source "$(dirname "${BASH_SOURCE[0]}")/debianPackages.sh"

folder=${1:-${UNDERSTUDY_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy-tests/editors}}
suite=${UNDERSTUDY_EDITORS_SUITE:-sid}

main() {
  folder=$(mkdir -p "$folder" && cd "$folder" && pwd)
  if ! versions 2> /dev/null; then
    need_debian
    fetch_packages "$folder" "$suite" neovim hx patchelf
    bind_libraries
    versions
  fi
}

versions() {
  "$folder/usr/bin/nvim" --version | head -n 1
  HELIX_RUNTIME=$folder/usr/lib/hx/runtime "$folder/usr/bin/hx" --version
}

# Written into the programs themselves: Neovim starts itself again by its own path, and a library path in the
# environment would reach every program that the editors start.
bind_libraries() {
  local libraries loader program
  libraries=$(libraries_of "$folder")
  loader=$(loader_of "$folder")
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
