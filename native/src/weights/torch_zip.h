// Reader of torch.save files: an uncompressed ZIP with a pickle that rebuilds tensors from raw storages.
// The pickle runs on a whitelist: dictionaries, lists, tuples, numbers, texts, tensors and storages. Anything else is refused;
// no code of the file is ever run.
#pragma once
#include <memory>
#include <vector>

#include "weights/weight_file.h"

namespace heirloom {

bool looks_like_torch(
    const MappedFile& file);  // a ZIP, or the old torch format (which read_torch refuses with a sentence)

// A flat dictionary gives its names; a file that is one bare tensor gives one entry with the name "".
std::vector<Entry> read_torch(const std::shared_ptr<const MappedFile>& file);

}  // namespace heirloom
