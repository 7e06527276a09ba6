// What a model states of itself in model.json, read strictly, and what engine.json knows of a graph whose models state nothing.
#pragma once
#include <string>
#include <vector>

#include "device.h"
#include "heirloom.h"
#include "weights/json.h"

namespace heirloom {

// where: what is read, for the error sentence. Throws weights-corrupt for what makes no sense, weights-unsupported for what is not known here.
Contract read_contract(const Json& stated, const std::string& where);

// The scales that model.json lists, each once: those that a film can ask for. Throws weights-unsupported and weights-corrupt.
std::vector<int> read_scales(const Json& model_json, const std::string& where);

// What model.json says a pixel costs, where it does: the product tells times by it. Throws weights-unsupported.
void check_cost(const Json& model_json, const std::string& where);

// Of a model of this graph, one of engine.json's. model_json: null for published files. Throws as read_contract, and
// weights-unsupported for what the graph does not do.
Contract contract_of(const Json* model_json, const std::string& graph, const std::string& where);

// The same as the text of a member of model.json, for importers: "\"contract\": {...}".
std::string contract_text(const std::string& graph);

// Where and how a model computes. Throws bad-argument for an arithmetic that the model does not state.
DeviceOptions device_of(const LoadOptions& options, const Contract& contract, const std::string& model);

}  // namespace heirloom
