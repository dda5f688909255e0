/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_TRAIN_OPTIONS_H
#define EIPNN_TRAIN_TRAIN_OPTIONS_H

#include <eipnn/train.h>

/* An error names the first option that makes no sense. */
eipnn_status eipnn_train_options_check(const eipnn_train_options *options);

/* Everything that decides the numbers of a run of `steps` steps, as text: a
   checkpoint continues only under the options it was written with. */
void eipnn_train_options_describe(const eipnn_train_options *options, int64_t steps, size_t size,
                                  char *text);

/* 1 if two such texts are alike but for the backend, which decides no more than the rounding. */
int eipnn_train_options_alike(const char *one, const char *other);
/* Name of the backend within such a text; "" where it has none. */
void eipnn_train_options_backend(const char *text, size_t size, char *backend);

#endif
