#include "merge.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "heirloom.h"
#include "work.h"

namespace addon {
namespace {

struct Merging {
  heirloom::FrameFormat format;
  std::vector<std::vector<uint8_t>> frames;           // copied: the caller may reuse its buffers
  size_t chosen = 0;
  std::vector<uint8_t> merged;
  std::vector<heirloom::Neighbour> neighbours;
};

void read_frames(const Napi::Value& value, Merging& merging) {
  const Napi::Env env = value.Env();
  if (!value.IsArray()) throw make_error(env, "bad-argument", "frames must be an array of Uint8Array.");
  const Napi::Array list = value.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const Napi::Value one = list.Get(i);
    if (!one.IsTypedArray() || one.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
      throw make_error(env, "bad-argument", "frames must be an array of Uint8Array.");
    const Napi::Uint8Array bytes = one.As<Napi::Uint8Array>();
    if (bytes.ByteLength() != merging.format.bytes())
      throw make_error(env, "bad-argument", "Frame " + std::to_string(i) + " has " + std::to_string(bytes.ByteLength()) + " bytes; one of this format has " +
                                                std::to_string(merging.format.bytes()) + ".");
    merging.frames.emplace_back(bytes.Data(), bytes.Data() + bytes.ByteLength());
  }
}

size_t read_chosen(const Napi::Value& value, size_t frames) {
  const double chosen = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(chosen >= 0 && chosen < double(frames)) || chosen != double(size_t(chosen)))
    throw make_error(value.Env(), "bad-argument", "chosen must be the number of one of the frames.");
  return size_t(chosen);
}

Napi::Value write_merged(Napi::Env env, const Merging& merging) {
  Napi::Array neighbours = Napi::Array::New(env);
  for (size_t i = 0; i < merging.neighbours.size(); ++i) {
    if (i == merging.chosen) continue;
    Napi::Object neighbour = Napi::Object::New(env);
    neighbour.Set("matched", Napi::Number::New(env, double(merging.neighbours[i].matched)));
    neighbour.Set("isUsed", Napi::Boolean::New(env, merging.neighbours[i].is_used));
    neighbours.Set(neighbours.Length(), neighbour);
  }
  Napi::Uint8Array merged = Napi::Uint8Array::New(env, merging.merged.size());   // copied: Electron forbids buffers outside its own heap
  std::memcpy(merged.Data(), merging.merged.data(), merging.merged.size());
  Napi::Object object = Napi::Object::New(env);
  object.Set("merged", merged);
  object.Set("neighbours", neighbours);
  return object;
}

}  // namespace

Napi::Value merge_frames(const Napi::CallbackInfo& info) {
  auto merging = std::make_shared<Merging>();
  merging->format = read_format(info[0], "format");
  read_frames(info[1], *merging);
  merging->chosen = read_chosen(info[2], merging->frames.size());
  merging->merged.resize(merging->format.bytes());
  return start_work(
      info.Env(),
      [merging](const heirloom::Progress& progress) {
        std::vector<const uint8_t*> frames;
        for (const auto& frame : merging->frames) frames.push_back(frame.data());
        merging->neighbours = heirloom::merge_frames(merging->format, frames, merging->chosen, merging->merged.data(), 0, progress);
      },
      [merging](Napi::Env env) { return write_merged(env, *merging); }, info[3]);
}

}  // namespace addon
