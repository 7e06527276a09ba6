// The smallest test harness that does the job: TEST("a sentence") { EXPECT(...); }, one program per file, exit 1 on any failure.
// A test that cannot run here calls skip("why"); the reason is printed.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "heirloom.h"

namespace check {

struct Test {
  const char* sentence;
  std::function<void()> body;
};
inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
struct Register {
  Register(const char* sentence, std::function<void()> body) { tests().push_back({sentence, std::move(body)}); }
};
struct Skipped {
  std::string reason;
};
struct Failed {
  std::string what;
};

[[noreturn]] inline void skip(const std::string& reason) { throw Skipped{reason}; }
[[noreturn]] inline void failed(const char* file, int line, const std::string& what) {
  throw Failed{std::string(file) + ":" + std::to_string(line) + ": " + what};
}

// A small deterministic generator (splitmix64): tests name their seed.
struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  int64_t below(int64_t n) { return static_cast<int64_t>(next() % static_cast<uint64_t>(n)); }
  float uniform() { return static_cast<float>(next() >> 40) * (2.0f / 16777216.0f) - 1.0f; }  // [-1, 1)
};

// The code of the heirloom::Error that body throws, "" if it throws none.
inline std::string error_code(const std::function<void()>& body, std::string* sentence = nullptr) {
  try {
    body();
  } catch (const heirloom::Error& error) {
    if (sentence) *sentence = error.what();
    return error.code;
  }
  return "";
}

inline int run_all(const char* only) {
  int bad = 0, skipped = 0, ran = 0;
  for (const Test& test : tests()) {
    if (only && std::string(test.sentence).find(only) == std::string::npos) continue;
    ++ran;
    try {
      test.body();
      std::printf("ok    %s\n", test.sentence);
    } catch (const Skipped& s) {
      ++skipped;
      std::printf("skip  %s: %s\n", test.sentence, s.reason.c_str());
    } catch (const Failed& f) {
      ++bad;
      std::printf("FAIL  %s\n      %s\n", test.sentence, f.what.c_str());
    } catch (const std::exception& e) {
      ++bad;
      std::printf("FAIL  %s\n      threw: %s\n", test.sentence, e.what());
    }
    std::fflush(stdout);
  }
  std::printf("%d tests, %d failed, %d skipped\n", ran, bad, skipped);
  return bad || ran == 0 ? 1 : 0;
}

}  // namespace check

#define HL_JOIN2(a, b) a##b
#define HL_JOIN(a, b) HL_JOIN2(a, b)
#define TEST(sentence)                                                                     \
  static void HL_JOIN(test_, __LINE__)();                                                  \
  static check::Register HL_JOIN(register_, __LINE__)(sentence, HL_JOIN(test_, __LINE__)); \
  static void HL_JOIN(test_, __LINE__)()
#define EXPECT(condition)                                            \
  do {                                                               \
    if (!(condition)) check::failed(__FILE__, __LINE__, #condition); \
  } while (false)
#define EXPECT_NEAR(a, b, bound)                                                                             \
  do {                                                                                                       \
    const double left_ = (a), right_ = (b), bound_ = (bound);                                                \
    if (!(std::fabs(left_ - right_) <= bound_))                                                              \
      check::failed(__FILE__, __LINE__,                                                                      \
                    std::string(#a " = ") + std::to_string(left_) + ", " #b " = " + std::to_string(right_) + \
                        ", bound " + std::to_string(bound_));                                                \
  } while (false)
#define TEST_MAIN \
  int main(int argc, char** argv) { return check::run_all(argc > 1 ? argv[1] : nullptr); }
