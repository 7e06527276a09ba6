// What the engine says to people: every sentence once, with the key under which the product's catalogues have it in each language.
// {{name}} stands for a value. A test holds them to the English catalogue word by word, and every say() to the names of its sentence.
#pragma once
#include <initializer_list>
#include <string>
#include <utility>

#include "heirloom.h"

namespace heirloom {

struct Sentence {
  const char *key, *text;
};

// The sentence with its values, which are given under the names that stand in it.
Message say(const Sentence& sentence, std::initializer_list<std::pair<const char*, std::string>> values = {});

namespace sentences {

constexpr Sentence kMemoryLeastSmaller{
    "engineMemoryLeastSmaller",
    "Not enough memory for a stream of {{size}} at x{{scale}}: it needs at the very least {{total}} (model {{model}}, "
    "memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; the model "
    "{{smaller}} would fit."};
constexpr Sentence kMemoryLeast{
    "engineMemoryLeast",
    "Not enough memory for a stream of {{size}} at x{{scale}}: it needs at the very least {{total}} (model {{model}}, "
    "memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; choose a "
    "smaller scale or close other programs."};
constexpr Sentence kMemorySmaller{"engineMemorySmaller",
                                  "Not enough memory for a stream of {{size}} at x{{scale}}: it needs {{total}} (model "
                                  "{{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may "
                                  "be used. Nothing was started; the model {{smaller}} would fit."};
constexpr Sentence kMemory{"engineMemory",
                           "Not enough memory for a stream of {{size}} at x{{scale}}: it needs {{total}} (model "
                           "{{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be "
                           "used. Nothing was started; choose a smaller scale or close other programs."};
constexpr Sentence kMemoryStream{
    "engineMemoryStream", "The system refused memory for a stream of {{size}} at x{{scale}}. Nothing was started."};
constexpr Sentence kMemoryFrames{"engineMemoryFrames",
                                 "The system refused memory for {{size}} frames. Finished frames are safe; choose a "
                                 "smaller scale or close other programs."};
constexpr Sentence kMemoryModel{"engineMemoryModel",
                                "The model in {{folder}} takes {{need}} MB of memory on the processor, {{free}} MB are "
                                "free. Nothing was loaded; close other programs or choose a smaller model."};
constexpr Sentence kMemoryFile{"engineMemoryFile", "No memory for the {{size}} MiB of {{path}}. Close other programs."};
constexpr Sentence kMemoryClip{"engineMemoryClip",
                               "There is not enough memory to look at the clip. Close other programs."};
constexpr Sentence kMemoryLoad{
    "engineMemoryLoad",
    "There is not enough memory to load the model in {{folder}}. Close other programs or choose a smaller model."};
constexpr Sentence kMemoryHeld{"engineMemoryHeld",
                               "The computer refused {{size}} MiB of memory, with {{held}} MiB held already. Close "
                               "other programs or choose a smaller picture."};
constexpr Sentence kMemoryRefused{
    "engineMemoryRefused",
    "The computer refused {{size}} MiB of memory. Close other programs or choose a smaller picture."};
constexpr Sentence kMemoryCardLimit{
    "engineMemoryCardLimit",
    "The graphics card refused {{size}} MiB of memory, with {{held}} MiB held already of {{limit}} MiB allowed. Close "
    "other programs, choose a smaller picture, or use the processor."};
constexpr Sentence kMemoryCard{"engineMemoryCard",
                               "The graphics card refused {{size}} MiB of memory, with {{held}} MiB held already. "
                               "Close other programs, choose a smaller picture, or use the processor."};
constexpr Sentence kMemoryPiece{"engineMemoryPiece", "Could not get {{size}} MiB of memory."};
constexpr Sentence kNoDevice{"engineNoDevice", "There is no device \"{{device}}\" here. Use {{names}}."};
constexpr Sentence kNoPrecision{
    "engineNoPrecision",
    "The graphics card {{card}} does not compute with {{name}}. Use \"auto\", \"fp16\" or \"fp32\"."};
constexpr Sentence kNoModelFolder{"engineNoModelFolder",
                                  "There is no model folder {{folder}}. Choose another one in Settings, Models."};
constexpr Sentence kWhichVersionName{
    "engineWhichVersionName",
    "Nothing in {{folder}} says whether these FlashVSR files are v1 or v1.1, and the wrong choice gives ghosts. Say "
    "which it is, or keep the folder's published name (FlashVSR, FlashVSR-v1.1)."};
constexpr Sentence kWhichVersion{"engineWhichVersion",
                                 "Nothing in {{folder}} says whether these FlashVSR files are v1 or v1.1, and the "
                                 "wrong choice gives ghosts. Say which it is."};
constexpr Sentence kOtherVersion{"engineOtherVersion",
                                 "The files in {{folder}} are {{found}} by their checksums, not {{wanted}}."};
constexpr Sentence kFull{
    "engineFull",
    "The disk is full: {{path}} could not be written. Nothing else was touched; make room and try again."};
constexpr Sentence kNotWrittenWhy{"engineNotWrittenWhy",
                                  "Could not write {{path}}: {{reason}}. Nothing else was touched."};
constexpr Sentence kNotOpened{"engineNotOpened",
                              "Could not open {{path}}: {{reason}}. Check that the model folder is complete."};
constexpr Sentence kTextUnread{"engineTextUnread",
                               "Could not read {{path}}. Check the disk and the file's permissions."};
constexpr Sentence kTextDamaged{"engineTextDamaged",
                                "{{path}} is damaged: {{what}} at byte {{byte}} of its JSON text. Get the file again."};
constexpr Sentence kTextOdd{"engineTextOdd", "{{path}} is not as expected: {{what}}. Get the file again."};
constexpr Sentence kTextLarge{"engineTextLarge",
                              "{{path}} is far too large for a JSON file of a model. Get the file again."};
constexpr Sentence kNumberKind{
    "engineNumberKind", "{{file}}: the tensor {{tensor}} has the number type {{found}}, which is not known here."};
constexpr Sentence kTensorTwice{
    "engineTensorTwice",
    "The tensor {{tensor}} is there twice, the second time in {{file}}. Get the weight files again."};
constexpr Sentence kFormatUnknown{"engineFormatUnknown",
                                  "{{path}} has a format that this version does not know. Update the program."};
constexpr Sentence kMixture{
    "engineMixture",
    "The files are a mixture: {{first}} is from {{firstVersion}} and {{second}} from {{secondVersion}}. Together they "
    "give ghosts and wrong colours. Take all files from one release."};
constexpr Sentence kNoFiles{"engineNoFiles",
                            "{{folder}} holds none of FlashVSR's files. Choose the folder that {{file}} lies in."};
constexpr Sentence kFileMissingPrompt{"engineFileMissingPrompt",
                                      "The FlashVSR file {{file}} is missing in {{folder}}. Copy them there "
                                      "({{prompt}} comes with the FlashVSR program, not with its weights)."};
constexpr Sentence kFileMissing{"engineFileMissing",
                                "The FlashVSR file {{file}} is missing in {{folder}}. Copy them there."};
constexpr Sentence kFileMissingOne{"engineFileMissingOne",
                                   "The FlashVSR file {{file}} is missing in {{folder}}. Copy it there."};
constexpr Sentence kPromptMissing{"enginePromptMissing",
                                  "The FlashVSR file {{file}} is missing in {{folder}}. Copy it there (it comes with "
                                  "the FlashVSR program, not with its weights)."};
constexpr Sentence kFilesMissingPrompt{"engineFilesMissingPrompt",
                                       "The FlashVSR files {{files}} are missing in {{folder}}. Copy them there "
                                       "({{prompt}} comes with the FlashVSR program, not with its weights)."};
constexpr Sentence kFilesMissing{"engineFilesMissing",
                                 "The FlashVSR files {{files}} are missing in {{folder}}. Copy them there."};
constexpr Sentence kHoldsModel{
    "engineHoldsModel", "{{folder}} holds a model already, \"{{name}}\", and none of FlashVSR's published files."};
constexpr Sentence kChanged{"engineChanged",
                            "{{file}} is not what was written when the model was brought in: its checksum differs. "
                            "Remove the model and bring it in again."};
constexpr Sentence kMadeReady{"engineMadeReady", "{{folder}} was made ready before. There is nothing to bring in."};
constexpr Sentence kNoFolder{"engineNoFolder", "There is no folder {{folder}}. Choose another one."};
constexpr Sentence kThere{
    "engineThere", "There is already something at {{path}}. It was not touched; remove it or choose another name."};
constexpr Sentence kNoRoom{"engineNoRoom",
                           "There is not enough room in {{folder}}: the model takes {{need}}, {{free}} are free. "
                           "Nothing was written; make room or choose another place."};
constexpr Sentence kNotWritten{"engineNotWritten", "Could not write {{path}}. Nothing else was touched."};
constexpr Sentence kNoNewFolder{
    "engineNoNewFolder", "Could not make the folder {{folder}}: {{reason}}. Choose a place that can be written to."};
constexpr Sentence kNotRenamed{"engineNotRenamed", "Could not rename {{from}} to {{to}}: {{reason}}."};
constexpr Sentence kNoNumbers{
    "engineNoNumbers",
    "The tensor {{tensor}} in {{file}} holds values that are no numbers. The file is damaged; get it again."};
constexpr Sentence kDamaged{"engineDamaged", "{{file}} is damaged: {{what}}. Nothing was loaded; get the file again."};
constexpr Sentence kNotPlain{
    "engineNotPlain",
    "{{file}} was not loaded: {{what}}. A weight file may hold only tensors by name; save it again as safetensors."};
constexpr Sentence kOldTorch{"engineOldTorch",
                             "{{file}} is in the old torch format from before 2020. Open it once with a current torch "
                             "and save it again, or get the safetensors version."};
constexpr Sentence kNotRead{
    "engineNotRead", "Could not read {{file}}: {{reason}}. Check that the model folder is complete and readable."};
constexpr Sentence kEmpty{"engineEmpty", "{{file}} is empty. Get the file again."};
constexpr Sentence kTensorShape{"engineTensorShape",
                                "In {{file}} the tensor {{tensor}} is {{found}}, {{wanted}} is wanted. The file "
                                "belongs to another model or does not go with the others."};
constexpr Sentence kTensorKind{"engineTensorKind",
                               "In {{file}} the tensor {{tensor}} holds {{found}} numbers, which are no weights."};
constexpr Sentence kTensorMissing{
    "engineTensorMissing", "{{file}} has no tensor {{tensor}}. The file is incomplete or belongs to another model."};
constexpr Sentence kTensorForeign{
    "engineTensorForeign",
    "{{file}} holds the tensor {{tensor}}, which FlashVSR does not have. The file belongs to another model."};
constexpr Sentence kTensorsMissing{"engineTensorsMissing",
                                   "The weights have no tensor {{tensor}} (looked in {{where}}). The files are "
                                   "incomplete or belong to another model."};
constexpr Sentence kTensorOther{"engineTensorOther",
                                "The tensor {{tensor}} in {{file}} is {{found}}, this model wants {{wanted}}. The "
                                "weights belong to another model."};
constexpr Sentence kUnknownKind{"engineUnknownKind",
                                "{{folder}} holds a model of the kind \"{{kind}}\", which this version does not know. "
                                "Update the program or choose another model."};
constexpr Sentence kNewerFormat{
    "engineNewerFormat",
    "{{folder}}/model.json has the format {{format}}, this version knows format 1. Update the program."};

constexpr Sentence kNoEnhancer{"engineNoEnhancer",
                               "The model in {{folder}} makes frames between frames and enhances none. Choose another "
                               "one in Settings, Models."};
constexpr Sentence kNoInterpolator{"engineNoInterpolator",
                                   "The model in {{folder}} makes no frames between frames. Get Heirloom's own motion "
                                   "model again."};
constexpr Sentence kOnlyPictures{
    "engineOnlyPictures",
    "The model in {{folder}} keeps pictures in few bytes and enhances none. Choose another "
    "one in Settings, Models."};
constexpr Sentence kNoStillCodec{"engineNoStillCodec",
                                 "The model in {{folder}} does not keep pictures in few bytes. Choose another one."};
constexpr Sentence kStillMemory{"engineStillMemory",
                                "A picture of {{size}} takes {{total}} of memory, {{limit}} may be used."};
constexpr Sentence kStillNoMemory{"engineStillNoMemory",
                                  "Not enough memory for a picture of {{size}}: it takes {{total}}, {{limit}} may be "
                                  "used. Nothing was started; close other programs."};
constexpr Sentence kStillRefused{"engineStillRefused",
                                 "The system refused memory for a picture of {{size}}. Nothing was written; close "
                                 "other programs."};
constexpr Sentence kStillLarge{
    "engineStillLarge",
    "A picture of {{size}} is too large: {{side}} pixels a side and {{pixels}} megapixels are "
    "the most."};
constexpr Sentence kMotionMemory{"engineMotionMemory",
                                 "Frames between frames of {{size}} take {{total}} of memory, {{limit}} may be used."};
constexpr Sentence kMotionNoMemory{"engineMotionNoMemory",
                                   "Not enough memory for frames between frames of {{size}}: they take {{total}}, "
                                   "{{limit}} may be used. Nothing was started; close other programs or choose a "
                                   "smaller film."};

}  // namespace sentences

}  // namespace heirloom
