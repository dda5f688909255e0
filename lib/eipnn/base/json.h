/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_JSON_H
#define EIPNN_BASE_JSON_H

#include "base/error.h"

#include <jansson.h>
#include <stddef.h>

/* Strict reading of JSON input files on top of jansson. Every failure is
   EIPNN_ERROR_FORMAT (EIPNN_ERROR_IO if the file cannot be read) with a message
   that starts with "FILE:LINE: ". Duplicate keys are errors. */
typedef struct eipnn_json_file eipnn_json_file;

/* A value of an open file and the way to it. Belongs to nobody, needs no free;
   its parent and its file must stay while it is used. */
typedef struct eipnn_json {
  const eipnn_json_file *file;
  const struct eipnn_json *parent; /* NULL: the file's root */
  json_t *value;                   /* NULL: an optional member that is absent */
  const char *key;                 /* within a parent object, else NULL */
  size_t index;                    /* within a parent array */
} eipnn_json;

typedef enum eipnn_json_need { EIPNN_JSON_OPTIONAL, EIPNN_JSON_REQUIRED } eipnn_json_need;

/* On failure *file is NULL. Close accepts NULL and sets the handle to NULL. */
eipnn_status eipnn_json_open(const char *path, eipnn_json_file **file);
void eipnn_json_close(eipnn_json_file **file);
eipnn_json eipnn_json_root(const eipnn_json_file *file);

/* Stores "FILE:LINE: message" for that value and returns EIPNN_ERROR_FORMAT. */
eipnn_status eipnn_json_error(const eipnn_json *value, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* value must be an object whose keys are all in the NULL-terminated list known;
   the error for another key names the known ones. */
eipnn_status eipnn_json_keys(const eipnn_json *value, const char *const *known);

/* value must be an array of at least `minimum` elements; *size of them. */
eipnn_status eipnn_json_array(const eipnn_json *value, size_t minimum, size_t *size);
/* index < size */
eipnn_json eipnn_json_element(const eipnn_json *array, size_t index);

/* A member of an object. Absent and optional: member->value is NULL. */
eipnn_status eipnn_json_member(const eipnn_json *object, const char *key, eipnn_json_need need,
                               eipnn_json *member);

/* A member that is a string, which belongs to the file; *result keeps its value where an optional
   key is absent. */
eipnn_status eipnn_json_get_string(const eipnn_json *object, const char *key, eipnn_json_need need,
                                   const char **result);

#endif
