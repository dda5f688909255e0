/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_H5_INPUT_H
#define EIPNN_FUZZ_H5_INPUT_H

/* Of the reader of an HDF5 format: writes a small good file. */
void fuzz_write_good(const char *path);

#endif
