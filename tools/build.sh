#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Release build into build/: library, `eipnn` with MPI, LAMMPS plugin, tests.
#   tools/build.sh [cmake options]
set -eu
cd "$(dirname "$0")/.."
root=$PWD
python=$(ls -d .venv/lib/python3*/ 2>/dev/null | head -n 1)
if [ -z "$python" ]; then
  echo "build: no .venv here; run tools/install-deps.sh first" >&2
  exit 1
fi
echo "build: cmake + ninja into build/"
cmake -G Ninja -S . -B build --log-level=WARNING --no-warn-unused-cli -D CMAKE_BUILD_TYPE=Release \
  -D EIPNN_TESTS=ON -D EIPNN_BENCH=OFF \
  -D EIPNN_MPI=ON -D MPI_C_COMPILER="$root/.venv/bin/mpicc" \
  -D EIPNN_MPIEXEC_EXECUTABLE="$root/.venv/bin/mpiexec" \
  -D EIPNN_LAMMPS=ON -D EIPNN_LAMMPS_INCLUDE="$root/${python}site-packages/lammps/include/lammps" \
  -D EIPNN_LAMMPS_EXECUTABLE="$root/.venv/bin/lmp" "$@"
cmake --build build
