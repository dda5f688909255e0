#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds Kokkos 4.5.01 for a GPU of NVIDIA or AMD or for the host's cores, and prints its folder.
#   tools/build-kokkos.sh [ARCHITECTURE|OPENMP]        default HOPPER90; build-kokkos/ARCHITECTURE
# Needs nvcc or hipcc, and no GPU. What uses that Kokkos is configured with
#   cmake -D CMAKE_TOOLCHAIN_FILE=build-kokkos/ARCHITECTURE/toolchain.cmake ...
# which names compiler, flags and Kokkos. A finished build is left alone.
set -eu
cd "$(dirname "$0")/.."

architecture=${1:-HOPPER90}
case $architecture in
  VOLTA70 | TURING75 | AMPERE80 | AMPERE86 | ADA89 | HOPPER90)
    compiler=nvcc options="-DKokkos_ENABLE_CUDA=ON -DKokkos_ARCH_$architecture=ON"
    ;;
  AMD_GFX906 | AMD_GFX908 | AMD_GFX90A | AMD_GFX942 | AMD_GFX1030 | AMD_GFX1100)
    compiler=hipcc options="-DKokkos_ENABLE_HIP=ON -DKokkos_ARCH_$architecture=ON
      -DKokkos_ENABLE_ROCTHRUST=OFF"
    ;;
  OPENMP) compiler=c++ options=-DKokkos_ENABLE_OPENMP=ON ;;
  *)
    echo "build-kokkos: $architecture is unknown; known: VOLTA70, TURING75, AMPERE80, AMPERE86," \
      "ADA89, HOPPER90, AMD_GFX906, AMD_GFX908, AMD_GFX90A, AMD_GFX942, AMD_GFX1030, AMD_GFX1100," \
      "OPENMP" >&2
    exit 2
    ;;
esac
if ! command -v $compiler >/dev/null; then
  echo "build-kokkos: no $compiler on the PATH; install CUDA or ROCm for GPUs of NVIDIA or AMD, or" \
    "take OPENMP" >&2
  exit 1
fi
folder=$PWD/build-kokkos/$architecture
if [ -f "$folder/ready" ]; then
  echo "$folder"
  exit 0
fi

source=$(tools/get-source.sh kokkos 4.5.01)
mkdir -p "$folder/include"
{
  echo "set(Kokkos_ROOT $folder)"
  if [ $compiler = nvcc ]; then
    cp cmake/cuda13_overloads.h "$folder/include"
    echo "set(CMAKE_CXX_COMPILER $source/bin/nvcc_wrapper)"
    echo "set(CMAKE_CXX_FLAGS_INIT \"-arch=sm_$(echo "$architecture" | tr -cd 0-9)" \
      "-include $folder/include/cuda13_overloads.h\")"
  else
    echo "set(CMAKE_CXX_COMPILER $(command -v $compiler))"
  fi
} >"$folder/toolchain.cmake"
# shellcheck disable=SC2086
if ! {
  cmake -G Ninja -S "$source" -B "$folder/build" -D CMAKE_BUILD_TYPE=Release \
    -D CMAKE_TOOLCHAIN_FILE="$folder/toolchain.cmake" -D CMAKE_INSTALL_PREFIX="$folder" \
    -D CMAKE_POSITION_INDEPENDENT_CODE=ON -D Kokkos_ENABLE_SERIAL=ON $options &&
    cmake --build "$folder/build" --target install
} >"$folder/log" 2>&1; then
  tail -n 30 "$folder/log" >&2
  echo "build-kokkos: Kokkos did not build; all messages are in $folder/log" >&2
  exit 1
fi
rm -rf "$folder/build"
touch "$folder/ready"
echo "$folder"
