/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Included first by a plugin that is to seem compiled with another Kokkos. */
#include <Kokkos_Macros.hpp>
#undef KOKKOS_VERSION
#define KOKKOS_VERSION 90807
