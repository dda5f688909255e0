#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the fuzzers of a build that was configured with
#   cmake -D EIPNN_FUZZ=ON -D CMAKE_C_COMPILER=clang -D CMAKE_CXX_COMPILER=clang++ -D CMAKE_BUILD_TYPE=RelWithDebInfo
#   sh fuzz.sh BUILD EXECUTIONS [NAME...]
# Each starts from its seeds and what earlier runs found worth keeping (BUILD/fuzz-corpus). A crash, an
# execution of over 5 s, a leak, a sanitizer's report or memory beyond 1 GiB in one piece ends it; the
# input is then in BUILD/fuzz-found, and `replay_NAME FILE` repeats it with any compiler. Prints the
# number of executions. TIMEOUT in the environment: another limit than 5 s, for a busy machine.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$1
wanted=$2
shift 2
[ $# -gt 0 ] || set -- xyz dump eip_list input table dataset model checkpoint
share=50000 # executions of one process: what libhdf5 leaks stays small
export LSAN_OPTIONS="suppressions=$here/../lsan.supp:print_suppressions=0"
export ASAN_OPTIONS=allocator_may_return_null=1:quarantine_size_mb=16
failed=0
mkdir -p "$build/fuzz-found"
for name; do
  corpus=$build/fuzz-corpus/$name
  found=$build/fuzz-found/$name-
  log=$build/fuzz-found/$name.log
  mkdir -p "$corpus"
  "$build/unittest/fuzz/replay_$name" --seeds "$corpus"
  done=0
  start=$(date +%s)
  while [ "$done" -lt "$wanted" ]; do
    "$build/unittest/fuzz/fuzz_$name" -runs=$share -timeout="${TIMEOUT:-5}" -rss_limit_mb=4096 \
      -malloc_limit_mb=1024 -detect_leaks=0 -max_len=65536 -artifact_prefix="$found" -print_final_stats=1 "$corpus" \
      >"$log" 2>&1
    code=$?
    more=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    done=$((done + ${more:-0}))
    echo "$name: $done of $wanted"
    if [ $code -ne 0 ]; then
      echo "$name: exit code $code, see $log"
      failed=1
      break
    fi
  done
  echo "$name: $done executions in $(($(date +%s) - start)) s, $(ls "$corpus" | wc -l) inputs kept"
done
exit $failed
