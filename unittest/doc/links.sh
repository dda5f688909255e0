# SPDX-License-Identifier: GPL-2.0-or-later
# sh links.sh SOURCE: pages that are referred to exist, and every page is in the index; so do scripts, files
# and CMake options that pages name.
cd "$1/doc" || exit 1
failed=0
for page in *.rst howto/*.rst; do
  folder=$(dirname "$page")
  for target in $(grep -o ':doc:`[^`]*`' "$page" | sed 's/^:doc:`\(.*\)`$/\1/'); do
    [ -f "$folder/$target.rst" ] && continue
    echo "FAILED: $page refers to $target, which is no page"
    failed=1
  done
  [ "$page" = index.rst ] || grep -q "^   ${page%.rst}\$" index.rst || {
    echo "FAILED: $page is not in index.rst"
    failed=1
  }
done
for entry in $(sed -n 's/^   \([a-z].*\)$/\1/p' index.rst); do
  [ -f "$entry.rst" ] || { echo "FAILED: index.rst names $entry, which is no page"; failed=1; }
done
cd ..
pages="README.md CONTRIBUTING.md src/USER-EIPNN/README doc/*.rst doc/howto/*.rst"
folders='tools\|bench\|cmake\|doc\|examples\|unittest\|potentials'
for file in $(cat $pages | grep -o "\b\($folders\)/[A-Za-z0-9_./-]*[a-z0-9]" | sort -u); do
  [ -e "$file" ] || [ -e "$file.c" ] || # a program that is built there
    { echo "FAILED: pages name $file, which is not there"; failed=1; }
done
for option in $(cat $pages | grep -o '\bEIPNN_[A-Z_]*' | sort -u); do
  grep -q -r "\b$option\b" CMakeLists.txt cmake src lib unittest ||
    { echo "FAILED: pages name $option, which is not there"; failed=1; }
done
exit $failed
