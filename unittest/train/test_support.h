/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_TRAIN_TEST_SUPPORT_H
#define EIPNN_UNITTEST_TRAIN_TEST_SUPPORT_H

/* What the tests of training share. */

#include <eipnn/status.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_ok(expression)                                                                      \
  do {                                                                                             \
    if ((expression) != EIPNN_OK) fail_msg("%s", eipnn_last_error());                              \
  } while (0)

#define assert_close(a, b, tolerance)                                                              \
  do {                                                                                             \
    const double close_a = (a), close_b = (b);                                                     \
    if (!(fabs(close_a - close_b) <= (tolerance)))                                                 \
      fail_msg("%s = %.17g, expected %.17g, differs by %g", #a, close_a, close_b,                  \
               close_a - close_b);                                                                 \
  } while (0)

/* The expression must fail with this status, and the message must hold the text. */
#define assert_fails(expression, status, text)                                                     \
  do {                                                                                             \
    assert_int_equal((expression), (status));                                                      \
    if (!strstr(eipnn_last_error(), (text)))                                                       \
      fail_msg("the message '%s' does not say '%s'", eipnn_last_error(), (text));                  \
  } while (0)

#endif
