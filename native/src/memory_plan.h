// memory_plan.h: what the machine can still give, and the refusal, with numbers, of a stream that would need more.
#pragma once
#include <cstddef>
#include <string>

#include "heirloom.h"

namespace heirloom {

struct MachineMemory { size_t total = 0, available = 0; };   // bytes; a container's limit counts when it is smaller
MachineMemory machine_memory();

// Adds up and compares with `limit`, or with 90 % of what is available when limit is 0.
MemoryPlan make_plan(size_t weights, size_t state, size_t activations, size_t limit);

// Throws out-of-memory unless the plan fits. what: "a stream of 1920x1080 at x2".
void require_fits(const MemoryPlan& plan, const std::string& what);

}  // namespace heirloom
