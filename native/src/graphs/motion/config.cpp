#include "graphs/motion/config.h"

#include <cmath>

#include "check.h"
#include "weights/weight_file.h"

namespace heirloom {
namespace {

int64_t whole(const Json& value, const std::string& name, int64_t low, int64_t high) {
  const int64_t v = value.integer();
  CHECK_AS("weights-unsupported", v >= low && v <= high,
           name + " is " + str(v) + "; this program works with " + str(low) + " to " + str(high) + ".");
  return v;
}

}  // namespace

Decays MotionConfig::decays() const {
  Decays list;
  for (int64_t h = 0; h < heads; ++h) list.push_back(float(1 - std::ldexp(1.0, -int(1 + h))));
  return list;
}

MotionConfig read_motion_config(const Json& json, const std::string& where) {
  MotionConfig c;
  c.name = json.at("name").string();
  c.version = json.at("version").string();
  c.weights = weights_name(json.at("weights").string(), where);
  CHECK_AS("weights-corrupt", !c.name.empty() && c.name.size() <= 64, where + ": the name must have 1 to 64 letters.");
  const Json& config = json.at("config");
  const auto size = [&](const char* key, int64_t low, int64_t high) {
    return whole(config.at(key), where + ": \"" + key + "\"", low, high);
  };
  c.quarter = size("quarter", 1, 256);
  c.eighth = size("eighth", 1, 256);
  c.dim = size("dim", 4, 512);
  c.heads = size("heads", 1, 16);
  c.key_dim = size("key_dim", 4, 256);
  c.value_dim = size("value_dim", 1, 256);
  c.ffn = size("ffn", 1, 2048);
  size("layers", 1, 1);
  c.window = size("window", 1, 16);
  c.history = size("history", 2, 64);
  c.search = size("search", 1, 8);
  c.hidden = size("hidden", 1, 128);
  c.flow = size("flow", 1, 256);
  c.fine = size("fine", 1, 256);
  c.residual = size("residual", 1, 128);
  CHECK_AS("weights-corrupt", c.key_dim % 4 == 0, where + ": \"key_dim\" must be a multiple of four.");
  const std::vector<Json>& local = config.at("local").array();
  CHECK_AS("weights-corrupt", local.size() == 2, where + ": \"local\" must have two numbers.");
  for (size_t i = 0; i < 2; ++i) c.local[i] = whole(local[i], where + ": \"local\"", 1, 8);
  c.rope_base = config.at("rope_base").number();
  CHECK_AS("weights-unsupported", c.rope_base > 1 && c.rope_base <= 1e6, where + ": \"rope_base\" is out of range.");
  return c;
}

}  // namespace heirloom
