# SPDX-License-Identifier: GPL-2.0-or-later
# sh options.sh EIPNN SOURCE: doc/options.rst says what the program says.
"$2/tools/document-options.sh" "$1" | diff "$2/doc/options.rst" - && exit 0
echo "FAILED: doc/options.rst differs from the help texts (> is the program); make it anew:"
echo "  tools/document-options.sh $1 >doc/options.rst"
exit 1
