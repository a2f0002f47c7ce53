#!/bin/bash
# Builds a real Ollama, for the CPU alone, from Go's module proxy into one folder. It takes about 12 minutes of one core,
# so it is no part of what runs at every change: test/models/ollama.ts is run by hand, and its output is committed.
#
#   test/models/getOllama.sh [FOLDER]
#
# FOLDER: $UNDERSTUDY_OLLAMA, or understudy-tests/ollama in the user's cache. What is there is kept.
# Afterwards: FOLDER/ollama serve, with a home and models of its own inside FOLDER.
# Needs Go with cgo, g++, git and npm.
set -euo pipefail

folder=${1:-${UNDERSTUDY_OLLAMA:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy-tests/ollama}}
# The newest that the proxy has as a module.
version=${UNDERSTUDY_OLLAMA_VERSION:-0.17.4}
module=github.com/ollama/ollama

main() {
  folder=$(mkdir -p "$folder" && cd "$folder" && pwd)
  if ! [ -x "$folder/bin/ollama" ] || [ "$(cat "$folder/version" 2> /dev/null)" != "$version" ]; then
    need go g++ git npm
    fetch_headers
    build
    write_starter
    echo "$version" > "$folder/version"
    rm -rf "$folder/headers"
  fi
  "$folder/ollama" --version 2>&1 | grep -o 'version is .*'
}

need() {
  local program
  for program in "$@"; do
    command -v "$program" > /dev/null && continue
    echo "$0: needs $program." >&2
    exit 1
  done
}

# A Go module has no folders named vendor, and llama.cpp keeps headers of others (nlohmann, stb, miniaudio) in one.
# The npm package node-llama-cpp carries all of llama.cpp's source as a git bundle; nothing of it is run.
fetch_headers() {
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  npm pack --silent --pack-destination "$work" node-llama-cpp@3.22.1 > /dev/null
  tar -xzf "$work"/node-llama-cpp-*.tgz -C "$work" package/llama/gitRelease.bundle
  git clone --quiet --no-checkout "$work/package/llama/gitRelease.bundle" "$work/llama"
  mkdir -p "$folder/headers"
  git -C "$work/llama" archive HEAD vendor/nlohmann vendor/stb vendor/miniaudio |
    tar -x --strip-components=1 -C "$folder/headers"
}

# CPATH is not part of the keys of Go's build cache, CGO_CPPFLAGS would be: a second build in another folder is quick.
build() {
  CPATH=$folder/headers CGO_ENABLED=1 GOBIN=$folder/bin GOFLAGS=-p=${JOBS:-$(nproc)} \
    nice -n 19 go install -ldflags "-s -w -X $module/version.Version=$version" "$module@v$version"
}

write_starter() {
  cat > "$folder/ollama" << STARTER
#!/bin/sh
export HOME="$folder/home" OLLAMA_MODELS="\${OLLAMA_MODELS:-$folder/models}"
mkdir -p "\$HOME"
exec "$folder/bin/ollama" "\$@"
STARTER
  chmod +x "$folder/ollama"
}

main
