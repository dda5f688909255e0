# SPDX-License-Identifier: GPL-2.0-or-later
# No room for a file: exit code 1, the file is named, what was there stays, no half-written file is left.
# Files may not grow beyond 4 KiB (EFBIG); where the system allows a file system of one's own, the same
# on a disk that is full (ENOSPC).
#   sh full_disk.sh EIPNN MAKE_SILICON FOLDER [limit|full]
. "$(dirname "$0")/../cli/common.sh"

mode=${4:-limit}

# without_room CODE argument...: in the folder `disk`.
without_room()
{
  code=$1
  shift
  (cd disk && if [ "$mode" = limit ]; then trap '' XFSZ && ulimit -f 8; fi && exec "$eipnn" "$@") \
    >out 2>err
  got=$?
  [ $got -eq "$code" ] || fail "$mode: exit code $got instead of $code: eipnn $*"
}

# keeps FILE argument...: the command fails, names the file and leaves it as it was.
keeps()
{
  file=$1
  shift
  if [ -e "disk/$file" ]; then cp "disk/$file" before; else rm -f before; fi
  without_room 1 "$@"
  says err "$file"
  if [ -e before ]; then
    cmp -s before "disk/$file" || fail "$mode: $file was changed by: eipnn $*"
  else
    [ ! -e "disk/$file" ] || fail "$mode: $file was left by: eipnn $*"
  fi
  [ -z "$(find disk -name '*.tmp*')" ] || fail "$mode: a temporary file was left by: eipnn $*"
}

scenario()
{
  network="--hidden 16 --layers 1 --radial 16 --batch 8"
  run="train si.h5 --split a --out model.h5 $network"
  keeps other.h5 convert si.xyz other.h5
  keeps si.h5 split si.h5 --name b --train 0.6 --val 0.2 --test 0.2
  keeps si.h5 label si.h5 --reference Si=1
  keeps other.xyz convert si.h5 other.xyz
  keeps other.xyz.gz convert si.h5 other.xyz.gz
  keeps model.h5 $run --steps 10
  keeps model.checkpoint.h5 $run --steps 10000 --checkpoint-every 0.001
  cmp -s model.h5 disk/model.h5 || fail "$mode: the model was changed"
  keeps parity.csv test model.h5 si.h5 --predictions parity.csv
}

"$make_silicon" 200 1 >si.xyz
mkdir disk
[ "$mode" = limit ] || mount -t tmpfs -o size=4m none disk || fail "no file system of one's own"
expect 0 convert si.xyz disk/si.h5
expect 0 split disk/si.h5 --name a --train 0.6 --val 0.2 --test 0.2
expect 0 train disk/si.h5 --split a --hidden 16 --layers 1 --radial 16 --batch 8 --steps 20 \
  --out disk/model.h5
cp disk/model.h5 model.h5
cp disk/model.h5 disk/model.checkpoint.h5
cp si.xyz disk/si.xyz
cp disk/model.h5 disk/other.h5
cp si.xyz disk/other.xyz
gzip -c si.xyz >disk/other.xyz.gz

if [ "$mode" = full ]; then
  cat /dev/zero >disk/filler 2>err
  truncate -s -8K disk/filler # room for the beginning of a file
  scenario
  exit 0
fi
# An MPI library may want files of its own (shared memory) that are larger than the limit.
if (trap '' XFSZ && ulimit -f 8 && exec "$eipnn" --version) >out 2>err; then
  scenario
else
  echo "not tried with a limit: the MPI library does not start under it"
fi
# A log or an output that cannot be written.
expect 0 train disk/si.h5 --split a --steps 20 --hidden 8 --layers 1 --out logged.h5 --log /dev/full
says err "the log /dev/full could not be written whole"
"$eipnn" info disk/si.h5 >/dev/full 2>err && fail "nobody saw that the output was lost"
says err "cannot write to standard output"

if unshare -Urm true 2>err; then
  unshare -Urm sh "$here/full_disk.sh" "$eipnn" "$make_silicon" "$folder-full" full
else
  echo "not tried on a full disk: $(cat err)"
fi
