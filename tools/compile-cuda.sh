#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles everything for CUDA with nvcc: Kokkos 4.5.01, libeipnn and the command eipnn with the
# backend kokkos, and the plugin with pair style eipnn/kk for LAMMPS 4Feb2025. Runs none of it, so no
# GPU is needed. About 4 minutes on two cores; what is there is not made again.
#   tools/compile-cuda.sh [ARCHITECTURE]        default HOPPER90 (sm_90); the folder is build-kokkos/cuda
set -eu
cd "$(dirname "$0")/.."

architecture=${1:-HOPPER90}
case $architecture in
  VOLTA70 | TURING75 | AMPERE80 | AMPERE86 | ADA89 | HOPPER90) ;;
  *)
    echo "compile-cuda: $architecture is unknown; known: VOLTA70, TURING75, AMPERE80, AMPERE86," \
      "ADA89, HOPPER90" >&2
    exit 2
    ;;
esac
arch_flag=-arch=sm_$(echo "$architecture" | tr -cd 0-9)
if ! nvcc=$(command -v nvcc); then
  echo "compile-cuda: skipped, no nvcc on the PATH"
  exit 0
fi

folder=$PWD/build-kokkos/cuda
kokkos=$(tools/get-kokkos.sh 4.5.01)
lammps=$(tools/get-lammps.sh 4Feb2025)
flags="$arch_flag -include $PWD/cmake/cuda13_overloads.h"
echo "compile-cuda: $("$nvcc" --version | sed -n 's/.*release/CUDA/p'), $arch_flag, in $folder"
mkdir -p "$folder"

# run NAME COMMAND...: messages into NAME.log, the errors among them shown.
run() {
  log=$folder/$1.log
  shift
  if ! "$@" >"$log" 2>&1; then
    grep -E -m 20 -A 2 'error:|error #|CMake Error|FAILED:' "$log" >&2 || tail -n 30 "$log" >&2
    echo "compile-cuda: failed; all messages are in $log" >&2
    exit 1
  fi
}

configure() {
  source=$1 name=$2
  shift 2
  run "configure-$name" cmake -G Ninja -S "$source" -B "$folder/$name" -D CMAKE_BUILD_TYPE=Release \
    -D CMAKE_CXX_COMPILER="$kokkos/bin/nvcc_wrapper" -D CMAKE_CXX_FLAGS="$flags" "$@"
}

configure "$kokkos" kokkos-build -D CMAKE_INSTALL_PREFIX="$folder/kokkos" \
  -D CMAKE_POSITION_INDEPENDENT_CODE=ON -D Kokkos_ENABLE_CUDA=ON \
  -D "Kokkos_ARCH_$architecture=ON" -D Kokkos_ENABLE_SERIAL=ON
run build-kokkos cmake --build "$folder/kokkos-build" --target install
echo "compile-cuda: Kokkos 4.5.01"

# Configured only: the plugin takes its definitions from there.
configure "$lammps/cmake" lammps -D BUILD_MPI=OFF -D BUILD_OMP=OFF -D PKG_KOKKOS=ON \
  -D EXTERNAL_KOKKOS=ON -D Kokkos_ROOT="$folder/kokkos" -D PKG_PLUGIN=ON \
  -D WITH_JPEG=OFF -D WITH_PNG=OFF -D WITH_FFMPEG=OFF -D WITH_GZIP=OFF -D WITH_CURL=OFF
configure . eipnn -D EIPNN_KOKKOS=ON -D EIPNN_LAMMPS_BUILD="$folder/lammps" \
  -D EIPNN_TESTS=OFF -D EIPNN_BENCH=ON
run build-eipnn cmake --build "$folder/eipnn"

compiled=$(sed -n 's|.*"file": ".*/\(.*\(tensor/kokkos\|USER-EIPNN\)/.*\.cpp\)".*|\1|p' \
  "$folder/eipnn/compile_commands.json")
echo "$compiled" | sed 's/^/compile-cuda: /'
echo "compile-cuda: $(echo "$compiled" | wc -l) sources, the command eipnn and eipnnplugin.so"
