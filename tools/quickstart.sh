#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole idea on real data, under ten minutes on two cores: DFT silicon crystals, labels of eight
# empirical potentials, SchNet on 400 DFT labels alone and after pretraining on the empirical
# labels, then molecular dynamics in LAMMPS. Everything it makes lies in quickstart/.
set -eu
case ${1:-} in
  -h | --help)
    sed -n '3,/^set /s/^# //p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/.."
root=$PWD
started=$(date +%s)

say() {
  echo "[$(($(date +%s) - started)) s] $*"
}

rm -rf quickstart
mkdir quickstart
tools/install-deps.sh
say "building (log: quickstart/build.log)"
if ! tools/build.sh -D EIPNN_TESTS=OFF >quickstart/build.log 2>&1; then
  tail -n 20 quickstart/build.log >&2
  echo "quickstart: the build failed, see quickstart/build.log" >&2
  exit 1
fi
tools/get-data.sh

PATH=$root/build/bin:$root/.venv/bin:$PATH
export PATH OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
cd quickstart
eips=$root/potentials/eips/si.json
# DFT labels of squeezed cells are left out, as the authors of the data do; EIP labels above +2
# eV/atom are masked.
window="--energy-max -4"
network="--hidden 64 --layers 3"
# For both ways of training: a loss that outliers do not rule, and averaged weights.
training="--huber 0.2 --average 0.99"
seeds="1 2"

say "converting, without near twins, and labelling: 8 empirical potentials, 2 ranks"
eipnn convert ../data/si_random_crystals.xyz crystals.h5
eipnn dedupe crystals.h5 silicon.h5
mpiexec -n 2 eipnn label silicon.h5 --eips "$eips" --align

for seed in $seeds; do
  # shellcheck disable=SC2086
  eipnn split silicon.h5 --name "split$seed" --train-count 320 --val-count 80 --test-count 1000 \
    --rest pool --group $window --seed "$seed"
done

# Trains without and with pretraining on one split. $1: seed.
# shellcheck disable=SC2086
one_split() {
  name=split$1
  eipnn train silicon.h5 --split "$name" --method none --out "dft$1.h5" --steps 10000 $network \
    $training $window --seed "$1" --validate-every 50 --log "dft$1.csv"
  eipnn pretrain silicon.h5 --eips "$eips" --split "$name" --out "pre$1.h5" --steps 20000 $network \
    --huber 0.5 --keep last --energy-max 2 --seed "$1" --log "pre$1.csv"
  eipnn train silicon.h5 --split "$name" --method mp --pretrained "pre$1.h5" --out "mp$1.h5" \
    --head eips --keep last --steps 1000 $training $window --seed "$1" --validate-every 20 \
    --log "mp$1.csv"
  for method in dft mp; do
    eipnn test "$method$1.h5" silicon.h5 --split "$name" $window --json \
      --predictions "$method$1-test.csv" >"$method$1-test.json"
  done
}

say "training: two splits of 400 DFT labels side by side (logs: quickstart/split*.log)"
for seed in $seeds; do
  one_split "$seed" >"split$seed.log" 2>&1 &
  eval "job$seed=\$!"
done
for seed in $seeds; do
  eval "job=\$job$seed"
  if ! wait "$job"; then
    tail -n 20 "split$seed.log" >&2
    echo "quickstart: training on split $seed failed, see quickstart/split$seed.log" >&2
    exit 1
  fi
done

say "a model for MD: the pretrained one, trained on all DFT energies and forces, 2 ranks"
# shellcheck disable=SC2086
eipnn split silicon.h5 --name md --train 0.9 --val 0.1 --test 0 $window --seed 1
# shellcheck disable=SC2086
mpiexec -n 2 eipnn train silicon.h5 --split md --method mp --pretrained pre1.h5 --out md.h5 \
  --steps 3000 --force-weight 10 $window --seed 1 --log md.csv >md-training.log 2>&1
tail -n 1 md-training.log

say "molecular dynamics: 1,000 silicon atoms, 2 ranks"
LAMMPS_PLUGIN_PATH=$root/build/src/USER-EIPNN mpiexec -n 2 lmp \
  -in "$root/examples/silicon/in.silicon" -var model md.h5 -var equilibrate 2000 \
  -var produce 10000 -log md.log -screen none

say "pictures"
eipnn plot curves dft1.csv mp1.csv --labels "DFT only,pretrained" --out curves.svg
eipnn plot parity dft1-test.csv mp1-test.csv --labels "DFT only,pretrained" --out parity.svg
eipnn plot md md.log --out md.svg

echo
python3 "$root/tools/quickstart_table.py" dft1-test.json mp1-test.json dft2-test.json mp2-test.json
python3 "$root/tools/md_summary.py" md.log
say "done; models, logs and pictures are in quickstart/"
