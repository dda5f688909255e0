#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetches the silicon data of the quick start: random crystals with DFT energies and forces, from
# the source package pyxtal-ff 0.2.3 of PyPI (MIT licence, Q. Zhu and co-workers), converted to
# data/si_random_crystals.xyz. Nothing is fetched twice.
set -eu
cd "$(dirname "$0")/.."
sha256=2a123fb02f4dcc88949fd53eba52558a6049e92b95f23d7afb315f4a2875cfb0
archive=data/pyxtal_ff-0.2.3.tar.gz
out=data/si_random_crystals.xyz

mkdir -p data
if [ -f $out ]; then
  echo "get-data: $out is there"
  exit 0
fi
if [ ! -f $archive ]; then
  if [ ! -x .venv/bin/pip ]; then
    echo "get-data: no .venv here; run tools/install-deps.sh first" >&2
    exit 1
  fi
  echo "get-data: pip download pyxtal-ff==0.2.3 (3.6 MB)"
  .venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary :all: -d data \
    pyxtal-ff==0.2.3
fi
if ! echo "$sha256  $archive" | sha256sum --check --quiet; then
  echo "get-data: $archive is not the file expected; remove it and run again" >&2
  exit 1
fi
python3 tools/pyxtal_to_xyz.py $archive $out
