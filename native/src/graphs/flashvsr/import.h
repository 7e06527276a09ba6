// FlashVSR's published files: what lies in a folder of them, read from headers and hashes (inspect.cpp), and one pass over them, tensor by
// tensor, into a folder that the graph loads directly (import.cpp).
#pragma once
#include <string>

#include "importer.h"

namespace heirloom {

const Importer& flashvsr_importer();  // "flashvsr"

// Importer::inspect of it.
Inspection inspect_flashvsr(const std::string& folder, const InspectOptions& options, const Progress& progress);

}  // namespace heirloom
