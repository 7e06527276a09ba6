#include "grain.h"

#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "arguments.h"
#include "handles.h"
#include "heirloom.h"

namespace addon {
namespace {

// A layer, shared by its object and the work under way; one frame at a time.
struct Opened {
  std::unique_ptr<heirloom::GrainLayer> layer;
  std::mutex turn;
  size_t frame_bytes = 0;
};

// In place: the frame is copied, drawn on and copied back before the promise resolves.
Napi::Value draw(const std::shared_ptr<Opened>& opened, const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array ||
      info[0].As<Napi::Uint8Array>().ByteLength() != opened->frame_bytes)
    throw make_error(env, "bad-argument",
                     "draw() takes a Uint8Array of " + std::to_string(opened->frame_bytes) + " bytes, one frame.");
  const Napi::Uint8Array given = info[0].As<Napi::Uint8Array>();
  const heirloom::Grain grain = read_grain(info[1]);
  const heirloom::GrainPlace place = read_grain_place(info[2]);
  const auto frame = std::make_shared<std::vector<uint8_t>>(given.Data(), given.Data() + given.ByteLength());
  const auto into = std::make_shared<Napi::Reference<Napi::Uint8Array>>(Napi::Persistent(given));
  return start(new Task(
      env,
      [opened, grain, place, frame] {
        const std::lock_guard<std::mutex> lock(opened->turn);
        opened->layer->draw(grain, place, frame->data(), frame->size());
      },
      [frame, into](Napi::Env answer_env) -> Napi::Value {
        if (into->Value().ByteLength() == frame->size())  // it may have been given away meanwhile
          std::memcpy(into->Value().Data(), frame->data(), frame->size());
        return answer_env.Undefined();
      }));
}

}  // namespace

Napi::Value open_grain(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const heirloom::FrameFormat format = read_format(info[0], "format");
  const int threads = read_threads(info[1]);
  const auto opened = std::make_shared<Opened>();
  const Failure failure = attempt([&] { opened->layer = heirloom::GrainLayer::open(format, threads); });
  if (!failure.code.empty()) throw make_error(env, failure.code, failure.message);
  opened->frame_bytes = format.bytes();
  Napi::Object object = Napi::Object::New(env);
  object.Set("draw", Napi::Function::New(
                         env,
                         [opened](const Napi::CallbackInfo& asked) {
                           return promised(asked.Env(), [&] { return draw(opened, asked); });
                         },
                         "draw"));
  return object;
}

}  // namespace addon
