/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_FILE_H
#define EIPNN_BASE_FILE_H

#include "base/error.h"

/* Safe replacement of a file: write to the temporary name, then commit (fsync
   of file and folder, rename) or discard. Symbolic links to the target are
   followed. */
typedef struct eipnn_replacement {
  char *temporary; /* where to write */
  char *target;
} eipnn_replacement;

eipnn_status eipnn_replacement_begin(eipnn_replacement *replacement, const char *path);
eipnn_status eipnn_replacement_commit(eipnn_replacement *replacement);
/* Removes the temporary file; safe after commit and on a zeroed struct. */
void eipnn_replacement_discard(eipnn_replacement *replacement);

#endif
