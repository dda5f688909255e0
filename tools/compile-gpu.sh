#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles everything for GPUs of NVIDIA with nvcc or of AMD with hipcc: libeipnn and the command eipnn
# with the backend kokkos, the benchmarks, and the plugin with pair style eipnn/kk for LAMMPS 4Feb2025.
# No GPU is needed: nothing runs but the command, to say that there is none. Skipped, and said so, where
# the compiler is missing.
#   tools/compile-gpu.sh cuda|hip [ARCHITECTURE]    default HOPPER90, AMD_GFX90A; in build-kokkos/cuda|hip
set -eu
cd "$(dirname "$0")/.."

kind=${1:-}
case $kind in # nothing runs: -O0 takes two thirds of the time; clang 15 has no -O0 for GPUs
  cuda) compiler=nvcc architecture=HOPPER90 level=-O0 ;;
  hip) compiler=hipcc architecture=AMD_GFX90A level=-O1 ;;
  *)
    echo "usage: tools/compile-gpu.sh cuda|hip [ARCHITECTURE]" >&2
    exit 2
    ;;
esac
if ! command -v $compiler >/dev/null; then
  echo "compile-gpu: skipped, no $compiler on the PATH"
  exit 0
fi
folder=$PWD/build-kokkos/$kind
mkdir -p "$folder"
$compiler --version 2>/dev/null |
  sed -n 's/.*release \(.*\),.*/compile-gpu: CUDA \1/p;s/^HIP version/compile-gpu: HIP/p'
kokkos=$(tools/build-kokkos.sh "${2:-$architecture}")
echo "compile-gpu: Kokkos 4.5.01 in $kokkos"
lammps=$(tools/get-source.sh lammps 4Feb2025)

# run NAME COMMAND...: messages into NAME.log, the errors among them shown.
run() {
  log=$folder/$1.log
  shift
  if ! "$@" >"$log" 2>&1; then
    grep -E -m 20 -A 2 'error:|error #|CMake Error|FAILED:' "$log" >&2 || tail -n 30 "$log" >&2
    echo "compile-gpu: failed; all messages are in $log" >&2
    exit 1
  fi
}

configure() {
  source=$1 name=$2
  shift 2
  run "configure-$name" cmake -G Ninja -S "$source" -B "$folder/$name" \
    -D CMAKE_TOOLCHAIN_FILE="$kokkos/toolchain.cmake" -D CMAKE_BUILD_TYPE=Debug \
    -D CMAKE_C_FLAGS_DEBUG=-O0 -D CMAKE_CXX_FLAGS_DEBUG=$level "$@"
}

# What stands in for missing libraries. CUDA's stub of the driver knows no GPU.
mkdir -p "$folder/stand-ins"
blas=''
if [ "$kind" = cuda ]; then
  stub=$(find -L "$(dirname "$(command -v nvcc)")/.." -path '*/stubs/libcuda.so' 2>/dev/null | head -n 1)
  ln -sf "$stub" "$folder/stand-ins/libcuda.so.1"
elif ! echo '#include <hipblas/hipblas.h>' | hipcc -E -x c++ - >/dev/null 2>&1; then
  blas=$(tools/get-hipblas.sh)
  echo "compile-gpu: hipBLAS of Debian 13, its libraries stood in for, in $blas"
  ln -sf "$blas"/lib/*/lib*.so.* "$folder/stand-ins"
fi

# LAMMPS is configured only: the plugin takes its definitions from there.
configure "$lammps/cmake" lammps -D BUILD_MPI=OFF -D BUILD_OMP=OFF -D PKG_KOKKOS=ON \
  -D EXTERNAL_KOKKOS=ON -D PKG_PLUGIN=ON \
  -D WITH_JPEG=OFF -D WITH_PNG=OFF -D WITH_FFMPEG=OFF -D WITH_GZIP=OFF -D WITH_CURL=OFF
configure . eipnn -D EIPNN_KOKKOS=ON -D EIPNN_LAMMPS_BUILD="$folder/lammps" \
  -D EIPNN_TESTS=OFF -D EIPNN_BENCH=ON -D hipblas_ROOT="$blas" \
  -D CMAKE_EXE_LINKER_FLAGS="-Wl,-rpath-link,$folder/stand-ins"
run build-eipnn cmake --build "$folder/eipnn"

compiled=$(sed -n 's|^ *"file": "'"$PWD"'/\(.*\.cpp\)".*|compile-gpu: \1|p' \
  "$folder/eipnn/compile_commands.json")
echo "$compiled"
echo "compile-gpu: $(echo "$compiled" | wc -l) sources compiled by $compiler; linked: the command eipnn," \
  "its benchmarks, eipnnplugin.so"

said=$(CUDA_VISIBLE_DEVICES=-1 HIP_VISIBLE_DEVICES=-1 LD_LIBRARY_PATH=$folder/stand-ins \
  "$folder/eipnn/bin/eipnn" test model.h5 data.h5 --backend kokkos 2>&1 || true)
case $said in
  *"no GPU can be used here"*'use backend "cpu"'*) echo "compile-gpu: without a GPU: $said" ;;
  *)
    echo "compile-gpu: without a GPU eipnn said: $said" >&2
    exit 1
    ;;
esac
