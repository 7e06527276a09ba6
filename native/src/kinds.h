// The kinds of model there are. A new one is a folder of graphs/ and a line in kinds.cpp.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "heirloom.h"
#include "importer.h"
#include "weights/json.h"

namespace heirloom {

struct Kind {
  std::string graph;                                  // as model.json names it
  // Null: such models make no frames for frames. model_json: null for a folder of published files, which only kinds with an importer are asked about.
  std::shared_ptr<Model> (*load)(const std::string& folder, const Json* model_json, const LoadOptions& options);
  const Importer* importer;  // null: nobody publishes such weights in files of their own
  // Null: such models make no frames between frames.
  std::shared_ptr<Interpolator> (*load_interpolator)(const std::string& folder, const Json& model_json,
                                                     const LoadOptions& options);
  // Null: such models make no bytes of pictures.
  std::shared_ptr<StillCodec> (*load_still_codec)(const std::string& folder, const Json& model_json,
                                                  const LoadOptions& options);
};
const std::vector<Kind>& kinds();

}  // namespace heirloom
