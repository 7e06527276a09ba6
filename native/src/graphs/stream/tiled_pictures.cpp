#include "graphs/stream/tiled_pictures.h"

#include <algorithm>
#include <utility>

namespace heirloom {

TiledPictures::TiledPictures(Ops& ops, const TileGrid& grid, const MakePictures& make, Emit emit)
    : ops_(ops),
      height_(grid.rows.back().first + grid.height()),
      width_(grid.columns.back().first + grid.width()),
      emit_(std::move(emit)) {
  const std::vector<std::vector<float>> down = feather(grid.rows), across = feather(grid.columns);
  parts_.reserve(grid.count());                       // their streams point at them
  for (size_t r = 0; r < grid.rows.size(); ++r)
    for (size_t c = 0; c < grid.columns.size(); ++c) {
      parts_.push_back(
          {{grid.height(), grid.width(), grid.rows[r].first, grid.columns[c].first}, down[r], across[c], nullptr});
      Part& part = parts_.back();
      part.stream =
          make(ops, part.place, [this, &part](const Tensor& picture, Ticks time) { add(part, picture, time); });
    }
}

void TiledPictures::take(Look picture, Ticks time) {
  const Tensor host = ops_.memory.download(picture());
  waiting_.push_back({host, time});
  if (waiting_.size() == kStep) work();
}

void TiledPictures::flush() {
  work();
  for (Part& part : parts_) part.stream->flush();
}

void TiledPictures::forget() {
  for (Part& part : parts_) {
    part.stream->forget();
    part.given = 0;
  }
  waiting_.clear();
  finished_.clear();
}

// One part after the other, so that only one is at work at a time. A part holds the whole pictures that it may look at again, which all share.
void TiledPictures::work() {
  for (Part& part : parts_)
    for (const Timed& whole : waiting_)
      part.stream->take([this, picture = whole.picture, at = part.place] { return cut(picture, at); }, whole.time);
  waiting_.clear();
}

Tensor TiledPictures::cut(const Tensor& whole, const Place& at) {
  Tensor part = Tensor::heap({3, at.height, at.width});
  for (int64_t plane = 0; plane < 3; ++plane)
    for (int64_t y = 0; y < at.height; ++y) {
      const float* from = whole.data() + (plane * height_ + at.row + y) * width_ + at.column;
      std::copy(from, from + at.width, part.data() + (plane * at.height + y) * at.width);
    }
  return ops_.memory.upload(part);
}

void TiledPictures::add(Part& part, const Tensor& picture, Ticks time) {
  const Place& at = part.place;
  const Tensor host = ops_.memory.download(picture);
  if (part.given == finished_.size()) finished_.push_back({Tensor::zeros({3, height_, width_}), time});
  Timed& made = finished_[part.given++];
  CHECK(made.time == time, "the parts of a picture have different times");
  Tensor& sum = made.picture;
  for (int64_t plane = 0; plane < 3; ++plane)
    for (int64_t y = 0; y < at.height; ++y) {
      const float *from = host.data() + (plane * at.height + y) * at.width, row = part.down[static_cast<size_t>(y)];
      float* to = sum.data() + (plane * height_ + at.row + y) * width_ + at.column;
      for (int64_t x = 0; x < at.width; ++x) to[x] += row * part.across[static_cast<size_t>(x)] * from[x];
    }
  if (&part != &parts_.back()) return;                // the last part completes the oldest picture
  const Tensor whole = ops_.memory.upload(sum);
  finished_.pop_front();
  for (Part& other : parts_) --other.given;
  emit_(whole, time);
}

}  // namespace heirloom
