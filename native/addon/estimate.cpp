#include "estimate.h"

#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "frames.h"
#include "heirloom.h"
#include "work.h"

namespace addon {
namespace {

struct Look {
  std::string folder;
  heirloom::FrameFormat format;
  std::vector<std::vector<uint8_t>> frames;
  heirloom::Estimate estimate;
};

Napi::Value write_estimate(Napi::Env env, const heirloom::Estimate& e) {
  Napi::Object object = Napi::Object::New(env);
  const std::pair<const char*, float> fields[] = {{"noise", e.noise},       {"blockiness", e.blockiness},
                                                  {"blur", e.blur},         {"combing", e.combing},
                                                  {"position", e.position}, {"strength", e.strength}};
  for (const auto& [name, value] : fields) object.Set(name, Napi::Number::New(env, double(value)));
  return object;
}

}  // namespace

Napi::Value estimate_damage(const Napi::CallbackInfo& info) {
  auto look = std::make_shared<Look>();
  look->folder = read_folder(info[0]);
  look->format = read_format(info[1], "format");
  look->frames = read_frames(info[2], look->format);
  return start_work(
      info.Env(),
      [look](const heirloom::Progress& progress) {
        look->estimate =
            heirloom::Estimator::load(look->folder)->estimate(look->format, pointers(look->frames), progress);
      },
      [look](Napi::Env env) { return write_estimate(env, look->estimate); }, info[3]);
}

}  // namespace addon
