#include "model/flashvsr_memory.h"

#include <algorithm>

#include "check.h"
#include "model/flashvsr.h"
#include "model/tiled_pictures.h"

namespace heirloom {

namespace {

constexpr double kFirstFrames = FlashVsr::kFirstFrames, kFirstLatents = FlashVsr::kFirstLatents, kUnshuffled = 768;
constexpr int64_t kMultiple = FlashVsr::kMultiple;

int64_t round_up(int64_t n) { return (n + kMultiple - 1) / kMultiple * kMultiple; }

size_t bytes(double floats, size_t each) { return static_cast<size_t>(floats * static_cast<double>(each)); }

// Of one layer, what can wait in the computer's memory.
double layer_floats(const FlashVsrFacts& f) { return 6 * f.dim * f.dim + 2 * f.dim * f.ffn + 9 * f.dim + f.ffn; }

Need need_of(const FlashVsrFacts& f, double height, double width, const Holding& holding) {
  const double P = height * width, tokens = P / 256, L = kFirstLatents * tokens, segment = f.window_latents * tokens;
  const double A = f.channels[0] / 64, B = f.channels[1] / 16, C = f.channels[2] / 4, E = f.channels[3];   // per pixel

  const double waiting = L * f.dim;                                                     // condition tokens
  const double pictures = 3 * P * (kFirstFrames + 4);                                   // low-quality pictures of a chunk and its look-ahead
  const double project = tokens * (8 * kUnshuffled + 4 * f.hidden1 + 3 * f.hidden2);
  const double attention = L * (4 * f.dim + 128) + segment * 2 * f.dim, feed = L * 2 * f.dim + segment * (2 * f.dim + f.ffn);
  const double transform = waiting + std::max(attention, feed) + L * 128;
  const double band = std::min(1.0, static_cast<double>(TcDecoder::kBandRows) / height);
  const double at_work = f.decoder_work > 0 ? f.decoder_work : std::max({4 * A + 24, A + 4 * B, 2 * B + 4 * C, 2 * B + 3 * C + band * (C + 3 * E) + 6});
  const double decode = 3 * P * kFirstFrames + P * (24 + at_work);

  Need need;
  const double streamed = holding.streams_weights ? f.layers * layer_floats(f) : 0;
  need.host_weights = bytes(streamed, holding.number_bytes);
  need.weights = bytes(f.floats - streamed + (holding.streams_weights ? 2 * layer_floats(f) : 0), holding.number_bytes);   // one at work, one on its way
  need.cache = bytes(std::max(f.kv_segments, kFirstLatents / f.window_latents) * f.layers * f.window_latents * 2 * tokens * f.dim, holding.cache_bytes);
  need.remembered = bytes((f.decoder_state > 0 ? f.decoder_state : 3 * (A + B + C)) * P + 2 * tokens * (kUnshuffled + f.hidden1), holding.number_bytes);
  need.work = bytes(pictures + std::max({waiting + project, transform, decode}), holding.number_bytes);
  return need;
}

}  // namespace

FlashVsrFacts published_flashvsr() {
  FlashVsrFacts f;
  f.layers = 30;
  f.dim = 1536;
  f.ffn = 8960;
  f.kv_segments = 3;
  f.hidden1 = 2048;
  f.hidden2 = 3072;
  f.channels = {512, 256, 128, 128};
  const double D = f.dim, text = 4096 * D + D + D * D + D, time = 256 * D + D + D * D + D + 6 * (D * D + D), cross = 2 * (D * D + D) + D;
  const double transformer = 1418996800, projection = 287845888, decoder = 45338371;
  f.floats = transformer - text - time - f.layers * cross + f.layers * 2 * 512 * D + projection + decoder;   // constants folded
  return f;
}

double flashvsr_operations(const FlashVsrFacts& f, double pixels) {
  const double tokens = pixels / 256, latents = f.window_latents, L = latents * tokens, D = f.dim;
  const double project = 36 * tokens * (4 * f.hidden1 * kUnshuffled + 2 * f.hidden2 * f.hidden1) + L * f.hidden2 * D;
  const double layer = L * (6 * D * D + 2 * D * f.ffn + 2 * 512 * D + 2 * f.kept_windows * 128 * D);
  const double a = f.channels[0], b = f.channels[1], c = f.channels[2], e = f.channels[3];
  const double decode = latents * pixels * (((12 * f.latent_channels + 4 * 192 - 11 * f.latent_channels) * a + 13 * a * a) * 9 / 64 +   // 784 -> a, a -> a, three blocks of 4 a a
                                            (a * a / 9 + a * b + 12 * b * b) * 9 / 16 + 2 * (2 * b * b / 9 + b * c + 12 * c * c) * 9 / 4 +
                                            4 * (c * c / 9 / 4 + c * e + e * e + 3 * e) * 9);
  return 2 * (project + f.layers * layer + decode);
}

ModelNeeds flashvsr_needs(const FlashVsrFacts& facts, const StreamOptions& o) {
  ModelNeeds needs;
  needs.what = "a stream of " + str(o.input.width) + "x" + str(o.input.height) + " at x" + str(o.scale);
  needs.height = round_up(o.output.height);
  needs.width = round_up(o.output.width);
  needs.unit = {kMultiple, kMultiple};
  const double in = 3.0 * o.input.width * o.input.height, packed = static_cast<double>(o.output.bytes());
  if (o.strength == 0.0f) {                                                             // the resized input, without the model
    needs.unit = {needs.height, needs.width};
    needs.frames = bytes(in + 6.0 * o.output.width * o.output.height, 4) + static_cast<size_t>(2 * packed);
    needs.need = [facts](int64_t, int64_t, const Holding& holding) { return Need{bytes(facts.floats, holding.number_bytes), 0, 0, 0, 0}; };
    return needs;
  }
  const double P = static_cast<double>(needs.height) * static_cast<double>(needs.width);
  needs.frames = bytes((o.detail > 0.0f ? 12 : 3) * P + in, 4) + static_cast<size_t>((kFirstFrames + 1) * packed);
  const bool keeps_input = o.colour != ColourFix::none || o.detail > 0.0f;
  needs.part_frames = bytes(3 * P * (kFirstFrames + (keeps_input ? kFirstFrames + 4 + TiledPictures::kStep : TiledPictures::kStep) + 4), 4);
  needs.operations = flashvsr_operations(facts, P);
  needs.need = [facts](int64_t height, int64_t width, const Holding& holding) { return need_of(facts, static_cast<double>(height), static_cast<double>(width), holding); };
  return needs;
}

}  // namespace heirloom
