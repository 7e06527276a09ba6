// What models state of themselves: read strictly, as the product reads it, and known by the graph where they state nothing.
#include "contract.h"

#include <fstream>
#include <iterator>

#include "check_test.h"
#include "device.h"
#include "graphs/small/config.h"
#include "small_fixture.h"
#include "stream_fixture.h"

using namespace heirloom;
using small_fixture::Folder;

namespace {

const Json& cases() {
  static const Json json = Json::read_file(HL_ROOT "/test/fixtures/contracts/cases.json");
  return json;
}

std::string message(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) { return error.code + ": " + error.what(); }
  return "";
}

// A model.json of random weights that states this.
std::string stating(const std::string& contract) {
  std::string text = small_fixture::model_json({});
  return text.insert(text.find(",\"config\""), ",\"contract\":" + contract);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The object behind "contract": that an importer writes.
std::string own(const std::string& graph) {
  const std::string text = contract_text(graph);
  return text.substr(text.find('{'));
}

}  // namespace

TEST("what the product takes is taken, what it refuses is refused, by the place where it stands") {
  for (const Json& good : cases().at("good").array()) read_contract(good, "contract");
  size_t refused = 0;
  for (const Json& wrong : cases().at("wrong").array()) {
    const std::string place = wrong.at("place").string(),
                      told = message([&] { read_contract(wrong.at("contract"), "contract"); });
    const std::string at = place.substr(0, place.find(".1"));  // an element of a list is told by its list
    EXPECT(told.find("contract" + (at.empty() ? "" : "." + at)) != std::string::npos);
    refused += told.rfind("weights-", 0) == 0;
  }
  EXPECT(refused == cases().at("wrong").array().size() && refused > 20);
  EXPECT(message([] { read_contract(Json(), "contract"); }) == "weights-corrupt: contract must be an object.");
}

TEST("scales, layers and cost that the product refuses are refused here, by the place where they stand") {
  const Json changes = Json::read_file(HL_ROOT "/test/fixtures/contracts/descriptions.json");
  std::ifstream file(HL_ROOT "/test/fixtures/heirloom-s-golden/model.json");
  const std::string own_text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto read = [&](const Json& change) {
    const std::string text = replaced(own_text, change.at("from").string(), change.at("to").string());
    return message([&] { read_small_config(Json::parse(text.data(), text.size(), "model.json"), "model.json"); });
  };
  for (const Json& good : changes.at("good").array()) EXPECT(read(good).empty());
  size_t refused = 0;
  for (const Json& wrong : changes.at("wrong").array()) {
    const std::string place = wrong.at("place").string(), told = read(wrong);
    refused += told.rfind("weights-", 0) == 0;
    EXPECT(told.find("\"" + place.substr(place.rfind('.') + 1) + "\"") != std::string::npos);
  }
  EXPECT(refused == changes.at("wrong").array().size() && refused >= 10);
}

TEST("a model that states nothing is what engine.json knows of its graph") {
  EXPECT(numerics() >= 1);
  for (const char* graph : {"heirloom-small", "flashvsr"}) {
    const Contract contract = contract_of(nullptr, graph, "model.json");
    EXPECT(contract.does == "enhance" && contract.time.out == 1 && contract.time.in == 1);
    EXPECT(contract.time.warmup % contract.time.chunk == 0 && contract.time.lookahead % contract.time.chunk == 0);
    EXPECT(contract.takes("strength", 0) && !contract.takes("strength", 0.5) && contract.takes("strength", 1));
  }
  small_fixture::Sizes trained;
  trained.strength = 8;
  trained.axes = 24;
  EXPECT(Model::load(Folder(trained).path.string())->info().contract.takes("strength", 0.5));
  EXPECT(!Model::load(Folder().path.string())->info().contract.takes("strength", 0.5));
}

TEST("what an importer writes is what the graph is") {
  const std::string text = "{" + contract_text("flashvsr") + "}";
  const Json json = Json::parse(text.data(), text.size(), "written");
  const Contract written = contract_of(&json, "flashvsr", "written"), known = contract_of(nullptr, "flashvsr", "");
  EXPECT(written.time.warmup == known.time.warmup && written.time.lookahead == known.time.lookahead);
  EXPECT(written.settings.size() == known.settings.size() && written.arithmetic == known.arithmetic);
  for (size_t i = 0; i < known.settings.size(); ++i) {
    const Setting &a = written.settings[i], &b = known.settings[i];
    EXPECT(a.name == b.name && a.kind == b.kind && a.from == b.from && a.to == b.to && a.of == b.of);
    EXPECT(a.otherwise == b.otherwise && a.means == b.means);
  }
}

TEST("a model may want other frames around it than its graph; what the graph does it cannot change") {
  const Folder folder;
  const auto told = [&](const std::string& from, const std::string& to) {
    folder.write_json(stating(replaced(own("heirloom-small"), from, to)));
    return message([&] { Model::load(folder.path.string()); });
  };
  EXPECT(told("\"warmup\": 16", "\"warmup\": 40") == "");
  EXPECT(Model::load(folder.path.string())->info().contract.time.warmup == 40);
  EXPECT(told("\"chunk\": 4", "\"chunk\": 8").rfind("weights-unsupported: model.json states", 0) == 0);
  EXPECT(told("enhance", "decode").rfind("weights-corrupt: model.json: contract.time.out must be", 0) == 0);
  const std::string graded = "\"kind\": \"number\", \"from\": 0, \"to\": 1";
  EXPECT(told("\"kind\": \"choice\", \"of\": [0, 1]", graded).find("were not trained") != std::string::npos);
}

TEST("a setting out of the range that a model states is a bad argument") {
  const Folder folder;
  folder.write_json(stating(replaced(own("heirloom-small"), "\"from\": 0, \"to\": 1,", "\"from\": 0, \"to\": 0.5,")));
  const auto model = Model::load(folder.path.string());
  StreamOptions o = stream_fixture::options(32, 32, 2);
  o.detail = 0.5f;
  model->plan(o);
  o.detail = 0.75f;
  EXPECT(check::error_code([&] { model->plan(o); }) == "bad-argument");
}

TEST("a model is computed in the arithmetic that it states, and in no other") {
  Contract exact = contract_of(nullptr, "heirloom-small", "");
  exact.arithmetic = {"fp32", "fp16"};
  add_device("half", {[](const DeviceOptions&) {
                        DeviceFacts facts;
                        facts.number = DType::bf16;
                        return facts;
                      },
                      nullptr});
  LoadOptions load;
  load.device = "half";
  EXPECT(device_of(load, contract_of(nullptr, "heirloom-small", ""), "m").precision == "auto");
  EXPECT(device_of(load, exact, "m").precision == "fp32");
  load.precision = "fp16";
  EXPECT(device_of(load, exact, "m").precision == "fp16");
  load.precision = "bf16";
  EXPECT(check::error_code([&] { device_of(load, exact, "m"); }) == "bad-argument");
}

TEST("frames out follow from frames in, the last ones too") {
  TimeContract time;
  const auto counts = [&](int out, int in) {
    time.out = out;
    time.in = in;
    std::vector<size_t> all;
    for (const size_t frames : {0, 1, 2, 3, 4, 25}) all.push_back(frames_out(time, frames));
    return all;
  };
  EXPECT(counts(1, 1) == (std::vector<size_t>{0, 1, 2, 3, 4, 25}));
  EXPECT(counts(2, 1) == (std::vector<size_t>{0, 2, 4, 6, 8, 50}));
  EXPECT(counts(5, 2) == (std::vector<size_t>{0, 3, 5, 8, 10, 63}));
}

TEST_MAIN
