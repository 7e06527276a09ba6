// rows.cpp: the row loop of the pixel functions on the engine's thread pool.
#include <algorithm>
#include <memory>

#include "cpu/threads.h"
#include "pixel/pixel.h"

namespace heirloom::pixel {

void serial_rows(int rows, const std::function<void(int, int)>& body) {
  if (rows > 0) body(0, rows);
}

Rows threaded_rows(int threads, const std::atomic<bool>* cancelled) {
  auto pool = std::make_shared<cpu::Pool>(threads);
  pool->watch(cancelled);
  return [pool](int rows, const std::function<void(int, int)>& body) {
    constexpr int kRows = 32;  // enough to pay for handing them out, few enough to share evenly
    pool->parallel_for((rows + kRows - 1) / kRows, [&](int64_t i) {
      const int begin = int(i) * kRows;
      body(begin, std::min(begin + kRows, rows));
    });
  };
}

}  // namespace heirloom::pixel
