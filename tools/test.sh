#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing, builds, runs every test. Ends with ctest's summary.
#   tools/test.sh [ctest options]
set -eu
case ${1:-} in
  -h | --help)
    sed -n '3,/^set /s/^# //p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/.."
tools/install-deps.sh
tools/build.sh
ctest --test-dir build --output-on-failure -j "$(nproc)" "$@"
