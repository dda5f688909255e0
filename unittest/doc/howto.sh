# SPDX-License-Identifier: GPL-2.0-or-later
# sh howto.sh EIPNN MAKE_SILICON SOURCE FOLDER: runs the command lines of the how-to pages, in order,
# on a tiny dataset. Code blocks of "sh" are run, those with a caption are written to the file it names.
# Only sizes are made smaller; a page starts with what the pages before it left.
set -u
eipnn=$1
make_silicon=$2
source=$3
folder=$4
rm -rf "$folder"
mkdir -p "$folder/bin"
cd "$folder" || exit 1
ln -s "$source/potentials" potentials
# mpiexec -n P PROGRAM ...: on one rank, as in a build without MPI
printf '#!/bin/sh\nshift 2\nexec "$@"\n' >bin/mpiexec
# a small network where the line starts from none
cat >bin/eipnn <<END
#!/bin/sh
case "\$1 \$*" in
  *--pretrained*|*--input*) ;;
  train*|pretrain*) set -- "\$@" --hidden 8 --layers 1 --radial 8 ;;
esac
exec "$eipnn" "\$@"
END
chmod +x bin/mpiexec bin/eipnn
PATH=$folder/bin:$PATH
export PATH

"$make_silicon" 44 1 | gzip >dft.xyz.gz
"$make_silicon" 8 2 >more.xyz

# The blocks of a page: files at once, commands to standard output.
blocks()
{
  awk '
    /^\.\. code-block:: / { language = $3; file = ""; inside = 1; next }
    inside && /^   :caption: / { file = $2; printf "" >file; next }
    inside && /^   / && file { print substr($0, 4) >file; next }
    inside && /^   / { if (language == "sh") print substr($0, 4); next }
    inside && /^$/ { next }
    { inside = 0 }' "$1"
}

# Needs gnuplot for pictures, as the program does.
if command -v gnuplot >found; then without="^$"; else without="eipnn plot"; fi
smaller()
{
  sed -e 's/steps [0-9][0-9]*/steps 4/g' -e 's/--copies [0-9][0-9]*/--copies 2/' \
    -e 's/--train-count [0-9][0-9]*/--train-count 24/' -e 's/--val-count [0-9][0-9]*/--val-count 8/' \
    -e 's/--test-count [0-9][0-9]*/--test-count 8/' -e 's/--energy-max -4/--energy-max 0/' \
    -e 's/in 100 400 1600/in 16 32/' -e "/$without/d"
}

for page in own-data prepare-data choose-eips reference-energies train label-augmentation judge; do
  blocks "$source/doc/howto/$page.rst" | smaller >"$page.sh"
  [ -s "$page.sh" ] || { echo "FAILED: $page.rst holds no commands"; exit 1; }
  sh -e -x "$page.sh" >"$page.log" 2>&1 && continue
  tail -n 20 "$page.log"
  echo "FAILED: a command line of doc/howto/$page.rst, see above"
  exit 1
done
