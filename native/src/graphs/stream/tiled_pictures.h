// Pictures in overlapping parts: every part has a stream of the model's own, all on one backend with one set of weights; what comes
// out is faded together on the computer's side. Knows neither the model nor the backend.
#pragma once
#include <deque>
#include <vector>

#include "graphs/stream/picture_stream.h"
#include "planning/tiles.h"

namespace heirloom {

class TiledPictures final : public PictureStream {
 public:
  TiledPictures(Ops& ops, const TileGrid& grid, const MakePictures& make, Emit emit);
  void take(Look picture, Ticks time) override;
  void flush() override;
  void forget() override;

  static constexpr size_t kStep = 4;  // pictures that go through one part before the next: both models work by four

 private:
  struct Part {
    Place place;
    std::vector<float> down, across;  // weights of its rows and columns
    std::unique_ptr<PictureStream> stream;
    size_t given = 0;  // pictures it has finished of those in finished_
  };
  void work();
  Tensor cut(const Tensor& whole, const Place& at);
  void add(Part& part, const Tensor& picture, Ticks time);

  Ops& ops_;
  int64_t height_, width_;
  Emit emit_;
  std::vector<Part> parts_;
  struct Timed {
    Tensor picture;  // [3, H, W]
    Ticks time;
  };
  std::vector<Timed> waiting_;  // for all parts
  std::deque<Timed> finished_;  // sums, begun by the first part, emitted after the last
};

}  // namespace heirloom
