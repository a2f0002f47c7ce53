#!/bin/bash
# Brings llama.cpp's server, a real one for the tests, into one folder: from Debian, with every library it needs,
# without root and without touching the machine's own packages.
#
#   test/models/getLlamaServer.sh [FOLDER]
#
# FOLDER: $UNDERSTUDY_LLAMA_SERVER, or understudy-tests/llama-server in the user's cache. What is there is kept.
# Afterwards: FOLDER/llama-server -m /absolute/model.gguf …, and FOLDER/llama-quantize. Both change directory before
# they start, so that paths among their arguments must be absolute.
# The suite moves on, nothing is pinned; the last line says which version was found.
set -euo pipefail
# shellcheck source=../editors/debianPackages.sh
source "$(dirname "${BASH_SOURCE[0]}")/../editors/debianPackages.sh"

folder=${1:-${UNDERSTUDY_LLAMA_SERVER:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy-tests/llama-server}}
suite=${UNDERSTUDY_LLAMA_SERVER_SUITE:-forky}

main() {
  folder=$(mkdir -p "$folder" && cd "$folder" && pwd)
  if ! version 2> /dev/null; then
    need_debian
    fetch_packages "$folder" "$suite" llama.cpp-tools
    write_starter llama-server --offline --no-ui
    write_starter llama-quantize
    version
  fi
}

version() {
  "$folder/llama-server" --version 2>&1 | grep -m 1 '^version'
}

# A starter rather than a changed program: ggml looks for its CPU back ends in the current folder, so that has to be
# theirs anyway, and the server starts nothing else by its own path.
write_starter() {
  local program=$1 loader libraries
  shift
  loader=$(loader_of "$folder")
  libraries=$(libraries_of "$folder")
  cat > "$folder/$program" << STARTER
#!/bin/sh
cd "$libraries/ggml/backends0" || exit 1
exec "$loader" --library-path "$libraries:$libraries/llama:$libraries/ggml" "$folder/usr/bin/$program" $* "\$@"
STARTER
  chmod +x "$folder/$program"
}

main
