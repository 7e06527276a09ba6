#include "still.h"

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "handles.h"
#include "heirloom.h"
#include "work.h"

namespace addon {
namespace {

// Copied, so that the caller may reuse its buffer.
std::vector<uint8_t> read_bytes(const Napi::Value& value, const char* what) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
    throw make_error(value.Env(), "bad-argument", std::string(what) + " takes bytes as a Uint8Array.");
  const Napi::Uint8Array given = value.As<Napi::Uint8Array>();
  return {given.Data(), given.Data() + given.ByteLength()};
}

// Copied: Electron forbids buffers outside its own heap.
Napi::Value write_bytes(Napi::Env env, const std::vector<uint8_t>& bytes) {
  Napi::Uint8Array array = Napi::Uint8Array::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(array.Data(), bytes.data(), bytes.size());
  return array;
}

Napi::Value write_encoded(Napi::Env env, const heirloom::StillFormat& format, const heirloom::EncodedStill& made) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("bytes", write_bytes(env, made.bytes));
  object.Set("width", Napi::Number::New(env, format.width));
  object.Set("height", Napi::Number::New(env, format.height));
  object.Set("tiles", Napi::Number::New(env, double(made.tiles)));
  object.Set("estimatedBytes", Napi::Number::New(env, double(made.estimated_bytes)));
  return object;
}

Napi::Value write_broken(Napi::Env env, const heirloom::BrokenTile& tile) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("x", Napi::Number::New(env, tile.x));
  object.Set("y", Napi::Number::New(env, tile.y));
  object.Set("width", Napi::Number::New(env, tile.width));
  object.Set("height", Napi::Number::New(env, tile.height));
  object.Set("state", tile.state);
  return object;
}

Napi::Value write_decoded(Napi::Env env, const heirloom::DecodedStill& made) {
  Napi::Array broken = Napi::Array::New(env, made.broken.size());
  for (size_t i = 0; i < made.broken.size(); ++i)
    broken.Set(static_cast<uint32_t>(i), write_broken(env, made.broken[i]));
  Napi::Object object = Napi::Object::New(env);
  object.Set("pixels", write_bytes(env, made.pixels));
  object.Set("tiles", Napi::Number::New(env, double(made.tiles)));
  object.Set("brokenTiles", broken);
  object.Set("isWhole", Napi::Boolean::New(env, made.is_whole));
  return object;
}

class StillCodecHandle : public Napi::ObjectWrap<StillCodecHandle> {
 public:
  using Payload = std::shared_ptr<heirloom::StillCodec>;

  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "StillCodecHandle",
        {InstanceAccessor<&StillCodecHandle::info>("info"), InstanceMethod<&StillCodecHandle::plan>("plan"),
         InstanceMethod<&StillCodecHandle::encode>("encode"), InstanceMethod<&StillCodecHandle::decode>("decode")});
  }

  explicit StillCodecHandle(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<StillCodecHandle>(info),
        model_(payload_of<Payload>(info)) {}

 private:
  Napi::Value info(const Napi::CallbackInfo& info) { return write_info(info.Env(), model_->info()); }

  Napi::Value plan(const Napi::CallbackInfo& info) {
    const heirloom::StillOptions options = read_still_options(info[0]);
    heirloom::MemoryPlan plan;
    const Failure failure = attempt([&] { plan = model_->plan(options); });
    if (!failure.code.empty()) throw make_error(info.Env(), failure.code, failure.message);
    return write_plan(info.Env(), plan);
  }

  Napi::Value encode(const Napi::CallbackInfo& info) {
    const auto pixels = std::make_shared<std::vector<uint8_t>>(read_bytes(info[0], "encode()"));
    const heirloom::StillOptions options = read_still_options(info[1]);
    const auto made = std::make_shared<heirloom::EncodedStill>();
    return start_work(
        info.Env(),
        [model = model_, pixels, options, made](const heirloom::Progress& progress) {
          *made = model->encode(options, pixels->data(), pixels->size(), progress);
        },
        [made, format = options.format](Napi::Env env) { return write_encoded(env, format, *made); }, info[2]);
  }

  Napi::Value decode(const Napi::CallbackInfo& info) {
    const auto bytes = std::make_shared<std::vector<uint8_t>>(read_bytes(info[0], "decode()"));
    const heirloom::StillOptions options = read_still_options(info[1]);
    const auto made = std::make_shared<heirloom::DecodedStill>();
    return start_work(
        info.Env(),
        [model = model_, bytes, options, made](const heirloom::Progress& progress) {
          *made = model->decode(options, bytes->data(), bytes->size(), progress);
        },
        [made](Napi::Env env) { return write_decoded(env, *made); }, info[2]);
  }

  std::shared_ptr<heirloom::StillCodec> model_;
};

}  // namespace

Napi::Function define_still_codec(Napi::Env env) { return StillCodecHandle::define(env); }

Napi::Value load_still_codec(const Napi::CallbackInfo& info) {
  return promised(info.Env(), [&]() -> Napi::Value {
    const std::string folder = read_folder(info[0]);
    const heirloom::LoadOptions options = read_load_options(info[1]);
    auto model = std::make_shared<std::shared_ptr<heirloom::StillCodec>>();
    return start(new Task(
        info.Env(), [folder, options, model] { *model = heirloom::StillCodec::load(folder, options); },
        [model](Napi::Env env) { return make_handle(env.GetInstanceData<Constructors>()->still_codec, env, *model); }));
  });
}

}  // namespace addon
