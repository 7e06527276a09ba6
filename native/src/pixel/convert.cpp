// convert.cpp: packed Y'CbCr samples to R'G'B' floats and back, one row at a time, in loops a compiler can vectorise.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "pixel/clones.h"
#include "pixel/pixel.h"

namespace heirloom::pixel {
namespace {

// Two-point interpolation: value(position) = near * (1 - blend) + far * blend, both clamped to the plane.
struct Between {
  int near, far;
  float blend;
};
Between between(double position, int count) {
  const double lower = std::floor(position);
  const auto clamp = [count](double i) { return int(std::min(std::max(i, 0.0), double(count - 1))); };
  return {clamp(lower), clamp(lower + 1), float(position - lower)};
}

HEIRLOOM_CLONES void read_row_8(const uint8_t* __restrict samples, int count, float offset, float gain,
                                float* __restrict out) {
  for (int i = 0; i < count; ++i) out[i] = (float(samples[i]) - offset) * gain;
}

HEIRLOOM_CLONES void read_row_16(const uint8_t* __restrict bytes, int count, float offset, float gain,
                                 float* __restrict out) {
  for (int i = 0; i < count; ++i) out[i] = (float(bytes[2 * i] | (bytes[2 * i + 1] << 8)) - offset) * gain;
}

void read_row(const uint8_t* samples, int bits, int count, float offset, float gain, float* out) {
  bits > 8 ? read_row_16(samples, count, offset, gain, out) : read_row_8(samples, count, offset, gain, out);
}

// Clamped before rounding, so that the conversion to an integer is always defined.
HEIRLOOM_CLONES void write_row_8(const float* __restrict values, int count, float offset, float scale, float largest,
                                 uint8_t* __restrict out) {
  for (int i = 0; i < count; ++i) {
    float code = values[i] * scale + (offset + 0.5f);
    code = code > 0.f ? code : 0.f;                  // a NaN becomes 0
    code = code < largest ? code : largest;
    out[i] = uint8_t(int(code));
  }
}

HEIRLOOM_CLONES void write_row_16(const float* __restrict values, int count, float offset, float scale, float largest,
                                  uint8_t* __restrict out) {
  for (int i = 0; i < count; ++i) {
    float code = values[i] * scale + (offset + 0.5f);
    code = code > 0.f ? code : 0.f;
    code = code < largest ? code : largest;
    const int whole = int(code);
    out[2 * i] = uint8_t(whole & 255);
    out[2 * i + 1] = uint8_t(whole >> 8);
  }
}

void write_row(const float* values, int bits, int count, float offset, float scale, float largest, uint8_t* out) {
  bits > 8 ? write_row_16(values, count, offset, scale, largest, out)
           : write_row_8(values, count, offset, scale, largest, out);
}

HEIRLOOM_CLONES void blend_rows(const float* __restrict near, const float* __restrict far, float blend, int count,
                                float* __restrict out) {
  for (int i = 0; i < count; ++i) out[i] = near[i] + (far[i] - near[i]) * blend;
}

HEIRLOOM_CLONES void mix_to_rgb(const float* __restrict y, const float* __restrict cb, const float* __restrict cr,
                                int count, float red_cr, float green_cb, float green_cr, float blue_cb,
                                float* __restrict red, float* __restrict green, float* __restrict blue) {
  for (int i = 0; i < count; ++i) {
    const float luma = 2.f * y[i] - 1.f;
    red[i] = luma + red_cr * cr[i];
    green[i] = luma - green_cb * cb[i] - green_cr * cr[i];
    blue[i] = luma + blue_cb * cb[i];
  }
}

HEIRLOOM_CLONES void mix_to_luma(const float* __restrict red, const float* __restrict green,
                                 const float* __restrict blue, int count, float wr, float wg, float wb,
                                 float* __restrict y) {
  for (int i = 0; i < count; ++i) y[i] = (wr * red[i] + wg * green[i] + wb * blue[i]) * 0.5f + 0.5f;
}

// cb = (B - Y) / (2 (1 - wb)), cr = (R - Y) / (2 (1 - wr)); on [-1,1] values everything is twice as large.
HEIRLOOM_CLONES void mix_to_chroma(const float* __restrict red, const float* __restrict green,
                                   const float* __restrict blue, int count, float wr, float wg, float wb, float cb_gain,
                                   float cr_gain, float* __restrict cb, float* __restrict cr) {
  for (int i = 0; i < count; ++i) {
    const float luma = wr * red[i] + wg * green[i] + wb * blue[i];
    cb[i] = (blue[i] - luma) * cb_gain;
    cr[i] = (red[i] - luma) * cr_gain;
  }
}

HEIRLOOM_CLONES void add_scaled(const float* __restrict row, float weight, int count, float* __restrict sum) {
  for (int i = 0; i < count; ++i) sum[i] += weight * row[i];
}

// A triangle of half width `step` around luma position p, cut at the picture's border and renormalised.
std::vector<Taps> triangle_taps(int step, double offset, int chroma_count, int luma_count) {
  std::vector<Taps> all(static_cast<size_t>(chroma_count));
  for (int i = 0; i < chroma_count; ++i) {
    // ceil(width / step) chroma samples: with centred siting the last one may lie just outside the picture
    const double centre = std::min(step * i + offset, double(luma_count - 1));
    Taps& taps = all[size_t(i)];
    taps.first = std::max(0, int(std::floor(centre - step)) + 1);
    double sum = 0;
    for (int x = taps.first; x < luma_count && std::abs(x - centre) < step; ++x) {
      taps.weights.push_back(float(1 - std::abs(x - centre) / step));
      sum += taps.weights.back();
    }
    for (float& w : taps.weights) w = float(w / sum);
  }
  return all;
}

// Interior taps of every chroma sample are the same for steps 2 and 4, so the long loop is a fixed stencil.
void filter_columns(const float* row, const std::vector<Taps>& taps, float* out) {
  for (size_t i = 0; i < taps.size(); ++i) {
    const float* in = row + taps[i].first;
    float sum = 0;
    for (size_t t = 0; t < taps[i].weights.size(); ++t) sum += taps[i].weights[t] * in[t];
    out[i] = sum;
  }
}

}  // namespace

void to_rgb(const FrameFormat& f, const uint8_t* frame, float* rgb, const Rows& rows) {
  const CodeScale scale = code_scale(f);
  const ChromaGrid grid = chroma_grid(f);
  const Luma w = luma_weights(f.matrix);
  const size_t sample = f.bits > 8 ? 2 : 1;
  const size_t plane = size_t(f.width) * size_t(f.height);
  const auto bytes = f.plane_bytes();
  const uint8_t* chroma_planes[2] = {frame + bytes[0], frame + bytes[0] + bytes[1]};
  // R = Y + 2(1-wr) Cr, B = Y + 2(1-wb) Cb, G = (Y - wr R - wb B) / wg; doubled because the range is [-1,1]
  const float red_cr = float(4 * (1 - w.red)), blue_cb = float(4 * (1 - w.blue));
  const float green_cr = float(w.red / w.green * 4 * (1 - w.red)),
              green_cb = float(w.blue / w.green * 4 * (1 - w.blue));

  std::vector<Between> columns(size_t(f.width));
  if (grid.width)
    for (int x = 0; x < f.width; ++x) columns[size_t(x)] = between((x - grid.offset_x) / grid.step_x, grid.width);

  rows(f.height, [&](int begin, int end) {
    std::vector<float> luma(size_t(f.width)), full[2], near(size_t(grid.width)), far(size_t(grid.width)),
        line(size_t(grid.width));
    for (auto& v : full) v.assign(size_t(f.width), 0.f);
    for (int y = begin; y < end; ++y) {
      read_row(frame + size_t(y) * size_t(f.width) * sample, f.bits, f.width, float(scale.y_offset),
               float(scale.y_gain), luma.data());
      for (int c = 0; c < 2 && grid.width; ++c) {
        const auto row_at = [&](int j, float* out) {
          read_row(chroma_planes[c] + size_t(j) * size_t(grid.width) * sample, f.bits, grid.width,
                   float(scale.c_offset), float(scale.c_gain), out);
        };
        const Between v = between((y - grid.offset_y) / grid.step_y, grid.height);
        row_at(v.near, near.data());
        const float* chroma = near.data();
        if (v.blend > 0 && v.far != v.near) {
          row_at(v.far, far.data());
          blend_rows(near.data(), far.data(), v.blend, grid.width, line.data());
          chroma = line.data();
        }
        if (grid.step_x == 1) std::memcpy(full[c].data(), chroma, size_t(f.width) * sizeof(float));
        else
          for (int x = 0; x < f.width; ++x) {
            const Between& h = columns[size_t(x)];
            full[c][size_t(x)] = chroma[h.near] + (chroma[h.far] - chroma[h.near]) * h.blend;
          }
      }
      float* out = rgb + size_t(y) * size_t(f.width);
      mix_to_rgb(luma.data(), full[0].data(), full[1].data(), f.width, red_cr, green_cb, green_cr, blue_cb, out,
                 out + plane, out + 2 * plane);
    }
  });
}

void from_rgb(const FrameFormat& f, const float* rgb, size_t stride, size_t plane, uint8_t* frame, const Rows& rows) {
  const CodeScale scale = code_scale(f);
  const ChromaGrid grid = chroma_grid(f);
  const Luma w = luma_weights(f.matrix);
  const size_t sample = f.bits > 8 ? 2 : 1;
  const auto bytes = f.plane_bytes();
  uint8_t* chroma_planes[2] = {frame + bytes[0], frame + bytes[0] + bytes[1]};
  const float wr = float(w.red), wg = float(w.green), wb = float(w.blue);
  const float cb_gain = float(0.25 / (1 - w.blue)), cr_gain = float(0.25 / (1 - w.red));
  const auto channel_row = [&](int c, int y) { return rgb + size_t(c) * plane + size_t(y) * stride; };

  rows(f.height, [&](int begin, int end) {
    std::vector<float> luma(size_t(f.width));
    for (int y = begin; y < end; ++y) {
      mix_to_luma(channel_row(0, y), channel_row(1, y), channel_row(2, y), f.width, wr, wg, wb, luma.data());
      write_row(luma.data(), f.bits, f.width, float(scale.y_offset), float(1 / scale.y_gain), float(scale.largest),
                frame + size_t(y) * size_t(f.width) * sample);
    }
  });
  if (!grid.width) return;

  const std::vector<Taps> columns = triangle_taps(grid.step_x, grid.offset_x, grid.width, f.width);
  const std::vector<Taps> lines = triangle_taps(grid.step_y, grid.offset_y, grid.height, f.height);
  rows(grid.height, [&](int begin, int end) {
    std::vector<float> mixed[3], wide[2], narrow(size_t(grid.width));
    for (auto& v : mixed) v.resize(size_t(f.width));
    for (auto& v : wide) v.resize(size_t(f.width));
    for (int j = begin; j < end; ++j) {
      const Taps& taps = lines[size_t(j)];
      for (int c = 0; c < 3; ++c) {
        std::fill(mixed[c].begin(), mixed[c].end(), 0.f);
        for (size_t t = 0; t < taps.weights.size(); ++t)
          add_scaled(channel_row(c, taps.first + int(t)), taps.weights[t], f.width, mixed[c].data());
      }
      mix_to_chroma(mixed[0].data(), mixed[1].data(), mixed[2].data(), f.width, wr, wg, wb, cb_gain, cr_gain,
                    wide[0].data(), wide[1].data());
      for (int c = 0; c < 2; ++c) {
        const float* values = wide[c].data();
        if (grid.step_x > 1) {
          filter_columns(values, columns, narrow.data());
          values = narrow.data();
        }
        write_row(values, f.bits, grid.width, float(scale.c_offset), float(1 / scale.c_gain), float(scale.largest),
                  chroma_planes[c] + size_t(j) * size_t(grid.width) * sample);
      }
    }
  });
}

}  // namespace heirloom::pixel
