#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Speed of EIPs through the KIM API, then of eipnn beside schnetpack (PyPI), on one core, measured in
# turns in one run, the memory of an MD run, and neighbour lists beside those of ASE and matscipy.
# Pretraining has a benchmark of its own, bench/pretraining.py. schnetpack gets an environment of its
# own, .venv-bench (several GB: PyTorch from PyPI brings its CUDA libraries); EIPNN_BENCH_PYTHON names
# a Python that has it already.
#   bench/run.sh [rounds]
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-3}

tools/install-deps.sh
python=${EIPNN_BENCH_PYTHON:-.venv-bench/bin/python}
if [ ! -x "$python" ]; then
  echo "bench: pip install schnetpack==2.0.4 (into .venv-bench)"
  python3 -m venv .venv-bench
  .venv-bench/bin/pip install -q --disable-pip-version-check \
    "schnetpack==2.0.4" "torch<2.4" "numpy<2"
fi
tools/build.sh -D EIPNN_BENCH=ON
exec python3 bench/compare.py "$python" "$rounds"
