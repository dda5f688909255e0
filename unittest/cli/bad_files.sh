# SPDX-License-Identifier: GPL-2.0-or-later
# Files that are missing, empty, cut off or of another kind: exit code 1, a message that names the
# file, nothing written over it.
. "$(dirname "$0")/common.sh"

"$make_silicon" 12 1 >good.xyz
expect 0 convert good.xyz good.h5
expect 0 split good.h5 --name a --train 0.5 --val 0.25 --test 0.25
printf 'no HDF5 at all\n' >text.h5
: >empty.h5
head -c 3000 good.h5 >cut.h5
: >empty.xyz
head -c 900 good.xyz >cut.xyz
printf '2\nLattice="1 0 0 0 1 0 0 0 1" energy=nan\nSi 0 0 nan\nSi 0 0 1\n' >nan.xyz

for file in missing text empty cut; do
  [ $file = missing ] || cp $file.h5 before
  for run in "info $file.h5" "convert $file.h5 out.xyz" "split $file.h5 --name a" \
    "label $file.h5 --reference Si=1" "train $file.h5 --split a --out m.h5" \
    "test $file.h5 good.h5 --split a" "test good.h5 $file.h5"; do
    expect 1 $run
    says err "eipnn: error: "
    silent out
  done
  expect 1 info $file.h5
  says err $file.h5
  [ $file = missing ] || cmp -s before $file.h5 || fail "$file.h5 was changed"
  [ ! -e out.xyz ] || fail "out.xyz was written"
  [ ! -e m.h5 ] || fail "m.h5 was written"
done
for file in missing empty cut nan; do
  expect 1 convert $file.xyz out.h5
  says err $file.xyz
  expect 1 convert good.xyz $file.xyz out.h5
  [ ! -e out.h5 ] || fail "out.h5 was written"
done

# A model is no dataset and a dataset no model.
expect 1 test good.h5 good.h5 --split a
says err good.h5
expect 1 train good.h5 --split none --out m.h5
says err 'no split "none"; it has: a'
expect 1 test good.h5 good.h5 --split none
expect 1 train good.h5 --split a --out no/such/folder/m.h5
says err "no/such/folder/m.h5 cannot be written"
expect 1 train good.h5 --split a --out m.h5 --log no/such/folder/m.csv
says err "no/such/folder/m.csv"
expect 2 train good.h5 --split a --out good.h5
says err "would replace the dataset"
# No output replaces what the run reads, by whatever name.
cp good.h5 before
ln -s good.h5 link.h5
for option in "--log ./good.h5" "--log link.h5" "--checkpoint good.h5" "--log m.h5"; do
  expect 2 train good.h5 --split a --steps 1 --hidden 4 --layers 1 --out m.h5 $option
done
says err "--out and --log are the same file"
expect 2 train good.h5 --split a --method mp --pretrained pre.h5 --out pre.h5
says err "would replace the model of --pretrained"
printf '{"split": "a", "out": "m.h5"}' >input.json
cp input.json input.before
for option in "--log ./input.json" "--checkpoint input.json" "--out input.json"; do
  expect 2 train good.h5 --input input.json $option
  says err "would replace the options of --input"
  cmp -s input.before input.json || fail "input.json was changed"
done
expect 2 test m.h5 good.h5 --predictions good.h5
says err "would replace the dataset"
cmp -s before good.h5 || fail "good.h5 was replaced"
expect 1 convert good.xyz no/such/folder/out.h5
says err no/such/folder
cp good.h5 before
expect 1 label good.h5 --reference Xx=1
says err '"Xx" is not a chemical symbol'
expect 1 label good.h5 --reference Al=1
says err 'the dataset holds no Al'
expect 1 label good.h5 --reference Si
says err 'is not ELEMENT=ENERGY'
expect 1 label good.h5 --eips missing.json
says err missing.json
expect 1 split good.h5 --name b --train 0.9 --val 0.9
cmp -s before good.h5 || fail "good.h5 was changed by a command that failed"
