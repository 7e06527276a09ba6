#include "graphs/flashvsr/memory.h"

#include <algorithm>
#include <cmath>

#include "check.h"
#include "graphs/flashvsr/graph.h"
#include "graphs/stream/tiled_pictures.h"
#include "planning/frames_in.h"

namespace heirloom {

namespace {

constexpr double kFirstFrames = FlashVsr::kFirstFrames, kFirstLatents = FlashVsr::kFirstLatents, kUnshuffled = 768;
constexpr int64_t kMultiple = FlashVsr::kMultiple;

int64_t round_up(int64_t n) { return (n + kMultiple - 1) / kMultiple * kMultiple; }

size_t bytes(double floats, size_t each) { return static_cast<size_t>(floats * static_cast<double>(each)); }

// Of one layer: what can wait in the computer's memory.
double layer_floats(const FlashVsrFacts& f) { return 6 * f.dim * f.dim + 2 * f.dim * f.ffn; }

constexpr double kPicture = 3 * 4, kFloat = 4;  // bytes per pixel of a picture; pictures are float32 everywhere

// Beside what is remembered, of a chunk after the first: what is alive at each step is listed where it is the most. In bytes.
double projecting(const FlashVsrFacts& f, double P, double tokens, double number) {
  const double waiting = tokens * f.dim, u = 6 * kUnshuffled * tokens;  // one latent's tokens wait for the other's
  const double conv1 =
      u + tokens *
              (f.hidden1 +
               std::max(2 * f.hidden1,
                        f.hidden1 +
                            4 * kUnshuffled));  // the output and its norm; or (compute capability 9.0) the padded input
  const double conv2 = tokens * (2 * f.hidden1 + std::max(2 * f.hidden2, f.hidden2 + 4 * f.hidden1));  // likewise
  return std::max({2 * kPicture * P + u * number, number * (waiting + conv1), number * (waiting + conv2)});
}

// L tokens in segments of S; own: the chunk's own keys and values, where they are not counted as remembered.
double transforming(const FlashVsrFacts& f, double L, double S, double own, const MemoryMode& mode) {
  const double number = static_cast<double>(mode.number_bytes), D = f.dim;
  const double earlier =
      mode.cache_bytes < mode.number_bytes ? 2 * f.kv_segments * S * D : 0;  // dequantised while they are attended to
  const double windows = S / 128, keys = f.kv_segments + 1, near = std::min(windows, f.near_windows);
  const double lists = f.dim / 128 * (L / 128) * near * keys * 8 +
                       (keys + L / S) * windows * D * kFloat;  // probabilities and kept windows; means
  const double projected = L * D * 3 + own;  // x, its norm, a product; or x, q, the result
  const double attending = L * D * 3 + own + earlier;
  const double pieces = std::ceil(L / Transformer::kPiece), piece = std::min(L, std::ceil(L / pieces / 128) * 128);
  const double feeding = L * D + piece * (2 * D + f.ffn * (mode.product_bytes < mode.number_bytes ? 1.5 : 1));
  const double noise = L * 64;  // in three forms; float32
  return number * std::max({projected, attending, feeding}) + lists + noise * kFloat;
}

double decoding(const FlashVsrFacts& f, double height, double P, double frame, double number) {
  const double A = f.channels[0] / 64, B = f.channels[1] / 16, C = f.channels[2] / 4, E = f.channels[3];  // per pixel
  const double latents = kFirstLatents * f.latent_channels / 64, condition = 12 + f.latent_channels / 64;
  if (f.decoder_work > 0) return number * P * (latents + f.decoder_work) + 4 * kPicture * P + frame;
  const double bands = std::max(1.0, std::floor(P / 4 / TcDecoder::kBandPixels)),
               band = bands > 1 ? 1 / bands + 12 / height : 1;
  const double remembering = bands > 1 ? B + C + 2 * C * band : B + 3 * C;
  const double full = std::min(1.0, static_cast<double>(TcDecoder::kBandRows) / height);
  const double finishing = number * (B + C) + std::max(number * (2 * E * full + 3), 2 * kPicture);
  return number * latents * P + std::max({4 * kPicture * P + number * P * condition,
                                          number * P * std::max({3 * condition, 4 * A, A + 3 * B, remembering}),
                                          P * finishing, number * P * (B + C) + frame});
}

// frame: bytes that a finished picture of the whole size takes until it is packed.
Footprint need_of(const FlashVsrFacts& f, double height, double width, double frame, const MemoryMode& mode) {
  const double P = height * width, tokens = P / 256, L = kFirstLatents * tokens, S = f.window_latents * tokens;
  const double number = static_cast<double>(mode.number_bytes), A = f.channels[0] / 64, B = f.channels[1] / 16,
               C = f.channels[2] / 4;
  const double decoder = number * P * (f.decoder_state > 0 ? f.decoder_state : 3 * (A + B + C)),
               projection = number * 2 * tokens * f.hidden1;

  Footprint footprint;
  const double layers = f.layers * layer_floats(f), product = static_cast<double>(mode.product_bytes);
  const double on_card =
      mode.streams_weights ? std::min(f.layers, 2.0) * layer_floats(f) : layers;  // one at work, one on its way
  footprint.host_weights = static_cast<size_t>(mode.streams_weights ? layers * product : 0);
  footprint.weights = static_cast<size_t>((f.floats - layers) * number + on_card * product);
  footprint.cache = bytes(std::max(f.kv_segments, L / S) * f.layers * 2 * S * f.dim, mode.cache_bytes);
  footprint.remembered = static_cast<size_t>(decoder + projection);
  // In the first chunk the decoder remembers nothing yet while the transformer works.
  const double own = 2 * f.dim,
               first = transforming(f, L, S, mode.cache_bytes < mode.number_bytes ? L * own : 0, mode) - decoder;
  footprint.work = static_cast<size_t>(std::max({projecting(f, P, tokens, number), transforming(f, S, S, S * own, mode),
                                                 first, decoding(f, height, P, frame, number)}));
  return footprint;
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
  const double D = f.dim, text = 4096 * D + D + D * D + D, time = 256 * D + D + D * D + D + 6 * (D * D + D),
               cross = 2 * (D * D + D) + D;
  const double transformer = 1418996800, projection = 287845888, decoder = 45338371;
  f.floats =
      transformer - text - time - f.layers * cross + f.layers * 2 * 512 * D + projection + decoder;  // constants folded
  return f;
}

double flashvsr_operations(const FlashVsrFacts& f, double pixels) {
  const double tokens = pixels / 256, latents = f.window_latents, L = latents * tokens, D = f.dim;
  const double project = 36 * tokens * (4 * f.hidden1 * kUnshuffled + 2 * f.hidden2 * f.hidden1) + L * f.hidden2 * D;
  const double layer = L * (6 * D * D + 2 * D * f.ffn + 2 * 512 * D + 2 * f.kept_windows * 128 * D);
  const double a = f.channels[0], b = f.channels[1], c = f.channels[2], e = f.channels[3];
  const double decode =
      latents * pixels *
      (((12 * f.latent_channels + 4 * 192 - 11 * f.latent_channels) * a + 13 * a * a) * 9 /
           64 +  // 784 -> a, a -> a, three blocks of 4 a a
       (a * a / 9 + a * b + 12 * b * b) * 9 / 16 +
       2 * (2 * b * b / 9 + b * c + 12 * c * c) * 9 / 4 + 4 * (c * c / 9 / 4 + c * e + e * e + 3 * e) * 9);
  return 2 * (project + f.layers * layer + decode);
}

ModelNeeds flashvsr_needs(const FlashVsrFacts& facts, const StreamOptions& o, bool is_card) {
  ModelNeeds needs;
  needs.size = in_words(o.input);
  needs.scale = o.scale;
  needs.height = round_up(o.output.height);
  needs.width = round_up(o.output.width);
  needs.unit = {kMultiple, kMultiple};
  const double in = 3.0 * o.input.width * o.input.height, packed = static_cast<double>(o.output.bytes());
  if (o.strength == 0.0f) {  // the resized input, without the model
    needs.unit = {needs.height, needs.width};
    needs.frames = bytes(in + 6.0 * o.output.width * o.output.height, 4) + static_cast<size_t>(2 * packed);
    needs.footprint = [facts](int64_t, int64_t, const MemoryMode& mode) {
      return Footprint{bytes(facts.floats, mode.number_bytes), 0, 0, 0, 0};
    };
    return needs;
  }
  const double P = static_cast<double>(needs.height) * static_cast<double>(needs.width);
  const double fixed = kPicture * o.output.width * o.output.height *
                       (o.colour == ColourFix::wavelet ? 6
                        : o.detail > 0.0f              ? 5
                                                       : 3);
  const double frame = std::max(fixed, kPicture * P + kPicture * o.output.width * o.output.height);
  needs.frames = bytes(in, 4) + (is_card ? frames_in(o.input.bytes()) : 12) * o.input.bytes() +
                 static_cast<size_t>(3 * packed);  // packed frames on their way in and out
  needs.waiting_frames =
      static_cast<size_t>((kFirstFrames + 1) * packed + (kFirstFrames + 4 + 8) * static_cast<double>(o.input.bytes()));
  needs.part_frames = bytes(3 * P * (kFirstFrames + kFirstFrames + 4 + TiledPictures::kStep), 4);
  needs.operations = flashvsr_operations(facts, P);
  needs.has_layers_to_stream = true;
  needs.footprint = [facts, frame](int64_t height, int64_t width, const MemoryMode& mode) {
    return need_of(facts, static_cast<double>(height), static_cast<double>(width), frame, mode);
  };
  return needs;
}

}  // namespace heirloom
