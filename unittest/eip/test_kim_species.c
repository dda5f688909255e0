/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eip_checks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A KIM model that has seen one element evaluates another as if it were new: silver, gold and their
   alloy by every model of two species in the lists, in every order. */

enum { SILVER = 47, GOLD = 79, CRYSTALS = 3 };

static const char *const model[] = {
    "EMT_Asap_Standard_JacobsenStoltzeNorskov_1996_AlAgAuCuNiPdPt__MO_115316750986_001",
    "EAM_Dynamo_ZhouJohnsonWadley_2004NISTretabulation_CuAgAu__MO_318213562153_000"};

static crystal crystals[CRYSTALS];

static int open_model(eipnn_eip **eip, const char *id)
{
  eipnn_eip_entry entry = {.nspecies = 2, .species = {SILVER, GOLD}};
  strcpy(entry.name, "metal");
  strcpy(entry.provider, "kim");
  strcpy(entry.model, id);
  return eipnn_eip_open(&entry, eip) == EIPNN_OK;
}

/* Energies of the crystals in that order, stored in the order of the crystals. */
static void evaluate(const char *id, const int *order, int count, double *energy)
{
  eipnn_eip *eip = NULL;
  assert_true(open_model(&eip, id));
  for (int k = 0; k < count; k++) energy[order[k]] = eip_energy(eip, &crystals[order[k]]);
  eipnn_eip_close(&eip);
}

static void energies_do_not_depend_on_what_came_before(void **state)
{
  (void)state;
  static const int order[][CRYSTALS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (size_t m = 0; m < sizeof model / sizeof *model; m++) {
    double alone[CRYSTALS], energy[CRYSTALS];
    for (int k = 0; k < CRYSTALS; k++) evaluate(model[m], &k, 1, alone);
    for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
      evaluate(model[m], order[o], CRYSTALS, energy);
      for (int k = 0; k < CRYSTALS; k++)
        close_to(energy[k], alone[k], 1e-9, "after another crystal", model[m]);
    }
  }
}

int main(void)
{
  if (!eipnn_eip_provider_available("kim")) {
    printf("skipped: built without the KIM API\n");
    return 77;
  }
  crystal_make_fcc(&crystals[0], 4.08, SILVER, SILVER, 0.05);
  crystal_make_fcc(&crystals[1], 4.08, GOLD, GOLD, 0.05);
  crystal_make_fcc(&crystals[2], 4.08, SILVER, GOLD, 0.05);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(energies_do_not_depend_on_what_came_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
