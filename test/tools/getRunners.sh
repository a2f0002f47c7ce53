#!/bin/bash
# Brings the runners and linters of the tests into one folder, from npm and PyPI, for test/tools.
#
#   test/tools/getRunners.sh [FOLDER]
#
# FOLDER: $UNDERSTUDY_RUNNERS, or understudy-tests/runners in the user's cache. What is there already is kept.
set -euo pipefail
folder=${1:-${UNDERSTUDY_RUNNERS:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy-tests/runners}}
mkdir -p "$folder"
cd "$folder"

if [ ! -e node_modules/prettier/package.json ]; then
  echo '{ "name": "runners", "private": true }' > package.json
  npm install --no-audit --no-fund --ignore-scripts --silent vitest@4.1.12 @vitest/coverage-v8@4.1.12 jest@30.5.0 \
    mocha@12.0.3 c8@12.0.0 tsx@4 eslint@10.15.0 prettier@3.10.1
fi
if [ ! -x python/bin/ruff ]; then
  python3 -m venv python
  python/bin/pip install --quiet pytest==9.2.0 pytest-cov ruff==0.17.3
fi
ls -d node_modules/vitest node_modules/eslint python/bin/ruff
