// handles.h: what the handles of models and streams are made with: constructors of one environment, work off the JavaScript thread, promises.
#pragma once
#include <napi.h>

#include <functional>
#include <memory>
#include <utility>

#include "arguments.h"

namespace addon {

struct Constructors {
  Napi::FunctionReference model, stream, interpolator, interpolation, still_codec;
};

// Runs `work` off the JavaScript thread, then settles a promise with what `deliver` makes of it.
class Task : public Napi::AsyncWorker {
 public:
  Task(Napi::Env env, std::function<void()> work, std::function<Napi::Value(Napi::Env)> deliver)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        deliver_(std::move(deliver)) {}
  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { failure_ = attempt(work_); }
  void OnOK() override {
    const Napi::Env env = Env();
    if (failure_.code.empty()) deferred_.Resolve(deliver_(env));
    else deferred_.Reject(make_error(env, failure_.code, failure_.message).Value());
  }

 private:
  Napi::Promise::Deferred deferred_;
  std::function<void()> work_;
  std::function<Napi::Value(Napi::Env)> deliver_;
  Failure failure_;
};

inline Napi::Promise start(Task* task) {
  const Napi::Promise promise = task->promise();
  task->Queue();  // deletes itself when done
  return promise;
}

// A function that answers with a promise refuses bad arguments through the promise too.
template <class Body>
Napi::Value promised(Napi::Env env, Body&& body) {
  try {
    return body();
  } catch (const Napi::Error& error) {
    const Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(env);
    deferred.Reject(error.Value());
    return deferred.Promise();
  }
}

template <class Payload>
Napi::Value make_handle(const Napi::FunctionReference& constructor, Napi::Env env, Payload payload) {
  return constructor.New({Napi::External<Payload>::New(env, &payload)});  // read at once by the constructor
}

// Handles are only made here; `new` from JavaScript has no External to give.
template <class Payload>
Payload& payload_of(const Napi::CallbackInfo& info) {
  if (info.Length() != 1 || !info[0].IsExternal())
    throw make_error(
        info.Env(), "bad-argument",
        "Handles are made by loadModel(), loadInterpolator(), loadStillCodec(), stream() and open() only.");
  return *info[0].As<Napi::External<Payload>>().Data();
}

}  // namespace addon
