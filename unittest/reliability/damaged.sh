# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever byte of a file is wrong, and wherever it ends: `eipnn info` says so and exits with 1, or the
# byte had no meaning and it says what it said of the good file.
#   sh damaged.sh EIPNN MAKE_SILICON FOLDER
. "$(dirname "$0")/../cli/common.sh"

# Flips the lowest bit of the byte at offset $1.
flip()
{
  byte=$(od -An -tu1 -j "$1" -N 1 damaged.h5 | tr -d ' ')
  printf "$(printf '\\%03o' $((byte ^ 1)))" | dd of=damaged.h5 bs=1 seek="$1" conv=notrunc 2>dd.err
}

# The error names the file.
told()
{
  says err "eipnn: error: "
  says err damaged.h5
}

damage()
{
  size=$(wc -c <"$1")
  cp "$1" damaged.h5
  expect 0 info damaged.h5
  mv out good.out
  refused=0
  for k in $(seq 1 30); do
    cp "$1" damaged.h5
    flip $((size * k / 31))
    "$eipnn" info damaged.h5 >out 2>err
    got=$?
    case $got in
      0) cmp -s out good.out || fail "$1 with byte $((size * k / 31)) wrong is told as good" ;;
      1) told && refused=$((refused + 1)) ;;
      *) fail "exit code $got: $1 with byte $((size * k / 31)) wrong" ;;
    esac
  done
  [ $refused -gt 10 ] || fail "$1: only $refused of 30 wrong bytes were seen"
  for k in 0 1 2 3 4 5 6 7; do
    head -c $((size * k / 8)) "$1" >damaged.h5
    expect 1 info damaged.h5
    told
  done
}

"$make_silicon" 40 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
network="--hidden 8 --layers 1 --radial 8 --batch 8"
expect 0 train si.h5 --split a $network --steps 20 --out model.h5
# A run that is stopped leaves a checkpoint.
"$eipnn" train si.h5 --split a $network --steps 1000000 --checkpoint-every 0.01 --out none.h5 \
  --checkpoint state.h5 >out 2>err &
child=$!
while kill -0 $child 2>/dev/null && [ ! -e state.h5 ]; do sleep 0.01; done
kill -TERM $child
wait $child
[ -f state.h5 ] || fail "no checkpoint"
for file in si.h5 model.h5 state.h5; do damage $file; done
