// clones.h: lets GCC compile a plain loop twice, for any x86-64 and for AVX2 with FMA, and choose when the program starts.
// Elsewhere (other compilers, C libraries without that choice, sanitizers, other processors) it is the plain loop.
#pragma once
#include <cstddef>  // tells the C library by its macros

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HEIRLOOM_CLONES __attribute__((target_clones("avx2,fma", "default")))
#else
#define HEIRLOOM_CLONES
#endif
