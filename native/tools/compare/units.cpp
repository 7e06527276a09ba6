// Single functions of the FlashVSR pipeline against units.safetensors: colour fixes, rotations, the Wan VAE.
#include <cstring>

#include "compare.h"

namespace compare {

using namespace heirloom;

namespace {

void colours(Ops& ops, const Weights& units, Table& table) {
  if (!units.has("color.hq") || !units.has("color.lq")) return;
  const Tensor hq = units.get("color.hq"), lq = units.get("color.lq");   // [1, 3, T, H, W]
  const int64_t T = hq.shape[2], H = hq.shape[3], W = hq.shape[4], plane = H * W;
  const auto frame = [&](const Tensor& clip, int64_t t) {
    Tensor picture = Tensor::heap({3, H, W});
    for (int64_t c = 0; c < 3; ++c)
      std::memcpy(picture.data() + c * plane, clip.data() + (c * T + t) * plane, static_cast<size_t>(plane) * 4);
    return ops.memory.upload(picture);
  };
  for (const char* kind : {"adain", "wavelet"}) {
    const std::string name = std::string("color.") + kind;
    if (!units.has(name)) continue;
    Tensor ours = Tensor::heap(hq.shape);
    for (int64_t t = 0; t < T; ++t) {
      const Tensor y =
          ops.memory.download(std::string(kind) == "adain" ? ops.pictures.adain(frame(hq, t), frame(lq, t))
                                                           : ops.pictures.wavelet_colour(frame(hq, t), frame(lq, t)));
      for (int64_t c = 0; c < 3; ++c)
        std::memcpy(ours.data() + (c * T + t) * plane, y.data() + c * plane, static_cast<size_t>(plane) * 4);
    }
    table.relative(name, ours, units.get(name), table.bars().colour);
  }
}

void rotations(Ops& ops, const Weights& units, Table& table) {
  // The rotation of the vector (1, 0) in every pair gives (cos, sin).
  const Rope rope{1, {44, 42, 42}, 10000.0};
  int64_t at = 0;
  for (size_t axis = 0; axis < 3; ++axis) {
    const std::string name = std::string("rope.") + "fhw"[axis];
    const int64_t pairs = rope.dims[axis] / 2;
    if (units.has(name)) {
      const Tensor golden = units.get(name);          // [positions, pairs, 2]
      const int64_t n = golden.shape[0];
      Grid grid;
      grid.f = axis == 0 ? n : 1;
      grid.h = axis == 1 ? n : 1;
      grid.w = axis == 2 ? n : 1;
      Tensor x = Tensor::zeros({n, 128});
      for (int64_t i = 0; i < n * 64; ++i) x.data()[2 * i] = 1;
      Tensor turned = ops.memory.upload(x);
      ops.attention.rope(turned, grid, rope, 0);
      turned = ops.memory.download(turned);
      Tensor ours = Tensor::heap(golden.shape);
      for (int64_t p = 0; p < n; ++p)
        std::memcpy(ours.data() + p * pairs * 2, turned.data() + p * 128 + at * 2, static_cast<size_t>(pairs) * 8);
      table.relative(name, ours, golden, table.bars().taps);
    }
    at += pairs;
  }
}

// z [1, 16, T, H/8, W/8] -> frames [1, 3, 4T - 3, H, W], latent by latent.
void vae(Ops& ops, const std::string& folder, const Weights& units, Table& table) {
  if (!units.has("vae.z")) return;
  Weights weights;
  weights.open(folder + "/wan_vae.safetensors");
  const Tensor z = units.get("vae.z"), golden = units.get("vae.frames");
  const int64_t C = z.shape[1], T = z.shape[2], h = z.shape[3], w = z.shape[4], frames = golden.shape[2],
                plane = golden.shape[3] * golden.shape[4];
  const WanVae decoder(ops, weights, C);
  WanVaeState state;
  Tensor ours = Tensor::heap(golden.shape);
  int64_t made = 0;
  for (int64_t t = 0; t < T; ++t) {
    Tensor latent = Tensor::heap({h, w, C});
    for (int64_t c = 0; c < C; ++c)
      for (int64_t i = 0; i < h * w; ++i) latent.data()[i * C + c] = z.data()[(c * T + t) * h * w + i];
    for (const Tensor& picture : decoder.forward(ops, ops.memory.upload(latent), state)) {
      const Tensor host = ops.memory.download(picture);
      for (int64_t c = 0; c < 3 && made < frames; ++c)
        std::memcpy(ours.data() + (c * frames + made) * plane, host.data() + c * plane, static_cast<size_t>(plane) * 4);
      ++made;
    }
  }
  table.line("vae: frames", str(golden.shape), str(made), str(frames), made == frames);
  if (table.bars().frames > 0) table.absolute("vae.frames", ours, golden, 1e-4);
  else table.picture("vae.frames", ours, golden);
}

}  // namespace

void compare_units(Ops& ops, const std::string& folder, Table& table) {
  if (!exists(folder + "/units.safetensors")) return;
  Weights units;
  units.open(folder + "/units.safetensors");
  colours(ops, units, table);
  rotations(ops, units, table);
  vae(ops, folder, units, table);
}

}  // namespace compare
