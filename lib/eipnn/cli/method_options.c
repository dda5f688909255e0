/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/method_options.h"

#include "cli/eip_baselines.h"

#define FIELD(name) offsetof(train_values, name)
#define COUNT(table) (sizeof table / sizeof table[0])

static const char method_words[] = "none|la|mp|mp+la";
static const cli_option options[] = {
    {"split", CLI_TEXT, FIELD(split), "S", "split of the dataset (required)", CLI_ANY},
    {"out", CLI_TEXT, FIELD(out), "MODEL.h5", "model file (required)", CLI_ANY},
    {"method", CLI_CHOICE, FIELD(method), method_words,
     "none: DFT labels only; la: label augmentation; mp: multi-task pretraining; mp+la: both",
     CLI_ANY},
    {"eips", CLI_TEXT, FIELD(eips), "LIST.json",
     "the EIPs of la, mp and --delta; without it all that the dataset has labels of", CLI_ANY},
    {"json", CLI_FLAG, FIELD(json), "", "print the summary as JSON", CLI_ANY},
};

#define TRAINING(name) offsetof(eipnn_train_options, name)
static const cli_option pretraining[] = {
    {"pretrain-steps", CLI_INTEGER, TRAINING(steps), "N", "length of the pretraining",
     CLI_COUNT(1e12)},
    {"pretrain-lr", CLI_REAL, TRAINING(rate), "L", "its learning rate", CLI_POSITIVE},
    {"pretrain-energy-min", CLI_REAL, TRAINING(energy_minimum), "E",
     "eV/atom; its EIP labels below are not used", CLI_ANY},
    {"pretrain-energy-max", CLI_REAL, TRAINING(energy_maximum), "E",
     "eV/atom; its EIP labels above are not used", CLI_ANY},
    {"pretrain-force-weight", CLI_REAL, TRAINING(force_weight), "W",
     "of the EIPs' forces in its loss; 0: not trained on", CLI_NOT_NEGATIVE},
    {"pretrain-virial-weight", CLI_REAL, TRAINING(virial_weight), "W",
     "of the EIPs' virials in its loss; 0: not trained on", CLI_NOT_NEGATIVE},
};
static const cli_option pretrained[] = {
    {"pretrained", CLI_TEXT, FIELD(pretrained), "PRE.h5",
     "of `eipnn pretrain`; without it the pretraining is run first, into OUT with .pretrained.h5",
     CLI_ANY},
    {"head", CLI_CHOICE, FIELD(combine_heads), "fresh|eips",
     "start of the DFT head: fresh is the paper's; eips: the combination of the EIPs' heads that "
     "fits the training set",
     CLI_ANY},
};

static const cli_option classifier[] = {
    {"classifier", CLI_TEXT, FIELD(classifier), "C.h5",
     "of an earlier run; without it one is trained first, into OUT with .classifier.h5", CLI_ANY},
    {"classifier-start", CLI_CHOICE, FIELD(start_pretrained), "scratch|pretrained",
     "its representation: scratch is the paper's, pretrained for mp+la", CLI_ANY},
    {"pooling", CLI_CHOICE, FIELD(pooling), "sum|mean",
     "of its atoms: sum is the paper's, mean does not depend on the size of the cell", CLI_ANY},
};
static const cli_option classification[] = {
    {"classifier-steps", CLI_INTEGER, TRAINING(steps), "N", "length of its training in steps",
     CLI_COUNT(1e12)},
    {"classifier-epochs", CLI_INTEGER, TRAINING(epochs), "N", "length of its training in epochs",
     CLI_COUNT(1e9)},
    {"classifier-lr", CLI_REAL, TRAINING(rate), "L", "its learning rate", CLI_POSITIVE},
};

#define CHOICE(name) offsetof(eipnn_augmentation_options, name)
static const cli_option chosen[] = {
    {"confidence-weights", CLI_CHOICE, CHOICE(confidence_weights), "no|yes",
     "a label counts with its probability", CLI_ANY},
    {"augmentation-forces", CLI_CHOICE, CHOICE(forces), "no|yes",
     "forces and virials of the chosen EIP too", CLI_ANY},
};
static const cli_option augmentation[] = {
    {"alpha", CLI_AUTO, TRAINING(alpha), "X|auto",
     "weight of the chosen labels; auto: the best on validation of 0.01 0.05 0.1 0.5 1 2 5 10",
     CLI_NOT_NEGATIVE},
    {"alpha-scaling", CLI_CHOICE, TRAINING(alpha_by_count), "none|count",
     "count: times DFT labels per chosen label (released code)", CLI_ANY},
    {"augmentation-loss", CLI_CHOICE, TRAINING(augmentation_loss), "tukey|tukey-scaled|squared",
     "tukey: the paper's; tukey-scaled: of the residual over sigma (released code)", CLI_ANY},
    {"augmentation-batches", CLI_CHOICE, TRAINING(mixed_batches), "separate|mixed",
     "separate: --batch of each kind per step (the paper's); mixed: shuffled together (released "
     "code)",
     CLI_ANY},
};
static const cli_option labels[] = {
    {"labels", CLI_TEXT, FIELD(labels), "FILE.csv",
     "learn these labels of the pool (columns index, label: eV), instead of chosen ones", CLI_ANY},
};
static const cli_option delta[] = {
    {"delta", CLI_CHOICE, FIELD(delta), "none|ridge",
     "ridge: the network learns what a regression on the EIPs leaves; the EIPs then run beside it",
     CLI_ANY},
    {"delta-penalty", CLI_REAL, FIELD(delta_penalty), "P", "of the ridge regression",
     CLI_NOT_NEGATIVE},
};
_Static_assert(sizeof(eipnn_augmentation_loss) == sizeof(int), "options write choices as int");

const cli_group cli_method_groups[] = {
    {"options", options, COUNT(options), 0},
    CLI_SETUP_GROUPS(FIELD(setup)),
    {"pretraining (mp, mp+la)", pretrained, COUNT(pretrained), 0},
    {NULL, pretraining, COUNT(pretraining), FIELD(pretraining)},
    {"classifier (la, mp+la)", classifier, COUNT(classifier), 0},
    {NULL, classification, COUNT(classification), FIELD(classification)},
    {"label augmentation (la, mp+la)", cli_label_choice_options, CLI_LABEL_CHOICE_OPTIONS,
     FIELD(choosing)},
    {NULL, chosen, COUNT(chosen), FIELD(choosing.choice)},
    {NULL, augmentation, COUNT(augmentation), FIELD(setup.training)},
    {NULL, labels, COUNT(labels), 0},
    {"delta learning", delta, COUNT(delta), 0},
};
_Static_assert(COUNT(cli_method_groups) == CLI_METHOD_GROUPS, "the header states the groups");

void cli_method_defaults(void *values)
{
  train_values *train = values;
  eipnn_network_options_default(&train->setup.network);
  eipnn_train_options_default(&train->setup.training);
  eipnn_pretrain_options_default(&train->pretraining);
  if (!train->pretraining.steps) train->pretraining.steps = 6000;
  eipnn_train_options_default(&train->classification);
  train->classification.schedule = EIPNN_SCHEDULE_SLANTED;
  cli_label_choice_defaults(&train->choosing);
  train->delta_penalty = CLI_RIDGE_PENALTY;
}

const char *cli_method_name(int method)
{
  static const char *const name[] = {"none", "la", "mp", "mp+la"};
  return name[method];
}

/* No option of a table may be given; `why` completes "--option ...". */
static int refuse(const cli_context *context, const cli_option *option, size_t count,
                  const char *why)
{
  for (size_t k = 0; k < count; k++)
    if (cli_given(context, option[k].name)) return cli_usage_error("--%s %s", option[k].name, why);
  return CLI_GOOD;
}

static int check_pretraining(const cli_context *context, const train_values *train)
{
  int used = cli_uses_pretraining(train);
  const char *why = used ? "is for a pretraining, which --pretrained has done already"
                         : "is for --method mp and mp+la";
  int code = used ? CLI_GOOD : refuse(context, pretrained, COUNT(pretrained), why);
  if (!code && (!used || train->pretrained))
    code = refuse(context, pretraining, COUNT(pretraining), why);
  if (!code && train->pretraining.energy_minimum > train->pretraining.energy_maximum)
    code = cli_usage_error("--pretrain-energy-min %g lies above --pretrain-energy-max %g",
                           train->pretraining.energy_minimum, train->pretraining.energy_maximum);
  return code;
}

static int check_classifier(const cli_context *context, const train_values *train)
{
  static const char done[] = "is for training a classifier, but --classifier gives one";
  if (train->classifier) {
    int code = refuse(context, classifier + 1, COUNT(classifier) - 1, done);
    if (!code) code = refuse(context, classification, COUNT(classification), done);
    if (code) return code;
  }
  if (train->start_pretrained && train->method != METHOD_MP_LA)
    return cli_usage_error("--classifier-start pretrained needs --method mp+la");
  return cli_length_check(context, "classifier-steps", "classifier-epochs", &train->classification);
}

/* What chooses labels has no use without label augmentation, nor with labels out of a file. */
static int refuse_choosing(const cli_context *context, const char *why)
{
  int code = refuse(context, classifier, COUNT(classifier), why);
  if (!code) code = refuse(context, classification, COUNT(classification), why);
  if (!code) code = refuse(context, cli_label_choice_options, CLI_LABEL_CHOICE_OPTIONS, why);
  return code ? code : refuse(context, chosen, COUNT(chosen), why);
}

static int check_augmentation(const cli_context *context, const train_values *train)
{
  static const char why[] = "is for --method la and mp+la";
  if (cli_uses_augmentation(train))
    return train->labels ? refuse_choosing(context, "chooses labels, but --labels gives them")
                         : check_classifier(context, train);
  int code = refuse_choosing(context, why);
  if (!code) code = refuse(context, augmentation, COUNT(augmentation), why);
  return code ? code : refuse(context, labels, COUNT(labels), why);
}

/* Forces of chosen labels need a weight. */
static int check_forces(const train_values *train)
{
  const eipnn_train_options *training = &train->setup.training;
  if (!train->choosing.choice.forces) return CLI_GOOD;
  if (training->force_weight == 0 && training->virial_weight == 0)
    return cli_usage_error("--augmentation-forces yes needs --force-weight or --virial-weight");
  return CLI_GOOD;
}

int cli_method_check(const cli_context *context, const train_values *train)
{
  int code = check_pretraining(context, train);
  if (!code) code = check_augmentation(context, train);
  if (!code) code = check_forces(train);
  if (code) return code;
  if (!train->delta && cli_given(context, "delta-penalty"))
    return cli_usage_error("--delta-penalty is for --delta ridge");
  if (train->eips && !cli_uses_label_sets(train))
    return cli_usage_error("--eips: no EIP is used by --method %s%s%s without --delta ridge",
                           cli_method_name(train->method),
                           train->pretrained ? " with --pretrained" : "",
                           train->labels ? " with --labels" : "");
  return CLI_GOOD;
}

int cli_uses_label_sets(const train_values *train)
{
  return train->delta || (cli_uses_pretraining(train) && !train->pretrained) ||
         (cli_uses_augmentation(train) && !train->labels);
}
