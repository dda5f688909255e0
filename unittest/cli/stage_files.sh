# SPDX-License-Identifier: GPL-2.0-or-later
# Files that the stages of `eipnn train` leave: those of another run are refused, and none
# replaces a file that the run reads.
. "$(dirname "$0")/common.sh"

two_eips
sed -n '3,4p' eips.json | sed '1s/^ /[/' >one.json
"$make_silicon" 24 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.1 --rest pool
expect 0 label si.h5 --eips eips.json --align
tiny="--split a --hidden 8 --layers 1 --radial 8 --cutoff 5 --batch 4 --steps 2"
la="$tiny --method la --classifier-steps 2"
both="$tiny --method mp+la --classifier-steps 2 --pretrain-steps 2"
expect 0 train si.h5 $both --out part.h5
expect 0 train si.h5 $both --lr 1e-4 --out part.h5 --resume
says err "part.pretrained.h5 is finished, it is used again"
says err "part.classifier.h5 is finished, it is used again"
expect 0 train si.h5 $la --out part.h5 --resume
says err "part.classifier.h5 is finished, it is used again"

expect 1 train si.h5 $la --eips one.json --out part.h5 --resume
says err "part.classifier.h5 is of another run (its EIP labels, chosen labels, reference energies"
expect 1 train si.h5 $la --calibrate affine --out part.h5 --resume
says err "part.classifier.h5 is of another run (its --calibrate differs)"
expect 1 train si.h5 $la --gamma 2 --out part.h5 --resume
says err "part.classifier.h5 is of another run (its --gamma differs)"
expect 1 train si.h5 $both --seed 3 --out part.h5 --resume
says err "part.pretrained.h5 is of another run (its --seed differs)"
cp si.h5 other.h5
expect 0 split other.h5 --name a --train 0.3 --val 0.2 --test 0.1 --rest pool --seed 7
expect 1 train other.h5 $both --out part.h5 --resume
says err "part.pretrained.h5 is of another run (its EIP labels, chosen labels, reference energies"

# kept SUFFIX option...: a dataset of that name beside OUT is not replaced.
kept()
{
  name=own.$1
  cp si.h5 "$name"
  shift
  expect 2 train "$name" "$@" --out own.h5
  says err "would replace the dataset"
  cmp -s si.h5 "$name" || fail "$name was replaced"
}
kept checkpoint.h5 $tiny
kept best.h5 $tiny
kept pretrained.h5 $both
kept pretraining.checkpoint.h5 $both
kept classifier.h5 $la
kept classifier.checkpoint.h5 $la
kept alpha-0.5.h5 $la --alpha auto
expect 2 pretrain own.checkpoint.h5 --eips eips.json --out own.h5 --steps 2
says err "would replace the dataset"
expect 2 train si.h5 $la --alpha auto --out free --checkpoint free.h5
says err "needs another name than --out"
mkdir folder.classifier.h5
expect 1 train si.h5 $la --out folder.h5
says err "folder.classifier.h5 cannot be written: it is no regular file"

# What cannot be trained is told before the pretraining.
expect 0 split si.h5 --name none --train-count 0 --val 0.2 --test 0.1 --rest pool
expect 1 train si.h5 $(echo $both | sed 's/--split a/--split none/') --out early.h5
says err "split 'none' has no training configuration with a DFT label inside the energy window"
expect 1 train si.h5 $both --energy-max -100 --out early.h5
says err "split 'a' has no training configuration with a DFT label inside the energy window"
expect 1 train si.h5 $la --augmentation-forces yes --force-weight 1 --out early.h5
says err "--augmentation-forces: no EIP of si.h5 has forces or virials"
[ ! -e early.classifier.h5 ] || fail "a classifier was trained in vain"
[ ! -e early.pretrained.h5 ] || fail "pretrained in vain"
