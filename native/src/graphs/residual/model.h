// residual-codec as a StillCodec of heirloom.h: loading, memory plan, pictures to bytes and back.
#pragma once
#include <memory>
#include <string>

#include "graphs/residual/graph.h"
#include "heirloom.h"

namespace heirloom {

// folder: where model.json (already parsed) and its weight file lie.
std::shared_ptr<StillCodec> make_residual_model(const std::string& folder, const Json& model_json,
                                                const LoadOptions& options);

// The packed weights alone, for the comparison with goldens.
ResidualWeights load_residual_weights(Ops& ops, const std::string& folder, const Json& model_json);

// Of a picture as the graph wants it: multiples of 64.
struct ResidualSize {
  int64_t height, width;
};
ResidualSize residual_size(int64_t height, int64_t width);

// Numbers a pixel of a part that are alive at one time, on the device and beside it: while its latents are found, while it is shown faithfully, and with a
// residual.
struct ResidualNumbers {
  double analysis, faithful, residual;
};
ResidualNumbers residual_numbers(const ResidualConfig& config);

// Pixels along a side of the parts that large pictures are worked on in, a multiple of the tiles', or 0: as usual. For tests; the bits do not depend on it.
void work_in_parts_of(int64_t side);

}  // namespace heirloom
