/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eip_checks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The EIPs for aluminium and silver-gold of Shui et al. (NeurIPS 2022), in the order of
   potentials/eips/al.json and agau.json. eV/atom: fcc crystal; the same with displaced atoms
   (crystal_make_fcc, 0.08 Angstrom); free atom. From LAMMPS 29Sep2021 with `kim init` on the
   same coordinates; the fcc crystals of aluminium also from an independent program on the KIM API.
 */
typedef struct metal_values {
  double perfect, displaced, atom;
} metal_values;

static const metal_values aluminium[] = {
    {-3.28150014, -3.27128538, 0},           {-2.70014088, -2.67574211, 0},
    {-2.88811689, -2.86380652, 0},           {-2.92279729, -2.89851577, 0},
    {-3.35927382, -3.34577735, 0},           {-3.39000193, -3.37603924, 0},
    {-2.64459628, -2.63013092, -0.03073426}, {-3.36000002, -3.34480286, -0.00607941},
    {-3.35995866, -3.34658069, 0},           {-3.58000218, -3.56820199, 0},
};
static const metal_values silver_gold[] = {{-3.35316503, -3.33458269, 0},
                                           {-3.34717239, -3.33122556, 0}};

static void check_list(const char *path, double lattice, int first, int second,
                       const metal_values *values, int count)
{
  eipnn_eip_list *list;
  if (eipnn_eip_list_read(path, &list) != EIPNN_OK) fail_msg("%s", eipnn_last_error());
  assert_int_equal(list->count, count);
  for (int e = 0; e < count; e++) {
    const char *name = list->entry[e].name;
    crystal c;
    eipnn_eip *eip;
    if (eipnn_eip_open(&list->entry[e], &eip) != EIPNN_OK) fail_msg("%s", eipnn_last_error());
    crystal_make_fcc(&c, lattice, first, second, 0);
    close_to(eip_energy(eip, &c) / 108, values[e].perfect, 1e-6, "perfect", name);
    crystal_make_fcc(&c, lattice, first, second, 0.08);
    close_to(eip_energy(eip, &c) / 108, values[e].displaced, 1e-6, "displaced", name);
    check_virial(eip, name, &c);
    check_forces(eip, name, &c);
    c.configuration.natoms = 1;
    memset(c.configuration.pbc, 0, sizeof c.configuration.pbc);
    close_to(eip_energy(eip, &c), values[e].atom, 1e-6, "free atom", name);
    eipnn_eip_close(&eip);
  }
  eipnn_eip_list_free(&list);
}

static void aluminium_eips(void **state)
{
  (void)state;
  check_list(ALUMINIUM_LIST, 4.05, 13, 13, aluminium, sizeof aluminium / sizeof *aluminium);
}

static void silver_gold_eips(void **state)
{
  (void)state;
  check_list(SILVER_GOLD_LIST, 4.08, 47, 79, silver_gold, sizeof silver_gold / sizeof *silver_gold);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(aluminium_eips),
                                     cmocka_unit_test(silver_gold_eips)};
  if (!eipnn_eip_provider_available("kim")) {
    printf("skipped: built without the KIM API\n");
    return 77;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
