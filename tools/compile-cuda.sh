#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles everything for GPUs of NVIDIA with nvcc: libeipnn and the command eipnn with the backend
# kokkos, the benchmarks, and the plugin with pair style eipnn/kk for LAMMPS 4Feb2025. Runs none of it,
# so no GPU is needed. Skipped, and said so, where nvcc is missing.
#   tools/compile-cuda.sh [ARCHITECTURE]        default HOPPER90; the folder is build-kokkos/cuda
set -eu
cd "$(dirname "$0")/.."

if ! command -v nvcc >/dev/null; then
  echo "compile-cuda: skipped, no nvcc on the PATH"
  exit 0
fi
folder=$PWD/build-kokkos/cuda
mkdir -p "$folder"
nvcc --version | sed -n 's/.*release \(.*\),.*/compile-cuda: CUDA \1/p'
kokkos=$(tools/build-kokkos.sh "${1:-HOPPER90}")
echo "compile-cuda: Kokkos 4.5.01 in $kokkos"
lammps=$(tools/get-lammps.sh 4Feb2025)

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
  run "configure-$name" cmake -G Ninja -S "$source" -B "$folder/$name" \
    -D CMAKE_TOOLCHAIN_FILE="$kokkos/toolchain.cmake" -D CMAKE_BUILD_TYPE=Debug \
    -D CMAKE_C_FLAGS_DEBUG=-O0 -D CMAKE_CXX_FLAGS_DEBUG=-O0 "$@"
}

# Nothing runs: -O0 takes two thirds of the time. LAMMPS is configured only: the plugin takes its
# definitions from there.
configure "$lammps/cmake" lammps -D BUILD_MPI=OFF -D BUILD_OMP=OFF -D PKG_KOKKOS=ON \
  -D EXTERNAL_KOKKOS=ON -D PKG_PLUGIN=ON \
  -D WITH_JPEG=OFF -D WITH_PNG=OFF -D WITH_FFMPEG=OFF -D WITH_GZIP=OFF -D WITH_CURL=OFF
configure . eipnn -D EIPNN_KOKKOS=ON -D EIPNN_LAMMPS_BUILD="$folder/lammps" \
  -D EIPNN_TESTS=OFF -D EIPNN_BENCH=ON
run build-eipnn cmake --build "$folder/eipnn"

compiled=$(sed -n 's|^ *"file": "'"$PWD"'/\(.*\.cpp\)".*|compile-cuda: \1|p' \
  "$folder/eipnn/compile_commands.json")
echo "$compiled"
echo "compile-cuda: $(echo "$compiled" | wc -l) sources compiled by nvcc; linked: the command eipnn," \
  "its benchmarks, eipnnplugin.so"

# The toolkit's stand-in for the driver knows no GPU: the command must say so, with what to type.
stub=$(find -L "$(dirname "$(command -v nvcc)")/.." -path '*/stubs/libcuda.so' 2>/dev/null | head -n 1)
[ -n "$stub" ] || exit 0
mkdir -p "$folder/no-gpu"
ln -sf "$stub" "$folder/no-gpu/libcuda.so.1"
said=$(LD_LIBRARY_PATH=$folder/no-gpu "$folder/eipnn/bin/eipnn" test model.h5 data.h5 \
  --backend kokkos 2>&1 || true)
case $said in
  *"no GPU can be used here"*'use backend "cpu"'*) echo "compile-cuda: without a GPU: $said" ;;
  *)
    echo "compile-cuda: without a GPU eipnn said: $said" >&2
    exit 1
    ;;
esac
