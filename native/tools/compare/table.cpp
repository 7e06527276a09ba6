#include "table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace compare {

using namespace heirloom;

namespace {

constexpr double kOffByOneShare = 1e-3;

std::string number(double v, const char* format = "%.2e") {
  char text[32];
  std::snprintf(text, sizeof text, format, v);
  return text;
}

struct Difference {
  double worst = 0, largest = 0, squares = 0;
};
Difference difference(const Tensor& a, const Tensor& b) {
  Difference d;
  for (int64_t i = 0; i < b.count(); ++i) {
    const double error = std::fabs(static_cast<double>(a.data()[i]) - b.data()[i]);
    d.worst = std::isnan(error) ? INFINITY : std::max(d.worst, error);
    d.largest = std::max(d.largest, std::fabs(static_cast<double>(b.data()[i])));
    d.squares += error * error;
  }
  return d;
}

}  // namespace

Bars bars_of(const std::string& device, DType number_of_device) {
  if (device == "cpu") return {};
  if (number_of_device == DType::f32) return {1e-4, 1e-4, 5e-4, 0.999, 0};
  return {0, 0, 0, 0, 38};
}

Table::Table(const Bars& bars) : bars_(bars) { std::printf("%-36s %-22s %12s %10s\n", "tap", "shape", "error", "bar"); }

bool Table::same_shape(const std::string& name, const Tensor& ours, const Tensor& golden) {
  if (ours.count() == golden.count()) return true;
  line(name, str(golden.shape), "shape " + str(ours.shape), "", false);
  return false;
}

void Table::relative(const std::string& name, const Tensor& ours, const Tensor& golden, double bar) {
  if (!same_shape(name, ours, golden)) return;
  const Difference d = difference(ours, golden);
  const double error = d.worst / (d.largest > 0 ? d.largest : 1);
  line(name, str(golden.shape), number(error), bar > 0 ? number(bar) : "",
       bar > 0 ? error <= bar : std::isfinite(error));
}

void Table::absolute(const std::string& name, const Tensor& ours, const Tensor& golden, double bar) {
  if (!same_shape(name, ours, golden)) return;
  const double error = difference(ours, golden).worst;
  line(name, str(golden.shape), number(error) + " abs", number(bar), error <= bar);
}

void Table::identical(const std::string& name, const Tensor& ours, const Tensor& golden) {
  if (!same_shape(name, ours, golden)) return;
  int64_t different = 0;
  for (int64_t i = 0; i < golden.count(); ++i) different += ours.data()[i] != golden.data()[i];
  line(name, str(golden.shape), different ? str(different) + " differ" : "identical", "identical", different == 0);
}

void Table::mask(const std::string& name, const Tensor& ours, const Tensor& golden) {
  if (bars_.overlap == 1) return identical(name, ours, golden);
  if (!same_shape(name, ours, golden)) return;
  int64_t both = 0, either = 0;
  for (int64_t i = 0; i < golden.count(); ++i) {
    both += ours.data()[i] > 0 && golden.data()[i] > 0;
    either += ours.data()[i] > 0 || golden.data()[i] > 0;
  }
  const double share = either > 0 ? static_cast<double>(both) / static_cast<double>(either) : 1;
  line(name, str(golden.shape), number(100 * share, "%.3f") + " %",
       bars_.overlap > 0 ? number(100 * bars_.overlap, "%.1f") + " %" : "", share >= bars_.overlap);
}

void Table::bytes(const std::string& name, const Tensor& ours, const Tensor& golden) {
  if (!same_shape(name, ours, golden)) return;
  int64_t off = 0, far = 0;
  for (int64_t i = 0; i < golden.count(); ++i) {
    const double d = std::fabs(ours.data()[i] - golden.data()[i]);
    off += d > 0;
    far += d > 1;
  }
  const double share = static_cast<double>(off) / static_cast<double>(golden.count());
  const bool is_judged = bars_.frames > 0;
  line(name, str(golden.shape), far ? str(far) + " off by > 1" : number(share * 100) + " %",
       is_judged ? "off by 1: 0.1 %" : "", !is_judged || (far == 0 && share < kOffByOneShare));
}

void Table::picture(const std::string& name, const Tensor& ours, const Tensor& golden) {
  if (!same_shape(name, ours, golden)) return;
  const double mean = difference(ours, golden).squares / static_cast<double>(golden.count()),
               decibels = mean > 0 ? 10 * std::log10(4 / mean) : INFINITY;
  line(name, str(golden.shape), mean > 0 ? number(decibels, "%.2f") + " dB" : "identical",
       bars_.decibels > 0 ? number(bars_.decibels, "%.0f") + " dB" : "", decibels >= bars_.decibels);
}

void Table::line(const std::string& name, const std::string& shape, const std::string& error, const std::string& bar,
                 bool is_ok) {
  std::printf("%-36s %-22s %12s %10s  %s\n", name.c_str(), shape.c_str(), error.c_str(), bar.c_str(),
              is_ok ? "ok" : "FAIL");
  std::fflush(stdout);
  ++lines_;
  failures_ += !is_ok;
}

void Table::note(const std::string& text) { std::printf("%s\n", text.c_str()); }

int Table::result() const {
  std::printf("%d compared, %d failed\n", lines_, failures_);
  return failures_ == 0 && lines_ > 0 ? 0 : 1;
}

}  // namespace compare
