/* SPDX-License-Identifier: GPL-2.0-or-later */
/* same A.h5 B.h5: exit code 0 if two models hold the same numbers bit for bit, or two datasets the
   same labels; 1 if not, with the difference told; 2 if one cannot be read. */
#include <eipnn/dataset.h>
#include <eipnn/model.h>

#include <stdio.h>
#include <string.h>

static int differ(const char *what)
{
  printf("%s differs\n", what);
  return 1;
}

static int compare_models(const eipnn_model *a, const eipnn_model *b)
{
  size_t na, nb;
  const double *wa = eipnn_model_weights(a, &na), *wb = eipnn_model_weights(b, &nb);
  const int heads = eipnn_model_head_count(a);
  if (eipnn_model_difference(a, b)) return differ(eipnn_model_difference(a, b));
  if (heads != eipnn_model_head_count(b)) return differ("the number of heads");
  if (na != nb || memcmp(wa, wb, na * sizeof *wa)) return differ("a weight");
  const size_t species = (size_t)eipnn_model_species_count(a);
  for (int k = 0; k < heads; k++) {
    const double sa = eipnn_model_scale(a, k), sb = eipnn_model_scale(b, k);
    if (memcmp(&sa, &sb, sizeof sa)) return differ("a scale");
    if (memcmp(eipnn_model_shift(a, k), eipnn_model_shift(b, k), species * sizeof sa))
      return differ("a shift");
  }
  return 0;
}

static int compare_labels(const eipnn_labels *a, const eipnn_labels *b, size_t n, size_t natoms)
{
  if (!a->forces != !b->forces || !a->virial != !b->virial) return 1;
  if (memcmp(a->energy, b->energy, n * sizeof *a->energy)) return 1;
  if (a->forces && memcmp(a->forces, b->forces, natoms * sizeof *a->forces)) return 1;
  return a->virial && memcmp(a->virial, b->virial, n * sizeof *a->virial);
}

static int compare_datasets(const eipnn_dataset *a, const eipnn_dataset *b)
{
  char ha[17], hb[17];
  eipnn_dataset_hash(a, ha);
  eipnn_dataset_hash(b, hb);
  if (strcmp(ha, hb)) return differ("a configuration");
  if (eipnn_dataset_labels_count(a) != eipnn_dataset_labels_count(b))
    return differ("the number of label sets");
  for (size_t k = 0; k < eipnn_dataset_labels_count(a); k++) {
    const eipnn_labels *one = eipnn_dataset_labels_at(a, k);
    const eipnn_labels *other = eipnn_dataset_labels(b, one->name);
    if (!other || compare_labels(one, other, eipnn_dataset_count(a), eipnn_dataset_atom_count(a)))
      return differ(one->name);
  }
  return 0;
}

static int compare_model_files(const char *path, const char *other)
{
  eipnn_model *a = NULL, *b = NULL;
  int code = 2;
  if (eipnn_model_read(path, &a) == EIPNN_OK && eipnn_model_read(other, &b) == EIPNN_OK)
    code = compare_models(a, b);
  eipnn_model_free(&a);
  eipnn_model_free(&b);
  return code;
}

static int compare_dataset_files(const char *path, const char *other)
{
  eipnn_dataset *a = NULL, *b = NULL;
  int code = 2;
  if (eipnn_dataset_read(path, &a) == EIPNN_OK && eipnn_dataset_read(other, &b) == EIPNN_OK)
    code = compare_datasets(a, b);
  eipnn_dataset_free(&a);
  eipnn_dataset_free(&b);
  return code;
}

int main(int count, char **word)
{
  if (count != 3) return 2;
  int code = compare_model_files(word[1], word[2]);
  if (code == 2) code = compare_dataset_files(word[1], word[2]);
  if (code == 2) printf("%s\n", eipnn_last_error());
  return code;
}
