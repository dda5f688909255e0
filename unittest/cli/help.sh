# SPDX-License-Identifier: GPL-2.0-or-later
# Every command explains itself; wrong usage exits with 2 and names what is known.
. "$(dirname "$0")/common.sh"

expect 0 --help
commands=$(sed -n 's/^  \([a-z]*\)  *.*/\1/p' out)
for command in convert eips info label perturb split pretrain train select test features plot; do
  says out "  $command "
done
expect 0 --version
says out "eipnn "
expect 2
says err "usage: eipnn COMMAND"
expect 2 nothing
says err "the commands are: $(echo $commands | sed 's/ /, /g')"

for command in $commands; do
  expect 0 $command --help
  says out "usage: eipnn $command "
  says out "example:"
  says out "  eipnn $command "
  silent err
  expect 2 $command a b --no-such-option
  says err "eipnn $command has no option --no-such-option; it knows --"
  says err "and --help"
  silent out
done

# Every option of a help text is known to the parser: it complains of another thing.
for command in $commands; do
  "$eipnn" $command --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' >options
  [ -s options ] || fail "no options in the help of $command"
  while read -r option; do
    "$eipnn" $command --"$option" >out 2>err
    grep -q "has no option" err && fail "--$option of $command is unknown"
  done <options
done

expect 2 info
says err "too few arguments; usage: eipnn info FILE"
expect 2 info a b
says err "\"b\" is one argument too many"
expect 2 train d.h5 --split
says err "--split needs a value"
expect 2 train d.h5 --split --resume
says err "--split needs a value"
expect 2 train d.h5 --resume=yes
says err "--resume takes no value"
expect 2 train d.h5 -x
says err "options begin with two dashes"
expect 2 train d.h5 --hidden many
says err "--hidden needs a whole number from 1 to 8192, not \"many\""
expect 2 train d.h5 --hidden 3.5
says err "not \"3.5\""
expect 2 train d.h5 --hidden=0
says err "from 1 to 8192"
expect 2 train d.h5 --lr -1
says err "--lr needs a number above 0"
expect 2 train d.h5 --lr nan
says err "not \"nan\""
expect 2 train d.h5 --seed 99999999999999999999
says err "--seed needs a whole number"
expect 2 train d.h5 --seed 1 --seed 2
says err "--seed is given twice"
expect 2 train d.h5 --cutoff-function smooth
says err "it takes one of: none|cosine|polynomial"
expect 2 train d.h5 --network cgcnn
says err "it takes one of: schnet"
expect 2 train d.h5 --out m.h5
says err "--split S is required"
expect 2 train d.h5 --split a
says err "--out MODEL.h5 is required"
expect 2 train d.h5 --split a --out m.h5 --steps 5 --epochs 5
says err "exclude each other"

# wrong TEXT option...: options of train that contradict each other.
wrong()
{
  text=$1
  shift
  expect 2 train d.h5 --split a --out m.h5 "$@"
  says err "$text"
}
for option in alpha=1 classifier=c.h5 classifier-steps=5 pooling=mean calibrate=affine \
  confidence=0.5 confidence-weights=yes labels=l.csv augmentation-loss=squared; do
  wrong "--${option%=*} is for --method la and mp+la" --method mp --$option
done
for option in pretrained=p.h5 pretrain-steps=5 pretrain-force-weight=1; do
  wrong "--${option%=*} is for --method mp and mp+la" --method la --$option
done
wrong "which --pretrained has done already" --method mp --pretrained p.h5 --pretrain-steps 5
wrong "but --classifier gives one" --method la --classifier c.h5 --pooling mean
wrong "but --classifier gives one" --method la --classifier c.h5 --classifier-steps 5
wrong "but --labels gives them" --method la --labels l.csv --calibrate affine
wrong "but --labels gives them" --method la --labels l.csv --classifier c.h5
wrong "needs --method mp+la" --method la --classifier-start pretrained
wrong "--classifier-steps and --classifier-epochs exclude each other" --method la \
  --classifier-steps 5 --classifier-epochs 5
wrong "needs --force-weight or --virial-weight" --method la --augmentation-forces yes
wrong "--delta-penalty is for --delta ridge" --delta-penalty 1
wrong "--eips: no EIP is used by --method none" --eips e.json
wrong "--eips: no EIP is used by --method mp with --pretrained" --method mp --pretrained p.h5 \
  --eips e.json
wrong "--pretrain-energy-min 1 lies above" --method mp --pretrain-energy-min 1 \
  --pretrain-energy-max 0
wrong "--alpha needs auto or a number of at least 0" --method la --alpha most
wrong "--confidence needs a number from 0 to 1" --method la --confidence 2
wrong "the labels of --labels" --method la --labels m.h5
expect 2 train d.h5 --split a --out m.h5 --energy-min 1 --energy-max 0
says err "lies above"
expect 2 train d.h5 --split a --out m.h5 --energy-weight 0
says err "nothing to train on"
expect 2 pretrain d.h5 --out p.h5
says err "--eips LIST.json is required"
expect 2 split d.h5
says err "--name S is required"
expect 2 split d.h5 --name a --groups
says err "no option --groups"
expect 2 label d.h5
says err "nothing to do"
expect 2 test m.h5 d.h5 --role train
says err "give --split S too"
expect 2 test m.h5 d.h5 --calibrated
says err "--calibrated fits on a split"
expect 2 convert a.xyz b.cif
says err "b.cif cannot be written"
expect 2 plot pie a.csv --out a.svg
says err "draws curves, parity, labels and md"
expect 2 plot curves a.csv
says err "--out FILE.svg or FILE.png is required"
