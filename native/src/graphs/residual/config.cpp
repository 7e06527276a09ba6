#include "graphs/residual/config.h"

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

int64_t aligned(int64_t pixels) {
  return (pixels + ResidualConfig::kAlign - 1) / ResidualConfig::kAlign * ResidualConfig::kAlign;
}

}  // namespace

// Of 3x3 convolutions each reaches one position of its grid: two at 1/4, one at 1/8, two at 1/16.
int64_t ResidualConfig::analysis_reach() const { return aligned(2 * 4 + 8 + 2 * 16); }

// Two at 1/16, one at 1/8, three at 1/4; of the residual denoiser_layers + 1 at 1/4 in every step.
int64_t ResidualConfig::synthesis_reach(bool has_residual) const {
  return aligned(2 * 16 + 8 + 3 * 4 + (has_residual ? steps * (denoiser_layers + 1) * 4 : 0));
}

ResidualConfig read_residual_config(const Json& json, const std::string& where) {
  ResidualConfig c;
  c.name = json.at("name").string();
  c.version = json.at("version").string();
  c.weights = weights_name(json.at("weights").string(), where);
  CHECK_AS("weights-corrupt", !c.name.empty() && c.name.size() <= 64, where + ": the name must have 1 to 64 letters.");
  const Json& config = json.at("config");
  const auto size = [&](const char* key, int64_t low, int64_t high) {
    return whole(config.at(key), where + ": \"" + key + "\"", low, high);
  };
  c.quarter = size("quarter", 1, 256);
  c.hidden = size("hidden", 1, 256);
  c.eighth = size("eighth", 1, 512);
  c.latent = size("latent", 1, 256);
  c.hyper = size("hyper", 1, 256);
  c.hyper_hidden = size("hyper_hidden", 1, 256);
  c.steps = size("steps", 1, 16);
  c.denoiser = size("denoiser", 1, 256);
  c.denoiser_layers = size("denoiser_layers", 1, 16);
  size("qualities", ResidualConfig::kQualities, ResidualConfig::kQualities);
  size("base", 0, 0);
  return c;
}

}  // namespace heirloom
