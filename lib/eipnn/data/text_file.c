/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/text_file.h"

#include "base/memory.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Longer lines are not text: an XYZ comment line has some hundred characters. */
#define LONGEST_LINE ((size_t)16 << 20)

eipnn_status eipnn_text_open(eipnn_text_reader *reader, const char *path)
{
  memset(reader, 0, sizeof *reader);
  reader->path = path;
  errno = 0;
  reader->file = gzopen(path, "rb");
  if (!reader->file)
    return eipnn_error(EIPNN_ERROR_IO, "cannot open %s: %s", path,
                       errno ? strerror(errno) : "out of memory");
  return EIPNN_OK;
}

void eipnn_text_close(eipnn_text_reader *reader)
{
  if (reader->file) gzclose(reader->file);
  free(reader->line);
  memset(reader, 0, sizeof *reader);
}

static eipnn_status check_end(const eipnn_text_reader *reader)
{
  int code;
  const char *message = gzerror(reader->file, &code);
  if (code == Z_OK || code == Z_STREAM_END) return EIPNN_OK;
  if (code == Z_ERRNO) message = strerror(errno);
  return eipnn_error(EIPNN_ERROR_IO, "%s: reading failed behind line %zu: %s", reader->path,
                     reader->number, code == Z_BUF_ERROR ? "the file is truncated" : message);
}

/* Removes the end of the line. A NUL inside would hide what follows it. */
static eipnn_status finish_line(eipnn_text_reader *reader, size_t length)
{
  reader->number++;
  if (memchr(reader->line, 0, length))
    return eipnn_text_error(reader, "a NUL character; this is not a text file");
  while (length > 0 && (reader->line[length - 1] == '\n' || reader->line[length - 1] == '\r'))
    length--;
  reader->line[length] = '\0';
  return EIPNN_OK;
}

eipnn_status eipnn_text_next(eipnn_text_reader *reader, int *end)
{
  size_t length = 0;
  *end = 0;
  for (;;) {
    EIPNN_TRY(eipnn_grow((void **)&reader->line, &reader->capacity, length + 2, 1));
    int c = gzgetc((gzFile)reader->file);
    if (c < 0) break;
    reader->line[length++] = (char)c;
    if (c == '\n') return finish_line(reader, length);
    if (length > LONGEST_LINE) {
      reader->number++;
      return eipnn_text_error(reader, "a line of more than %zu characters", LONGEST_LINE);
    }
  }
  EIPNN_TRY(check_end(reader));
  if (length > 0) return finish_line(reader, length);
  reader->line[0] = '\0';
  *end = 1;
  return EIPNN_OK;
}

eipnn_status eipnn_text_require(eipnn_text_reader *reader, const char *expected)
{
  int end;
  EIPNN_TRY(eipnn_text_next(reader, &end));
  if (!end) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT, "%s ends behind line %zu, where %s should follow",
                     reader->path, reader->number, expected);
}

eipnn_status eipnn_text_error(const eipnn_text_reader *reader, const char *format, ...)
{
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return eipnn_error(EIPNN_ERROR_FORMAT, "%s line %zu: %s", reader->path, reader->number, message);
}

int eipnn_text_is_blank(const char *line)
{
  return line[strspn(line, " \t")] == '\0';
}

char *eipnn_text_word(char **cursor)
{
  char *word = *cursor + strspn(*cursor, " \t");
  if (*word == '\0') return NULL;
  *cursor = word + strcspn(word, " \t");
  if (**cursor) *(*cursor)++ = '\0';
  return word;
}

eipnn_status eipnn_text_double(const eipnn_text_reader *reader, const char *word, const char *what,
                               double *value)
{
  if (!word) return eipnn_text_error(reader, "%s is missing", what);
  char *rest;
  *value = strtod(word, &rest);
  if (rest == word || *rest || isinf(*value))
    return eipnn_text_error(reader, "%s is '%.40s', not a finite number", what, word);
  return EIPNN_OK;
}

eipnn_status eipnn_text_integer(const eipnn_text_reader *reader, const char *word, const char *what,
                                long lowest, long highest, long *value)
{
  if (!word) return eipnn_text_error(reader, "%s is missing", what);
  char *rest;
  errno = 0;
  *value = strtol(word, &rest, 10);
  if (rest == word || *rest || errno || *value < lowest || *value > highest)
    return eipnn_text_error(reader, "%s is '%.40s', not a whole number from %ld to %ld", what, word,
                            lowest, highest);
  return EIPNN_OK;
}
