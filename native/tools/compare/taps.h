// Intermediate results by name, and golden tensors' ways of arranging them.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "graphs/parts/taps.h"
#include "ops.h"

namespace compare {

using Found = std::map<std::string, heirloom::Tensor>;   // our taps on the host, by golden name

// Taps that put everything into found, under prefix + name; masks as [heads, queries, keys] of 0 and 1.
heirloom::Taps collect(heirloom::Ops& ops, Found& found, const std::string& prefix);

bool ends_with(const std::string& text, const std::string& end);
bool exists(const std::string& path);

heirloom::Tensor channels_first(const heirloom::Tensor& v);          // [f, H/8 * W/8, C] -> [1, C, f, H/8 * W/8]
heirloom::Tensor first_and_last(const heirloom::Tensor& windows);    // [N, tokens, D] -> [2, tokens, D]
heirloom::Tensor stride8(const std::vector<heirloom::Tensor>& frames);   // T x [3, H, W] -> [3, T, H/8, W/8]
heirloom::Tensor to_bytes(const heirloom::Tensor& picture);  // trunc(clip((y + 1) * 127.5, 0, 255)) as [H, W, 3]
heirloom::Tensor planes_first(const heirloom::Tensor& map);  // [H, W, C] -> [C, H, W]

}  // namespace compare
