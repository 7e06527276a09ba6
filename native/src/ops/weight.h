// Weights as a backend holds them: opaque to whoever writes a model.
#pragma once
#include <memory>
#include <vector>

namespace heirloom {

// Weights in the backend's own arrangement, made once by pack_*; kernels of another backend refuse them.
struct Packed {
  virtual ~Packed() = default;
  virtual bool is_waiting() const { return false; }   // beside the device, for its layer's turn
};
// The weights of one layer of a model, which may wait beside the device.
using Layer = std::vector<std::shared_ptr<const Packed>>;

}  // namespace heirloom
