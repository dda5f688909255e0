# SPDX-License-Identifier: GPL-2.0-or-later
# EIP labels, pretraining, fine-tuning.
. "$(dirname "$0")/common.sh"

small="--hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8"
two_eips
"$make_silicon" 60 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.2 --rest pool
expect 1 pretrain si.h5 --eips eips.json --out pre.h5 $small --steps 20
says err 'no labels of the EIP "edip"; compute them with `eipnn label si.h5 --eips eips.json`'

expect 0 label si.h5 --eips eips.json --forces --align
says out "edip                         60          0"
says out "sw                           60          0"
says out "reference energy Si: "
expect 0 info si.h5
says out "eip/edip"
says out "60 with forces"
# Labels that are there are kept; asked for again they come out the same.
cp si.h5 labelled.h5
expect 0 label si.h5 --eips eips.json
expect 0 label si.h5 --eips eips.json --relabel --forces
energy() { "$eipnn" info "$1" --json | sed -n '/eip\/sw/,/virials/p' | sed '/timestamp/d'; }
[ "$(energy si.h5)" = "$(energy labelled.h5)" ] || fail "labels changed"

expect 0 pretrain si.h5 --network schnet --eips eips.json --split a --out pre.h5 $small \
  --steps 200 --lr 5e-3 --log pre.csv
says out "wrote pre.h5: 2 heads"
says out ", 36 training configurations" # 18 of the split and the pool of 18
[ ! -e pre.checkpoint.h5 ] || fail "the checkpoint of a finished run is still there"
expect 0 info pre.h5
says out "edip"
says out "pretraining"
# A baseline with another energy zero, and a model of EIPs: both are said.
expect 0 test pre.h5 si.h5 --split a
says err 'pre.h5 is a pretrained model: its output "edip" is an EIP'
expect 0 convert si.xyz zero.h5
expect 0 label zero.h5 --eips eips.json
says out "reference energy Si: not set; give --align"
expect 0 test pre.h5 zero.h5
says err "the reference energy of Si is not set"
expect 0 pretrain si.h5 --eips eips.json --out free.h5 $small --steps 20
expect 0 info si.h5
grep -q '(pretraining)' out && fail "the split of a pretraining without --split was stored"

expect 0 train si.h5 --split a --method mp --pretrained pre.h5 --batch 8 --steps 200 --out mp.h5
expect 0 info mp.h5
says out "method                     mp"
says out "16 features, 2 layers"
says out '"hidden":16,"layers":2,"radial":16'
expect 0 test mp.h5 si.h5 --split a --json
holds "$(number out config_mae) < 0.5"
says out '"best_eip": "'
expect 0 test mp.h5 si.h5 --split a
says out "best EIP: "
! grep -q " lies " err || fail "a shift is told where there is none"
# Other zeros of energy: of the reference energies, and of the DFT labels.
cp si.h5 wrong.h5
expect 0 label wrong.h5 --reference Si=9
expect 0 test mp.h5 wrong.h5 --split a
says err "eV/atom above the DFT energies on average"
says err "the reference energies do not fit these DFT labels; \`eipnn label wrong.h5 --align\` fits them"
sed 's/ energy=[-0-9.]*/ energy=99/' si.xyz >other.xyz
expect 0 convert other.xyz other.h5
expect 0 test mp.h5 other.h5
says err "mp.h5 lies "
says err "eV/atom below the DFT energies on average"
says err "its training data counted from another zero of energy"
# Not the network of the pretrained model.
expect 1 train si.h5 --split a --method mp --pretrained pre.h5 --hidden 8 --steps 5 --out bad.h5
[ ! -e bad.h5 ] || fail "a model was written"

# A head that starts from those of the EIPs is good before the first step.
start="--split a --batch 8 --steps 1 --lr 1e-9 --keep last --average 0.5 --huber 0.2"
expect 0 train si.h5 --method mp --pretrained pre.h5 --head eips $start --out combined.h5 --json
combined=$(number out validation_mae)
expect 0 train si.h5 --method mp --pretrained pre.h5 $start --out fresh.h5 --json
holds "$combined < 0.7 * $(number out validation_mae)"
expect 2 train si.h5 --head eips $start --out bad.h5
says err "--head is for --method mp and mp+la"
expect 2 train si.h5 $start --average 1 --out bad.h5

# Pretraining and fine-tuning in one command.
expect 0 train si.h5 --split a --method mp --eips eips.json $small --pretrain-steps 50 --steps 50 \
  --out both.h5
says out "wrote both.pretrained.h5"
says out "wrote both.h5"
