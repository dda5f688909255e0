#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetches DFT data out of source packages of PyPI into data/, as extended XYZ. Nothing is fetched
# twice.
#   tools/get-data.sh [silicon] [silver-gold]      (silicon if none is named)
# silicon: random crystals of pyxtal-ff 0.2.3 (MIT licence, Q. Zhu and co-workers), 3.6 MB;
# silver-gold: VASP runs of pypolymlp 0.22.1 (BSD licence, A. Seko), 77 MB.
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "get-data: $*" >&2
  exit 1
}

# Source package $1 of version $2 to archive $3 with checksum $4. pip keeps the file only after it has
# asked the package's build system $5 for its name.
fetch() {
  if [ ! -f "$3" ]; then
    [ -x .venv/bin/pip ] || fail "no .venv here; run tools/install-deps.sh first"
    echo "get-data: pip download $1==$2"
    # shellcheck disable=SC2086
    .venv/bin/pip install -q --disable-pip-version-check $5
    .venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary :all: \
      --no-build-isolation -d data "$1==$2"
  fi
  echo "$4  $3" | sha256sum --check --quiet ||
    fail "$3 is not the file expected; remove it and run again"
}

silicon() {
  out=data/si_random_crystals.xyz
  [ ! -f $out ] || { echo "get-data: $out is there"; return; }
  fetch pyxtal-ff 0.2.3 data/pyxtal_ff-0.2.3.tar.gz \
    2a123fb02f4dcc88949fd53eba52558a6049e92b95f23d7afb315f4a2875cfb0 "setuptools wheel"
  python3 tools/pyxtal_to_xyz.py data/pyxtal_ff-0.2.3.tar.gz $out
}

silver_gold() {
  out=data/agau_alloys.xyz
  [ ! -f $out ] || { echo "get-data: $out is there"; return; }
  fetch pypolymlp 0.22.1 data/pypolymlp-0.22.1.tar.gz \
    aabbb301d700d251832cc64d434f332e1660cfa3f4c4969327b646cdfe479c29 \
    "scikit-build-core setuptools setuptools_scm pybind11"
  python3 tools/polymlp_to_xyz.py data/pypolymlp-0.22.1.tar.gz $out
}

mkdir -p data
for material in "${@:-silicon}"; do
  case $material in
    silicon) silicon ;;
    silver-gold) silver_gold ;;
    *) fail "unknown data set '$material'; known: silicon, silver-gold" ;;
  esac
done
