/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

#include "base/memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Input files are written by hand; what is longer than this is a wrong file. */
#define LARGEST_FILE ((size_t)256 << 20)

struct eipnn_json_file {
  char *path;
  char *text; /* kept to tell the line of a value: jansson does not */
  json_t *root;
};

static eipnn_status read_stream(FILE *stream, const char *path, char **text, size_t *length)
{
  size_t capacity = 0;
  *length = 0;
  for (;;) {
    EIPNN_TRY(eipnn_grow((void **)text, &capacity, *length + 65537, 1));
    size_t got = fread(*text + *length, 1, capacity - *length - 1, stream);
    *length += got;
    if (*length > LARGEST_FILE)
      return eipnn_error(EIPNN_ERROR_FORMAT, "%s: longer than %zu MiB; is it a JSON input file?",
                         path, LARGEST_FILE >> 20);
    if (ferror(stream))
      return eipnn_error(EIPNN_ERROR_IO, "cannot read %s: %s", path, strerror(errno));
    if (got == 0) break;
  }
  (*text)[*length] = '\0';
  return EIPNN_OK;
}

static eipnn_status load(eipnn_json_file *file)
{
  FILE *stream = fopen(file->path, "rb");
  if (!stream)
    return eipnn_error(EIPNN_ERROR_IO, "cannot open %s: %s", file->path, strerror(errno));
  size_t length = 0;
  eipnn_status status = read_stream(stream, file->path, &file->text, &length);
  fclose(stream);
  if (status != EIPNN_OK) return status;
  json_error_t error;
  file->root = json_loadb(file->text, length, JSON_REJECT_DUPLICATES, &error);
  if (!file->root)
    return eipnn_error(EIPNN_ERROR_FORMAT, "%s:%d: not valid JSON: %s", file->path, error.line,
                       length ? error.text : "the file is empty");
  return EIPNN_OK;
}

eipnn_status eipnn_json_open(const char *path, eipnn_json_file **file)
{
  *file = eipnn_calloc(1, sizeof **file);
  if (!*file || !((*file)->path = eipnn_strdup(path))) {
    eipnn_json_close(file);
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to read %s", path);
  }
  eipnn_status status = load(*file);
  if (status != EIPNN_OK) eipnn_json_close(file);
  return status;
}

void eipnn_json_close(eipnn_json_file **file)
{
  if (!file || !*file) return;
  if ((*file)->root) json_decref((*file)->root);
  free((*file)->text);
  free((*file)->path);
  free(*file);
  *file = NULL;
}

eipnn_json eipnn_json_root(const eipnn_json_file *file)
{
  return (eipnn_json){.file = file, .value = file->root};
}

/* The scanner below only sees text that jansson has accepted. */

static const char *skip_space(const char *text)
{
  return text + strspn(text, " \t\r\n");
}

static const char *skip_string(const char *text)
{
  for (text++; *text != '"'; text++)
    if (*text == '\\') text++;
  return text + 1;
}

static const char *skip_value(const char *text)
{
  int depth = 0;
  do {
    if (*text == '"') {
      text = skip_string(text);
    } else if (*text == '{' || *text == '[') {
      depth++;
      text++;
    } else if (*text == '}' || *text == ']') {
      depth--;
      text++;
    } else if (depth > 0) {
      text++;
    } else {
      text += strcspn(text, ",]} \t\r\n");
    }
  } while (depth > 0);
  return text;
}

/* Start of a member's value; the object itself where the key was written with
   escapes and is not recognised. */
static const char *find_member(const char *object, const char *key)
{
  size_t length = strlen(key);
  const char *text = skip_space(object + 1);
  while (*text == '"') {
    const char *end = skip_string(text);
    const char *value = skip_space(skip_space(end) + 1);
    if ((size_t)(end - text) == length + 2 && !strncmp(text + 1, key, length)) return value;
    text = skip_space(skip_value(value));
    if (*text == ',') text = skip_space(text + 1);
  }
  return object;
}

static const char *find_element(const char *array, size_t index)
{
  const char *text = skip_space(array + 1);
  for (size_t i = 0; i < index && *text != ']'; i++) {
    text = skip_space(skip_value(text));
    if (*text == ',') text = skip_space(text + 1);
  }
  return text;
}

static const char *locate(const eipnn_json *value)
{
  if (!value->parent) return skip_space(value->file->text);
  const char *parent = locate(value->parent);
  return value->key ? find_member(parent, value->key) : find_element(parent, value->index);
}

static int line_of(const eipnn_json *value)
{
  int line = 1;
  const char *end = locate(value);
  for (const char *text = value->file->text; text < end; text++) line += *text == '\n';
  return line;
}

eipnn_status eipnn_json_error(const eipnn_json *value, const char *format, ...)
{
  char message[900];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return eipnn_error(EIPNN_ERROR_FORMAT, "%s:%d: %s", value->file->path, line_of(value), message);
}

static const char *type_name(const json_t *value)
{
  switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER: return "a whole number";
    case JSON_REAL: return "a number with a fraction";
    case JSON_TRUE:
    case JSON_FALSE: return "true or false";
    case JSON_NULL: break;
  }
  return "null";
}

static eipnn_status wrong_type(const eipnn_json *value, const char *wanted)
{
  const char *found = type_name(value->value);
  if (value->key)
    return eipnn_json_error(value, "\"%s\" must be %s, not %s", value->key, wanted, found);
  if (value->parent)
    return eipnn_json_error(value, "element %zu must be %s, not %s", value->index + 1, wanted,
                            found);
  return eipnn_json_error(value, "the file must hold %s, not %s", wanted, found);
}

static void join(char *text, size_t size, const char *const *words)
{
  size_t used = 0;
  text[0] = '\0';
  for (size_t i = 0; words[i] && used < size; i++) {
    int written = snprintf(text + used, size - used, "%s%s", i ? ", " : "", words[i]);
    used += (size_t)written;
  }
}

eipnn_status eipnn_json_keys(const eipnn_json *value, const char *const *known)
{
  if (!json_is_object(value->value)) return wrong_type(value, "an object");
  const char *key;
  json_t *member;
  json_object_foreach(value->value, key, member)
  {
    size_t i = 0;
    while (known[i] && strcmp(known[i], key)) i++;
    if (known[i]) continue;
    char list[700];
    join(list, sizeof list, known);
    eipnn_json unknown = {.file = value->file, .parent = value, .value = member, .key = key};
    return eipnn_json_error(&unknown, "unknown key \"%.100s\"; known keys: %s", key, list);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_json_array(const eipnn_json *value, size_t minimum, size_t *size)
{
  if (!json_is_array(value->value)) return wrong_type(value, "an array");
  *size = json_array_size(value->value);
  if (*size < minimum)
    return eipnn_json_error(value, "the array%s%s%s needs at least %zu element%s, it has %zu",
                            value->key ? " \"" : "", value->key ? value->key : "",
                            value->key ? "\"" : "", minimum, minimum == 1 ? "" : "s", *size);
  return EIPNN_OK;
}

eipnn_json eipnn_json_element(const eipnn_json *array, size_t index)
{
  return (eipnn_json){.file = array->file,
                      .parent = array,
                      .value = json_array_get(array->value, index),
                      .index = index};
}

eipnn_status eipnn_json_member(const eipnn_json *object, const char *key, eipnn_json_need need,
                               eipnn_json *member)
{
  if (!json_is_object(object->value)) return wrong_type(object, "an object");
  *member = (eipnn_json){.file = object->file,
                         .parent = object,
                         .value = json_object_get(object->value, key),
                         .key = key};
  if (!member->value && need == EIPNN_JSON_REQUIRED)
    return eipnn_json_error(object, "the key \"%s\" is missing", key);
  return EIPNN_OK;
}

eipnn_status eipnn_json_get_string(const eipnn_json *object, const char *key, eipnn_json_need need,
                                   const char **result)
{
  eipnn_json member;
  EIPNN_TRY(eipnn_json_member(object, key, need, &member));
  if (!member.value) return EIPNN_OK;
  if (!json_is_string(member.value)) return wrong_type(&member, "a string");
  *result = json_string_value(member.value);
  return EIPNN_OK;
}
