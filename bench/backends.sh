#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Training on the backend kokkos beside cpu on one core: the best of some rounds in turns, in
# configurations per second, and the ratio. On a GPU the number of threads plays no part. BUILD was
# configured with EIPNN_KOKKOS=ON and EIPNN_BENCH=ON.
#   bench/backends.sh BUILD [rounds] [steps]
set -eu
program=$1/bench/bench_training
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
