/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_STRUCTURE_FIXTURE_H
#define EIPNN_UNITTEST_STRUCTURE_FIXTURE_H

#include "base/random.h"
#include "tensor/structure.h"

#include <eipnn/calculator.h>

#include <stddef.h>

/* What a random structure is made of. */
typedef struct structure_options {
  const char *name;
  int natom, nghost, npair, nconfig, nspecies;
} structure_options;

/* A random structure: runs of one pair_i, atoms paired with themselves, atoms of no
   configuration, ghosts that are copies of owned atoms. */
typedef struct structure_fixture {
  eipnn_structure structure;
  const char *name;
  int *ghost_owner; /* [nall - natom] */
  int fail;         /* 1: the halo callbacks report failure */
  void *memory;
} structure_fixture;

void structure_fixture_create(structure_fixture *fixture, const structure_options *options,
                              eipnn_random *random);
void structure_fixture_free(structure_fixture *fixture);

/* Exchange with the ghosts' owners; lives as long as the fixture. */
eipnn_halo structure_fixture_halo(structure_fixture *fixture);

/* Rows of a symbolic extent. */
int structure_fixture_rows(const structure_fixture *fixture, int rows);

#endif
