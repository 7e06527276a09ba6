// What a model does with a stream of pictures, whole ones or parts of them: pictures with their times in, those that it makes of them out, in the
// order of their times, each as soon as it can be.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "heirloom.h"
#include "ops.h"

namespace heirloom {

// A picture [3, H, W] in [-1, 1], made on the device whenever it is looked at: whoever waits for many need not hold them.
using Look = std::function<Tensor()>;

class PictureStream {
 public:
  virtual ~PictureStream() = default;
  virtual void take(Look picture, Ticks time) = 0;  // the next one
  virtual void flush() = 0;  // no more pictures: emit everything
  virtual void forget() = 0;  // drop all state
};

// Takes a finished picture [3, H, W] on the device.
using Emit = std::function<void(Tensor picture, Ticks time)>;

// The times of pictures that come out one for one: those of the ones that went in, in their order.
class OneForOne {
 public:
  void in(Ticks time) { times_.push_back(time); }
  Ticks out() {
    CHECK(!times_.empty(), "the model made more pictures than went in");
    const Ticks time = times_.front();
    times_.pop_front();
    return time;
  }
  void forget() { times_.clear(); }

 private:
  std::deque<Ticks> times_;
};

// Where a picture lies in the whole one: its size and its first row and column, all multiples of the model's padding.
struct Place {
  int64_t height, width, row = 0, column = 0;
};
using MakePictures = std::function<std::unique_ptr<PictureStream>(Ops& ops, const Place& place, Emit emit)>;

}  // namespace heirloom
