#include "interpolation.h"

#include <cmath>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "handles.h"
#include "heirloom.h"

namespace addon {
namespace {

// One interpolation, shared by its handle and the work under way; the model outlives it.
struct Opened {
  std::shared_ptr<heirloom::Interpolator> model;
  std::unique_ptr<heirloom::Interpolation> interpolation;
  size_t frame_bytes = 0;
};

class Turn : public Napi::AsyncWorker {
 public:
  Turn(Napi::Env env, std::function<void()> work, std::function<void(Napi::Env, const Failure&)> settle)
      : Napi::AsyncWorker(env),
        work_(std::move(work)),
        settle_(std::move(settle)) {}

 protected:
  void Execute() override { failure_ = attempt(work_); }
  void OnOK() override { settle_(Env(), failure_); }

 private:
  std::function<void()> work_;
  std::function<void(Napi::Env, const Failure&)> settle_;
  Failure failure_;
};

class InterpolationHandle : public Napi::ObjectWrap<InterpolationHandle> {
 public:
  using Payload = std::shared_ptr<Opened>;

  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "InterpolationHandle",
        {InstanceMethod<&InterpolationHandle::key>("key"), InstanceMethod<&InterpolationHandle::between>("between"),
         InstanceMethod<&InterpolationHandle::cancel>("cancel"), InstanceMethod<&InterpolationHandle::close>("close"),
         InstanceAccessor<&InterpolationHandle::frame_bytes>("frameBytes")});
  }

  explicit InterpolationHandle(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<InterpolationHandle>(info),
        opened_(payload_of<Payload>(info)),
        bytes_(opened_->frame_bytes) {
    napi_add_env_cleanup_hook(info.Env(), leave, this);
  }
  ~InterpolationHandle() override {
    napi_remove_env_cleanup_hook(Env(), leave, this);
    leave(this);
  }

 private:
  struct Asked {
    std::function<void(heirloom::Interpolation&)> work;
    std::function<Napi::Value(Napi::Env)> deliver;
    Napi::Promise::Deferred deferred;
  };

  // Node waits for work under way: it should end soon.
  static void leave(void* handle) {
    const auto& opened = static_cast<InterpolationHandle*>(handle)->opened_;
    if (opened) opened->interpolation->cancel();
  }

  Napi::Uint8Array frame_in(const Napi::Value& value, const char* what) const {
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array ||
        value.As<Napi::Uint8Array>().ByteLength() != bytes_)
      throw make_error(
          value.Env(), "bad-argument",
          std::string(what) + " takes a Uint8Array of " + std::to_string(bytes_) + " bytes, one frame of this stream.");
    return value.As<Napi::Uint8Array>();
  }

  Napi::Value key(const Napi::CallbackInfo& info) {
    return promised(info.Env(), [&]() -> Napi::Value {
      const Napi::Uint8Array given = frame_in(info[0], "key()");
      if (!info[1].IsBoolean())
        throw make_error(info.Env(), "bad-argument", "key() wants to know whether the frame is a cut.");
      const auto frame = std::make_shared<std::vector<uint8_t>>(given.Data(), given.Data() + bytes_);
      const bool is_cut = info[1].As<Napi::Boolean>().Value();
      return ask(
          info.Env(),
          [frame, is_cut](heirloom::Interpolation& stream) { stream.key(frame->data(), frame->size(), is_cut); },
          [](Napi::Env env) { return env.Undefined(); });
    });
  }

  Napi::Value between(const Napi::CallbackInfo& info) {
    return promised(info.Env(), [&]() -> Napi::Value {
      const double t = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : NAN;
      if (!(t > 0 && t < 1))
        throw make_error(info.Env(), "bad-argument", "between() takes a time above 0 and below 1.");
      const auto into =
          std::make_shared<Napi::Reference<Napi::Uint8Array>>(Napi::Persistent(frame_in(info[1], "between()")));
      const auto frame = std::make_shared<std::vector<uint8_t>>(bytes_);
      const auto shares = std::make_shared<heirloom::Between>();
      return ask(
          info.Env(),
          [frame, shares, t](heirloom::Interpolation& stream) {
            *shares = stream.between(t, frame->data(), frame->size());
          },
          [frame, shares, into](Napi::Env env) -> Napi::Value {
            std::memcpy(into->Value().Data(), frame->data(), frame->size());
            Napi::Object object = Napi::Object::New(env);
            object.Set("need", Napi::Number::New(env, double(shares->need)));
            object.Set("unsure", Napi::Number::New(env, double(shares->unsure)));
            return object;
          });
    });
  }

  Napi::Value cancel(const Napi::CallbackInfo& info) {
    leave(this);
    return info.Env().Undefined();
  }
  // What is under way ends; its memory goes with it.
  Napi::Value close(const Napi::CallbackInfo& info) {
    leave(this);
    if (!is_running_) opened_.reset();
    is_closed_ = true;
    return info.Env().Undefined();
  }
  Napi::Value frame_bytes(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), double(bytes_)); }

  Napi::Value ask(Napi::Env env, std::function<void(heirloom::Interpolation&)> work,
                  std::function<Napi::Value(Napi::Env)> deliver) {
    if (is_closed_) throw make_error(env, "bad-argument", "The stream is closed.");
    waiting_.push_back({std::move(work), std::move(deliver), Napi::Promise::Deferred::New(env)});
    const Napi::Promise promise = waiting_.back().deferred.Promise();
    next(env);
    return promise;
  }

  // One at a time, in the order that they were asked for.
  void next(Napi::Env env) {
    if (is_running_ || waiting_.empty()) return;
    is_running_ = true;
    Ref();  // the handle lives until the answer is there
    const auto asked = std::make_shared<Asked>(std::move(waiting_.front()));
    waiting_.pop_front();
    auto* turn = new Turn(
        env, [opened = opened_, asked] { asked->work(*opened->interpolation); },
        [this, asked](Napi::Env answer_env, const Failure& failure) {
          is_running_ = false;
          if (failure.code.empty()) asked->deferred.Resolve(asked->deliver(answer_env));
          else asked->deferred.Reject(make_error(answer_env, failure.code, failure.message).Value());
          next(answer_env);
          if (is_closed_ && !is_running_) opened_.reset();
          Unref();
        });
    turn->Queue();  // deletes itself when done
  }

  std::shared_ptr<Opened> opened_;  // null: closed
  const size_t bytes_;
  std::deque<Asked> waiting_;
  bool is_running_ = false, is_closed_ = false;
};

class InterpolatorHandle : public Napi::ObjectWrap<InterpolatorHandle> {
 public:
  using Payload = std::shared_ptr<heirloom::Interpolator>;

  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "InterpolatorHandle",
        {InstanceAccessor<&InterpolatorHandle::info>("info"), InstanceMethod<&InterpolatorHandle::plan>("plan"),
         InstanceMethod<&InterpolatorHandle::open>("open")});
  }

  explicit InterpolatorHandle(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<InterpolatorHandle>(info),
        model_(payload_of<Payload>(info)) {}

 private:
  Napi::Value info(const Napi::CallbackInfo& info) { return write_info(info.Env(), model_->info()); }

  Napi::Value plan(const Napi::CallbackInfo& info) {
    const heirloom::InterpolationOptions options = read_interpolation_options(info[0]);
    heirloom::MemoryPlan plan;
    const Failure failure = attempt([&] { plan = model_->plan(options); });
    if (!failure.code.empty()) throw make_error(info.Env(), failure.code, failure.message);
    return write_plan(info.Env(), plan);
  }

  Napi::Value open(const Napi::CallbackInfo& info) {
    return promised(info.Env(), [&]() -> Napi::Value {
      const heirloom::InterpolationOptions options = read_interpolation_options(info[0]);
      auto opened = std::make_shared<Opened>();
      opened->model = model_;
      opened->frame_bytes = options.format.bytes();
      return start(new Task(
          info.Env(), [opened, options] { opened->interpolation = opened->model->open(options); },
          [opened](Napi::Env env) {
            return make_handle(env.GetInstanceData<Constructors>()->interpolation, env, opened);
          }));
    });
  }

  std::shared_ptr<heirloom::Interpolator> model_;
};

}  // namespace

Napi::Function define_interpolator(Napi::Env env) { return InterpolatorHandle::define(env); }
Napi::Function define_interpolation(Napi::Env env) { return InterpolationHandle::define(env); }

Napi::Value load_interpolator(const Napi::CallbackInfo& info) {
  return promised(info.Env(), [&]() -> Napi::Value {
    const std::string folder = read_folder(info[0]);
    const heirloom::LoadOptions options = read_load_options(info[1]);
    auto model = std::make_shared<std::shared_ptr<heirloom::Interpolator>>();
    return start(new Task(
        info.Env(), [folder, options, model] { *model = heirloom::Interpolator::load(folder, options); },
        [model](Napi::Env env) {
          return make_handle(env.GetInstanceData<Constructors>()->interpolator, env, *model);
        }));
  });
}

}  // namespace addon
