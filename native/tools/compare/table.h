// The table heirloom-compare prints: one line per tap, its error and its bar; and how strict the bars are on which device.
#pragma once
#include <string>

#include "ops.h"

namespace compare {

// What a backend is held to. The CPU computes in float32 with the goldens' own order of magnitude of error; a card in float32 sums in another
// order; a card in bfloat16 differs by rounding that no bar on single taps can catch (the reference's own bfloat16 frames lie at 38-41 dB).
struct Bars {
  double taps = 1e-5, frames = 1e-5,
         colour = 5e-5;  // largest error relative to the largest value; 0: printed, not judged
  double overlap = 1;  // share of kept windows that both keep
  double decibels = 0;  // of frames against each other, range 2; 0: not judged
};
Bars bars_of(const std::string& device, heirloom::DType number);

class Table {
 public:
  explicit Table(const Bars& bars);

  // max |a - b| / max |b|
  void relative(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden, double bar);
  void absolute(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden, double bar);
  void identical(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden);
  // 0 and 1: kept by both / kept by either
  void mask(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden);
  // 8-bit values: off by one in less than 0.1 %, never more
  void bytes(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden);
  void picture(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden);  // PSNR, range 2
  void line(const std::string& name, const std::string& shape, const std::string& error, const std::string& bar,
            bool is_ok);
  static void note(const std::string& text);

  const Bars& bars() const { return bars_; }
  int result() const;  // prints the last line; the exit status

 private:
  bool same_shape(const std::string& name, const heirloom::Tensor& ours, const heirloom::Tensor& golden);
  Bars bars_;
  int lines_ = 0, failures_ = 0;
};

}  // namespace compare
