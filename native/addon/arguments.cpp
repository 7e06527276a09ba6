#include "arguments.h"

#include <cmath>
#include <utility>
#include <vector>

namespace addon {
namespace {

using heirloom::Chroma;
using heirloom::ColourFix;
using heirloom::Matrix;
using heirloom::Range;
using heirloom::Siting;

constexpr double kLargestSafeInteger = 9007199254740991.0;

// An object and the words that lead to it ("options.input"), so that a message can say which field is wrong.
struct Fields {
  Napi::Object object;
  std::string path;

  std::string name(const char* field) const { return path + "." + field; }
  [[noreturn]] void refuse(const char* field, const std::string& wanted) const {
    throw make_error(object.Env(), "bad-argument", name(field) + " must be " + wanted + ".");
  }
  bool has(const char* field) const { return !object.Get(field).IsUndefined(); }

  double number(const char* field, double low, double high) const {
    const Napi::Value value = object.Get(field);
    const double v = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(v >= low && v <= high)) refuse(field, "a number from " + text(low) + " to " + text(high));
    return v;
  }
  int64_t integer(const char* field, double low, double high) const {
    const Napi::Value value = object.Get(field);
    const double v = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(v >= low && v <= high) || v != std::floor(v))
      refuse(field, "a whole number from " + text(low) + " to " + text(high));
    return static_cast<int64_t>(v);
  }
  bool boolean(const char* field) const {
    const Napi::Value value = object.Get(field);
    if (!value.IsBoolean()) refuse(field, "true or false");
    return value.As<Napi::Boolean>().Value();
  }
  std::string string(const char* field) const {
    const Napi::Value value = object.Get(field);
    if (!value.IsString()) refuse(field, "a string");
    return value.As<Napi::String>().Utf8Value();
  }
  template <class Enum>
  Enum one_of(const char* field, const std::vector<std::pair<const char*, Enum>>& choices) const {
    const Napi::Value value = object.Get(field);
    std::string wanted;
    for (const auto& [word, choice] : choices) {
      if (value.IsString() && value.As<Napi::String>().Utf8Value() == word) return choice;
      wanted += wanted.empty() ? "" : ", ";
      wanted += "'" + std::string(word) + "'";
    }
    refuse(field, "one of " + wanted);
  }
  Fields inside(const char* field) const { return of(object.Get(field), name(field)); }

  static Fields of(const Napi::Value& value, const std::string& path) {
    if (!value.IsObject() || value.IsFunction() || value.IsArray())
      throw make_error(value.Env(), "bad-argument", path + " must be an object.");
    return {value.As<Napi::Object>(), path};
  }

 private:
  static std::string text(double v) {
    return v == std::floor(v) ? std::to_string(static_cast<int64_t>(v)) : std::to_string(v);
  }
};

heirloom::FrameFormat read_format(const Fields& fields) {
  heirloom::FrameFormat format;
  format.width = static_cast<int>(fields.integer("width", 1, 1 << 20));
  format.height = static_cast<int>(fields.integer("height", 1, 1 << 20));
  format.bits = static_cast<int>(fields.integer("bits", 8, 16));
  format.chroma = fields.one_of<Chroma>("chroma", {{"420", Chroma::c420},
                                                   {"422", Chroma::c422},
                                                   {"444", Chroma::c444},
                                                   {"411", Chroma::c411},
                                                   {"gray", Chroma::gray}});
  format.siting = fields.one_of<Siting>(
      "siting", {{"left", Siting::left}, {"center", Siting::center}, {"topleft", Siting::topleft}});
  format.matrix =
      fields.one_of<Matrix>("matrix", {{"bt601", Matrix::bt601}, {"bt709", Matrix::bt709}, {"bt2020", Matrix::bt2020}});
  format.range = fields.one_of<Range>("range", {{"limited", Range::limited}, {"full", Range::full}});
  return format;
}

uint64_t read_seed(const Fields& fields) {
  const Napi::Value value = fields.object.Get("seed");
  if (value.IsBigInt()) {
    bool lossless = false;
    const uint64_t seed = value.As<Napi::BigInt>().Uint64Value(&lossless);
    if (!lossless) fields.refuse("seed", "a bigint from 0 to 2^64 - 1");
    return seed;
  }
  return static_cast<uint64_t>(fields.integer("seed", 0, kLargestSafeInteger));
}

// A list of { from, quantiser }
std::vector<heirloom::QuantiserFrom> read_quantisers(const Fields& fields) {
  const Napi::Value value = fields.object.Get("quantisers");
  if (!value.IsArray()) fields.refuse("quantisers", "a list");
  const Napi::Array list = value.As<Napi::Array>();
  std::vector<heirloom::QuantiserFrom> read;
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const Fields each = Fields::of(list.Get(i), fields.name("quantisers") + "[" + std::to_string(i) + "]");
    read.push_back(
        {addon::read_time(each.object.Get("from"), each.name("from").c_str()), each.number("quantiser", 0, 1)});
  }
  return read;
}

Napi::Number count(Napi::Env env, size_t n) { return Napi::Number::New(env, static_cast<double>(n)); }

Napi::Object write_values(Napi::Env env, const heirloom::Message& message) {
  Napi::Object values = Napi::Object::New(env);
  for (const auto& [name, value] : message.values) values.Set(name, value);
  return values;
}

Napi::Array texts(Napi::Env env, const std::vector<std::string>& list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (size_t i = 0; i < list.size(); ++i) array.Set(static_cast<uint32_t>(i), Napi::String::New(env, list[i]));
  return array;
}

}  // namespace

Napi::Error make_error(Napi::Env env, const std::string& code, const heirloom::Message& message) {
  Napi::Error error = Napi::Error::New(env, message.text);
  error.Set("code", Napi::String::New(env, code));
  error.Set("key", Napi::String::New(env, message.key));
  error.Set("values", write_values(env, message));
  return error;
}

Napi::Value write_message(Napi::Env env, const heirloom::Message& message) {
  if (message.empty()) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  object.Set("key", message.key);
  object.Set("values", write_values(env, message));
  object.Set("text", message.text);
  return object;
}

std::string read_folder(const Napi::Value& value, const char* what) {
  if (!value.IsString() || value.As<Napi::String>().Utf8Value().empty())
    throw make_error(value.Env(), "bad-argument", std::string(what) + " must be the path of a model folder.");
  const std::string folder = value.As<Napi::String>().Utf8Value();
  if (folder.find('\0') != std::string::npos)
    throw make_error(value.Env(), "bad-argument", std::string(what) + " must not contain a zero byte.");
  return folder;
}

heirloom::LoadOptions read_load_options(const Napi::Value& value) {
  heirloom::LoadOptions options;
  if (value.IsUndefined()) return options;
  const Fields fields = Fields::of(value, "options");
  if (fields.has("device")) options.device = fields.string("device");
  if (fields.has("version")) options.version = fields.string("version");
  if (fields.has("precision")) options.precision = fields.string("precision");
  return options;
}

heirloom::InspectOptions read_inspect_options(const Napi::Value& value) {
  heirloom::InspectOptions options;
  if (value.IsUndefined()) return options;
  const Fields fields = Fields::of(value, "options");
  if (fields.has("hash")) options.hash = fields.boolean("hash");
  if (fields.has("knownFiles")) options.known_files = fields.string("knownFiles");
  return options;
}

heirloom::ImportOptions read_import_options(const Napi::Value& value) {
  heirloom::ImportOptions options;
  if (value.IsUndefined()) return options;
  const Fields fields = Fields::of(value, "options");
  if (fields.has("version")) options.version = fields.string("version");
  if (fields.has("knownFiles")) options.known_files = fields.string("knownFiles");
  if (fields.has("name")) options.name = fields.string("name");
  return options;
}

heirloom::FrameFormat read_format(const Napi::Value& value, const char* what) {
  return read_format(Fields::of(value, what));
}

heirloom::Ticks read_time(const Napi::Value& value, const char* what) {
  const double time = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!(time >= -kLargestSafeInteger && time <= kLargestSafeInteger) || time != std::floor(time))
    throw make_error(value.Env(), "bad-argument", std::string(what) + " must be a whole number of ticks.");
  return static_cast<heirloom::Ticks>(time);
}

heirloom::StreamOptions read_stream_options(const Napi::Value& value) {
  const Fields fields = Fields::of(value, "options");
  heirloom::StreamOptions options;
  options.input = read_format(fields.inside("input"));
  options.output = read_format(fields.inside("output"));
  options.scale = static_cast<int>(fields.integer("scale", 1, 16));
  if (fields.has("strength")) options.strength = static_cast<float>(fields.number("strength", 0, 1));
  if (fields.has("detail")) options.detail = static_cast<float>(fields.number("detail", 0, 1));
  if (fields.has("seed")) options.seed = read_seed(fields);
  if (fields.has("quantisers")) options.quantisers = read_quantisers(fields);
  if (fields.has("colour"))
    options.colour = fields.one_of<ColourFix>("colour", {{"default", ColourFix::model_default},
                                                         {"none", ColourFix::none},
                                                         {"adain", ColourFix::adain},
                                                         {"wavelet", ColourFix::wavelet}});
  if (fields.has("decoder")) options.decoder = fields.string("decoder");
  if (fields.has("threads")) options.threads = static_cast<int>(fields.integer("threads", 0, 1024));
  const auto bytes = [&](const char* field) {
    return static_cast<size_t>(fields.integer(field, 0, kLargestSafeInteger));
  };
  if (fields.has("memoryLimit")) options.memory_limit = bytes("memoryLimit");
  if (fields.has("stepDown")) options.step_down = static_cast<int>(fields.integer("stepDown", 0, 64));
  if (fields.has("rows")) options.rows = static_cast<int>(fields.integer("rows", 0, 64));
  if (fields.has("columns")) options.columns = static_cast<int>(fields.integer("columns", 0, 64));
  if (fields.has("refuseAbove")) options.refuse_above = bytes("refuseAbove");
  return options;
}

heirloom::InterpolationOptions read_interpolation_options(const Napi::Value& value) {
  const Fields fields = Fields::of(value, "options");
  heirloom::InterpolationOptions options;
  options.format = read_format(fields.inside("format"));
  if (fields.has("threads")) options.threads = static_cast<int>(fields.integer("threads", 0, 1024));
  if (fields.has("memoryLimit"))
    options.memory_limit = static_cast<size_t>(fields.integer("memoryLimit", 0, kLargestSafeInteger));
  return options;
}

heirloom::StillOptions read_still_options(const Napi::Value& value) {
  const Fields fields = Fields::of(value, "options");
  const auto whole = [&](const char* field, double low, double high) {
    return static_cast<int>(fields.integer(field, low, high));
  };
  heirloom::StillOptions options;
  options.format = {whole("width", 1, 2147483647.0), whole("height", 1, 2147483647.0), whole("bits", 8, 16)};
  options.quality = whole("quality", 0, 63);
  if (fields.has("alpha")) options.alpha = static_cast<float>(fields.number("alpha", 0, 1));
  if (fields.has("seed")) options.seed = static_cast<uint64_t>(fields.integer("seed", 0, kLargestSafeInteger));
  if (fields.has("threads")) options.threads = whole("threads", 0, 1024);
  if (fields.has("memoryLimit"))
    options.memory_limit = static_cast<size_t>(fields.integer("memoryLimit", 0, kLargestSafeInteger));
  return options;
}

heirloom::Grain read_grain(const Napi::Value& value) {
  const Fields fields = Fields::of(value, "grain");
  heirloom::Grain grain;
  const Napi::Value levels = fields.object.Get("levels");
  if (!levels.IsArray() || levels.As<Napi::Array>().Length() != grain.levels.size())
    fields.refuse("levels", "an array of " + std::to_string(grain.levels.size()) + " numbers");
  for (size_t band = 0; band < grain.levels.size(); ++band) {
    const Napi::Value level = levels.As<Napi::Array>().Get(uint32_t(band));
    const double v = level.IsNumber() ? level.As<Napi::Number>().DoubleValue() : NAN;
    if (!(v >= 0 && v <= 65535) || v != std::floor(v)) fields.refuse("levels", "whole numbers from 0 to 65535");
    grain.levels[band] = static_cast<uint16_t>(v);
  }
  grain.size = static_cast<uint16_t>(fields.integer("size", 0, 65535));
  grain.chroma = static_cast<uint16_t>(fields.integer("chroma", 0, 65535));
  return grain;
}

heirloom::GrainPlace read_grain_place(const Napi::Value& value) {
  const Fields fields = Fields::of(value, "place");
  const auto whole = [&](const char* field) { return static_cast<uint32_t>(fields.integer(field, 0, 4294967295.0)); };
  return {whole("seed"), whole("frame"), whole("way")};
}

int read_threads(const Napi::Value& value) {
  const double threads = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!(threads >= 0 && threads <= 1024) || threads != std::floor(threads))
    throw make_error(value.Env(), "bad-argument", "threads must be a whole number from 0 to 1024.");
  return static_cast<int>(threads);
}

Napi::Value write_devices(Napi::Env env, const std::vector<heirloom::DeviceInfo>& devices) {
  Napi::Array list = Napi::Array::New(env, devices.size());
  for (size_t i = 0; i < devices.size(); ++i) {
    Napi::Object device = Napi::Object::New(env);
    device.Set("id", devices[i].id);
    device.Set("name", devices[i].name);
    device.Set("simd", devices[i].simd);
    device.Set("threads", Napi::Number::New(env, devices[i].threads));
    device.Set("memoryBytes", count(env, devices[i].memory_bytes));
    Napi::Array precisions = Napi::Array::New(env, devices[i].precisions.size());
    for (size_t j = 0; j < devices[i].precisions.size(); ++j)
      precisions.Set(static_cast<uint32_t>(j), devices[i].precisions[j]);
    device.Set("precisions", precisions);
    list.Set(static_cast<uint32_t>(i), device);
  }
  return list;
}

namespace {

Napi::Object write_setting(Napi::Env env, const heirloom::Setting& setting) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", setting.kind);
  if (setting.kind == "choice") {
    Napi::Array of = Napi::Array::New(env, setting.of.size());
    for (size_t i = 0; i < setting.of.size(); ++i) of.Set(static_cast<uint32_t>(i), setting.of[i]);
    object.Set("of", of);
  } else {
    object.Set("from", setting.from);
    object.Set("to", setting.to);
  }
  object.Set("default", setting.otherwise);
  object.Set("means", setting.means);
  return object;
}

Napi::Object write_contract(Napi::Env env, const heirloom::Contract& contract) {
  Napi::Array out = Napi::Array::New(env, 2);
  out.Set(0u, Napi::Number::New(env, contract.time.out));
  out.Set(1u, Napi::Number::New(env, contract.time.in));
  Napi::Object time = Napi::Object::New(env);
  time.Set("warmup", Napi::Number::New(env, contract.time.warmup));
  time.Set("lookahead", Napi::Number::New(env, contract.time.lookahead));
  time.Set("chunk", Napi::Number::New(env, contract.time.chunk));
  time.Set("alignment", Napi::Number::New(env, contract.time.alignment));
  time.Set("out", out);
  Napi::Object settings = Napi::Object::New(env);
  for (const heirloom::Setting& setting : contract.settings) settings.Set(setting.name, write_setting(env, setting));
  Napi::Object object = Napi::Object::New(env);
  object.Set("does", contract.does);
  object.Set("time", time);
  object.Set("settings", settings);
  object.Set("arithmetic", texts(env, contract.arithmetic));
  return object;
}

}  // namespace

Napi::Value write_info(Napi::Env env, const heirloom::ModelInfo& info) {
  Napi::Array scales = Napi::Array::New(env, info.scales.size());
  for (size_t i = 0; i < info.scales.size(); ++i)
    scales.Set(static_cast<uint32_t>(i), Napi::Number::New(env, info.scales[i]));
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", info.name);
  object.Set("graph", info.graph);
  object.Set("hash", info.hash);
  object.Set("scales", scales);
  object.Set("parameters", count(env, info.parameters));
  object.Set("startUpFrames", Napi::Number::New(env, info.start_up_frames));
  object.Set("contract", write_contract(env, info.contract));
  object.Set("decoders", texts(env, info.decoders));
  return object;
}

Napi::Value write_inspection(Napi::Env env, const heirloom::Inspection& inspection) {
  Napi::Array files = Napi::Array::New(env, inspection.files.size());
  for (size_t i = 0; i < inspection.files.size(); ++i) {
    const heirloom::WeightFile& file = inspection.files[i];
    Napi::Object object = Napi::Object::New(env);
    object.Set("part", file.part);
    object.Set("name", file.name);
    object.Set("container", file.container);
    object.Set("dtype", file.dtype);
    object.Set("bytes", count(env, file.bytes));
    object.Set("tensors", count(env, file.tensors));
    object.Set("parameters", count(env, file.parameters));
    object.Set("hash", file.hash);
    object.Set("version", file.version);
    object.Set("problem", write_message(env, file.problem));
    files.Set(static_cast<uint32_t>(i), object);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", inspection.kind);
  object.Set("importer", inspection.importer);
  object.Set("files", files);
  object.Set("missing", texts(env, inspection.missing));
  object.Set("version", inspection.version);
  object.Set("hint", inspection.hint);
  object.Set("isPublishedSize", Napi::Boolean::New(env, inspection.is_published_size));
  object.Set("decoders", texts(env, inspection.decoders));
  object.Set("parameters", count(env, inspection.parameters));
  object.Set("importBytes", count(env, inspection.import_bytes));
  object.Set("problem", write_message(env, inspection.problem));
  return object;
}

Napi::Value write_imported(Napi::Env env, const heirloom::Imported& imported) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("folder", imported.folder);
  object.Set("name", imported.name);
  object.Set("version", imported.version);
  object.Set("hash", imported.hash);
  object.Set("bytes", count(env, imported.bytes));
  return object;
}

Napi::Value write_plan(Napi::Env env, const heirloom::MemoryPlan& plan) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("weights", count(env, plan.weights));
  object.Set("state", count(env, plan.state));
  object.Set("activations", count(env, plan.activations));
  object.Set("total", count(env, plan.total));
  object.Set("limit", count(env, plan.limit));
  object.Set("fits", Napi::Boolean::New(env, plan.fits));
  object.Set("cache", count(env, plan.cache));
  object.Set("host", count(env, plan.host));
  object.Set("whole", count(env, plan.whole));
  object.Set("mode", plan.mode);
  object.Set("rows", Napi::Number::New(env, plan.rows));
  object.Set("columns", Napi::Number::New(env, plan.columns));
  object.Set("speed", Napi::Number::New(env, plan.speed));
  object.Set("sentence", plan.sentence.text);
  return object;
}

}  // namespace addon
