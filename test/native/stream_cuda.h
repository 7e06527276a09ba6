// What the tests of streams on the emulated card share.
#pragma once
#include <algorithm>
#include <cmath>

#include "check_test.h"
#include "stream_fixture.h"

namespace stream_cuda {

using heirloom::LoadOptions;
using heirloom::Model;
using stream_fixture::clip;
using stream_fixture::enhance;
using stream_fixture::Frame;
using stream_fixture::options;

inline std::shared_ptr<Model> load(const std::string& folder, const std::string& device,
                                   const std::string& precision = "auto") {
  LoadOptions o;
  o.device = device;
  o.precision = precision;
  return Model::load(folder, o);
}

// Of 8-bit codes, the worst frame.
inline double decibels(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  EXPECT(a.size() == b.size() && !a.empty());
  double worst = INFINITY;
  for (size_t t = 0; t < a.size(); ++t) {
    double sum = 0;
    for (size_t i = 0; i < a[t].size(); ++i) sum += std::pow(double(a[t][i]) - double(b[t][i]), 2);
    worst = std::min(worst, 10 * std::log10(255.0 * 255.0 * double(a[t].size()) / std::max(sum, 1e-9)));
  }
  return worst;
}

}  // namespace stream_cuda
