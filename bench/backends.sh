#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Training on the backend kokkos beside cpu on one core: the best of some rounds in turns, in
# configurations per second, and the ratio. On a GPU the number of threads plays no part. BUILD was
# configured with EIPNN_KOKKOS=ON and EIPNN_BENCH=ON.
#   bench/backends.sh BUILD [rounds] [steps]
set -eu
if [ $# -lt 1 ]; then
  echo "usage: bench/backends.sh BUILD [rounds] [steps]" >&2
  exit 2
fi
program=$1/bench/bench_training
if [ ! -x "$program" ]; then
  echo "bench/backends.sh: $program is not there; build it with:" >&2
  echo "  cmake -S . -B $1 -D EIPNN_KOKKOS=ON -D EIPNN_BENCH=ON && cmake --build $1" >&2
  exit 1
fi
rounds=${2:-3}
steps=${3:-20}
export OMP_PROC_BIND=${OMP_PROC_BIND:-false}

# best OLD THREADS BACKEND LABELS: the larger of OLD and a new measurement.
best()
{
  new=$(OMP_NUM_THREADS=$2 "$program" "$steps" "$3" "$4")
  awk "BEGIN { print ($new > $1) ? $new : $1 }"
}

printf '%-30s %10s %12s %12s\n' 'configurations/s' cpu 'kokkos, 1' 'kokkos, 2'
for labels in energies forces; do
  cpu=0 one=0 two=0
  for round in $(seq "$rounds"); do
    cpu=$(best "$cpu" 1 cpu $labels)
    one=$(best "$one" 1 kokkos $labels)
    two=$(best "$two" 2 kokkos $labels)
  done
  printf '%-30s %10.1f %12.1f %12.1f\n' "$labels" "$cpu" "$one" "$two"
  awk "BEGIN { printf \"%-30s %10s %12.2f %12.2f\n\", \"  ratio to cpu\", \"\", $one/$cpu, $two/$cpu }"
done
