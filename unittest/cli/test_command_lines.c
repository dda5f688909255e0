/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every command explains itself; wrong usage is refused and what is known is named. In one process:
   starting hundreds takes long. */
#include "cli/command.h"
#include "cli/dispatch.h"

#include <eipnn/status.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char output[] = "command_lines.out";
enum { OUTPUT_SIZE = 32768, MAXIMUM_WORDS = 32 };

/* Runs `eipnn LINE`, words between blanks, with standard output in the file. */
static int run(const char *line)
{
  static const eipnn_parallel alone = {.size = 1};
  char copy[512] = "", *word[MAXIMUM_WORDS] = {"eipnn"};
  int count = 1;
  strncat(copy, line, sizeof copy - 1);
  for (char *w = strtok(copy, " "); w && count < MAXIMUM_WORDS; w = strtok(NULL, " "))
    word[count++] = w;
  fflush(stdout);
  const int screen = dup(STDOUT_FILENO), file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  assert_true(screen >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) >= 0);
  const int code = cli_dispatch(count, word, &alone);
  fflush(stdout);
  dup2(screen, STDOUT_FILENO);
  close(screen);
  close(file);
  return code;
}

/* What run printed, until the next call. */
static const char *printed(void)
{
  static char text[OUTPUT_SIZE];
  FILE *file = fopen(output, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

static void says(const char *line, const char *text, const char *expected)
{
  if (!strstr(text, expected)) fail_msg("eipnn %s: \"%s\" lacks \"%s\"", line, text, expected);
}

static void refused(const char *line, const char *expected)
{
  if (run(line) != CLI_USAGE) fail_msg("eipnn %s is no wrong usage", line);
  says(line, eipnn_last_error(), expected);
  assert_string_equal(printed(), "");
}

/* Calls check with the name of every command. */
static void for_commands(void (*check)(const char *name))
{
  char known[512] = "", *rest = known;
  assert_int_equal(run("nothing"), CLI_USAGE);
  const char *list = strstr(eipnn_last_error(), "the commands are: ");
  assert_non_null(list);
  strncat(known, list + strlen("the commands are: "), sizeof known - 1);
  int count = 0;
  for (char *name; (name = strtok_r(rest, ", ", &rest)); count++) check(name);
  assert_true(count >= 13);
}

static void check_help(const char *name)
{
  char line[128], expected[128];
  snprintf(line, sizeof line, "%s --help", name);
  assert_int_equal(run(line), CLI_GOOD);
  const char *help = printed();
  snprintf(expected, sizeof expected, "usage: eipnn %s ", name);
  says(line, help, expected);
  snprintf(expected, sizeof expected, "example:\n  eipnn %s ", name);
  says(line, help, expected);
}

static void check_unknown_option(const char *name)
{
  char line[128], expected[128];
  snprintf(line, sizeof line, "%s a b --no-such-option", name);
  snprintf(expected, sizeof expected, "eipnn %s has no option --no-such-option; it knows --", name);
  refused(line, expected);
  says(line, eipnn_last_error(), "and --help");
}

/* Every option of a help text is known to the parser: it complains of another thing. */
static void check_options(const char *name)
{
  char line[128], *help;
  snprintf(line, sizeof line, "%s --help", name);
  assert_int_equal(run(line), CLI_GOOD);
  assert_non_null(help = strdup(printed()));
  int count = 0;
  for (char *at = help; (at = strstr(at, "\n  --")); count++) {
    at += strlen("\n  --");
    snprintf(line, sizeof line, "%s --%.*s", name, (int)strcspn(at, " \n"), at);
    assert_int_not_equal(run(line), CLI_GOOD);
    if (strstr(eipnn_last_error(), "has no option")) fail_msg("eipnn %s: unknown", line);
  }
  free(help);
  if (!count) fail_msg("no options in the help of %s", name);
}

static void test_help(void **state)
{
  (void)state;
  for_commands(check_help);
}

static void test_unknown_options(void **state)
{
  (void)state;
  for_commands(check_unknown_option);
}

static void test_known_options(void **state)
{
  (void)state;
  for_commands(check_options);
}

/* Command lines and what is said of them. */
static const char *const wrong[][2] = {
    {"info", "too few arguments; usage: eipnn info FILE"},
    {"info a b", "\"b\" is one argument too many"},
    {"train d.h5 --split", "--split needs a value"},
    {"train d.h5 --split --resume", "--split needs a value"},
    {"train d.h5 --resume=yes", "--resume takes no value"},
    {"train d.h5 -x", "options begin with two dashes"},
    {"train d.h5 --hidden many", "--hidden needs a whole number from 1 to 8192, not \"many\""},
    {"train d.h5 --hidden 3.5", "not \"3.5\""},
    {"train d.h5 --hidden=0", "from 1 to 8192"},
    {"train d.h5 --lr -1", "--lr needs a number above 0"},
    {"train d.h5 --lr nan", "not \"nan\""},
    {"train d.h5 --seed 99999999999999999999", "--seed needs a whole number"},
    {"train d.h5 --seed 1 --seed 2", "--seed is given twice"},
    {"train d.h5 --cutoff-function smooth", "it takes one of: none|cosine|polynomial"},
    {"train d.h5 --network cgcnn", "it takes one of: schnet"},
    {"train d.h5 --out m.h5", "--split S is required"},
    {"train d.h5 --split a", "--out MODEL.h5 is required"},
    {"train d.h5 --split a --out m.h5 --steps 5 --epochs 5", "exclude each other"},
    {"train d.h5 --split a --out m.h5 --method mp --pretrained p.h5 --pretrain-steps 5",
     "which --pretrained has done already"},
    {"train d.h5 --split a --out m.h5 --method la --classifier c.h5 --pooling mean",
     "but --classifier gives one"},
    {"train d.h5 --split a --out m.h5 --method la --classifier c.h5 --classifier-steps 5",
     "but --classifier gives one"},
    {"train d.h5 --split a --out m.h5 --method la --labels l.csv --calibrate affine",
     "but --labels gives them"},
    {"train d.h5 --split a --out m.h5 --method la --labels l.csv --classifier c.h5",
     "but --labels gives them"},
    {"train d.h5 --split a --out m.h5 --method la --classifier-start pretrained",
     "needs --method mp+la"},
    {"train d.h5 --split a --out m.h5 --method la --classifier-steps 5 --classifier-epochs 5",
     "--classifier-steps and --classifier-epochs exclude each other"},
    {"train d.h5 --split a --out m.h5 --method la --augmentation-forces yes",
     "needs --force-weight or --virial-weight"},
    {"train d.h5 --split a --out m.h5 --delta-penalty 1", "--delta-penalty is for --delta ridge"},
    {"train d.h5 --split a --out m.h5 --eips e.json", "--eips: no EIP is used by --method none"},
    {"train d.h5 --split a --out m.h5 --method mp --pretrained p.h5 --eips e.json",
     "--eips: no EIP is used by --method mp with --pretrained"},
    {"train d.h5 --split a --out m.h5 --method mp --pretrain-energy-min 1 --pretrain-energy-max 0",
     "--pretrain-energy-min 1 lies above"},
    {"train d.h5 --split a --out m.h5 --method la --alpha most",
     "--alpha needs auto or a number of at least 0"},
    {"train d.h5 --split a --out m.h5 --method la --confidence 2",
     "--confidence needs a number from 0 to 1"},
    {"train d.h5 --split a --out m.h5 --method la --labels m.h5", "the labels of --labels"},
    {"train d.h5 --split a --out m.h5 --energy-min 1 --energy-max 0", "lies above"},
    {"train d.h5 --split a --out m.h5 --energy-weight 0", "nothing to train on"},
    {"pretrain d.h5 --out p.h5", "--eips LIST.json is required"},
    {"split d.h5", "--name S is required"},
    {"split d.h5 --name a --groups", "no option --groups"},
    {"label d.h5", "nothing to do"},
    {"test m.h5 d.h5 --role train", "give --split S too"},
    {"test m.h5 d.h5 --calibrated", "--calibrated fits on a split"},
    {"convert a.xyz b.cif", "b.cif cannot be written"},
    {"plot pie a.csv --out a.svg", "draws curves, parity, labels and md"},
    {"plot curves a.csv", "--out FILE.svg or FILE.png is required"},
    {"train d.h5 --split a --out m.h5 --method mp --alpha=1",
     "--alpha is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --classifier=c.h5",
     "--classifier is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --classifier-steps=5",
     "--classifier-steps is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --pooling=mean",
     "--pooling is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --calibrate=affine",
     "--calibrate is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --confidence=0.5",
     "--confidence is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --confidence-weights=yes",
     "--confidence-weights is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --labels=l.csv",
     "--labels is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method mp --augmentation-loss=squared",
     "--augmentation-loss is for --method la and mp+la"},
    {"train d.h5 --split a --out m.h5 --method la --pretrained=p.h5",
     "--pretrained is for --method mp and mp+la"},
    {"train d.h5 --split a --out m.h5 --method la --pretrain-steps=5",
     "--pretrain-steps is for --method mp and mp+la"},
    {"train d.h5 --split a --out m.h5 --method la --pretrain-force-weight=1",
     "--pretrain-force-weight is for --method mp and mp+la"},
};

static void test_wrong_usage(void **state)
{
  (void)state;
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) refused(wrong[k][0], wrong[k][1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_help), cmocka_unit_test(test_unknown_options),
      cmocka_unit_test(test_known_options), cmocka_unit_test(test_wrong_usage)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
