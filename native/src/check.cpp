#include "check.h"

namespace heirloom {

void fail(const char* code, const std::string& sentence) { throw Error(code, sentence); }

}  // namespace heirloom
