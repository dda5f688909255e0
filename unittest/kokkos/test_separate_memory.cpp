/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guard itself: kernels and copies reach the memory, host code does not. */
#include "tensor/kokkos/memory.h"

#include <csetjmp>
#include <csignal>
#include <cstdarg>
#include <cstddef>

extern "C" {
#include <cmocka.h>
}

using eipnn::Device;

static sigjmp_buf before;
static void (*previous)(int); /* cmocka's handler */

static void caught(int)
{
  siglongjmp(before, 1);
}

/* Whether host code may read the number. */
static bool host_reads(const int *number)
{
  previous = std::signal(SIGSEGV, caught);
  const bool reads = sigsetjmp(before, 1) == 0;
  if (reads) (void)*static_cast<volatile const int *>(number);
  std::signal(SIGSEGV, previous);
  return reads;
}

static void only_kernels_and_copies_reach_the_memory(void **)
{
  const eipnn_backend *backend = nullptr;
  assert_int_equal(eipnn_backend_find("kokkos", &backend), EIPNN_OK);
  int *const numbers = static_cast<int *>(backend->allocate(3 * sizeof(int)));
  const int given[3] = {1, 2, 3};
  int got[3] = {0, 0, 0};
  eipnn::copy_in<Device>(numbers, given, sizeof given);
  assert_false(host_reads(numbers));
  eipnn::for_each<Device>(
      "test", 3, KOKKOS_LAMBDA(std::int64_t k) { numbers[k] *= 2; });
  assert_false(host_reads(numbers + 2));
  eipnn::copy_out<Device>(got, numbers, sizeof got);
  for (int k = 0; k < 3; k++) assert_int_equal(got[k], 2 * given[k]);
  assert_true(host_reads(got));
  backend->release(numbers);
}

int main()
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(only_kernels_and_copies_reach_the_memory)};
  return cmocka_run_group_tests_name("separate memory", tests, nullptr, nullptr);
}
