/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/xyz_comment.h"

#include <string.h>

/* The character that closes what `open` opens; 0: not a quote. */
static char closing(char open)
{
  switch (open) {
    case '"': return '"';
    case '\'': return '\'';
    case '{': return '}';
    case '[': return ']';
    default: return 0;
  }
}

/* Value behind '=': quoted to its closing mark (nested brackets kept), else to
   the next blank. An unclosed quote reaches to the end of the line. */
static char *cut_value(char **cursor)
{
  char *value = *cursor;
  const char open = *value, close = closing(open);
  if (!close) {
    *cursor = value + strcspn(value, " \t");
    if (**cursor) *(*cursor)++ = '\0';
    return value;
  }
  char *end = ++value;
  for (int depth = 1; *end; end++) {
    if (*end == close)
      depth--;
    else if (*end == open)
      depth++;
    if (depth == 0) break;
  }
  *cursor = *end ? end + 1 : end;
  *end = '\0';
  return value;
}

int eipnn_xyz_next_pair(char **cursor, char **key, char **value)
{
  char *start = *cursor + strspn(*cursor, " \t,");
  if (!*start) return 0;
  const char quote = *start == '"' || *start == '\'' ? *start : 0;
  if (quote) { /* a quoted key */
    char *end = strchr(++start, quote);
    *cursor = end ? end + 1 : start + strlen(start);
    if (end) *end = '\0';
    *key = start;
  } else {
    *key = start;
    *cursor = start + strcspn(start, "= \t");
  }
  char *mark = *cursor;
  if (*mark == '=') {
    *mark = '\0';
    *cursor = mark + 1;
    *value = cut_value(cursor);
    return 1;
  }
  if (*mark) {
    *mark = '\0';
    *cursor = mark + 1;
  }
  *value = mark + strlen(mark);
  return 1;
}
