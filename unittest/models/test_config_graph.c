/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crystal.h"
#include "models/batch.h"
#include "train/test_support.h"

static eipnn_model *make_model(int padded, double cutoff)
{
  eipnn_network_options options;
  small_options(&options);
  options.cutoff = cutoff;
  options.padded = padded;
  eipnn_model *model;
  assert_ok(small_model(&options, 1, &model));
  return model;
}

static eipnn_status build_graph(eipnn_config_graph *graph, const eipnn_model *model,
                                const eipnn_configuration *configuration)
{
  eipnn_pair_list list = {0};
  eipnn_status status = eipnn_config_graph_build(graph, &list, model, configuration);
  eipnn_pair_list_free(&list);
  return status;
}

static void expect_sorted(const eipnn_config_graph *graph)
{
  for (int p = 0; p < graph->npair; p++) {
    assert_in_range(graph->pair_i[p], p ? graph->pair_i[p - 1] : 0, graph->ncontributing - 1);
    assert_in_range(graph->pair_j[p], 0, graph->natom - 1);
  }
}

/* Diamond silicon has 4 + 12 + 12 neighbours within 5 A. */
static void periodic_graph_has_each_pair_once(void **state)
{
  (void)state;
  crystal c;
  crystal_silicon(&c, (int[3]){2, 2, 2}, 0.0, 1);
  eipnn_model *model = make_model(0, 5.0);
  eipnn_config_graph graph;
  assert_ok(build_graph(&graph, model, &c.configuration));
  assert_int_equal(graph.natom, 64);
  assert_int_equal(graph.npair, 64 * 28 / 2);
  expect_sorted(&graph);
  eipnn_config_graph_free(&graph);
  eipnn_model_free(&model);
  crystal_free(&c);
}

/* The numbers of the paper's graph: 214 padding atoms and 2614 directed edges
   around 64 silicon atoms at 5 A. */
static void padded_graph_has_the_papers_size(void **state)
{
  (void)state;
  crystal c;
  crystal_silicon(&c, (int[3]){2, 2, 2}, 0.0, 1);
  eipnn_model *model = make_model(1, 5.0);
  eipnn_config_graph graph;
  assert_ok(build_graph(&graph, model, &c.configuration));
  assert_int_equal(graph.ncontributing, 64);
  assert_int_equal(graph.natom, 64 + 214);
  assert_int_equal(2 * graph.npair, 2614);
  expect_sorted(&graph);
  eipnn_config_graph_free(&graph);
  eipnn_model_free(&model);
  crystal_free(&c);
}

/* Every vector of the padded graph leads from atom i to the place of node j:
   one place per node. */
static void padding_nodes_have_one_place(void **state)
{
  (void)state;
  crystal c;
  crystal_primitive(&c, 0.1, 3);
  eipnn_model *model = make_model(1, 4.5);
  eipnn_config_graph graph;
  assert_ok(build_graph(&graph, model, &c.configuration));
  double(*place)[3] = calloc((size_t)graph.natom, sizeof *place);
  int *seen = calloc((size_t)graph.natom, sizeof *seen);
  for (int p = 0; p < graph.npair; p++) {
    const int i = graph.pair_i[p], j = graph.pair_j[p];
    for (int k = 0; k < 3; k++) {
      const double x = c.position[i][k] + graph.vec[p][k];
      if (seen[j]) assert_close(x, place[j][k], 1e-9);
      place[j][k] = x;
    }
    seen[j]++;
  }
  for (int k = graph.ncontributing; k < graph.natom; k++) assert_true(seen[k] > 0);
  free(place);
  free(seen);
  eipnn_config_graph_free(&graph);
  eipnn_model_free(&model);
  crystal_free(&c);
}

/* Nothing to pad where nothing is repeated. */
static void clusters_have_no_padding(void **state)
{
  (void)state;
  crystal c;
  crystal_silicon(&c, (int[3]){1, 1, 1}, 0.05, 4);
  for (int k = 0; k < 3; k++) c.configuration.pbc[k] = 0;
  memset(c.configuration.cell, 0, sizeof c.configuration.cell);
  eipnn_config_graph graph[2];
  for (int padded = 0; padded < 2; padded++) {
    eipnn_model *model = make_model(padded, 5.0);
    assert_ok(build_graph(&graph[padded], model, &c.configuration));
    eipnn_model_free(&model);
  }
  assert_int_equal(graph[0].natom, graph[1].natom);
  assert_int_equal(graph[0].npair, graph[1].npair);
  for (int k = 0; k < 2; k++) eipnn_config_graph_free(&graph[k]);
  crystal_free(&c);
}

static void unknown_species_are_named(void **state)
{
  (void)state;
  crystal c;
  crystal_primitive(&c, 0.0, 1);
  c.number[1] = 6;
  eipnn_model *model = make_model(0, 4.0);
  eipnn_config_graph graph;
  assert_fails(build_graph(&graph, model, &c.configuration), EIPNN_ERROR_ARGUMENT, "atom 2 is C");
  eipnn_model_free(&model);
  crystal_free(&c);
}

static void batches_stand_side_by_side(void **state)
{
  (void)state;
  crystal a, b;
  crystal_primitive(&a, 0.1, 1);
  crystal_silicon(&b, (int[3]){1, 1, 1}, 0.1, 2);
  eipnn_model *model = make_model(1, 4.0);
  eipnn_config_graph ga, gb;
  assert_ok(build_graph(&ga, model, &a.configuration));
  assert_ok(build_graph(&gb, model, &b.configuration));
  eipnn_batch batch = {0};
  for (int round = 0; round < 2; round++) { /* the second reuses the memory */
    eipnn_batch_clear(&batch);
    assert_ok(eipnn_batch_add(&batch, &ga));
    assert_ok(eipnn_batch_add(&batch, &gb));
  }
  eipnn_structure structure;
  eipnn_batch_structure(&batch, &structure);
  assert_int_equal(structure.natom, ga.natom + gb.natom);
  assert_int_equal(structure.nall, structure.natom);
  assert_int_equal(structure.npair, ga.npair + gb.npair);
  assert_int_equal(structure.nconfig, 2);
  assert_int_equal(structure.atom_config[1], 0);
  assert_int_equal(structure.atom_config[2], -1); /* padding */
  assert_int_equal(structure.atom_config[ga.natom], 1);
  assert_int_equal(structure.pair_i[ga.npair], ga.natom + gb.pair_i[0]);
  assert_int_equal(structure.pair_config[ga.npair], 1);
  assert_memory_equal(batch.vec + ga.npair, gb.vec, (size_t)gb.npair * sizeof *gb.vec);
  eipnn_batch_free(&batch);
  eipnn_config_graph_free(&ga);
  eipnn_config_graph_free(&gb);
  eipnn_model_free(&model);
  crystal_free(&a);
  crystal_free(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(periodic_graph_has_each_pair_once),
      cmocka_unit_test(padded_graph_has_the_papers_size),
      cmocka_unit_test(padding_nodes_have_one_place),
      cmocka_unit_test(clusters_have_no_padding),
      cmocka_unit_test(unknown_species_are_named),
      cmocka_unit_test(batches_stand_side_by_side),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
