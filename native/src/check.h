// Checks that throw. CHECK is for what the engine itself must keep true; CHECK_AS names an error code of heirloom.h
// for what came from outside. The message is written for the person who did not write the code.
#pragma once
#include <string>

#include "heirloom.h"
#include "sentences.h"

namespace heirloom {

[[noreturn]] void fail(const char* code, const Message& message);

template <class T>
std::string str(const T& value) {
  return std::to_string(value);
}
inline std::string str(const std::string& value) { return value; }

}  // namespace heirloom

#define CHECK_AS(code, condition, message)               \
  do {                                                   \
    if (!(condition)) ::heirloom::fail(code, (message)); \
  } while (false)
#define CHECK(condition, message) CHECK_AS("internal", condition, message)
