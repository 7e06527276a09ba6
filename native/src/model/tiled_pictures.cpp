#include "model/tiled_pictures.h"

#include <algorithm>
#include <utility>

namespace heirloom {

TiledPictures::TiledPictures(Ops& ops, const TileGrid& grid, bool keeps_input, const MakePictures& make, Emit emit)
    : ops_(ops), height_(grid.rows.back().first + grid.height()), width_(grid.columns.back().first + grid.width()), keeps_input_(keeps_input), emit_(std::move(emit)) {
  const std::vector<std::vector<float>> down = feather(grid.rows), across = feather(grid.columns);
  parts_.reserve(grid.count());                       // their streams point at them
  for (size_t r = 0; r < grid.rows.size(); ++r)
    for (size_t c = 0; c < grid.columns.size(); ++c) {
      parts_.push_back({{grid.height(), grid.width(), grid.rows[r].first, grid.columns[c].first}, down[r], across[c], nullptr});
      Part& part = parts_.back();
      part.stream = make(ops, part.place, [this, &part](const Tensor& picture, const Tensor&) { add(part, picture); });
    }
}

Tensor TiledPictures::fresh() {
  if (spare_.empty()) return Tensor::heap({3, height_, width_});
  Tensor picture = std::move(spare_.back());
  spare_.pop_back();
  return picture;
}

void TiledPictures::take(const Tensor& picture) {
  Tensor copy = fresh();
  const Tensor host = ops_.download(picture);
  std::copy(host.data(), host.data() + host.count(), copy.data());
  waiting_.push_back(copy);
  if (keeps_input_) inputs_.push_back(std::move(copy));
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
  inputs_.clear();
}

// One part after the other, so that only one is at work at a time.
void TiledPictures::work() {
  for (Part& part : parts_) {
    const Place& at = part.place;
    Tensor cut = Tensor::heap({3, at.height, at.width});
    for (const Tensor& whole : waiting_) {
      for (int64_t plane = 0; plane < 3; ++plane)
        for (int64_t y = 0; y < at.height; ++y) {
          const float* from = whole.data() + (plane * height_ + at.row + y) * width_ + at.column;
          std::copy(from, from + at.width, cut.data() + (plane * at.height + y) * at.width);
        }
      part.stream->take(ops_.upload(cut));
    }
  }
  for (Tensor& whole : waiting_)
    if (!keeps_input_) spare_.push_back(std::move(whole));
  waiting_.clear();
}

void TiledPictures::add(Part& part, const Tensor& picture) {
  const Place& at = part.place;
  const Tensor host = ops_.download(picture);
  if (part.given == finished_.size()) {
    finished_.push_back({fresh(), {}});
    Tensor& sum = finished_.back().sum;
    std::fill(sum.data(), sum.data() + sum.count(), 0.0f);
    if (keeps_input_) {
      finished_.back().input = std::move(inputs_.front());
      inputs_.pop_front();
    }
  }
  Finished& one = finished_[part.given++];
  for (int64_t plane = 0; plane < 3; ++plane)
    for (int64_t y = 0; y < at.height; ++y) {
      const float *from = host.data() + (plane * at.height + y) * at.width, row = part.down[static_cast<size_t>(y)];
      float* to = one.sum.data() + (plane * height_ + at.row + y) * width_ + at.column;
      for (int64_t x = 0; x < at.width; ++x) to[x] += row * part.across[static_cast<size_t>(x)] * from[x];
    }
  if (&part != &parts_.back()) return;                // the last part completes the oldest picture
  const Tensor whole = ops_.upload(one.sum);
  emit_(whole, keeps_input_ ? ops_.upload(one.input) : whole);
  spare_.push_back(std::move(one.sum));
  if (keeps_input_) spare_.push_back(std::move(one.input));
  finished_.pop_front();
  for (Part& other : parts_) --other.given;
}

}  // namespace heirloom
