// The CPU backend: ops.h on top of the kernels. Results do not depend on the number of threads.
#pragma once
#include "ops.h"

namespace heirloom::cpu {

std::unique_ptr<Ops> make_ops(int threads, const std::atomic<bool>* cancelled);

}  // namespace heirloom::cpu
