# SPDX-License-Identifier: GPL-2.0-or-later
# Training that diverges stops with the cause and keeps the best weights, beside the last good model.
. "$(dirname "$0")/common.sh"

"$make_silicon" 40 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
options="--split a --hidden 8 --layers 1 --batch 8 --steps 400 --validate-every 1"
expect 0 train si.h5 $options --out model.h5
cp model.h5 before
expect 1 train si.h5 $options --out model.h5 --schedule slanted --clip 0 --lr 5 --log curve.csv
says err "training has diverged: the validation error was over 100 times that of the start"
says err "lower the learning rate"
says err "model.best.h5 holds them"
cmp -s before model.h5 || fail "the last good model was replaced"
best=$(sed 1d curve.csv | cut -d, -f5 | sort -g | head -n 1)
expect 0 test model.best.h5 si.h5 --split a --role validation --json
holds "($(number out config_mae) - $best)^2 < 1e-6 * $best^2"

# Nothing was learnt: there is nothing to keep.
expect 1 train si.h5 $options --out none.h5 --lr 1e200
says err "the model keeps the weights of step 0"
[ ! -e none.h5 ] && [ ! -e none.best.h5 ] || fail "a model was written"
