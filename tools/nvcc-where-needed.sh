#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# CMAKE_CXX_COMPILER_LAUNCHER for LAMMPS and Kokkos' nvcc_wrapper: sources that do not see Kokkos go to
# the host's compiler alone, in a third of the time.
set -eu
for source; do :; done # the last argument
case $1-$source in
  */nvcc_wrapper-*.cpp) grep -qE 'kokkos|KOKKOS|"style_' "$source" || set -- "$@" --host-only ;;
esac
exec "$@"
