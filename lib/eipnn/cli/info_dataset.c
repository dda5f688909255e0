/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/dataset_file.h"
#include "cli/info.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static json_t *sizes_json(const eipnn_dataset *dataset)
{
  size_t count = eipnn_dataset_count(dataset), smallest = 0, largest = 0, periodic = 0;
  for (size_t k = 0; k < count; k++) {
    eipnn_configuration configuration;
    if (eipnn_dataset_get(dataset, k, &configuration)) break;
    size_t atoms = (size_t)configuration.natoms;
    if (k == 0 || atoms < smallest) smallest = atoms;
    if (atoms > largest) largest = atoms;
    if (configuration.pbc[0] && configuration.pbc[1] && configuration.pbc[2]) periodic++;
  }
  return json_pack("{s:I,s:I,s:I,s:I,s:I}", "configurations", (json_int_t)count, "atoms",
                   (json_int_t)eipnn_dataset_atom_count(dataset), "smallest", (json_int_t)smallest,
                   "largest", (json_int_t)largest, "periodic", (json_int_t)periodic);
}

/* Species with their numbers of atoms and reference energies. */
static json_t *species_json(const eipnn_dataset *dataset)
{
  int number[EIPNN_ELEMENTS];
  json_t *object = json_object();
  size_t atoms[EIPNN_ELEMENTS + 1] = {0};
  for (size_t k = 0; k < eipnn_dataset_count(dataset); k++) {
    eipnn_configuration configuration;
    if (eipnn_dataset_get(dataset, k, &configuration)) break;
    for (int i = 0; i < configuration.natoms; i++)
      if (configuration.number[i] > 0 && configuration.number[i] <= EIPNN_ELEMENTS)
        atoms[configuration.number[i]]++;
  }
  int count = eipnn_dataset_species(dataset, number);
  for (int k = 0; k < count; k++) {
    int known;
    double reference = eipnn_dataset_reference_energy(dataset, number[k], &known);
    json_object_set_new(object, eipnn_element_symbol(number[k]),
                        json_pack("{s:I,s:o}", "atoms", (json_int_t)atoms[number[k]],
                                  "reference_energy", known ? json_real(reference) : json_null()));
  }
  return object;
}

static json_t *labels_json(const eipnn_dataset *dataset, const eipnn_labels *labels)
{
  size_t labelled = 0, forces = 0, virials = 0;
  double lowest = INFINITY, highest = -INFINITY;
  for (size_t k = 0; k < eipnn_dataset_count(dataset); k++) {
    size_t first = eipnn_dataset_first_atom(dataset, k);
    int natoms = eipnn_dataset_natoms(dataset, k);
    if (labels->forces && natoms && isfinite(labels->forces[first][0])) forces++;
    if (labels->virial && isfinite(labels->virial[k][0])) virials++;
    if (!isfinite(labels->energy[k]) || !natoms) continue;
    labelled++;
    lowest = fmin(lowest, labels->energy[k] / natoms);
    highest = fmax(highest, labels->energy[k] / natoms);
  }
  json_t *object =
      json_pack("{s:I,s:I,s:I,s:I}", "energies", (json_int_t)labelled, "forces", (json_int_t)forces,
                "virials", (json_int_t)virials, "failed", (json_int_t)labels->failed);
  if (labelled) json_object_set_new(object, "energy_per_atom", json_pack("[f,f]", lowest, highest));
  if (labels->provider[0]) json_object_set_new(object, "provider", json_string(labels->provider));
  if (labels->model[0]) json_object_set_new(object, "model", json_string(labels->model));
  if (labels->version[0]) json_object_set_new(object, "version", json_string(labels->version));
  if (labels->timestamp[0])
    json_object_set_new(object, "timestamp", json_string(labels->timestamp));
  return object;
}

static json_t *splits_json(const eipnn_dataset *dataset)
{
  json_t *splits = json_object();
  for (size_t k = 0; k < eipnn_dataset_split_count(dataset); k++) {
    const char *name = eipnn_dataset_split_name(dataset, k);
    json_t *roles = json_object();
    size_t count[5];
    cli_count_roles(dataset, eipnn_dataset_split(dataset, name), count);
    for (int role = 0; role < 5; role++)
      json_object_set_new(roles, cli_role_name(role), json_integer((json_int_t)count[role]));
    json_object_set_new(splits, name, roles);
  }
  return splits;
}

json_t *cli_dataset_json(const eipnn_dataset *dataset)
{
  char hash[17];
  json_t *object = sizes_json(dataset), *labels = json_object();
  eipnn_dataset_hash(dataset, hash);
  json_object_set_new(object, "kind", json_string("dataset"));
  json_object_set_new(object, "hash", json_string(hash));
  json_object_set_new(object, "species", species_json(dataset));
  for (size_t k = 0; k < eipnn_dataset_labels_count(dataset); k++) {
    const eipnn_labels *set = eipnn_dataset_labels_at(dataset, k);
    json_object_set_new(labels, set->name, labels_json(dataset, set));
  }
  json_object_set_new(object, "labels", labels);
  json_object_set_new(object, "splits", splits_json(dataset));
  if (eipnn_dataset_groups(dataset))
    json_object_set_new(object, "groups",
                        json_integer((json_int_t)eipnn_dataset_group_count(dataset)));
  return object;
}

static long long integer_of(const json_t *object, const char *key)
{
  return (long long)json_integer_value(json_object_get(object, key));
}

static void print_labels(const char *name, const json_t *labels)
{
  const json_t *range = json_object_get(labels, "energy_per_atom");
  printf("  %-20s %lld energies", name, integer_of(labels, "energies"));
  if (range)
    printf(" from %.3f to %.3f eV/atom", json_real_value(json_array_get(range, 0)),
           json_real_value(json_array_get(range, 1)));
  if (integer_of(labels, "forces")) printf(", %lld with forces", integer_of(labels, "forces"));
  if (integer_of(labels, "virials")) printf(", %lld with virials", integer_of(labels, "virials"));
  if (integer_of(labels, "failed")) printf(", %lld failed", integer_of(labels, "failed"));
  if (json_object_get(labels, "model"))
    printf(" (%s)", json_string_value(json_object_get(labels, "model")));
  printf("\n");
}

static void print_splits(json_t *splits)
{
  const char *name;
  json_t *roles;
  if (json_object_size(splits)) printf("splits:\n");
  json_object_foreach(splits, name, roles)
      printf("  %-20s %lld train, %lld validation, %lld test, %lld pool, %lld unused\n", name,
             integer_of(roles, "train"), integer_of(roles, "validation"), integer_of(roles, "test"),
             integer_of(roles, "pool"), integer_of(roles, "unused"));
}

void cli_print_dataset(const char *path, const json_t *facts)
{
  const char *name;
  json_t *value;
  printf("%s: dataset, %lld configurations of %lld to %lld atoms, %lld atoms in all, hash %s\n",
         path, integer_of(facts, "configurations"), integer_of(facts, "smallest"),
         integer_of(facts, "largest"), integer_of(facts, "atoms"),
         json_string_value(json_object_get(facts, "hash")));
  printf("periodic in three directions: %lld\nspecies:\n", integer_of(facts, "periodic"));
  json_object_foreach(json_object_get(facts, "species"), name, value)
  {
    const json_t *reference = json_object_get(value, "reference_energy");
    printf("  %-2s %lld atoms, reference energy ", name, integer_of(value, "atoms"));
    if (json_is_real(reference))
      printf("%.4f eV/atom\n", json_real_value(reference));
    else
      printf("not set\n");
  }
  printf("labels:%s\n", json_object_size(json_object_get(facts, "labels")) ? "" : " none");
  json_object_foreach(json_object_get(facts, "labels"), name, value) print_labels(name, value);
  if (json_object_get(facts, "groups"))
    printf("groups of similar configurations: %lld\n", integer_of(facts, "groups"));
  print_splits(json_object_get(facts, "splits"));
}
