/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_case.h"

#include "train/test_support.h"

/* Of both calculators: they interpolate in the same table, so that its rounding is the same. */
#define TABLE_NODES 512

void device_case_options_default(device_case_options *options)
{
  *options = (device_case_options){.cutoff = 4.0,
                                   .skin = 0.6,
                                   .hidden = 12,
                                   .table = 1,
                                   .precision = EIPNN_PRECISION_DOUBLE,
                                   .nlist = -1};
}

/* Ghosts get the rows of their owners (to_ghosts), or these the sums of both. */
static int exchange(const ghost_rows *rows, char *data, int ncols, size_t element_size,
                    int to_ghosts)
{
  const size_t bytes = (size_t)ncols * element_size;
  for (int g = 0; g < rows->count; g++) {
    char *ghost = data + (size_t)rows->ghost[g] * bytes;
    char *source = data + (size_t)rows->source[g] * bytes;
    if (to_ghosts) memcpy(ghost, source, bytes);
    for (int k = 0; k < ncols && !to_ghosts; k++)
      if (element_size == sizeof(double))
        ((double *)source)[k] += ((const double *)ghost)[k];
      else
        ((float *)source)[k] += ((const float *)ghost)[k];
  }
  return 0;
}

static int forward(void *context, void *rows, int ncols, size_t element_size)
{
  return exchange(context, rows, ncols, element_size, 1);
}

static int reverse(void *context, void *rows, int ncols, size_t element_size)
{
  return exchange(context, rows, ncols, element_size, 0);
}

static void add_ghost(ghost_rows *rows, int ghost, int source)
{
  rows->ghost[rows->count] = ghost;
  rows->source[rows->count++] = source;
}

static void list_ghosts(device_case *c)
{
  const rank_atoms *r = &c->rank;
  const size_t room = (size_t)r->nghost + 1;
  ghost_rows *lists[] = {&c->plain_ghosts, &c->device_ghosts};
  for (int k = 0; k < 2; k++) {
    lists[k]->ghost = calloc(room, sizeof(int));
    lists[k]->source = calloc(room, sizeof(int));
  }
  for (int n = r->nlocal; n < r->nlocal + r->nghost; n++) {
    if (r->owner[n] != n) continue;
    add_ghost(&c->plain_ghosts, n, r->home_row[n]);
    add_ghost(&c->device_ghosts, c->device.row[n], c->device.row[r->home_row[n]]);
  }
}

static void make_calculator(const eipnn_model *model, const device_case_options *options,
                            const char *backend, eipnn_precision precision, ghost_rows *ghosts,
                            eipnn_calculator **calculator)
{
  const eipnn_halo halo = {ghosts, forward, reverse, 0};
  eipnn_calculator_options o;
  eipnn_calculator_options_default(&o);
  o.backend = backend;
  o.precision = precision;
  o.table = options->table;
  o.table_nodes = TABLE_NODES;
  if (options->halo) o.halo = &halo;
  assert_ok(eipnn_calculator_create(model, &o, calculator));
}

static void allocate_result(eipnn_result *result, int natom)
{
  const size_t total = (size_t)natom + 1;
  result->forces = calloc(total, sizeof *result->forces);
  result->atom_virial = calloc(total, sizeof *result->atom_virial);
  result->centroid_virial = calloc(total, sizeof *result->centroid_virial);
  result->atom_energy = calloc(total, sizeof(double));
}

static void clear_result(eipnn_result *result, int natom)
{
  const size_t total = (size_t)natom;
  memset(result->forces, 0, total * sizeof *result->forces);
  memset(result->atom_virial, 0, total * sizeof *result->atom_virial);
  memset(result->centroid_virial, 0, total * sizeof *result->centroid_virial);
  memset(result->atom_energy, 0, total * sizeof(double));
}

static void free_result(eipnn_result *result)
{
  free(result->forces);
  free(result->atom_virial);
  free(result->centroid_virial);
  free(result->atom_energy);
}

static void arrange_rank(device_case *c, const crystal *atoms, const device_case_options *options)
{
  rank_atoms *r = &c->rank;
  int *assignment = calloc((size_t)atoms->configuration.natoms + 1, sizeof(int));
  rank_atoms_build(r, atoms, c->model, assignment, 0, options->cutoff + options->skin);
  free(assignment);
  for (int i = 0; i < r->nlocal && options->foreign; i++)
    if (options->foreign[i] == '1') r->species[i] = -1;
  for (int n = r->nlocal; n < r->nlocal + r->nghost && options->halo; n++)
    if (n % 2 && r->species[r->home_row[n]] >= 0) r->owner[n] = n;
  if (options->nlist >= 0) r->atoms.nlist = options->nlist;
}

void device_case_build(device_case *c, const crystal *atoms, const device_case_options *options)
{
  memset(c, 0, sizeof *c);
  eipnn_network_options network;
  small_options(&network);
  network.cutoff = options->cutoff;
  network.hidden = options->hidden;
  assert_ok(small_model(&network, 2, &c->model));
  arrange_rank(c, atoms, options);
  device_atoms_build(&c->device, &c->rank, options->contributes, options->transposed);
  list_ghosts(c);
  const int is_double = options->precision == EIPNN_PRECISION_DOUBLE;
  make_calculator(c->model, options, is_double ? "ref" : "cpu", options->precision,
                  &c->plain_ghosts, &c->plain);
  make_calculator(c->model, options, "kokkos", options->precision, &c->device_ghosts,
                  &c->calculator);
  allocate_result(&c->expected, c->device.natom);
  allocate_result(&c->computed, c->device.natom);
}

void device_case_free(device_case *c)
{
  eipnn_calculator_free(&c->plain);
  eipnn_calculator_free(&c->calculator);
  device_atoms_free(&c->device);
  rank_atoms_free(&c->rank);
  eipnn_model_free(&c->model);
  free(c->plain_ghosts.ghost);
  free(c->plain_ghosts.source);
  free(c->device_ghosts.ghost);
  free(c->device_ghosts.source);
  free_result(&c->expected);
  free_result(&c->computed);
}

eipnn_status device_case_compute(device_case *c)
{
  const eipnn_device_result result =
      device_atoms_result(&c->device, &c->computed.energy, c->computed.virial);
  clear_result(&c->computed, c->device.natom);
  const eipnn_status status = eipnn_device_compute(c->calculator, &c->device.atoms, &result);
  device_atoms_read(&c->device, &c->computed);
  return status;
}

static void compare(const char *what, int n, const double *computed, const double *expected,
                    double tolerance)
{
  double largest = 0.1; /* eV, A: forces of a perfect crystal vanish */
  for (int k = 0; k < n; k++) largest = fmax(largest, fabs(expected[k]));
  for (int k = 0; k < n; k++)
    if (!(fabs(computed[k] - expected[k]) <= tolerance * largest))
      fail_msg("%s %d: %.15g, expected %.15g of at most %g", what, k, computed[k], expected[k],
               largest);
}

void device_case_agrees(device_case *c, double tolerance)
{
  const int n = c->device.natom;
  clear_result(&c->expected, n);
  assert_ok(eipnn_calculator_compute(c->plain, &c->rank.atoms, 1, &c->expected));
  assert_ok(device_case_compute(c));
  compare("energy", 1, &c->computed.energy, &c->expected.energy, tolerance);
  compare("virial", 6, c->computed.virial, c->expected.virial, tolerance);
  compare("force", 3 * n, &c->computed.forces[0][0], &c->expected.forces[0][0], tolerance);
  compare("atom energy", n, c->computed.atom_energy, c->expected.atom_energy, tolerance);
  compare("atom virial", 6 * n, &c->computed.atom_virial[0][0], &c->expected.atom_virial[0][0],
          tolerance);
  compare("centroid virial", 9 * n, &c->computed.centroid_virial[0][0],
          &c->expected.centroid_virial[0][0], tolerance);
}
