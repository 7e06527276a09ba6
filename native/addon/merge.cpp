#include "merge.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "frames.h"
#include "heirloom.h"
#include "work.h"

namespace addon {
namespace {

struct Merging {
  heirloom::FrameFormat format;
  std::vector<std::vector<uint8_t>> frames;
  size_t chosen = 0;
  std::vector<uint8_t> merged;
  std::vector<heirloom::Neighbour> neighbours;
};

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
  Napi::Uint8Array merged =
      Napi::Uint8Array::New(env, merging.merged.size());   // copied: Electron forbids buffers outside its own heap
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
  merging->frames = read_frames(info[1], merging->format);
  merging->chosen = read_chosen(info[2], merging->frames.size());
  merging->merged.resize(merging->format.bytes());
  return start_work(
      info.Env(),
      [merging](const heirloom::Progress& progress) {
        merging->neighbours = heirloom::merge_frames(merging->format, pointers(merging->frames), merging->chosen,
                                                     merging->merged.data(), 0, progress);
      },
      [merging](Napi::Env env) { return write_merged(env, *merging); }, info[3]);
}

}  // namespace addon
