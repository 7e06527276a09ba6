#include "check.h"

namespace heirloom {

void fail(const char* code, const Message& message) { throw Error(code, message); }

}  // namespace heirloom
