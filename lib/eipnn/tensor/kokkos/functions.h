/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_FUNCTIONS_H
#define EIPNN_TENSOR_KOKKOS_FUNCTIONS_H

/* Exponential, shifted softplus and logistic function without branches: loops over them vectorise
   on a host, threads of a GPU stay together. Formulas and accuracy: tensor/cpu/functions.h. NaN
   stays NaN. */

#include <Kokkos_Core.hpp>

#include <cstdint>
#include <string.h>

namespace eipnn
{

template <class Real> struct RealFormat;

template <> struct RealFormat<float> {
  using Bits = std::uint32_t;
  static constexpr Bits bias = 127;
  static constexpr int mantissa = 23;
  static constexpr float magic = 12582912.0f; /* 1.5 2^23: adding it rounds to an integer */
  static constexpr float exp_low = -150.0f, exp_high = 130.0f; /* exp is 0 below, infinite above */
  static constexpr float ln2_high = 0.693145751953125f;        /* ln 2 in two pieces, */
  static constexpr float ln2_low = 1.428606765330187e-06f;     /* the first short */
};

template <> struct RealFormat<double> {
  using Bits = std::uint64_t;
  static constexpr Bits bias = 1023;
  static constexpr int mantissa = 52;
  static constexpr double magic = 6755399441055744.0;
  static constexpr double exp_low = -1100.0, exp_high = 1100.0;
  static constexpr double ln2_high = 0.6931471805582987;
  static constexpr double ln2_low = 1.6465949582897082e-12;
};

/* 2^n for an integer n to which magic was added. */
template <class Real> KOKKOS_INLINE_FUNCTION Real power_of_two(Real shifted)
{
  using Format = RealFormat<Real>;
  const Real magic = Format::magic;
  typename Format::Bits bits, zero;
  memcpy(&bits, &shifted, sizeof bits);
  memcpy(&zero, &magic, sizeof zero);
  bits = (bits - zero + Format::bias) << Format::mantissa;
  Real power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/* Taylor series of exp(r) - 1 for |r| <= ln(2)/2. */
template <class Real> KOKKOS_INLINE_FUNCTION Real expm1_series(Real r)
{
  Real p = Real(1.0 / 5040.0);
  if (sizeof(Real) == sizeof(double)) {
    p = Real(1.0 / 6227020800.0);
    p = p * r + Real(1.0 / 479001600.0);
    p = p * r + Real(1.0 / 39916800.0);
    p = p * r + Real(1.0 / 3628800.0);
    p = p * r + Real(1.0 / 362880.0);
    p = p * r + Real(1.0 / 40320.0);
    p = p * r + Real(1.0 / 5040.0);
  }
  p = p * r + Real(1.0 / 720.0);
  p = p * r + Real(1.0 / 120.0);
  p = p * r + Real(1.0 / 24.0);
  p = p * r + Real(1.0 / 6.0);
  p = p * r + Real(0.5);
  p = p * r + Real(1.0);
  return p * r;
}

/* exp x = 2^n exp r, x = n ln 2 + r. 2^n in two factors: n may be beyond the exponents of a
   Real. */
template <class Real> struct ExponentialParts {
  Real less_one; /* exp(r) - 1 */
  Real power, rest;
};

template <class Real> KOKKOS_INLINE_FUNCTION ExponentialParts<Real> exponential_parts(Real x)
{
  using Format = RealFormat<Real>;
  const Real magic = Format::magic, log2e = Real(1.44269504088896340736);
  const Real low = Format::exp_low, high = Format::exp_high;
  x = x < low ? low : x;
  x = x > high ? high : x;
  const Real n = (x * log2e + magic) - magic;
  const Real r = (x - n * Format::ln2_high) - n * Format::ln2_low;
  const Real half = n * Real(0.5) + magic;
  const Real rest = (n - (half - magic)) + magic;
  return {expm1_series(r), power_of_two(half), power_of_two(rest)};
}

template <class Real> KOKKOS_INLINE_FUNCTION Real exponential(Real x)
{
  const ExponentialParts<Real> e = exponential_parts(x);
  return (e.less_one + Real(1.0)) * e.power * e.rest;
}

/* exp(x) - 1 for x <= 0, to the rounding of the result. */
template <class Real> KOKKOS_INLINE_FUNCTION Real exponential_less_one(Real x)
{
  const ExponentialParts<Real> e = exponential_parts(x);
  const Real power = e.power * e.rest;
  return e.less_one * power + (power - Real(1.0));
}

/* atanh(s)/s as a series in q = s^2, for |s| <= 1/3. */
template <class Real> KOKKOS_INLINE_FUNCTION Real atanh_series(Real q)
{
  Real p = Real(1.0 / 15.0);
  if (sizeof(Real) == sizeof(double)) {
    p = Real(1.0 / 33.0);
    p = p * q + Real(1.0 / 31.0);
    p = p * q + Real(1.0 / 29.0);
    p = p * q + Real(1.0 / 27.0);
    p = p * q + Real(1.0 / 25.0);
    p = p * q + Real(1.0 / 23.0);
    p = p * q + Real(1.0 / 21.0);
    p = p * q + Real(1.0 / 19.0);
    p = p * q + Real(1.0 / 17.0);
    p = p * q + Real(1.0 / 15.0);
  }
  p = p * q + Real(1.0 / 13.0);
  p = p * q + Real(1.0 / 11.0);
  p = p * q + Real(1.0 / 9.0);
  p = p * q + Real(1.0 / 7.0);
  p = p * q + Real(1.0 / 5.0);
  p = p * q + Real(1.0 / 3.0);
  return p * q + Real(1.0);
}

/* ln(1 + e^x) - ln 2 */
template <class Real> KOKKOS_INLINE_FUNCTION Real shifted_softplus(Real x)
{
  const Real d = exponential_less_one(x < Real(0.0) ? x : -x);
  const Real s = d / (d + Real(4.0));
  return (x > Real(0.0) ? x : Real(0.0)) + Real(2.0) * s * atanh_series(s * s);
}

/* 1/(1 + e^-x) */
template <class Real> KOKKOS_INLINE_FUNCTION Real logistic(Real x)
{
  const Real e = exponential(x < Real(0.0) ? x : -x);
  return (x < Real(0.0) ? e : Real(1.0)) / (Real(1.0) + e);
}

} // namespace eipnn

#endif
