# SPDX-License-Identifier: GPL-2.0-or-later
# DFT energies of the test set and of the pool are hidden: with others every stage gives the same.
. "$(dirname "$0")/common.sh"

two_eips
options="--split a --hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8 --steps 60"
augmented="--method mp+la --eips eips.json --calibrate affine --pretrain-steps 60 --head eips
  --classifier-steps 100"

# study NAME: models out of NAME.xyz, and what they predict for the first data.
study()
{
  expect 0 convert "$1.xyz" "$1.h5"
  expect 0 split "$1.h5" --name a --train 0.3 --val 0.2 --test 0.1 --rest pool
  expect 0 label "$1.h5" --eips eips.json --align --split a
  expect 0 train "$1.h5" $options $augmented --out "$1-both.h5"
  expect 0 train "$1.h5" $options --delta ridge --out "$1-delta.h5"
  for model in both delta; do
    expect 0 test "$1-$model.h5" si.h5 --predictions "$1-$model.csv"
  done
}

"$make_silicon" 120 1 >si.xyz
study si
expect 0 test si-both.h5 si.h5 --split a --role train --predictions train.csv
expect 0 test si-both.h5 si.h5 --split a --role validation --predictions validation.csv
sed -s '/^#/d; /^index/d' train.csv validation.csv | cut -d, -f1 >seen
[ "$(wc -l <seen)" -eq 60 ] || fail "not the 60 labelled configurations"
awk 'NR == FNR { seen[$1] = 1; next }
  /energy=/ { if (!((n++) in seen)) sub(/energy=[-0-9.]*/, "energy=-15.5") } 1' seen si.xyz >other.xyz
[ "$(grep -c 'energy=-15.5' other.xyz)" -eq 60 ] || fail "not the 60 hidden energies"
study other
for model in both delta; do
  cmp -s si-$model.csv other-$model.csv || fail "a hidden label has an influence ($model)"
done
