#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The Kokkos backend, training on it and pair style eipnn/kk, on Kokkos' host backends: builds LAMMPS
# 29Sep2021 with KOKKOS once, eipnn against it, and runs the tests with the label kokkos. Everything
# lies in build-kokkos/.
#   tools/test-kokkos.sh [ctest options]
set -eu
case ${1:-} in
  -h | --help)
    sed -n '3,/^set /s/^# //p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/.."
tools/install-deps.sh libopenmpi-dev openmpi-bin xz-utils
tools/build-lammps-kokkos.sh 29Sep2021 OPENMP
echo "test-kokkos: cmake + ninja into build-kokkos/eipnn"
cmake -G Ninja -S . -B build-kokkos/eipnn --log-level=WARNING -D CMAKE_BUILD_TYPE=Release \
  -D EIPNN_KOKKOS=ON -D EIPNN_LAMMPS_BUILD="$PWD/build-kokkos/lammps-29Sep2021-OPENMP/build" \
  -D EIPNN_MPI=ON -D MPI_C_COMPILER="$(command -v mpicc.openmpi)" -D EIPNN_TESTS=ON
cmake --build build-kokkos/eipnn --target kokkos_tests
ctest --test-dir build-kokkos/eipnn -L kokkos --output-on-failure --no-tests=error -j "$(nproc)" "$@"
