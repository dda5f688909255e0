/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/info.h"

#include <eipnn/classifier.h>
#include <eipnn/dataset.h>
#include <stdio.h>

static json_t *heads_json(const eipnn_model *model)
{
  json_t *heads = json_object();
  const int *species = eipnn_model_species(model);
  for (int head = 0; head < eipnn_model_head_count(model); head++) {
    json_t *shifts = json_object();
    const double *shift = eipnn_model_shift(model, head);
    for (int s = 0; s < eipnn_model_species_count(model); s++)
      json_object_set_new(shifts, eipnn_element_symbol(species[s]), json_real(shift[s]));
    json_object_set_new(
        heads, eipnn_model_head_name(model, head),
        json_pack("{s:f,s:o}", "scale", eipnn_model_scale(model, head), "shift", shifts));
  }
  return heads;
}

/* Energies: heads with their zeros. A classifier: its classes in order. */
static void add_outputs(json_t *object, const eipnn_model *model)
{
  if (!eipnn_model_is_classifier(model)) {
    json_object_set_new(object, "task", json_string("energy"));
    json_object_set_new(object, "heads", heads_json(model));
    return;
  }
  json_t *classes = json_array();
  for (int k = 0; k < eipnn_model_head_count(model); k++)
    json_array_append_new(classes, json_string(eipnn_model_head_name(model, k)));
  json_object_set_new(object, "task", json_string("classes"));
  json_object_set_new(object, "pooling",
                      json_string(eipnn_pooling_name(eipnn_model_pooling(model))));
  json_object_set_new(object, "classes", classes);
}

static json_t *baseline_json(const eipnn_model *model)
{
  json_t *baseline = json_object();
  for (int k = 0; k < eipnn_model_baseline_count(model); k++)
    json_object_set_new(baseline, eipnn_model_baseline_name(model, k),
                        json_pack("{s:f,s:s}", "coefficient",
                                  eipnn_model_baseline_coefficient(model, k), "source",
                                  eipnn_model_baseline_source(model, k)));
  return baseline;
}

static json_t *network_json(const eipnn_network_options *options)
{
  return json_pack("{s:s,s:f,s:i,s:i,s:i,s:f,s:s,s:b,s:b,s:s}", "network", options->network,
                   "cutoff", options->cutoff, "hidden", options->hidden, "layers", options->layers,
                   "radial", options->nradial, "gamma", options->radial_gamma, "cutoff_function",
                   eipnn_cutoff_function_name(options->cutoff_function), "residual",
                   options->residual, "filter_ssp", options->filter_ssp, "graph",
                   options->padded ? "padded" : "periodic");
}

json_t *cli_model_json(const eipnn_model *model, const cli_file_kind *kind)
{
  size_t parameters;
  eipnn_model_weights(model, &parameters);
  json_t *object = json_object(), *species = json_array(), *history = json_object();
  for (int s = 0; s < eipnn_model_species_count(model); s++)
    json_array_append_new(species,
                          json_string(eipnn_element_symbol(eipnn_model_species(model)[s])));
  for (size_t k = 0; k < eipnn_model_history_count(model); k++) {
    const char *key = eipnn_model_history_key(model, k);
    json_object_set_new(history, key, json_string(eipnn_model_history(model, key)));
  }
  json_object_set_new(object, "kind", json_string(kind->checkpoint ? "checkpoint" : "model"));
  json_object_set_new(object, "options", network_json(eipnn_model_options(model)));
  json_object_set_new(object, "species", species);
  json_object_set_new(object, "parameters", json_integer((json_int_t)parameters));
  add_outputs(object, model);
  if (eipnn_model_baseline_count(model))
    json_object_set_new(object, "baseline", baseline_json(model));
  json_object_set_new(object, "history", history);
  if (kind->checkpoint)
    json_object_set_new(object, "training",
                        json_pack("{s:I,s:I,s:f}", "step", (json_int_t)kind->step, "best_step",
                                  (json_int_t)kind->best_step, "validation_mae", kind->best_mae));
  return object;
}

static void print_network(const json_t *options)
{
  json_t *o = (json_t *)options;
  printf("network: %s, cutoff %g Angstrom (%s cutoff function), %lld features, %lld layers, %lld "
         "radial functions, residual %s, %s graph\n",
         json_string_value(json_object_get(o, "network")),
         json_real_value(json_object_get(o, "cutoff")),
         json_string_value(json_object_get(o, "cutoff_function")),
         (long long)json_integer_value(json_object_get(o, "hidden")),
         (long long)json_integer_value(json_object_get(o, "layers")),
         (long long)json_integer_value(json_object_get(o, "radial")),
         json_is_true(json_object_get(o, "residual")) ? "yes" : "no",
         json_string_value(json_object_get(o, "graph")));
}

static void print_heads(const json_t *facts)
{
  const char *name, *element;
  json_t *head, *shift;
  printf("heads:\n");
  json_object_foreach(json_object_get(facts, "heads"), name, head)
  {
    printf("  %-20s scale %.6g eV, shift", name, json_real_value(json_object_get(head, "scale")));
    json_object_foreach(json_object_get(head, "shift"), element, shift)
        printf(" %s %.6g", element, json_real_value(shift));
    printf(" eV/atom\n");
  }
}

static void print_outputs(const json_t *facts)
{
  const json_t *classes = json_object_get(facts, "classes");
  size_t index;
  json_t *name;
  if (!classes) {
    print_heads(facts);
    return;
  }
  printf("classifier, no energy; %s pooling; classes:",
         json_string_value(json_object_get(facts, "pooling")));
  json_array_foreach((json_t *)classes, index, name) printf(" %s", json_string_value(name));
  printf("\n");
}

static void print_training(const json_t *facts)
{
  const json_t *training = json_object_get(facts, "training");
  if (!training) return;
  const double best = json_real_value(json_object_get(training, "validation_mae"));
  printf("training: at step %lld; the weights are those of step %lld with ",
         (long long)json_integer_value(json_object_get(training, "step")),
         (long long)json_integer_value(json_object_get(training, "best_step")));
  if (json_object_get(facts, "classes"))
    printf("validation accuracy %.1f %%\n", 100 * (1 - best));
  else
    printf("validation MAE %.4f eV\n", best);
}

/* What has to run beside the network. */
static void print_baseline(const json_t *facts)
{
  const char *name;
  json_t *term, *baseline = json_object_get(facts, "baseline");
  if (baseline) printf("baseline of delta learning, added to the network's energy:\n");
  json_object_foreach(baseline, name, term)
      printf("  %+.6g %-20s %s\n", json_real_value(json_object_get(term, "coefficient")), name,
             json_string_value(json_object_get(term, "source")));
}

void cli_print_model(const char *path, const json_t *facts)
{
  const char *name;
  size_t index;
  json_t *value;
  printf("%s: %s, %lld parameters, species", path,
         json_string_value(json_object_get(facts, "kind")),
         (long long)json_integer_value(json_object_get(facts, "parameters")));
  json_array_foreach(json_object_get(facts, "species"), index, value)
      printf(" %s", json_string_value(value));
  printf("\n");
  print_network(json_object_get(facts, "options"));
  print_training(facts);
  print_outputs(facts);
  print_baseline(facts);
  if (json_object_size(json_object_get(facts, "history"))) printf("history:\n");
  json_object_foreach(json_object_get(facts, "history"), name, value)
      printf("  %-26s %s\n", name, json_string_value(value));
}
