#include "graphs/small/config.h"

#include <algorithm>
#include <cmath>

#include "check.h"
#include "contract.h"
#include "weights/weight_file.h"

namespace heirloom {
namespace {

// Reads fields of one JSON object and says which file and field is at fault.
struct Reader {
  const Json& json;
  std::string where;

  int64_t whole(const char* key, int64_t low, int64_t high) const {
    const int64_t v = json.at(key).integer();
    CHECK_AS(
        "weights-unsupported", v >= low && v <= high,
        where + ": \"" + key + "\" is " + str(v) + "; this program works with " + str(low) + " to " + str(high) + ".");
    return v;
  }
  double real(const char* key, double low, double high) const {
    const double v = json.at(key).number();
    CHECK_AS("weights-unsupported", v >= low && v <= high,
             where + ": \"" + key + "\" is " + str(v) + ", out of range.");
    return v;
  }
  std::array<int64_t, 3> three(const char* key, int64_t low, int64_t high) const {
    const std::vector<int64_t> v = json.at(key).integers();
    CHECK_AS("weights-corrupt", v.size() == 3, where + ": \"" + key + "\" must have three numbers.");
    for (int64_t n : v)
      CHECK_AS("weights-unsupported", n >= low && n <= high,
               where + ": \"" + key + "\" holds " + str(n) + ", out of range.");
    return {v[0], v[1], v[2]};
  }
};

std::map<int, std::string> read_weights_at(const Json& json, const std::vector<int>& scales, const std::string& where) {
  std::map<int, std::string> files;
  if (!json.has("weights_at")) return files;
  for (const auto& item : json.at("weights_at").object()) {
    const auto scale = std::find_if(scales.begin(), scales.end(), [&](int s) { return str(s) == item.first; });
    CHECK_AS("weights-corrupt", scale != scales.end(),
             where + ": \"weights_at\" names scale " + item.first + ", which \"scales\" does not.");
    files[*scale] = weights_name(item.second.string(), where);
  }
  return files;
}

}  // namespace

SmallConfig read_small_config(const Json& json, const std::string& where) {
  SmallConfig c;
  CHECK_AS("weights-unsupported", json.at("format").integer() == 1,
           where + ": format " + str(json.at("format").integer()) + " is newer than this program.");
  CHECK_AS("weights-unsupported", json.at("graph").string() == "heirloom-small",
           where + ": the graph is \"" + json.at("graph").string() + "\", not heirloom-small.");
  c.name = json.at("name").string();
  c.version =
      json.at("version").is(Json::Kind::string) ? json.at("version").string() : str(json.at("version").integer());
  c.weights = weights_name(json.at("weights").string(), where);
  CHECK_AS("weights-corrupt", !c.name.empty() && c.name.size() <= 64, where + ": the name must have 1 to 64 letters.");
  c.scales = read_scales(json, where);
  c.weights_at = read_weights_at(json, c.scales, where);
  check_cost(json, where);

  const Reader r{json.at("config"), where};
  r.whole("unshuffle", SmallConfig::kUnshuffle, SmallConfig::kUnshuffle);
  const auto token = r.three("token", 1, 16);
  CHECK_AS(
      "weights-unsupported",
      (token == std::array<int64_t, 3>{SmallConfig::kTokenFrames, SmallConfig::kTokenSize, SmallConfig::kTokenSize}),
      where + ": tokens other than 4 frames of 16 x 16 pixels are not known here.");
  c.embed = r.whole("embed", 1, 512);
  c.dim = r.whole("dim", 8, 2048);
  c.heads = r.whole("heads", 1, 64);
  c.layers = r.whole("layers", 1, 48);
  c.ffn = r.whole("ffn", 1, 8192);
  c.window = r.three("window", 1, 16);
  CHECK_AS("weights-unsupported", c.window[0] == 1, where + ": windows of more than one latent are not known here.");
  c.local_range = r.whole("local_range", 1, 64);
  c.topk_per_window = r.real("topk_per_window", 0, 4096);
  c.kv_segments = r.whole("kv_segments", 1, 16);
  c.force_own_window = r.json.at("force_own_window").boolean();
  c.rope_base = r.real("rope_base", 1.0001, 1e6);
  c.rope_dims = r.three("rope_dims", 0, 512);
  CHECK_AS("weights-corrupt", c.dim % c.heads == 0,
           where + ": dim " + str(c.dim) + " does not divide into " + str(c.heads) + " heads.");
  for (int64_t d : c.rope_dims) CHECK_AS("weights-corrupt", d % 2 == 0, where + ": \"rope_dims\" must be even.");
  CHECK_AS("weights-corrupt", c.rope_dims[0] + c.rope_dims[1] + c.rope_dims[2] == c.dim / c.heads,
           where + ": \"rope_dims\" must add up to one head.");
  c.layer_norm_eps = r.real("layer_norm_eps", 1e-12, 1e-1);
  c.latent_channels = r.whole("latent_channels", 1, 128);
  c.noise_channels = r.whole("noise_channels", 1, 128);
  c.whiten = r.whole("whiten", 1, 48);
  const Reader mean{r.json.at("mean"), where};
  c.mean_floor = mean.real("floor", 0, 1);
  c.mean_sigma = mean.real("sigma", 1e-6, 1e3);
  const Json* motion = mean.json.find("motion");
  c.mean_follows_motion = motion && motion->boolean();
  const Reader decoder{r.json.at("decoder"), where};
  c.decoder_channels = decoder.whole("channels", 1, 512);
  c.decoder_blocks = decoder.whole("blocks", 0, 8);
  const Json* neighbours = decoder.json.find("neighbours");
  c.has_neighbours = neighbours && neighbours->boolean();
  const Json* after = decoder.json.find("after");
  c.has_after = after && after->boolean();
  CHECK_AS("weights-corrupt", c.has_neighbours || !c.has_after, where + ": \"after\" needs \"neighbours\".");
  if (decoder.json.find("axes")) c.axes = decoder.whole("axes", 1, SmallConfig::kCell);
  const double shift = decoder.real("shift", 0, 0.75) * double(c.decoder_channels);
  CHECK_AS("weights-corrupt", shift == std::floor(shift), where + ": \"shift\" must give a whole number of channels.");
  c.decoder_shift = int64_t(shift);
  const auto has = [&](const char* key) {
    const Json* found = r.json.find(key);
    return found && !found->is(Json::Kind::null);
  };
  c.has_strength = has("strength");
  c.has_quantiser = has("quantiser");
  CHECK_AS("weights-unsupported", !(c.has_strength && c.has_quantiser),
           where + ": a model has a strength or a quantiser, not both.");
  CHECK_AS("weights-unsupported", !(c.has_strength || c.has_quantiser) || c.axes < SmallConfig::kCell,
           where + ": a strength or a quantiser needs a decoder with \"axes\".");
  return c;
}

}  // namespace heirloom
