// What the engine says; its own English is the same, word by word.
export const engine = {
  engineMemoryLeastSmaller:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs at the very least {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; the model {{smaller}} would fit.',
  engineMemoryLeast:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs at the very least {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; choose a smaller scale or close other programs.',
  engineMemorySmaller:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; the model {{smaller}} would fit.',
  engineMemory:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; choose a smaller scale or close other programs.',
  engineMemoryStream:
    'The system refused memory for a stream of {{size}} at x{{scale}}. Nothing was started.',
  engineMemoryFrames:
    'The system refused memory for {{size}} frames. Finished frames are safe; choose a smaller scale or close other programs.',
  engineMemoryModel:
    'The model in {{folder}} takes {{need}} MB of memory on the processor, {{free}} MB are free. Nothing was loaded; close other programs or choose a smaller model.',
  engineMemoryFile: 'No memory for the {{size}} MiB of {{path}}. Close other programs.',
  engineMemoryClip: 'There is not enough memory to look at the clip. Close other programs.',
  engineMemoryLoad:
    'There is not enough memory to load the model in {{folder}}. Close other programs or choose a smaller model.',
  engineMemoryHeld:
    'The computer refused {{size}} MiB of memory, with {{held}} MiB held already. Close other programs or choose a smaller picture.',
  engineMemoryRefused:
    'The computer refused {{size}} MiB of memory. Close other programs or choose a smaller picture.',
  engineMemoryCardLimit:
    'The graphics card refused {{size}} MiB of memory, with {{held}} MiB held already of {{limit}} MiB allowed. Close other programs, choose a smaller picture, or use the processor.',
  engineMemoryCard:
    'The graphics card refused {{size}} MiB of memory, with {{held}} MiB held already. Close other programs, choose a smaller picture, or use the processor.',
  engineMemoryPiece: 'Could not get {{size}} MiB of memory.',
  engineNoDevice: 'There is no device "{{device}}" here. Use {{names}}.',
  engineNoPrecision:
    'The graphics card {{card}} does not compute with {{name}}. Use "auto", "fp16" or "fp32".',
  engineNoModelFolder: 'There is no model folder {{folder}}. Choose another one in Settings, Models.',
  engineWhichVersionName:
    "Nothing in {{folder}} says whether these FlashVSR files are v1 or v1.1, and the wrong choice gives ghosts. Say which it is, or keep the folder's published name (FlashVSR, FlashVSR-v1.1).",
  engineWhichVersion:
    'Nothing in {{folder}} says whether these FlashVSR files are v1 or v1.1, and the wrong choice gives ghosts. Say which it is.',
  engineOtherVersion: 'The files in {{folder}} are {{found}} by their checksums, not {{wanted}}.',
  engineFull:
    'The disk is full: {{path}} could not be written. Nothing else was touched; make room and try again.',
  engineNotWrittenWhy: 'Could not write {{path}}: {{reason}}. Nothing else was touched.',
  engineNotOpened: 'Could not open {{path}}: {{reason}}. Check that the model folder is complete.',
  engineTextUnread: "Could not read {{path}}. Check the disk and the file's permissions.",
  engineTextDamaged: '{{path}} is damaged: {{what}} at byte {{byte}} of its JSON text. Get the file again.',
  engineTextOdd: '{{path}} is not as expected: {{what}}. Get the file again.',
  engineTextLarge: '{{path}} is far too large for a JSON file of a model. Get the file again.',
  engineNumberKind: '{{file}}: the tensor {{tensor}} has the number type {{found}}, which is not known here.',
  engineTensorTwice:
    'The tensor {{tensor}} is there twice, the second time in {{file}}. Get the weight files again.',
  engineFormatUnknown: '{{path}} has a format that this version does not know. Update the program.',
  engineMixture:
    'The files are a mixture: {{first}} is from {{firstVersion}} and {{second}} from {{secondVersion}}. Together they give ghosts and wrong colours. Take all files from one release.',
  engineNoFiles: "{{folder}} holds none of FlashVSR's files. Choose the folder that {{file}} lies in.",
  engineFileMissingPrompt:
    'The FlashVSR file {{file}} is missing in {{folder}}. Copy them there ({{prompt}} comes with the FlashVSR program, not with its weights).',
  engineFileMissing: 'The FlashVSR file {{file}} is missing in {{folder}}. Copy them there.',
  engineFileMissingOne: 'The FlashVSR file {{file}} is missing in {{folder}}. Copy it there.',
  enginePromptMissing:
    'The FlashVSR file {{file}} is missing in {{folder}}. Copy it there (it comes with the FlashVSR program, not with its weights).',
  engineFilesMissingPrompt:
    'The FlashVSR files {{files}} are missing in {{folder}}. Copy them there ({{prompt}} comes with the FlashVSR program, not with its weights).',
  engineFilesMissing: 'The FlashVSR files {{files}} are missing in {{folder}}. Copy them there.',
  engineHoldsModel: '{{folder}} holds a model already, "{{name}}", and none of FlashVSR\'s published files.',
  engineChanged:
    '{{file}} is not what was written when the model was brought in: its checksum differs. Remove the model and bring it in again.',
  engineMadeReady: '{{folder}} was made ready before. There is nothing to bring in.',
  engineNoFolder: 'There is no folder {{folder}}. Choose another one.',
  engineThere:
    'There is already something at {{path}}. It was not touched; remove it or choose another name.',
  engineNoRoom:
    'There is not enough room in {{folder}}: the model takes {{need}}, {{free}} are free. Nothing was written; make room or choose another place.',
  engineNotWritten: 'Could not write {{path}}. Nothing else was touched.',
  engineNoNewFolder:
    'Could not make the folder {{folder}}: {{reason}}. Choose a place that can be written to.',
  engineNotRenamed: 'Could not rename {{from}} to {{to}}: {{reason}}.',
  engineNoNumbers:
    'The tensor {{tensor}} in {{file}} holds values that are no numbers. The file is damaged; get it again.',
  engineDamaged: '{{file}} is damaged: {{what}}. Nothing was loaded; get the file again.',
  engineNotPlain:
    '{{file}} was not loaded: {{what}}. A weight file may hold only tensors by name; save it again as safetensors.',
  engineOldTorch:
    '{{file}} is in the old torch format from before 2020. Open it once with a current torch and save it again, or get the safetensors version.',
  engineNotRead: 'Could not read {{file}}: {{reason}}. Check that the model folder is complete and readable.',
  engineEmpty: '{{file}} is empty. Get the file again.',
  engineTensorShape:
    'In {{file}} the tensor {{tensor}} is {{found}}, {{wanted}} is wanted. The file belongs to another model or does not go with the others.',
  engineTensorKind: 'In {{file}} the tensor {{tensor}} holds {{found}} numbers, which are no weights.',
  engineTensorMissing:
    '{{file}} has no tensor {{tensor}}. The file is incomplete or belongs to another model.',
  engineTensorForeign:
    '{{file}} holds the tensor {{tensor}}, which FlashVSR does not have. The file belongs to another model.',
  engineTensorsMissing:
    'The weights have no tensor {{tensor}} (looked in {{where}}). The files are incomplete or belong to another model.',
  engineTensorOther:
    'The tensor {{tensor}} in {{file}} is {{found}}, this model wants {{wanted}}. The weights belong to another model.',
  engineUnknownKind:
    '{{folder}} holds a model of the kind "{{kind}}", which this version does not know. Update the program or choose another model.',
  engineNewerFormat:
    '{{folder}}/model.json has the format {{format}}, this version knows format 1. Update the program.',
  engineNoEnhancer:
    'The model in {{folder}} makes frames between frames and enhances none. Choose another one in Settings, Models.',
  engineNoInterpolator:
    "The model in {{folder}} makes no frames between frames. Get Heirloom's own motion model again.",
  engineOnlyPictures:
    'The model in {{folder}} keeps pictures in few bytes and enhances none. Choose another one in Settings, Models.',
  engineNoStillCodec: 'The model in {{folder}} does not keep pictures in few bytes. Choose another one.',
  engineStillMemory: 'A picture of {{size}} takes {{total}} of memory, {{limit}} may be used.',
  engineStillNoMemory:
    'Not enough memory for a picture of {{size}}: it takes {{total}}, {{limit}} may be used. Nothing was started; close other programs.',
  engineStillRefused:
    'The system refused memory for a picture of {{size}}. Nothing was written; close other programs.',
  engineStillLarge:
    'A picture of {{size}} is too large: {{side}} pixels a side and {{pixels}} megapixels are the most.',
  engineMotionMemory: 'Frames between frames of {{size}} take {{total}} of memory, {{limit}} may be used.',
  engineMotionNoMemory:
    'Not enough memory for frames between frames of {{size}}: they take {{total}}, {{limit}} may be used. Nothing was started; close other programs or choose a smaller film.',
} as const
