/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_H5_VALUE_H
#define EIPNN_FUZZ_H5_VALUE_H

#include "fuzz/h5_edit.h"

#include <hdf5.h>
#include <stdlib.h>

/* Types, shapes and values that a hostile file may hold. The caller closes and frees. */
hid_t h5_choose_type(edit_bytes *bytes);
hid_t h5_choose_space(edit_bytes *bytes);
/* Creation list of an array: chunks where the shape is large, so that nothing of it is stored. */
hid_t h5_choose_layout(hid_t space);
/* Values for the whole space; NULL where that is large. */
void *h5_make_values(hid_t type, hid_t space, edit_bytes *bytes);
void h5_make_value(hid_t type, edit_bytes *bytes, void *value);
/* A path like `path`, with another last name. */
void h5_make_name(char *name, size_t size, const char *path, edit_bytes *bytes);

#endif
