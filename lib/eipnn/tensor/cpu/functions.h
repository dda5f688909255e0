/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_CPU_FUNCTIONS_H
#define EIPNN_TENSOR_CPU_FUNCTIONS_H

/* Exponential, shifted softplus and logistic function without branches, so that
   loops over them vectorise. Errors: a few units in the last place of the largest
   term. NaN stays NaN. Series with their exact coefficients; their length is what the
   argument range needs. */

#include "tensor/cpu/real.h"

typedef union real_pun {
  real value;
  real_ubits bits;
} real_pun;

#ifdef EIPNN_CPU_SINGLE
#define EIPNN_EXPONENT_BIAS 127u
#define EIPNN_MANTISSA_BITS 23
#define EIPNN_ROUND_MAGIC 12582912.0f /* 1.5 2^23: adding it rounds to an integer */
#define EIPNN_EXP_LOW (-150.0f)       /* exp is 0 below, infinite above */
#define EIPNN_EXP_HIGH 130.0f
#define EIPNN_LN2_HIGH 0x1.62e4p-1f /* ln 2 in two pieces, the first short */
#define EIPNN_LN2_LOW 0x1.7f7d1cp-20f
#else
#define EIPNN_EXPONENT_BIAS UINT64_C(1023)
#define EIPNN_MANTISSA_BITS 52
#define EIPNN_ROUND_MAGIC 6755399441055744.0
#define EIPNN_EXP_LOW (-1100.0)
#define EIPNN_EXP_HIGH 1100.0
#define EIPNN_LN2_HIGH 0x1.62e42fefap-1
#define EIPNN_LN2_LOW 0x1.cf79abc9e3b3ap-40
#endif

/* 2^n for an integer n that was rounded by adding EIPNN_ROUND_MAGIC. */
static inline real EIPNN_CPU(power_of_two)(real shifted)
{
  const real_pun magic = {.value = EIPNN_ROUND_MAGIC}, n = {.value = shifted};
  const real_pun power = {.bits = (n.bits - magic.bits + EIPNN_EXPONENT_BIAS)
                                  << EIPNN_MANTISSA_BITS};
  return power.value;
}

/* Taylor series of exp(r) - 1 for |r| <= ln(2)/2. */
static inline real EIPNN_CPU(expm1_series)(real r)
{
#ifdef EIPNN_CPU_SINGLE
  real p = (real)(1.0 / 5040.0);
#else
  real p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
#endif
  p = p * r + (real)(1.0 / 720.0);
  p = p * r + (real)(1.0 / 120.0);
  p = p * r + (real)(1.0 / 24.0);
  p = p * r + (real)(1.0 / 6.0);
  p = p * r + (real)0.5;
  p = p * r + (real)1.0;
  return p * r;
}

/* exp x = 2^n exp r, x = n ln 2 + r. 2^n in two factors: n may be beyond the
   exponents of a real. */
typedef struct real_exponential {
  real less_one; /* exp(r) - 1 */
  real power, rest;
} real_exponential;

static inline real_exponential EIPNN_CPU(exp_parts)(real x)
{
  const real magic = EIPNN_ROUND_MAGIC, log2e = (real)1.44269504088896340736;
  x = x < EIPNN_EXP_LOW ? EIPNN_EXP_LOW : x;
  x = x > EIPNN_EXP_HIGH ? EIPNN_EXP_HIGH : x;
  const real n = (x * log2e + magic) - magic;
  const real r = (x - n * EIPNN_LN2_HIGH) - n * EIPNN_LN2_LOW;
  const real half = n * (real)0.5 + magic;
  const real rest = (n - (half - magic)) + magic;
  return (real_exponential){EIPNN_CPU(expm1_series)(r), EIPNN_CPU(power_of_two)(half),
                            EIPNN_CPU(power_of_two)(rest)};
}

static inline real EIPNN_CPU(exp)(real x)
{
  const real_exponential e = EIPNN_CPU(exp_parts)(x);
  return (e.less_one + (real)1.0) * e.power * e.rest;
}

/* exp(x) - 1 for x <= 0, to the rounding of the result. */
static inline real EIPNN_CPU(expm1)(real x)
{
  const real_exponential e = EIPNN_CPU(exp_parts)(x);
  const real power = e.power * e.rest;
  return e.less_one * power + (power - (real)1.0);
}

/* atanh(s)/s as a series in q = s^2, for |s| <= 1/3. */
static inline real EIPNN_CPU(atanh_series)(real q)
{
#ifdef EIPNN_CPU_SINGLE
  real p = (real)(1.0 / 15.0);
#else
  real p = 1.0 / 33.0;
  p = p * q + 1.0 / 31.0;
  p = p * q + 1.0 / 29.0;
  p = p * q + 1.0 / 27.0;
  p = p * q + 1.0 / 25.0;
  p = p * q + 1.0 / 23.0;
  p = p * q + 1.0 / 21.0;
  p = p * q + 1.0 / 19.0;
  p = p * q + 1.0 / 17.0;
  p = p * q + 1.0 / 15.0;
#endif
  p = p * q + (real)(1.0 / 13.0);
  p = p * q + (real)(1.0 / 11.0);
  p = p * q + (real)(1.0 / 9.0);
  p = p * q + (real)(1.0 / 7.0);
  p = p * q + (real)(1.0 / 5.0);
  p = p * q + (real)(1.0 / 3.0);
  return p * q + (real)1.0;
}

/* ln(1 + e^x) - ln 2 = max(x, 0) + ln(1 + d/2), d = exp(-|x|) - 1, and
   ln z = 2 atanh((z - 1)/(z + 1)): |s| <= 1/3, and no difference of logarithms. */
static inline real EIPNN_CPU(ssp)(real x)
{
  const real d = EIPNN_CPU(expm1)(x < (real)0.0 ? x : -x);
  const real s = d / (d + (real)4.0);
  return (x > (real)0.0 ? x : (real)0.0) + (real)2.0 * s * EIPNN_CPU(atanh_series)(s * s);
}

/* 1/(1 + e^-x), or e^x/(1 + e^x) where x is negative. */
static inline real EIPNN_CPU(sigmoid)(real x)
{
  const real e = EIPNN_CPU(exp)(x < (real)0.0 ? x : -x);
  return (x < (real)0.0 ? e : (real)1.0) / ((real)1.0 + e);
}

#endif
