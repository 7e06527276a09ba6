#include "work.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "arguments.h"

namespace addon {
namespace {

constexpr std::chrono::milliseconds kBetweenReports{50};

struct Event {
  std::string step;
  double done, total;
};

class Worker : public Napi::AsyncWorker {
 public:
  Worker(Napi::Env env, std::function<void(const heirloom::Progress&)> body,
         std::function<Napi::Value(Napi::Env)> deliver, const Napi::Value& listener)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        body_(std::move(body)),
        deliver_(std::move(deliver)),
        cancelled_(std::make_shared<std::atomic<bool>>(false)) {
    napi_add_env_cleanup_hook(env, leave, cancelled_.get());
    if (listener.IsUndefined()) return;
    to_javascript_ = Napi::ThreadSafeFunction::New(env, listener.As<Napi::Function>(), "heirloom progress", 0, 1);
    to_javascript_.Unref(env);                        // the work itself keeps the process alive
    has_listener_ = true;
  }

  ~Worker() override { napi_remove_env_cleanup_hook(Env(), leave, cancelled_.get()); }

  Napi::Object handle(Napi::Env env) const {
    Napi::Object object = Napi::Object::New(env);
    object.Set("done", deferred_.Promise());
    object.Set("cancel",
               Napi::Function::New(env, [flag = cancelled_](const Napi::CallbackInfo&) { *flag = true; }, "cancel"));
    return object;
  }

 protected:
  void Execute() override {
    heirloom::Progress progress;
    progress.cancelled = cancelled_.get();
    if (has_listener_)
      progress.report = [this](const std::string& step, size_t done, size_t total) { report(step, done, total); };
    failure_ = attempt([&] { body_(progress); });
  }

  void OnOK() override {
    const Napi::Env env = Env();
    if (has_listener_) to_javascript_.Release();
    if (failure_.code.empty()) deferred_.Resolve(deliver_(env));
    else deferred_.Reject(make_error(env, failure_.code, failure_.message).Value());
  }

 private:
  // The environment is going away while the work goes on: Node waits for it, so it should end soon.
  static void leave(void* cancelled) { *static_cast<std::atomic<bool>*>(cancelled) = true; }

  // The last report of a step always goes out, the others at most twenty times a second.
  void report(const std::string& step, size_t done, size_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (done < total && now - reported_ < kBetweenReports) return;
    reported_ = now;
    auto* event = new Event{step, double(done), double(total)};
    const napi_status status =
        to_javascript_.NonBlockingCall(event, [](Napi::Env env, Napi::Function listener, Event* given) {
          const std::unique_ptr<Event> owned(given);
          if (env == nullptr) return;                     // the environment is going away: nobody is left to tell
          Napi::HandleScope scope(env);
          Napi::Object object = Napi::Object::New(env);
          object.Set("step", owned->step);
          object.Set("done", owned->done);
          object.Set("total", owned->total);
          listener.Call({object});
        });
    if (status != napi_ok) delete event;              // closing, as above
  }

  Napi::Promise::Deferred deferred_;
  std::function<void(const heirloom::Progress&)> body_;
  std::function<Napi::Value(Napi::Env)> deliver_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  Napi::ThreadSafeFunction to_javascript_;
  bool has_listener_ = false;
  std::chrono::steady_clock::time_point reported_{};
  Failure failure_;
};

}  // namespace

Napi::Value start_work(Napi::Env env, std::function<void(const heirloom::Progress&)> body,
                       std::function<Napi::Value(Napi::Env)> deliver, const Napi::Value& listener) {
  if (!listener.IsUndefined() && !listener.IsFunction())
    throw make_error(env, "bad-argument", "onProgress must be a function.");
  auto* worker = new Worker(env, std::move(body), std::move(deliver), listener);
  const Napi::Object handle = worker->handle(env);
  worker->Queue();                                    // deletes itself when done
  return handle;
}

}  // namespace addon
