// What a model does with a stream of pictures, whole ones or parts of them: N in, N out, in order, each as soon as it can be.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "ops.h"

namespace heirloom {

// A picture [3, H, W] in [-1, 1], made on the device whenever it is looked at: whoever waits for many need not hold them.
using Look = std::function<Tensor()>;

class PictureStream {
 public:
  virtual ~PictureStream() = default;
  virtual void take(Look picture) = 0;  // the next one
  virtual void flush() = 0;  // no more pictures: emit everything
  virtual void forget() = 0;  // drop all state
};

// Takes a finished picture [3, H, W] on the device.
using Emit = std::function<void(Tensor picture)>;

// Where a picture lies in the whole one: its size and its first row and column, all multiples of the model's padding.
struct Place {
  int64_t height, width, row = 0, column = 0;
};
using MakePictures = std::function<std::unique_ptr<PictureStream>(Ops& ops, const Place& place, Emit emit)>;

}  // namespace heirloom
