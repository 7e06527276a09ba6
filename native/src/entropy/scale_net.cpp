#include "entropy/scale_net.h"

#include <cstdlib>

#include "check.h"
#include "entropy/rescale.h"

namespace heirloom::entropy {

namespace {

constexpr int kMostChannels = 1024, kTaps = 9;

int pairs_of(const ScaleLayer& layer) { return (layer.in + 1) / 2; }
int outs_of(const ScaleLayer& layer) { return (layer.out + kOutStep - 1) / kOutStep * kOutStep; }

// Numbers of a tile with a border of zeros; channels in pairs.
struct Map {
  int rows, columns, pairs;
  std::vector<int16_t> values;  // [rows + 2, columns + 2, pairs, 2]
  Map(int rows_, int columns_, int channels)
      : rows(rows_),
        columns(columns_),
        pairs((channels + 1) / 2),
        values(size_t(rows + 2) * size_t(columns + 2) * size_t(pairs) * 2) {}
  // Row -1 is the border's.
  const int16_t* row(int y) const { return values.data() + int64_t(y + 1) * (columns + 2) * pairs * 2; }
  int16_t* at(int y, int x) { return values.data() + ((int64_t(y) + 1) * (columns + 2) + x + 1) * pairs * 2; }
};

void check_sizes(const ScaleLayer& layer) {
  const auto is_count = [](int n) { return n >= 1 && n <= kMostChannels; };
  CHECK_AS("weights-unsupported",
           is_count(layer.in) && is_count(layer.out) && (layer.enlarge == 1 || layer.enlarge == 2) &&
               layer.shift >= 1 && layer.shift <= 40,
           "A layer of scales has " + str(layer.in) + " to " + str(layer.out) + " channels, an enlargement of " +
               str(layer.enlarge) + " and a shift of " + str(layer.shift) + ".");
  const size_t out = static_cast<size_t>(layer.out);
  CHECK_AS("weights-unsupported",
           layer.weights.size() == out * kTaps * static_cast<size_t>(layer.in) && layer.bias.size() == out &&
               layer.factors.size() == out,
           "A layer of scales has other numbers of weights than its channels say.");
}

void check_sums(const ScaleLayer& layer) {
  const size_t each = layer.weights.size() / static_cast<size_t>(layer.out);
  for (size_t out = 0; out < layer.bias.size(); ++out) {
    int64_t most = std::abs(int64_t{layer.bias[out]});
    for (size_t i = 0; i < each; ++i) most += kMostHidden * std::abs(int{layer.weights[out * each + i]});
    CHECK_AS("weights-unsupported", most <= INT32_MAX, "A layer of scales has sums beyond 32 bits.");
  }
}

std::vector<int16_t> pack(const ScaleLayer& layer) {
  const int pairs = pairs_of(layer), outs = outs_of(layer);
  std::vector<int16_t> packed(size_t(kTaps) * size_t(pairs) * size_t(outs) * 2);
  for (int out = 0; out < layer.out; ++out)
    for (int tap = 0; tap < kTaps; ++tap)
      for (int in = 0; in < layer.in; ++in)
        packed[((size_t(tap) * size_t(pairs) + size_t(in / 2)) * size_t(outs) + size_t(out)) * 2 + size_t(in % 2)] =
            layer.weights[(size_t(out) * kTaps + size_t(tap)) * size_t(layer.in) + size_t(in)];
  return packed;
}

Map first_map(const std::vector<int16_t>& symbols, int rows, int columns, int channels, int enlarge) {
  Map map(rows * enlarge, columns * enlarge, channels);
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.columns; ++x) {
      const int64_t place = int64_t(y / enlarge) * columns + x / enlarge;
      for (int c = 0; c < channels; ++c)
        map.at(y, x)[c] = static_cast<int16_t>(limited(symbols[static_cast<size_t>(place * channels + c)]));
    }
  return map;
}

// x is enlarged already. put(y, x, channel, number) is told every number of the layer.
template <class Put>
void run(ScaleSums sum, const ScaleLayer& layer, const Map& x, const int16_t* weights, const int32_t* bias, int most,
         Put&& put) {
  std::vector<int32_t> sums(size_t(x.columns) * size_t(outs_of(layer)));
  for (int y = 0; y < x.rows; ++y) {
    sum({{x.row(y - 1), x.row(y), x.row(y + 1)}, weights, bias, x.columns, x.pairs, outs_of(layer), sums.data()});
    for (int column = 0; column < x.columns; ++column)
      for (int c = 0; c < layer.out; ++c) {
        const int32_t s = sums[size_t(column) * size_t(outs_of(layer)) + size_t(c)];
        put(y, column, c, rescaled(s, layer.factors[static_cast<size_t>(c)], layer.shift, most));
      }
  }
}

}  // namespace

ScaleNet::ScaleNet(std::vector<ScaleLayer> layers) : layers_(std::move(layers)) {
  CHECK_AS("weights-unsupported", !layers_.empty() && layers_.size() <= 16,
           "A net of scales has no or too many layers.");
  for (size_t i = 0; i < layers_.size(); ++i) {
    const ScaleLayer& layer = layers_[i];
    check_sizes(layer);
    check_sums(layer);
    CHECK_AS("weights-unsupported", i == 0 || layers_[i - 1].out == layer.in,
             "The layers of a net of scales do not fit together.");
    packed_.push_back(pack(layer));
    bias_.push_back(layer.bias);
    bias_.back().resize(static_cast<size_t>(outs_of(layer)));
    enlargement_ *= layer.enlarge;
  }
  CHECK_AS("weights-unsupported", enlargement_ <= 16, "A net of scales enlarges by " + str(enlargement_) + ".");
}

std::vector<uint8_t> ScaleNet::indices(const std::vector<int16_t>& symbols, int rows, int columns) const {
  return indices_by(scale_sums(), symbols, rows, columns);
}

std::vector<uint8_t> ScaleNet::portable_indices(const std::vector<int16_t>& symbols, int rows, int columns) const {
  return indices_by(portable_scale_sums(), symbols, rows, columns);
}

std::vector<uint8_t> ScaleNet::indices_by(ScaleSums sums, const std::vector<int16_t>& symbols, int rows,
                                          int columns) const {
  CHECK(rows >= 0 && columns >= 0 && symbols.size() == size_t(rows) * size_t(columns) * size_t(in()),
        "ScaleNet: " + str(symbols.size()) + " symbols of " + str(rows) + "x" + str(columns));
  std::vector<uint8_t> out(symbols.size() / size_t(in()) * size_t(enlargement_) * size_t(enlargement_) *
                           size_t(this->out()));
  if (out.empty()) return out;
  Map x = first_map(symbols, rows, columns, in(), layers_[0].enlarge);
  for (size_t i = 0; i + 1 < layers_.size(); ++i) {
    const ScaleLayer& layer = layers_[i];
    const int e = layers_[i + 1].enlarge;
    Map next(x.rows * e, x.columns * e, layer.out);
    run(sums, layer, x, packed_[i].data(), bias_[i].data(), kMostHidden, [&](int y, int column, int c, int number) {
      for (int dy = 0; dy < e; ++dy)
        for (int dx = 0; dx < e; ++dx) next.at(y * e + dy, column * e + dx)[c] = static_cast<int16_t>(number);
    });
    x = std::move(next);
  }
  run(sums, layers_.back(), x, packed_.back().data(), bias_.back().data(), kMostIndex,
      [&](int y, int column, int c, int number) {
        out[(size_t(y) * size_t(x.columns) + size_t(column)) * size_t(this->out()) + size_t(c)] =
            static_cast<uint8_t>(number);
      });
  return out;
}

}  // namespace heirloom::entropy
