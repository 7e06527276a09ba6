#include "contract.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "check.h"
#include "engine_json.h"

namespace heirloom {

namespace {

constexpr int kMostFrames = 1000;
constexpr int kMostCost = 1000000000;  // FlashVSR takes 8 million operations for a pixel
const std::vector<std::string> kDoes = {"enhance", "interpolate", "generate", "encode", "decode"};
const std::vector<std::string> kSettings = {"strength", "detail", "seed", "quantiser"};
const std::vector<std::string> kArithmetic = {"fp32", "bf16", "fp16", "fp8"};

bool holds(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// One object of a contract and the place where it stands.
struct Reader {
  const Json& json;
  std::string where;

  std::string place(const std::string& key) const { return where + "." + key; }
  [[noreturn]] void refuse(const std::string& key, const std::string& wanted) const {
    fail("weights-corrupt", place(key) + " must be " + wanted + ".");
  }
  void only(const std::vector<std::string>& keys) const {
    for (const auto& item : json.object())
      CHECK_AS(
          "weights-unsupported", holds(keys, item.first),
          where + " states \"" + item.first.substr(0, 64) + "\", which is not known here; " + listed(keys) + " are.");
  }
  Reader inside(const std::string& key) const {
    const Json* found = json.find(key);
    if (!found || !found->is(Json::Kind::object)) refuse(key, "an object");
    return {*found, place(key)};
  }
  const Json& of(const std::string& key, Json::Kind kind, const char* wanted) const {
    const Json* found = json.find(key);
    if (!found || !found->is(kind)) refuse(key, wanted);
    return *found;
  }
  int count(const std::string& key, const Json& value, int least) const {
    const double frames = value.is(Json::Kind::number) ? value.number() : -1;
    if (!(frames >= least && frames <= kMostFrames) || frames != std::floor(frames))
      refuse(key, "whole frames, " + str(least) + " to " + str(kMostFrames));
    return static_cast<int>(frames);
  }
  int frames(const std::string& key, int least) const {
    return count(key, of(key, Json::Kind::number, "a number of frames"), least);
  }
  double number(const std::string& key) const { return of(key, Json::Kind::number, "a number").number(); }
  const std::string& text(const std::string& key) const { return of(key, Json::Kind::string, "a text").string(); }
  const std::vector<Json>& list(const std::string& key) const { return of(key, Json::Kind::array, "a list").array(); }
};

bool makes(const std::string& does, int out, int in) {
  if (does == "enhance") return out == 1 && in == 1;
  if (does == "interpolate") return out > in && in > 0;
  if (does == "encode") return out == 0 && in == 1;
  return out == 1 && in == 0;
}

TimeContract read_time(const Reader& r, const std::string& does) {
  r.only({"warmup", "lookahead", "chunk", "alignment", "out"});
  TimeContract time;
  time.warmup = r.frames("warmup", 0);
  time.lookahead = r.frames("lookahead", 0);
  time.chunk = r.frames("chunk", 1);
  time.alignment = r.frames("alignment", 1);
  const std::vector<Json>& out = r.list("out");
  if (out.size() != 2) r.refuse("out", "two numbers of frames: so many out for so many in");
  time.out = r.count("out", out[0], 0);
  time.in = r.count("out", out[1], 0);
  if (!makes(does, time.out, time.in)) r.refuse("out", "what a model makes that does \"" + does + "\"");
  if (time.in > 0 && time.alignment % time.in != 0) r.refuse("alignment", "a multiple of the second number of out");
  return time;
}

Setting read_setting(const Reader& r, const std::string& name) {
  Setting setting;
  setting.name = name;
  setting.kind = r.text("kind");
  setting.means = r.text("means");
  if (setting.means.empty() || setting.means.size() > 800) r.refuse("means", "a short text");
  if (setting.kind == "choice") {
    r.only({"kind", "of", "default", "means"});
    for (const Json& value : r.list("of")) setting.of.push_back(value.number());
    if (setting.of.empty() || setting.of.size() > 64) r.refuse("of", "1 to 64 numbers");
  } else if (setting.kind == "number" || setting.kind == "whole") {
    r.only({"kind", "from", "to", "default", "means"});
    setting.from = r.number("from");
    setting.to = r.number("to");
    if (setting.kind == "whole" && setting.from != std::floor(setting.from)) r.refuse("from", "a whole number");
    if (setting.kind == "whole" && setting.to != std::floor(setting.to)) r.refuse("to", "a whole number");
  } else r.refuse("kind", "number, whole or choice");
  setting.otherwise = r.number("default");
  if (!setting.takes(setting.otherwise)) r.refuse("default", "one of the values that the setting takes");
  return setting;
}

Contract read(const Reader& r) {
  r.only({"does", "time", "settings", "arithmetic"});
  Contract contract;
  contract.does = r.text("does");
  if (!holds(kDoes, contract.does)) r.refuse("does", "one of " + listed(kDoes));
  contract.time = read_time(r.inside("time"), contract.does);
  const Reader settings = r.inside("settings");
  settings.only(kSettings);
  for (const auto& item : settings.json.object())
    contract.settings.push_back(read_setting(settings.inside(item.first), item.first));
  for (const Json& item : r.list("arithmetic")) {
    if (!item.is(Json::Kind::string) || !holds(kArithmetic, item.string()) || holds(contract.arithmetic, item.string()))
      r.refuse("arithmetic", "some of " + listed(kArithmetic) + ", each once");
    contract.arithmetic.push_back(item.string());
  }
  if (!holds(contract.arithmetic, "fp32")) r.refuse("arithmetic", "a list with fp32 in it");
  return contract;
}

const Json& engine_json() {
  static const Json json = Json::parse(kEngineJson, std::strlen(kEngineJson), "engine.json", "internal");
  return json;
}

Contract known_contract(const std::string& graph) {
  return read({engine_json().at("contracts").at(graph), "contracts." + graph});
}

Setting* find(Contract& contract, const std::string& name) {
  for (Setting& setting : contract.settings)
    if (setting.name == name) return &setting;
  return nullptr;
}

std::string in_json(double value) {
  std::ostringstream text;
  text.precision(17);
  text << value;
  return text.str();
}

std::string in_json(const Setting& setting) {
  std::string text = "{ \"kind\": \"" + setting.kind + "\", ";
  if (setting.kind == "choice") {
    text += "\"of\": [";
    for (size_t i = 0; i < setting.of.size(); ++i) text += (i ? ", " : "") + in_json(setting.of[i]);
    text += "], ";
  } else text += "\"from\": " + in_json(setting.from) + ", \"to\": " + in_json(setting.to) + ", ";
  return text + "\"default\": " + in_json(setting.otherwise) + ", \"means\": \"" + setting.means + "\" }";
}

}  // namespace

int numerics() {
  static const int version = static_cast<int>(engine_json().at("numerics").integer());
  return version;
}

size_t frames_out(const TimeContract& time, size_t frames) {
  if (time.in == 0) return 0;
  const size_t out = static_cast<size_t>(time.out), in = static_cast<size_t>(time.in);
  return (frames * out + in - 1) / in;
}

bool Setting::takes(double value) const {
  if (kind == "choice") return std::find(of.begin(), of.end(), value) != of.end();
  return value >= from && value <= to && (kind == "number" || value == std::floor(value));
}

bool Contract::takes(const std::string& setting, double value) const {
  for (const Setting& known : settings)
    if (known.name == setting) return known.takes(value);
  return setting == "strength" ? value == 1 : setting == "detail" ? value == 0 : true;
}

bool Contract::has(const std::string& setting) const {
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& known) { return known.name == setting; });
}

double Contract::otherwise(const std::string& setting) const {
  for (const Setting& known : settings)
    if (known.name == setting) return known.otherwise;
  return 0;
}

Contract read_contract(const Json& stated, const std::string& where) {
  CHECK_AS("weights-corrupt", stated.is(Json::Kind::object), where + " must be an object.");
  return read({stated, where});
}

std::vector<int> read_scales(const Json& model_json, const std::string& where) {
  std::vector<int> scales;
  for (int64_t s : model_json.at("scales").integers()) {
    CHECK_AS("weights-unsupported", s == 1 || s == 2 || s == 4,
             where + ": \"scales\" holds " + str(s) + ", which is not one of 1, 2, 4.");
    CHECK_AS("weights-corrupt", std::find(scales.begin(), scales.end(), int(s)) == scales.end(),
             where + ": \"scales\" holds " + str(s) + " twice.");
    scales.push_back(int(s));
  }
  CHECK_AS("weights-corrupt", !scales.empty(), where + ": \"scales\" is empty.");
  return scales;
}

void check_cost(const Json& model_json, const std::string& where) {
  const Json* stated = model_json.find("flop_per_pixel");
  if (!stated) return;
  const double cost = stated->is(Json::Kind::number) ? stated->number() : 0;
  CHECK_AS("weights-unsupported", cost > 0 && cost <= kMostCost,
           where + ": \"flop_per_pixel\" must be a number above 0, at most " + str(kMostCost) + ".");
}

Contract contract_of(const Json* model_json, const std::string& graph, const std::string& where) {
  const Contract known = known_contract(graph);
  const Json* stated = model_json ? model_json->find("contract") : nullptr;
  if (!stated) {
    Contract contract = known;
    const Json* config = model_json ? model_json->find("config") : nullptr;
    const Json* trained = config ? config->find("strength") : nullptr;
    Setting* strength = find(contract, "strength");
    if (strength && trained && !trained->is(Json::Kind::null)) {
      strength->kind = "number";
      strength->from = 0;
      strength->to = 1;
      strength->of.clear();
    }
    return contract;
  }
  const Contract contract = read_contract(*stated, where + ": contract");
  CHECK_AS("weights-unsupported",
           contract.does == known.does && contract.time.chunk == known.time.chunk &&
               contract.time.out == known.time.out && contract.time.in == known.time.in,
           where + " states that the model does \"" + contract.does + "\" in chunks of " + str(contract.time.chunk) +
               ", but a " + graph + " does \"" + known.does + "\" in chunks of " + str(known.time.chunk) + ".");
  return contract;
}

std::string contract_text(const std::string& graph) {
  const Contract contract = known_contract(graph);
  const TimeContract& time = contract.time;
  std::string settings, arithmetic;
  for (const Setting& setting : contract.settings)
    settings += (settings.empty() ? "" : ",") + ("\n      \"" + setting.name + "\": " + in_json(setting));
  for (const std::string& word : contract.arithmetic) arithmetic += (arithmetic.empty() ? "\"" : ", \"") + word + "\"";
  return "\"contract\": {\n    \"does\": \"" + contract.does + "\",\n    \"time\": { \"warmup\": " + str(time.warmup) +
         ", \"lookahead\": " + str(time.lookahead) + ", \"chunk\": " + str(time.chunk) +
         ", \"alignment\": " + str(time.alignment) + ", \"out\": [" + str(time.out) + ", " + str(time.in) +
         "] },\n    \"settings\": {" + settings + "\n    },\n    \"arithmetic\": [" + arithmetic + "]\n  }";
}

DeviceOptions device_of(const LoadOptions& options, const Contract& contract, const std::string& model) {
  DeviceOptions device = device_of(options);
  const std::vector<std::string>& able = contract.arithmetic;
  if (device.precision != "auto") {
    // A processor computes in fp32 whatever is asked.
    CHECK_AS("bad-argument", holds(able, device.precision) || !holds(kArithmetic, device.precision),
             "The model " + model + " is not made for " + device.precision + "; it works in " + listed(able) + ".");
    return device;
  }
  if (able.size() == kArithmetic.size()) return device;
  const DType number = device_facts(device).number;
  if (!holds(able, number == DType::f32 ? "fp32" : number == DType::f16 ? "fp16" : "bf16")) device.precision = "fp32";
  return device;
}

}  // namespace heirloom
