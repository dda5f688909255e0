#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Time of labelling a dataset with a list of EIPs on 1, 2, ... processes: wall time, configurations
# times EIPs per second, and how much faster than one process.
#   bench/label.sh DATA.h5|DATA.xyz[.gz] LIST.json [processes ...]      (1 2)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
PATH=$root/build/bin:$root/.venv/bin:$PATH
[ $# -ge 2 ] || { sed -n '3,5s/^# *//p' "$0" >&2; exit 2; }
data=$1
list=$2
shift 2
[ $# -gt 0 ] || set -- 1 2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
eipnn convert "$data" "$folder/data.h5"
printf '%9s %10s %12s %10s %10s %8s\n' processes seconds labels failed labels/s speed-up
for jobs; do
  cp "$folder/data.h5" "$folder/labelled.h5"
  start=$(date +%s.%N)
  eipnn label "$folder/labelled.h5" --eips "$list" --jobs "$jobs" >"$folder/table" 2>"$folder/log" || {
    cat "$folder/log" >&2
    exit 1
  }
  end=$(date +%s.%N)
  awk -v jobs="$jobs" -v start="$start" -v end="$end" -v file="$folder/first" '
    NR > 1 && NF == 4 { labels += $2; failed += $3 }
    END {
      seconds = end - start
      if ((getline first < file) <= 0) print first = seconds > file
      printf "%9d %10.2f %12d %10d %10.0f %8.2f\n", jobs, seconds, labels, failed,
             labels / seconds, first / seconds
    }' "$folder/table"
done
