// addon.cpp: the engine as a Node module: devices(), loadModel(), loadInterpolator(), loadStillCodec(), inspectModel(), importModel(), model handles and stream handles. Arguments in, promises out.
#include <napi.h>

#include <memory>
#include <optional>
#include <string>

#include "arguments.h"
#include "estimate.h"
#include "grain.h"
#include "handles.h"
#include "interpolation.h"
#include "merge.h"
#include "session.h"
#include "still.h"
#include "work.h"

namespace addon {
namespace {

class StreamHandle : public Napi::ObjectWrap<StreamHandle> {
 public:
  using Payload = std::shared_ptr<Session>;

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "StreamHandle",
                       {InstanceMethod<&StreamHandle::push>("push"), InstanceMethod<&StreamHandle::finish>("finish"),
                        InstanceMethod<&StreamHandle::pull>("pull"), InstanceMethod<&StreamHandle::reset>("reset"),
                        InstanceMethod<&StreamHandle::cancel>("cancel"), InstanceMethod<&StreamHandle::close>("close"),
                        InstanceAccessor<&StreamHandle::input_bytes>("inputBytes"),
                        InstanceAccessor<&StreamHandle::output_bytes>("outputBytes")});
  }

  explicit StreamHandle(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<StreamHandle>(info),
        session_(payload_of<Payload>(info)) {
    session_->start(info.Env());
  }
  ~StreamHandle() override {
    if (session_) session_->close();
  }

 private:
  Napi::Value push(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    return promised(env, [&]() -> Napi::Value {
      if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw make_error(env, "bad-argument", "push() takes one frame as a Uint8Array.");
      const heirloom::Ticks time = read_time(info[1], "The time of a frame");
      const Napi::Uint8Array bytes = info[0].As<Napi::Uint8Array>();
      if (bytes.ByteLength() != session_->input_bytes)
        throw make_error(env, "bad-argument",
                         "push() got " + std::to_string(bytes.ByteLength()) + " bytes; one frame of this stream has " +
                             std::to_string(session_->input_bytes) + ".");
      auto frame =
          std::make_shared<Session::Frame>(session_->copy_input(bytes.Data()));  // the caller may reuse its buffer
      return run(
          env,
          [session = session_.get(), frame, time](heirloom::Stream& stream) {
            stream.push(frame->data(), frame->size(), time);
            session->give_input(std::move(*frame));
          },
          true);
    });
  }
  Napi::Value finish(const Napi::CallbackInfo& info) {
    return promised(info.Env(),
                    [&] { return run(info.Env(), [](heirloom::Stream& stream) { stream.finish(); }, true); });
  }
  Napi::Value reset(const Napi::CallbackInfo& info) {
    return promised(info.Env(),
                    [&] { return run(info.Env(), [](heirloom::Stream& stream) { stream.reset(); }, false); });
  }
  Napi::Value pull(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array ||
        info[0].As<Napi::Uint8Array>().ByteLength() != session_->output_bytes)
      throw make_error(
          env, "bad-argument",
          "pull() takes a Uint8Array of " + std::to_string(session_->output_bytes) + " bytes, one finished frame.");
    const std::optional<heirloom::Ticks> time = session_->pull(info[0].As<Napi::Uint8Array>().Data());
    return time ? Napi::Value(Napi::Number::New(env, double(*time))) : env.Undefined();
  }
  Napi::Value cancel(const Napi::CallbackInfo& info) {
    session_->cancel();
    return info.Env().Undefined();
  }
  Napi::Value close(const Napi::CallbackInfo& info) {
    session_->close();
    return info.Env().Undefined();
  }
  Napi::Value input_bytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), double(session_->input_bytes));
  }
  Napi::Value output_bytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), double(session_->output_bytes));
  }

  Napi::Value run(Napi::Env env, std::function<void(heirloom::Stream&)> work, bool with_count) {
    if (session_->is_closed()) throw make_error(env, "bad-argument", "The stream is closed.");
    auto deferred = std::make_shared<Napi::Promise::Deferred>(Napi::Promise::Deferred::New(env));
    Ref();  // the handle lives until the answer is there
    session_->run(env, std::move(work),
                  [this, deferred, with_count](Napi::Env answer_env, const Failure& failure, size_t ready) {
                    if (!failure.code.empty())
                      deferred->Reject(make_error(answer_env, failure.code, failure.message).Value());
                    else
                      deferred->Resolve(with_count ? Napi::Value(Napi::Number::New(answer_env, double(ready)))
                                                   : answer_env.Undefined());
                    Unref();
                  });
    return deferred->Promise();
  }

  std::shared_ptr<Session> session_;
};

class ModelHandle : public Napi::ObjectWrap<ModelHandle> {
 public:
  using Payload = std::shared_ptr<heirloom::Model>;

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ModelHandle",
                       {InstanceAccessor<&ModelHandle::info>("info"), InstanceMethod<&ModelHandle::plan>("plan"),
                        InstanceMethod<&ModelHandle::stream>("stream")});
  }

  explicit ModelHandle(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<ModelHandle>(info),
        model_(payload_of<Payload>(info)) {}

 private:
  Napi::Value info(const Napi::CallbackInfo& info) { return write_info(info.Env(), model_->info()); }

  Napi::Value plan(const Napi::CallbackInfo& info) {
    const heirloom::StreamOptions options = read_stream_options(info[0]);
    heirloom::MemoryPlan plan;
    const Failure failure = attempt([&] { plan = model_->plan(options); });
    if (!failure.code.empty()) throw make_error(info.Env(), failure.code, failure.message);
    return write_plan(info.Env(), plan);
  }

  Napi::Value stream(const Napi::CallbackInfo& info) {
    return promised(info.Env(), [&]() -> Napi::Value {
      const heirloom::StreamOptions options = read_stream_options(info[0]);
      auto session = std::make_shared<std::shared_ptr<Session>>();
      return start(new Task(
          info.Env(),
          [model = model_, options, session] {
            *session =
                std::make_shared<Session>(model, model->stream(options), options.input.bytes(), options.output.bytes());
          },
          [session](Napi::Env env) {
            return make_handle(env.GetInstanceData<Constructors>()->stream, env, *session);
          }));
    });
  }

  std::shared_ptr<heirloom::Model> model_;
};

Napi::Value devices(const Napi::CallbackInfo& info) {
  std::vector<heirloom::DeviceInfo> list;
  const Failure failure = attempt([&] { list = heirloom::devices(); });
  if (!failure.code.empty()) throw make_error(info.Env(), failure.code, failure.message);
  return write_devices(info.Env(), list);
}

Napi::Value load_model(const Napi::CallbackInfo& info) {
  return promised(info.Env(), [&]() -> Napi::Value {
    const std::string folder = read_folder(info[0]);
    const heirloom::LoadOptions options = read_load_options(info[1]);
    auto model = std::make_shared<std::shared_ptr<heirloom::Model>>();
    return start(new Task(
        info.Env(), [folder, options, model] { *model = heirloom::Model::load(folder, options); },
        [model](Napi::Env env) { return make_handle(env.GetInstanceData<Constructors>()->model, env, *model); }));
  });
}

// inspectModel(folder, options, onProgress?) -> { done, cancel }
Napi::Value inspect_model(const Napi::CallbackInfo& info) {
  const std::string folder = read_folder(info[0]);
  const heirloom::InspectOptions options = read_inspect_options(info[1]);
  auto found = std::make_shared<heirloom::Inspection>();
  return start_work(
      info.Env(),
      [folder, options, found](const heirloom::Progress& progress) {
        *found = heirloom::inspect(folder, options, progress);
      },
      [found](Napi::Env env) { return write_inspection(env, *found); }, info[2]);
}

// importModel(folder, destination, options, onProgress?) -> { done, cancel }
Napi::Value import_model(const Napi::CallbackInfo& info) {
  const std::string folder = read_folder(info[0]), destination = read_folder(info[1], "destination");
  const heirloom::ImportOptions options = read_import_options(info[2]);
  auto made = std::make_shared<heirloom::Imported>();
  return start_work(
      info.Env(),
      [folder, destination, options, made](const heirloom::Progress& progress) {
        *made = heirloom::import_weights(folder, destination, options, progress);
      },
      [made](Napi::Env env) { return write_imported(env, *made); }, info[3]);
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  auto* constructors =
      new Constructors{Napi::Persistent(ModelHandle::define(env)), Napi::Persistent(StreamHandle::define(env)),
                       Napi::Persistent(define_interpolator(env)), Napi::Persistent(define_interpolation(env)),
                       Napi::Persistent(define_still_codec(env))};
  env.SetInstanceData(constructors);  // one set per environment, deleted with it
  exports.Set("numerics", Napi::Number::New(env, heirloom::numerics()));
  exports.Set("devices", Napi::Function::New(env, devices, "devices"));
  exports.Set("loadModel", Napi::Function::New(env, load_model, "loadModel"));
  exports.Set("loadInterpolator", Napi::Function::New(env, load_interpolator, "loadInterpolator"));
  exports.Set("loadStillCodec", Napi::Function::New(env, load_still_codec, "loadStillCodec"));
  exports.Set("inspectModel", Napi::Function::New(env, inspect_model, "inspectModel"));
  exports.Set("mergeFrames", Napi::Function::New(env, merge_frames, "mergeFrames"));
  exports.Set("openGrain", Napi::Function::New(env, open_grain, "openGrain"));
  exports.Set("estimateDamage", Napi::Function::New(env, estimate_damage, "estimateDamage"));
  exports.Set("importModel", Napi::Function::New(env, import_model, "importModel"));
  return exports;
}

}  // namespace

NODE_API_MODULE(heirloom, initialise)

}  // namespace addon
