#include "graphs/residual/integers.h"

#include <cstring>
#include <limits>

#include "check.h"

namespace heirloom {
namespace {

template <class Stored>
void append(const Entry& entry, std::vector<int64_t>& out) {
  for (int64_t i = 0; i < entry.shape.count(); ++i) {
    Stored value;
    std::memcpy(&value, entry.bytes + static_cast<size_t>(i) * sizeof value, sizeof value);
    out.push_back(value);
  }
}

// The integers of a tensor, each within what Wanted holds.
template <class Wanted>
std::vector<Wanted> integers(const Weights& file, const std::string& name, const Shape& shape) {
  const Entry& entry = file.entry(name);
  CHECK_AS("weights-unsupported", entry.shape == shape && entry.strides.empty(),
           "The tensor " + name + " is " + str(entry.shape) + ", this model wants " + str(shape) + ".");
  std::vector<int64_t> stored;
  switch (entry.dtype) {
    case DType::i8: append<int8_t>(entry, stored); break;
    case DType::u8: append<uint8_t>(entry, stored); break;
    case DType::i16: append<int16_t>(entry, stored); break;
    case DType::i32: append<int32_t>(entry, stored); break;
    default: fail("weights-unsupported", "The tensor " + name + " holds " + name_of(entry.dtype) + ", not integers.");
  }
  std::vector<Wanted> out;
  for (const int64_t value : stored) {
    CHECK_AS("weights-unsupported",
             value >= std::numeric_limits<Wanted>::min() && value <= std::numeric_limits<Wanted>::max(),
             "The tensor " + name + " holds " + str(value) + ", which is out of range.");
    out.push_back(static_cast<Wanted>(value));
  }
  return out;
}

entropy::ScaleLayer scale_layer(const Weights& file, int64_t number, int64_t in, int64_t out, int enlarge) {
  const std::string name = "scales." + str(number) + ".";
  entropy::ScaleLayer layer;
  layer.in = static_cast<int>(in);
  layer.out = static_cast<int>(out);
  layer.enlarge = enlarge;
  layer.shift = integers<int32_t>(file, name + "shift", {1})[0];
  layer.weights = integers<int8_t>(file, name + "weight", {out, 3, 3, in});
  layer.bias = integers<int32_t>(file, name + "bias", {out});
  layer.factors = integers<uint16_t>(file, name + "factor", {out});
  return layer;
}

// counts: of each symbol, then of the escape; together all there are.
entropy::SymbolTable table_of(int32_t lowest, const uint16_t* counts, size_t entries) {
  std::vector<uint16_t> starts;
  uint32_t start = 0;
  for (size_t i = 0; i < entries; start += counts[i++]) {
    CHECK_AS("weights-unsupported", start < entropy::kCounts, "A table of z has more counts than there are.");
    starts.push_back(static_cast<uint16_t>(start));
  }
  CHECK_AS("weights-unsupported", start == entropy::kCounts, "The counts of a table of z are " + str(start) + ".");
  return {lowest, starts};
}

std::vector<entropy::SymbolTable> z_tables(const ResidualConfig& c, const Weights& file) {
  const std::vector<int32_t> lowest = integers<int32_t>(file, "z_tables.lowest", {c.hyper});
  const std::vector<uint16_t> entries = integers<uint16_t>(file, "z_tables.entries", {c.hyper});
  int64_t all = 0;
  for (const uint16_t own : entries) all += own;
  const std::vector<uint16_t> counts = integers<uint16_t>(file, "z_tables.counts", {all});
  std::vector<entropy::SymbolTable> tables;
  size_t at = 0;
  for (size_t i = 0; i < entries.size(); at += entries[i++])
    tables.push_back(table_of(lowest[i], counts.data() + at, entries[i]));
  return tables;
}

}  // namespace

entropy::SideCoder load_side_coder(const ResidualConfig& c, const Weights& file) {
  std::vector<entropy::ScaleLayer> layers;
  layers.push_back(scale_layer(file, 0, c.hyper, c.hyper_hidden, 2));
  layers.push_back(scale_layer(file, 1, c.hyper_hidden, c.hyper_hidden, 2));
  layers.push_back(scale_layer(file, 2, c.hyper_hidden, c.latent, 1));
  return {z_tables(c, file), entropy::ScaleNet(std::move(layers))};
}

}  // namespace heirloom
