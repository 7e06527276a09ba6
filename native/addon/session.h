// session.h: one stream and the thread that works on it. Jobs run in the order they were given; answers come back on the
// JavaScript thread. Frames that are ready wait here, so that pull() never touches a stream at work. Frames' buffers go
// round: a long film must not depend on what an allocator does with the holes of short-lived ones.
#pragma once
#include <napi.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "arguments.h"
#include "heirloom.h"

namespace addon {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Frame = std::vector<uint8_t>;
  // Called on the JavaScript thread when a job ended; ready: frames that pull() can give.
  using Answer = std::function<void(Napi::Env, const Failure&, size_t ready)>;

  Session(std::shared_ptr<heirloom::Model> model, std::unique_ptr<heirloom::Stream> stream, size_t input_bytes,
          size_t output_bytes);
  ~Session();

  void start(Napi::Env env);  // on the JavaScript thread, once
  void run(Napi::Env env, std::function<void(heirloom::Stream&)> work, Answer answer);
  Frame copy_input(const uint8_t* bytes);  // input_bytes of them
  void give_input(Frame&& frame);  // its bytes are no longer needed
  std::optional<heirloom::Ticks> pull(
      uint8_t* into);  // room for output_bytes; the frame's time, none: no frame is ready
  void cancel();  // the running job and all waiting ones end as cancelled
  void close();  // cancel, then let the thread end and the stream's memory go
  bool is_closed() const { return closed_; }

  const size_t input_bytes, output_bytes;

 private:
  struct Job {
    std::function<void(heirloom::Stream&)> work;
    Answer answer;
    bool cancelled = false;
  };
  Frame take(std::vector<Frame>& spare, size_t bytes);
  void loop();
  void stop();
  void report(std::unique_ptr<Job> job, Failure failure);

  std::shared_ptr<heirloom::Model> model_;  // outlives the stream
  std::unique_ptr<heirloom::Stream> stream_;
  Napi::ThreadSafeFunction to_javascript_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Job>> jobs_;  // guarded by mutex_
  struct Made {
    Frame frame;
    heirloom::Ticks time;
  };
  std::deque<Made> frames_;  // guarded by mutex_
  std::vector<Frame> spare_inputs_, spare_outputs_;  // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  bool closed_ = false;  // JavaScript thread only
  size_t outstanding_ = 0;  // JavaScript thread only: while > 0 the process stays alive
};

}  // namespace addon
