/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"
#include "base/memory.h"

#include <eipnn/eip.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SPECIES 16

/* A text member that fits into a field of `size` bytes and is not empty. */
static eipnn_status copy_text(const eipnn_json *object, const char *key, char *field, size_t size)
{
  const char *text = "";
  EIPNN_TRY(eipnn_json_get_string(object, key, EIPNN_JSON_REQUIRED, &text));
  if (!*text || strlen(text) >= size) {
    eipnn_json member;
    EIPNN_TRY(eipnn_json_member(object, key, EIPNN_JSON_REQUIRED, &member));
    return eipnn_json_error(&member, "\"%s\" must have 1 to %zu characters", key, size - 1);
  }
  strcpy(field, text);
  return EIPNN_OK;
}

/* Names become label sets "eip/<name>" and columns of tables. */
static eipnn_status read_name(const eipnn_json *object, const eipnn_eip_list *list,
                              eipnn_eip_entry *entry)
{
  EIPNN_TRY(copy_text(object, "name", entry->name, sizeof entry->name));
  static const char allowed[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";
  if (strspn(entry->name, allowed) != strlen(entry->name))
    return eipnn_json_error(object, "the name \"%s\" may only hold letters, digits and _ + - .",
                            entry->name);
  for (const eipnn_eip_entry *other = list->entry; other < entry; other++)
    if (!strcmp(other->name, entry->name))
      return eipnn_json_error(object, "the name \"%s\" is used twice", entry->name);
  return EIPNN_OK;
}

static eipnn_status read_species(const eipnn_json *object, eipnn_eip_entry *entry)
{
  eipnn_json array;
  size_t count;
  EIPNN_TRY(eipnn_json_member(object, "species", EIPNN_JSON_REQUIRED, &array));
  EIPNN_TRY(eipnn_json_array(&array, 1, &count));
  if (count > MOST_SPECIES)
    return eipnn_json_error(&array, "\"species\" may hold at most %d elements", MOST_SPECIES);
  for (size_t s = 0; s < count; s++) {
    eipnn_json item = eipnn_json_element(&array, s);
    if (!json_is_string(item.value))
      return eipnn_json_error(&item, "\"species\" must hold chemical symbols like \"Si\"");
    const char *symbol = json_string_value(item.value);
    int number = eipnn_element_number(symbol);
    if (number == 0) return eipnn_json_error(&item, "\"%.20s\" is not a chemical symbol", symbol);
    for (int t = 0; t < entry->nspecies; t++)
      if (entry->species[t] == number)
        return eipnn_json_error(&item, "the species %s is given twice", symbol);
    entry->species[entry->nspecies++] = number;
  }
  return EIPNN_OK;
}

static eipnn_status read_commands(const eipnn_json *object, eipnn_eip_entry *entry)
{
  eipnn_json array;
  size_t count;
  EIPNN_TRY(eipnn_json_member(object, "commands", EIPNN_JSON_REQUIRED, &array));
  EIPNN_TRY(eipnn_json_array(&array, 1, &count));
  entry->commands = eipnn_calloc(count, sizeof *entry->commands);
  if (!entry->commands) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an EIP list");
  for (size_t c = 0; c < count; c++) {
    eipnn_json item = eipnn_json_element(&array, c);
    if (!json_is_string(item.value) || !*json_string_value(item.value))
      return eipnn_json_error(&item, "\"commands\" must hold lines of LAMMPS input");
    entry->commands[c] = eipnn_strdup(json_string_value(item.value));
    if (!entry->commands[c]) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an EIP list");
    entry->ncommands++;
  }
  return EIPNN_OK;
}

/* A key of the other provider. */
static eipnn_status refuse_key(const eipnn_json *object, const char *provider, const char *key,
                               const char *instead)
{
  eipnn_json member;
  EIPNN_TRY(eipnn_json_member(object, key, EIPNN_JSON_OPTIONAL, &member));
  if (!member.value) return EIPNN_OK;
  return eipnn_json_error(&member, "provider \"%s\" takes no \"%s\"; it takes %s", provider, key,
                          instead);
}

static eipnn_status read_entry(const eipnn_json *object, const eipnn_eip_list *list,
                               eipnn_eip_entry *entry)
{
  static const char *const known[] = {"name", "species", "provider", "model", "commands", NULL};
  EIPNN_TRY(eipnn_json_keys(object, known));
  EIPNN_TRY(read_name(object, list, entry));
  EIPNN_TRY(read_species(object, entry));
  EIPNN_TRY(copy_text(object, "provider", entry->provider, sizeof entry->provider));
  if (!strcmp(entry->provider, "kim")) {
    EIPNN_TRY(refuse_key(object, "kim", "commands", "\"model\", the id of a KIM model"));
    return copy_text(object, "model", entry->model, sizeof entry->model);
  }
  if (!strcmp(entry->provider, "lammps")) {
    EIPNN_TRY(refuse_key(object, "lammps", "model", "\"commands\", lines of LAMMPS input"));
    return read_commands(object, entry);
  }
  return eipnn_json_error(object, "unknown provider \"%s\"; known providers: kim, lammps",
                          entry->provider);
}

static eipnn_status read_list(const eipnn_json_file *file, eipnn_eip_list *list)
{
  eipnn_json root = eipnn_json_root(file);
  size_t count;
  EIPNN_TRY(eipnn_json_array(&root, 1, &count));
  list->entry = eipnn_calloc(count, sizeof *list->entry);
  if (!list->entry) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an EIP list");
  list->count = (int)count;
  for (size_t i = 0; i < count; i++) {
    eipnn_json object = eipnn_json_element(&root, i);
    EIPNN_TRY(read_entry(&object, list, &list->entry[i]));
  }
  return EIPNN_OK;
}

eipnn_status eipnn_eip_list_read(const char *path, eipnn_eip_list **list)
{
  *list = NULL;
  eipnn_json_file *file;
  EIPNN_TRY(eipnn_json_open(path, &file));
  eipnn_eip_list *read = eipnn_calloc(1, sizeof *read);
  eipnn_status status =
      read ? read_list(file, read) : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an EIP list");
  eipnn_json_close(&file);
  if (status != EIPNN_OK)
    eipnn_eip_list_free(&read);
  else
    *list = read;
  return status;
}

static json_t *entry_json(const eipnn_eip_entry *entry)
{
  json_t *species = json_array(), *commands = entry->ncommands ? json_array() : NULL;
  for (int s = 0; s < entry->nspecies; s++)
    json_array_append_new(species, json_string(eipnn_element_symbol(entry->species[s])));
  for (int c = 0; c < entry->ncommands; c++)
    json_array_append_new(commands, json_string(entry->commands[c]));
  json_t *object = json_pack("{s:s, s:o, s:s}", "name", entry->name, "species", species, "provider",
                             entry->provider);
  if (object && commands)
    json_object_set_new(object, "commands", commands);
  else if (object)
    json_object_set_new(object, "model", json_string(entry->model));
  return object;
}

/* One entry a line. */
eipnn_status eipnn_eip_list_text(const eipnn_eip_list *list, char **text)
{
  size_t length = 0, capacity = 0;
  *text = NULL;
  for (int i = 0; i <= list->count; i++) {
    json_t *object = i < list->count ? entry_json(&list->entry[i]) : NULL;
    char *line = object ? json_dumps(object, JSON_PRESERVE_ORDER) : NULL;
    size_t more = (line ? strlen(line) : 0) + 4;
    json_decref(object);
    eipnn_status status = line || i == list->count
                              ? eipnn_grow((void **)text, &capacity, length + more, 1)
                              : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an EIP list");
    if (status != EIPNN_OK) {
      free(line);
      free(*text);
      *text = NULL;
      return status;
    }
    length += (size_t)sprintf(*text + length, "%s%s%s", i == 0 ? "[" : "", line && i ? ",\n " : "",
                              line ? line : "]\n");
    free(line);
  }
  return EIPNN_OK;
}

void eipnn_eip_list_free(eipnn_eip_list **list)
{
  if (!list || !*list) return;
  for (int i = 0; i < (*list)->count; i++) {
    eipnn_eip_entry *entry = &(*list)->entry[i];
    for (int c = 0; c < entry->ncommands; c++) free(entry->commands[c]);
    free(entry->commands);
  }
  free((*list)->entry);
  free(*list);
  *list = NULL;
}
