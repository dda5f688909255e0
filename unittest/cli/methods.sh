# SPDX-License-Identifier: GPL-2.0-or-later
# Label augmentation and delta learning: every option has its effect, stages are used again.
. "$(dirname "$0")/common.sh"

two_eips
sed -n '3,4p' eips.json | sed '1s/^ /[/' >one.json
"$make_silicon" 120 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.1 --rest pool
expect 0 split si.h5 --name dry --train 0.3 --val 0.2 --test 0.2
network="--hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8"
short="$network --steps 60 --classifier-steps 200 --error-limit 0.2"

expect 1 train si.h5 --split a --method la $short --out la.h5
says err 'si.h5 has no EIP labels; compute them with `eipnn label si.h5 --eips LIST.json`'
expect 0 label si.h5 --eips eips.json --forces --align
expect 1 train si.h5 --split dry --method la $short --out la.h5
says err "split dry of si.h5 has no pool to label"

# mae MODEL: its error on the test set.
mae()
{
  "$eipnn" test "$1" si.h5 --split a --json >test.json 2>err || fail "eipnn test $1"
  number test.json config_mae
}

expect 0 train si.h5 --split a --method la $short --out la.h5
says out "wrote la.classifier.h5: 3 classes, 36 training and 24 validation configurations"
says out "classifier: right on "
says out "of the 48 configurations of the pool ("
says out "wrote la.h5: best validation"
says err "classifier step 200/200"
says err "validation accuracy"
[ ! -e la.classifier.checkpoint.h5 ] || fail "the checkpoint of the classifier is still there"
la=$(mae la.h5)
expect 0 info la.h5
says out "method                     la"
says out "alpha                      1"
says out "classifier_accuracy"
expect 0 info la.classifier.h5
says out "classes: edip sw none"
says out "error_limit                0.2"

# A classifier that is given chooses the same labels as when it was trained, and in its own way.
expect 0 train si.h5 --split a --method la --classifier la.classifier.h5 $network --steps 60 \
  --out given.h5
[ "$(mae given.h5)" = "$la" ] || fail "the given classifier gives another model"
expect 1 train si.h5 --split a --method la --classifier la.classifier.h5 --eips one.json $network \
  --steps 60 --out bad.h5
says err "la.classifier.h5 tells 2 EIPs apart, one.json lists 1"
expect 1 train si.h5 --split a --method la --classifier la.h5 $network --steps 60 --out bad.h5
says err "la.h5 is no classifier"
expect 0 train si.h5 --split a --method la --classifier la.classifier.h5 --calibrate affine \
  $network --steps 5 --out other.h5
says err "the classifier was trained with --calibrate none"

# Outside the energy window no class is learnt.
expect 0 train si.h5 --split a --method la $short --energy-max -1.42 --out window.h5
counts=$(sed -n 's/.*3 classes, \([0-9]*\) training and \([0-9]*\) validation.*/\1 \2/p' out)
[ "${counts% *}" -lt 36 ] && [ "${counts#* }" -lt 24 ] || fail "classes outside the window"

# The chosen labels out of a file.
expect 0 select la.classifier.h5 si.h5 --split a --csv labels.csv
expect 0 train si.h5 --split a --method la --labels labels.csv $network --steps 60 --out file.h5
holds "($(mae file.h5) - $la)^2 < 1e-6 * $la^2"
printf 'index,label\n0,\n' >empty.csv
expect 1 train si.h5 --split a --method la --labels empty.csv $network --steps 60 --out bad.h5
says err "empty.csv holds no label"
printf 'index,label\n500,-3\n' >far.csv
expect 1 train si.h5 --split a --method la --labels far.csv $network --steps 60 --out bad.h5
says err "far.csv: row 1: there is no configuration 500"
sed -n 2p labels.csv | cut -d, -f1 >first
(echo index,label && sed 's/$/,-3/' first first) >twice.csv
expect 1 train si.h5 --split a --method la --labels twice.csv $network --steps 60 --out bad.h5
says err "has a label already"
sed 1d labels.csv | cut -d, -f1 >pool
echo "index,label
$(seq 0 119 | grep -v -x -F -f pool | head -n 1),-3" >leak.csv
expect 1 train si.h5 --split a --method la --labels leak.csv $network --steps 60 --out bad.h5
says err "is not of the pool"
[ ! -e bad.h5 ] || fail "a model was written"

# Every option gives another model.
for option in "--augmentation-loss tukey-scaled" "--augmentation-loss squared" \
  "--augmentation-batches mixed" "--alpha 0.1" "--alpha-scaling count" "--label expected" \
  "--confidence 0.6" "--confidence-weights yes" "--calibrate affine"; do
  expect 0 train si.h5 --split a --method la --classifier la.classifier.h5 $network --steps 60 \
    $option --out option.h5
  [ "$(mae option.h5)" != "$la" ] || fail "$option has no effect"
done
for option in "--augmentation-forces no" "--augmentation-forces yes"; do
  expect 0 train si.h5 --split a --method la --classifier la.classifier.h5 $network --steps 60 \
    --force-weight 1 $option --out option.h5
  mae option.h5
done >forces
[ "$(sort -u forces | wc -l)" -eq 2 ] || fail "--augmentation-forces has no effect"
expect 0 train si.h5 --split a --method la $short --pooling mean --classifier-lr 2e-3 --out pool.h5
expect 0 info pool.classifier.h5
says out "mean pooling"

# No EIP is right: said, and the training has DFT labels only.
expect 0 train si.h5 --split a --method la --error-limit 1e-6 $network --steps 60 \
  --classifier-steps 200 --alpha auto --out none.h5
says err "no EIP is within 1e-06 eV/atom of DFT"
says err '`eipnn label si.h5 --align`'
expect 0 train si.h5 --split a $network --steps 60 --out dft.h5
[ "$(mae none.h5)" = "$(mae dft.h5)" ] || fail "labels of no EIP changed the model"

# Both methods; the representation of the pretraining for the classifier too.
expect 0 train si.h5 --split a --method mp+la --eips eips.json $short --pretrain-steps 100 \
  --pretrain-force-weight 1 --classifier-start pretrained --out both.h5
says out "wrote both.pretrained.h5"
says out "wrote both.classifier.h5"
expect 0 train si.h5 --split a --method mp+la --pretrained both.pretrained.h5 --classifier \
  both.classifier.h5 --batch 8 --steps 60 --json --out again.h5
says out '"method": "mp+la"'
says out '"chosen_labels": '
[ "$(mae again.h5)" = "$(mae both.h5)" ] || fail "the finished stages give another model"
expect 1 train si.h5 --split a --method mp+la --pretrained both.pretrained.h5 --hidden 24 --out bad.h5
says err '--hidden differs from that of both.pretrained.h5, whose network is taken over'
[ ! -e bad.classifier.h5 ] || fail "a classifier was trained before the network was compared"
expect 0 train si.h5 --split a --method mp --pretrained dft.h5 --batch 8 --steps 5 --out odd.h5
says err "dft.h5 was not pretrained on EIPs (its method is none)"
expect 1 train si.h5 --split a --method mp --pretrained la.classifier.h5 --steps 5 --out bad.h5
says err "la.classifier.h5 is a classifier"

# The best of the paper's grid is kept, the others are removed.
expect 0 train si.h5 --split a --method la --classifier la.classifier.h5 --alpha auto $network \
  --steps 60 --log auto.csv --out auto.h5
sed -n 's/^alpha \(.*\): best validation \(.*\) eV/\2 \1/p' out | sort -g | head -n 1 >best
says out "alpha $(cut -d' ' -f2 best) is the best on validation"
says out "wrote auto.h5: best validation $(cut -d' ' -f1 best) eV"
[ "$(ls auto.alpha-*.csv | wc -l)" -eq 8 ] || fail "no learning curve of each alpha"
[ -z "$(ls auto*.alpha-*.h5 2>/dev/null)" ] || fail "models of other alphas are left"
expect 0 info auto.h5
says out "alpha                      $(cut -d' ' -f2 best)"

# Delta learning: at worst as good as its regression; the EIPs are part of the model.
expect 0 train si.h5 --split a --delta ridge $network --steps 60 --out delta.h5
says out "delta: regression on 2 EIPs"
expect 0 train si.h5 --split a --method la --delta ridge --delta-penalty 0.1 $short \
  --force-weight 1 --augmentation-forces yes --out both.h5
expect 0 test delta.h5 si.h5 --split a --calibrated
says out "calibrated EIP: "
says out "regression on the EIPs"
expect 0 test delta.h5 si.h5 --split a --calibrated --json
sed -n '/"regression"/,/}/p' out >regression
holds "$(number out config_mae) < 1.05 * $(number regression config_mae)"
expect 0 convert si.xyz bare.h5
expect 1 test delta.h5 bare.h5
says err "edip"
expect 0 info delta.h5
says out "baseline of delta learning"
