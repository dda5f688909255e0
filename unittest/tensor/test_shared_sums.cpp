/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums that the threads of a team share, as on a GPU: each term counts once, for every number of
   threads, and the columns are those of the matrix. */
#include "tensor/kokkos/row_sums.h"

#include <algorithm>
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <vector>

extern "C" {
#include <cmocka.h>
}

using eipnn::Host;
using Rows = eipnn::BlockRows<float>;
using Sums = eipnn::TeamSums<Host, double, Rows>;

/* Integers, whose sums are exact. */
static std::vector<float> numbers(int count)
{
  std::vector<float> a(static_cast<std::size_t>(count));
  for (int k = 0; k < count; k++) a[static_cast<std::size_t>(k)] = float((k * 37) % 101 - 50);
  return a;
}

static double sum_of_block(const std::vector<float> &a, int rows, int cols, int height, int block,
                           int col)
{
  double sum = 0.0;
  for (int r = block * height; r < std::min((block + 1) * height, rows); r++)
    sum += double(a[static_cast<std::size_t>(r * cols + col)]);
  return sum;
}

static void check_team(int threads, int rows, int cols, int height, int lanes)
{
  const std::vector<float> a = numbers(rows * cols);
  const int blocks = (rows + height - 1) / height, pieces = (cols + lanes - 1) / lanes;
  std::vector<double> out(static_cast<std::size_t>(blocks * cols), -1.0);
  Kokkos::TeamPolicy<Host> policy(blocks * pieces, threads, 1);
  policy.set_scratch_size(0, Kokkos::PerTeam(std::size_t(threads * lanes + 1) * sizeof(double)));
  Kokkos::parallel_for("test", policy,
                       Sums{out.data(), cols, lanes, pieces, Rows{a.data(), rows, cols, height}});
  for (int b = 0; b < blocks; b++)
    for (int c = 0; c < cols; c++)
      if (out[static_cast<std::size_t>(b * cols + c)] != sum_of_block(a, rows, cols, height, b, c))
        fail_msg("%d threads, %d lanes: block %d, column %d", threads, lanes, b, c);
}

static void threads_of_a_team_share_the_terms(void **)
{
  const eipnn_backend *backend = nullptr;
  assert_int_equal(eipnn_backend_find("kokkos-host", &backend), EIPNN_OK);
  const int most = std::min(2, Host().concurrency());
  for (int threads = 1; threads <= most; threads++) {
    check_team(threads, 7, 11, 3, 4);
    check_team(threads, 1, 5, 3, 8);
    check_team(threads, 6, 8, 6, 8);
  }
}

int main()
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(threads_of_a_team_share_the_terms)};
  return cmocka_run_group_tests_name("shared sums", tests, nullptr, nullptr);
}
