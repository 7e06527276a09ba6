// Arithmetic that gives the same bits on every backend. Block scores are compared with a hard threshold: one last bit flips a block, and
// the flips cascade. Every step is one IEEE operation, none is fused with the next, and denormals are kept.
#pragma once
#include <cstdint>
#include <cstring>

#if defined(__CUDACC__)
#define HL_EXACT __host__ __device__ inline
#else
#define HL_EXACT inline
#endif

namespace heirloom::exact {

#if defined(__CUDA_ARCH__)
HL_EXACT float multiply(float a, float b) { return __fmul_rn(a, b); }
HL_EXACT float add(float a, float b) { return __fadd_rn(a, b); }
HL_EXACT float divide(float a, float b) { return __fdiv_rn(a, b); }
HL_EXACT double multiply(double a, double b) { return __dmul_rn(a, b); }
HL_EXACT double add(double a, double b) { return __dadd_rn(a, b); }
#else
HL_EXACT float multiply(float a, float b) { return a * b; }
HL_EXACT float add(float a, float b) { return a + b; }
HL_EXACT float divide(float a, float b) { return a / b; }
HL_EXACT double multiply(double a, double b) { return a * b; }
HL_EXACT double add(double a, double b) { return a + b; }
#endif

// e^x for x <= 0 (NaN stays NaN), rounded once to fp32 from a double that is good to 1e-11: x = n ln 2 + r, a Taylor polynomial in r, times 2^n.
HL_EXACT float exponential(float x) {
  if (!(x > -104.0f)) return x != x ? x : 0.0f;  // e^-104 is less than half of the least denormal
  const double d = x;
  const int n =
      static_cast<int>(add(multiply(d, 1.4426950408889634), -0.5));  // to the nearest: x <= 0, the cast goes towards 0
  const double r = add(d, multiply(static_cast<double>(n), -0.6931471805599453));
  double p = 1.0 / 362880;
  p = add(multiply(p, r), 1.0 / 40320);
  p = add(multiply(p, r), 1.0 / 5040);
  p = add(multiply(p, r), 1.0 / 720);
  p = add(multiply(p, r), 1.0 / 120);
  p = add(multiply(p, r), 1.0 / 24);
  p = add(multiply(p, r), 1.0 / 6);
  p = add(multiply(p, r), 0.5);
  p = add(multiply(p, r), 1.0);
  p = add(multiply(p, r), 1.0);
  const int64_t bits = static_cast<int64_t>(n + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return static_cast<float>(multiply(p, power));
}

}  // namespace heirloom::exact
