/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_TEXT_FILE_H
#define EIPNN_DATA_TEXT_FILE_H

/* Text files line by line, compressed by gzip or not (zlib tells by itself). */

#include "base/error.h"

#include <stddef.h>

typedef struct eipnn_text_reader {
  void *file; /* gzFile */
  const char *path;
  char *line; /* the current line, without its end */
  size_t capacity;
  size_t number; /* of the current line, from 1 */
} eipnn_text_reader;

eipnn_status eipnn_text_open(eipnn_text_reader *reader, const char *path);
/* *end is 1 behind the last line. */
eipnn_status eipnn_text_next(eipnn_text_reader *reader, int *end);
/* The next line; its absence is a format error that says what was expected. */
eipnn_status eipnn_text_require(eipnn_text_reader *reader, const char *expected);
void eipnn_text_close(eipnn_text_reader *reader);

/* A format error that names the file and the current line. */
eipnn_status eipnn_text_error(const eipnn_text_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* 1 if the line holds nothing but blanks. */
int eipnn_text_is_blank(const char *line);

/* Cuts the next blank-separated word off *cursor; NULL at the end of the line. */
char *eipnn_text_word(char **cursor);

/* A whole word as a number. what: for the message, e.g. "x". NaN is a number,
   infinity is not. */
eipnn_status eipnn_text_double(const eipnn_text_reader *reader, const char *word, const char *what,
                               double *value);
eipnn_status eipnn_text_integer(const eipnn_text_reader *reader, const char *word, const char *what,
                                long lowest, long highest, long *value);

#endif
