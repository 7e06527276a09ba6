#include "kinds.h"

#include "graphs/flashvsr/import.h"
#include "graphs/flashvsr/model.h"
#include "graphs/motion/model.h"
#include "graphs/residual/model.h"
#include "graphs/small/model.h"

namespace heirloom {

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> list = {{"heirloom-small", make_small_model, nullptr, nullptr, nullptr},
                                         {"flashvsr", make_flashvsr_model, &flashvsr_importer(), nullptr, nullptr},
                                         {"heirloom-motion", nullptr, nullptr, make_motion_model, nullptr},
                                         {"residual-codec", nullptr, nullptr, nullptr, make_residual_model}};
  return list;
}

}  // namespace heirloom
