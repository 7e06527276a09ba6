#include "session.h"

#include <algorithm>
#include <utility>

namespace addon {

Session::Session(std::shared_ptr<heirloom::Model> model, std::unique_ptr<heirloom::Stream> stream, size_t input,
                 size_t output)
    : input_bytes(input),
      output_bytes(output),
      model_(std::move(model)),
      stream_(std::move(stream)) {}

Session::~Session() { stop(); }

void Session::start(Napi::Env env) {
  // The function holds the session until it is finalized: after close(), or when Node tears the environment down.
  auto* keep = new std::shared_ptr<Session>(shared_from_this());
  to_javascript_ =
      Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}), "heirloom stream",
                                    0, 1, keep, [](Napi::Env, std::shared_ptr<Session>* session) {
                                      (*session)->stop();
                                      delete session;
                                    });
  to_javascript_.Unref(env);
  thread_ = std::thread([this] { loop(); });
}

void Session::run(Napi::Env env, std::function<void(heirloom::Stream&)> work, Answer answer) {
  if (outstanding_++ == 0) to_javascript_.Ref(env);
  auto job = std::make_unique<Job>();
  job->work = std::move(work);
  job->answer = std::move(answer);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

Session::Frame Session::take(std::vector<Frame>& spare, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (spare.empty()) return Frame(bytes);
  Frame frame = std::move(spare.back());
  spare.pop_back();
  return frame;
}

Session::Frame Session::copy_input(const uint8_t* bytes) {
  Frame frame = take(spare_inputs_, input_bytes);
  std::copy(bytes, bytes + input_bytes, frame.begin());
  return frame;
}

void Session::give_input(Frame&& frame) {
  std::lock_guard<std::mutex> lock(mutex_);
  spare_inputs_.push_back(std::move(frame));
}

std::optional<heirloom::Ticks> Session::pull(uint8_t* into) {
  Made made;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (frames_.empty()) return std::nullopt;
    made = std::move(frames_.front());
    frames_.pop_front();
  }
  std::copy(made.frame.begin(), made.frame.end(), into);
  std::lock_guard<std::mutex> lock(mutex_);
  spare_outputs_.push_back(std::move(made.frame));
  return made.time;
}

void Session::cancel() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto& job : jobs_) job->cancelled = true;
  if (stream_) stream_->cancel();
}

void Session::close() {
  if (closed_) return;
  closed_ = true;
  cancel();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    frames_.clear();
    spare_inputs_.clear();
    spare_outputs_.clear();
  }
  wake_.notify_one();
}

// Waits for the thread: it ends at the next look at the cancel flag.
void Session::stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    for (auto& job : jobs_) job->cancelled = true;
    if (stream_) stream_->cancel();
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Session::report(std::unique_ptr<Job> job, Failure failure) {
  struct Done {
    std::shared_ptr<Session> session;
    std::unique_ptr<Job> job;
    Failure failure;
    size_t ready;
  };
  size_t ready;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ready = frames_.size();
  }
  auto* done = new Done{shared_from_this(), std::move(job), std::move(failure), ready};
  const napi_status status = to_javascript_.NonBlockingCall(done, [](Napi::Env env, Napi::Function, Done* answer) {
    std::unique_ptr<Done> owned(answer);
    if (env == nullptr) return;                       // the environment is going away: nobody is left to answer
    Napi::HandleScope scope(env);
    if (--owned->session->outstanding_ == 0) owned->session->to_javascript_.Unref(env);
    owned->job->answer(env, owned->failure, owned->ready);
  });
  if (status != napi_ok) delete done;                 // closing, as above
}

void Session::loop() {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) break;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      if (stopping_) job->cancelled = true;
    }
    Failure failure = job->cancelled ? Failure{"cancelled", "The stream was cancelled."} : attempt([&] {
      job->work(*stream_);
      while (stream_->ready() > 0) {
        Frame frame = take(spare_outputs_, output_bytes);
        const heirloom::Ticks time = stream_->pull(frame.data(), frame.size());
        std::lock_guard<std::mutex> lock(mutex_);
        frames_.push_back({std::move(frame), time});
      }
    });
    report(std::move(job), std::move(failure));
  }
  std::unique_ptr<heirloom::Stream> last;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    last = std::move(stream_);                        // its memory goes now, not when the garbage collector comes
  }
  last.reset();
  to_javascript_.Release();
}

}  // namespace addon
